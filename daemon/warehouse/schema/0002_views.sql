-- SPDX-License-Identifier: Apache-2.0
-- The views are the public interface for SQL and BI tools: docs/views.md. Their columns keep their names and
-- meanings; deleted records are not in them. Instants are ISO 8601 text in UTC.

CREATE VIEW v_person AS
SELECT p.id AS person_id, p.name, p.email, t.name AS team, m.name AS manager, m.email AS manager_email
  FROM person p
  LEFT JOIN team t ON t.id = (
      SELECT team_id FROM team_member WHERE person_id = p.id
       ORDER BY until_day IS NULL DESC, from_day DESC, team_id LIMIT 1)
  LEFT JOIN person m ON m.id = t.manager_id;

CREATE VIEW v_account AS
SELECT s.name AS source, a.external_id AS id, a.name, a.domain, a.type, a.parent AS parent_id,
       a.owner AS owner_id, p.person_id, p.name AS owner, p.email AS owner_email, p.team, p.manager,
       strftime('%Y-%m-%dT%H:%M:%SZ', a.created_at / 1000, 'unixepoch') AS created_at, a.url, a.extra
  FROM account a
  JOIN source s ON s.id = a.source_id
  LEFT JOIN user u ON u.source_id = a.source_id AND u.external_id = a.owner
  LEFT JOIN v_person p ON p.person_id = u.person_id
 WHERE a.deleted_at IS NULL;

-- Closed and won by the opportunity's own fields; where they are silent, by its stage.
CREATE VIEW v_opportunity AS
SELECT s.name AS source, o.external_id AS id, o.name, o.account AS account_id, a.name AS account,
       o.owner AS owner_id, p.person_id, p.name AS owner, p.email AS owner_email, p.team, p.manager,
       coalesce(o.pipeline, st.pipeline) AS pipeline_id, pl.name AS pipeline,
       o.stage AS stage_id, coalesce(st.name, o.stage) AS stage,
       strftime('%Y-%m-%dT%H:%M:%SZ', o.stage_since / 1000, 'unixepoch') AS stage_since,
       CAST(o.amount AS REAL) AS amount, o.amount AS amount_text, o.currency, o.close_date,
       coalesce(o.is_closed, st.is_closed, o.is_won, st.is_won, 0) AS is_closed,
       CASE WHEN coalesce(o.is_closed, st.is_closed, o.is_won, st.is_won, 0)
            THEN coalesce(o.is_won, st.is_won) ELSE 0 END AS is_won,
       strftime('%Y-%m-%dT%H:%M:%SZ', o.closed_at / 1000, 'unixepoch') AS closed_at, o.forecast_category, CAST(o.probability AS REAL) AS probability,
       o.next_step, o.type, strftime('%Y-%m-%dT%H:%M:%SZ', o.created_at / 1000, 'unixepoch') AS created_at, o.url, o.extra
  FROM opportunity o
  JOIN source s ON s.id = o.source_id
  LEFT JOIN account a ON a.source_id = o.source_id AND a.external_id = o.account
  LEFT JOIN stage st ON st.source_id = o.source_id AND st.external_id = o.stage
  LEFT JOIN pipeline pl ON pl.source_id = o.source_id
        AND pl.external_id = coalesce(o.pipeline, st.pipeline)
  LEFT JOIN user u ON u.source_id = o.source_id AND u.external_id = o.owner
  LEFT JOIN v_person p ON p.person_id = u.person_id
 WHERE o.deleted_at IS NULL;

CREATE VIEW v_call AS
SELECT s.name AS source, c.external_id AS id, c.owner AS owner_id, p.person_id, p.name AS owner,
       p.email AS owner_email, p.team, p.manager, c.account AS account_id, a.name AS account,
       c.opportunity AS opportunity_id, o.name AS opportunity, c.contact AS contact_id, c.subject,
       strftime('%Y-%m-%dT%H:%M:%SZ', c.started_at / 1000, 'unixepoch') AS started_at, c.duration_s, c.direction, c.outcome,
       coalesce(c.is_planned, 0) AS is_planned,
       strftime('%Y-%m-%dT%H:%M:%SZ', c.created_at / 1000, 'unixepoch') AS created_at, c.url, c.extra
  FROM call c
  JOIN source s ON s.id = c.source_id
  LEFT JOIN account a ON a.source_id = c.source_id AND a.external_id = c.account
  LEFT JOIN opportunity o ON o.source_id = c.source_id AND o.external_id = c.opportunity
  LEFT JOIN user u ON u.source_id = c.source_id AND u.external_id = c.owner
  LEFT JOIN v_person p ON p.person_id = u.person_id
 WHERE c.deleted_at IS NULL;

CREATE VIEW v_task AS
SELECT s.name AS source, t.external_id AS id, t.owner AS owner_id, p.person_id, p.name AS owner,
       p.email AS owner_email, p.team, p.manager, t.account AS account_id, a.name AS account,
       t.opportunity AS opportunity_id, o.name AS opportunity, t.contact AS contact_id, t.subject,
       t.due_on, strftime('%Y-%m-%dT%H:%M:%SZ', t.due_at / 1000, 'unixepoch') AS due_at,
       coalesce(t.is_done, 0) AS is_done, coalesce(t.is_cancelled, 0) AS is_cancelled,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.completed_at / 1000, 'unixepoch') AS completed_at, t.priority, t.type,
       coalesce(t.is_series, 0) AS is_series,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.created_at / 1000, 'unixepoch') AS created_at, t.url, t.extra
  FROM task t
  JOIN source s ON s.id = t.source_id
  LEFT JOIN account a ON a.source_id = t.source_id AND a.external_id = t.account
  LEFT JOIN opportunity o ON o.source_id = t.source_id AND o.external_id = t.opportunity
  LEFT JOIN user u ON u.source_id = t.source_id AND u.external_id = t.owner
  LEFT JOIN v_person p ON p.person_id = u.person_id
 WHERE t.deleted_at IS NULL;

CREATE VIEW v_meeting AS
SELECT s.name AS source, m.external_id AS id, m.owner AS owner_id, p.person_id, p.name AS owner,
       p.email AS owner_email, p.team, p.manager, m.account AS account_id, a.name AS account,
       m.opportunity AS opportunity_id, o.name AS opportunity, m.contact AS contact_id, m.subject,
       strftime('%Y-%m-%dT%H:%M:%SZ', m.starts_at / 1000, 'unixepoch') AS starts_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', m.ends_at / 1000, 'unixepoch') AS ends_at, m.outcome,
       strftime('%Y-%m-%dT%H:%M:%SZ', m.created_at / 1000, 'unixepoch') AS created_at, m.url, m.extra
  FROM meeting m
  JOIN source s ON s.id = m.source_id
  LEFT JOIN account a ON a.source_id = m.source_id AND a.external_id = m.account
  LEFT JOIN opportunity o ON o.source_id = m.source_id AND o.external_id = m.opportunity
  LEFT JOIN user u ON u.source_id = m.source_id AND u.external_id = m.owner
  LEFT JOIN v_person p ON p.person_id = u.person_id
 WHERE m.deleted_at IS NULL;

-- One row per person, ISO week and measure that counted anything; every source of the person together.
-- The Thursday of a week lies in the week's year.
CREATE VIEW v_rep_week AS
SELECT p.person_id, p.name AS rep, p.email, p.team, p.manager,
       strftime('%Y', w.thursday) || '-W' ||
           printf('%02d', (CAST(strftime('%j', w.thursday) AS INTEGER) - 1) / 7 + 1) AS week,
       date(w.thursday, '-3 days') AS monday, w.measure,
       CASE w.measure WHEN 'won_amount' THEN sum(w.value) / 100.0 ELSE sum(w.value) END AS value
  FROM (SELECT source_id, user, date(day, '-3 days', 'weekday 4') AS thursday, measure, value
          FROM rollup) w
  JOIN user u ON u.source_id = w.source_id AND u.external_id = w.user
  JOIN v_person p ON p.person_id = u.person_id
 GROUP BY p.person_id, w.thursday, w.measure;

CREATE VIEW v_finding AS
SELECT f.fingerprint, f.episode, f.check_id AS "check", f.severity, f.is_praise, f.state,
       f.subject_type, f.subject_source, f.subject_id, f.subject_name, f.subject_url, f.aspect,
       CAST(f.amount AS REAL) AS amount, f.owner_id AS person_id, p.name AS owner,
       p.email AS owner_email, f.team, strftime('%Y-%m-%dT%H:%M:%SZ', f.since / 1000, 'unixepoch') AS since,
       f.summary, f.question, f.evidence,
       strftime('%Y-%m-%dT%H:%M:%SZ', f.opened_at / 1000, 'unixepoch') AS opened_at, strftime('%Y-%m-%dT%H:%M:%SZ', f.seen_at / 1000, 'unixepoch') AS seen_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', f.notified_at / 1000, 'unixepoch') AS notified_at, strftime('%Y-%m-%dT%H:%M:%SZ', f.resolved_at / 1000, 'unixepoch') AS resolved_at
  FROM finding f
  LEFT JOIN person p ON p.id = f.owner_id;
