-- SPDX-License-Identifier: Apache-2.0
-- Views of people, their users and teams, and what they did. README.md tells about views.

-- Whose work is another's altogether, by the roster, is no person of their own.
-- v_person: a person, rep or not
CREATE VIEW v_person AS
SELECT
    p.id AS person_id,                                       -- nudged's number of the person, one across all sources
    p.name AS name,                                          -- what people call them
    p.email AS email,                                        -- the main address; null when none is known
    t.name AS team,                                          -- the team they are in, or were in last, by the roster of today
    m.name AS manager,                                       -- that team's manager
    m.email AS manager_email                                 -- the manager's main address
  FROM person p
  LEFT JOIN team t ON t.id = (
      SELECT team_id FROM team_member WHERE person_id = p.id
       ORDER BY until_day DESC, from_day DESC, team_id LIMIT 1)
  LEFT JOIN person m ON m.id = t.manager_id
 WHERE EXISTS (SELECT 1 FROM attribution up WHERE up.person_id = p.id)
    OR EXISTS (SELECT 1 FROM team_member tm WHERE tm.person_id = p.id)
    OR EXISTS (SELECT 1 FROM team_manager tm WHERE tm.person_id = p.id)
    OR NOT (EXISTS (SELECT 1 FROM user_seat us WHERE us.person_id = p.id)
            OR EXISTS (SELECT 1 FROM person_alias pa WHERE pa.email = p.email));

-- v_user: a user of a CRM and a time in which their work was one person's
CREATE VIEW v_user AS
SELECT
    s.name AS source,                                        -- name of the source, from sources.d/
    u.external_id AS id,                                     -- the CRM's id of the user
    u.name AS name,                                          -- display name there
    u.email AS email,                                        -- address there
    coalesce(u.active, 1) AS active,                         -- 0 once they have left
    coalesce(u.is_person, 1) AS is_person,                   -- 0 for queues and integrations
    u.manager AS manager_id,                                 -- the CRM's id of their manager
    u.day_zone AS time_zone,                                 -- the zone in which their days are counted
    up.person_id AS person_id,                               -- nudged's number of the person whose work it was
    p.name AS person,                                        -- that person's name
    up.from_day AS from_day,                                 -- the first day; 0001-01-01: ever since
    up.until_day AS until_day                                -- the first day no longer; 9999-12-31: still
  FROM user u
  JOIN source s ON s.id = u.source_id
  LEFT JOIN attribution up ON up.source_id = u.source_id AND up.user = u.external_id
  LEFT JOIN person p ON p.id = up.person_id
 WHERE u.deleted_at IS NULL;

-- v_team_member: a time in which a person was in a team, or managed it
CREATE VIEW v_team_member AS
SELECT
    t.name AS team,                                          -- what people call the team
    t.time_zone AS time_zone,                                -- its zone
    x.role AS role,                                          -- rep or manager
    x.person_id AS person_id,                                -- nudged's number of the person
    p.name AS name,                                          -- their name
    p.email AS email,                                        -- their main address
    x.from_day AS from_day,                                  -- the first day; 0001-01-01: ever since
    x.until_day AS until_day                                 -- the first day no longer; 9999-12-31: still
  FROM (SELECT team_id, person_id, from_day, until_day, 'rep' AS role FROM team_member
         UNION ALL
        SELECT team_id, person_id, from_day, until_day, 'manager' FROM team_manager) x
  JOIN team t ON t.id = x.team_id
  JOIN person p ON p.id = x.person_id;

-- v_week_edit: a change of a week's value, found after the week had been complete
CREATE VIEW v_week_edit AS
SELECT
    p.person_id AS person_id,                                -- nudged's number of the person
    p.name AS rep,                                           -- their name
    p.email AS email,                                        -- their main address
    p.team AS team,                                          -- their team, by the roster of today
    p.manager AS manager,                                    -- its manager
    e.week AS week,                                          -- ISO week, such as 2026-W47
    e.measure AS measure,                                    -- what is counted: the table of measures below
    e.before AS before,                                      -- what the week had come to
    e.after AS after,                                        -- what it comes to now
    strftime('%Y-%m-%dT%H:%M:%SZ', e.seen_at / 1000, 'unixepoch')
        AS seen_at                                           -- when that was found; the edit was made before
  FROM week_edit e
  JOIN v_person p ON p.person_id = e.person_id
 WHERE e.person_id NOT IN (SELECT person_id FROM shielded);

-- v_coverage_week: a rep, ISO week and kind of record: how many of theirs had a next step, as it was proven last in the week
CREATE VIEW v_coverage_week AS
SELECT
    p.person_id AS person_id,                                -- nudged's number of the person
    p.name AS rep,                                           -- their name
    p.email AS email,                                        -- their main address
    p.team AS team,                                          -- their team, by the roster of today
    p.manager AS manager,                                    -- its manager
    c.week AS week,                                          -- ISO week, such as 2026-W47
    c.object AS object,                                      -- account, or opportunity
    c.covered AS covered,                                    -- how many had a next step
    c.in_scope AS in_scope,                                  -- of how many
    c.seen_on AS seen_on,                                    -- the day of that, where the rep is
    strftime('%Y-%m-%dT%H:%M:%SZ', c.seen_at / 1000, 'unixepoch')
        AS seen_at                                           -- the moment
  FROM coverage_week c
  JOIN v_person p ON p.person_id = c.person_id
 WHERE c.person_id NOT IN (SELECT person_id FROM shielded);

-- Owners are found by stepping from one to the next in the index, not by reading every record.
-- v_unknown_owner: a kind of record of an owner whom the CRM never told as a user: counted for nobody
CREATE VIEW v_unknown_owner AS
WITH RECURSIVE entity(name) AS (VALUES ('call'), ('task'), ('meeting'), ('email'), ('opportunity')),
owner(entity, source_id, id) AS (
    SELECT 'call', s.id, (SELECT min(owner) FROM call WHERE source_id = s.id) FROM source s
     UNION ALL
    SELECT 'task', s.id, (SELECT min(owner) FROM task WHERE source_id = s.id) FROM source s
     UNION ALL
    SELECT 'meeting', s.id, (SELECT min(owner) FROM meeting WHERE source_id = s.id) FROM source s
     UNION ALL
    SELECT 'email', s.id, (SELECT min(owner) FROM email WHERE source_id = s.id) FROM source s
     UNION ALL
    SELECT 'opportunity', s.id, (SELECT min(owner) FROM opportunity WHERE source_id = s.id) FROM source s
     UNION ALL
    SELECT entity, source_id, CASE entity
        WHEN 'call' THEN (SELECT min(owner) FROM call WHERE source_id = o.source_id AND owner > o.id)
        WHEN 'task' THEN (SELECT min(owner) FROM task WHERE source_id = o.source_id AND owner > o.id)
        WHEN 'meeting' THEN (SELECT min(owner) FROM meeting WHERE source_id = o.source_id AND owner > o.id)
        WHEN 'email' THEN (SELECT min(owner) FROM email WHERE source_id = o.source_id AND owner > o.id)
        WHEN 'opportunity' THEN (SELECT min(owner) FROM opportunity WHERE source_id = o.source_id AND owner > o.id)
        END FROM owner o WHERE o.id IS NOT NULL
), stranger(entity, source_id, id) AS (
    SELECT entity, source_id, id FROM owner o
     WHERE id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM attribution up
                                           WHERE up.source_id = o.source_id AND up.user = o.id)
     UNION ALL
    SELECT e.name, s.id, NULL FROM source s, entity e
), counted AS (
    SELECT x.entity, s.name AS source, x.id, CASE x.entity
        WHEN 'call' THEN (SELECT count(*) FROM call
             WHERE source_id = x.source_id AND owner IS x.id AND deleted_at IS NULL)
        WHEN 'task' THEN (SELECT count(*) FROM task
             WHERE source_id = x.source_id AND owner IS x.id AND deleted_at IS NULL)
        WHEN 'meeting' THEN (SELECT count(*) FROM meeting
             WHERE source_id = x.source_id AND owner IS x.id AND deleted_at IS NULL)
        WHEN 'email' THEN (SELECT count(*) FROM email
             WHERE source_id = x.source_id AND owner IS x.id AND deleted_at IS NULL)
        WHEN 'opportunity' THEN (SELECT count(*) FROM opportunity
             WHERE source_id = x.source_id AND owner IS x.id AND deleted_at IS NULL)
        END AS records
      FROM stranger x JOIN source s ON s.id = x.source_id
)
SELECT
    source AS source,                                        -- name of the source, from sources.d/
    id AS owner_id,                                          -- the CRM's id of the owner; null: records without an owner
    entity AS entity,                                        -- call, task, meeting, email or opportunity
    records AS records                                       -- how many there are
  FROM counted
 WHERE records > 0;

-- v_measure: a measure
CREATE VIEW v_measure AS
SELECT
    name AS measure,                                         -- its name: the table of measures below
    unit AS unit,                                            -- of its values
    entity AS entity,                                        -- the records that it counts
    counted_to IS NULL AS is_proven                          -- 0 while it is being counted anew
  FROM rollup_measure WHERE name IS NOT NULL;

-- v_rep_day: a user of one source, local day and measure that counted anything
CREATE VIEW v_rep_day AS
SELECT
    s.name AS source,                                        -- name of the source, from sources.d/
    o.user AS owner_id,                                      -- the CRM's id of the user
    up.person_id AS person_id,                               -- nudged's number of the person whose work it was
    p.name AS rep,                                           -- their name
    p.email AS email,                                        -- their main address
    date(r.day * 86400, 'unixepoch') AS day,                 -- the local day
    m.name AS measure,                                       -- what is counted: the table of measures below
    CASE WHEN m.counted_to IS NULL AND c.entity IS NULL
         THEN CASE m.parts WHEN 1 THEN r.value ELSE r.value * 1.0 / m.parts END END
        AS value,                                            -- how much of it; null while it is counted anew
    m.counted_to IS NULL AND c.entity IS NULL AS is_proven   -- 0 while it is being counted anew
  FROM rollup r
  JOIN rollup_measure m ON m.id = r.measure_id AND m.name IS NOT NULL
  JOIN rollup_user o ON o.id = r.user_id
  JOIN source s ON s.id = o.source_id
  LEFT JOIN rollup_recount c ON c.user_id = r.user_id
  LEFT JOIN attribution up ON up.source_id = o.source_id AND up.user = o.user
        AND r.day >= unixepoch(up.from_day) / 86400 AND r.day < unixepoch(up.until_day) / 86400
  LEFT JOIN person p ON p.id = up.person_id
 WHERE coalesce(up.person_id, 0) NOT IN (SELECT person_id FROM shielded);

-- The Thursday of a week lies in the week's year.
-- v_rep_week: a person, ISO week and measure that counted anything, over all their sources
CREATE VIEW v_rep_week AS
SELECT
    p.person_id AS person_id,                                -- nudged's number of the person
    p.name AS rep,                                           -- their name
    p.email AS email,                                        -- their main address
    p.team AS team,                                          -- their team, by the roster of today
    p.manager AS manager,                                    -- its manager
    strftime('%Y', w.thursday) || '-W' ||
        printf('%02d', (CAST(strftime('%j', w.thursday) AS INTEGER) - 1) / 7 + 1)
        AS week,                                             -- ISO week, such as 2026-W47
    date(w.thursday, '-3 days') AS monday,                   -- its first day
    w.measure AS measure,                                    -- what is counted: the table of measures below
    CASE WHEN min(w.is_proven)
         THEN CASE w.parts WHEN 1 THEN sum(w.value) ELSE sum(w.value) * 1.0 / w.parts END END
        AS value,                                            -- how much of it; null while it is counted anew; meetings_held has what is planned for days to come, too
    min(w.is_proven) AS is_proven                            -- 0 while any of it is being counted anew
  FROM (SELECT r.user_id, r.day, m.name AS measure, m.parts, r.value,
               date(r.day * 86400, 'unixepoch', '-3 days', 'weekday 4') AS thursday,
               m.counted_to IS NULL AND c.entity IS NULL AS is_proven
          FROM rollup r
          JOIN rollup_measure m ON m.id = r.measure_id AND m.name IS NOT NULL
          LEFT JOIN rollup_recount c ON c.user_id = r.user_id) w
  JOIN rollup_user o ON o.id = w.user_id
  JOIN attribution up ON up.source_id = o.source_id AND up.user = o.user
        AND w.day >= unixepoch(up.from_day) / 86400 AND w.day < unixepoch(up.until_day) / 86400
  JOIN v_person p ON p.person_id = up.person_id
 WHERE up.person_id NOT IN (SELECT person_id FROM shielded)
 GROUP BY p.person_id, w.thursday, w.measure;

-- v_team_sum: a team, ISO week and measure of which removed records had counted something
CREATE VIEW v_team_sum AS
SELECT
    x.team AS team,                                          -- the team of then; empty: the organisation, for teams of fewer than three
    strftime('%Y', x.thursday) || '-W' ||
        printf('%02d', (CAST(strftime('%j', x.thursday) AS INTEGER) - 1) / 7 + 1)
        AS week,                                             -- ISO week, such as 2026-W47
    x.monday AS monday,                                      -- its first day
    x.measure AS measure,                                    -- what was counted: the table of measures below
    CASE x.parts WHEN 1 THEN x.value ELSE x.value * 1.0 / x.parts END
        AS value                                             -- how much of it; in no sum of a person
  FROM (SELECT t.team, t.monday, t.measure, t.value, date(t.monday, '+3 days') AS thursday,
               (SELECT m.parts FROM rollup_measure m WHERE m.name = t.measure) AS parts
          FROM team_sum t
         WHERE t.team NOT IN (SELECT name FROM team WHERE shows_sums)) x;

-- v_team_week: a team that shows no figures of its members, ISO week and measure; written down once, when the week was complete
CREATE VIEW v_team_week AS
SELECT
    t.team AS team,                                          -- the team, by the name that it had
    t.week AS week,                                          -- ISO week, such as 2026-W47
    t.measure AS measure,                                    -- what is counted: the table of measures below
    t.value AS value,                                        -- how much of it, of all these members together
    t.people AS people                                       -- members whose week counted; of too few there is no row
  FROM team_week t;

-- v_commitment: what a rep agreed to reach in a week, and what came of it
CREATE VIEW v_commitment AS
SELECT
    c.commitment AS commitment,                              -- its number, as `nudged commit list` shows it
    p.person_id AS person_id,                                -- nudged's number of the rep
    p.name AS rep,                                           -- their name
    p.email AS email,                                        -- their main address
    p.team AS team,                                          -- their team, by the roster of today
    p.manager AS manager,                                    -- its manager
    c.week AS week,                                          -- ISO week that it is for, such as 2026-W47
    c.kpi AS kpi,                                            -- the KPI's name in kpis.toml
    c.baseline AS baseline,                                  -- where the rep started from, per week of five days
    c.promised AS promised,                                  -- what was agreed, per week of five days
    c.state AS state,                                        -- agreed, void or superseded (another one took its place)
    c.reason AS reason,                                      -- why it was corrected, moved, void or superseded
    c.revision AS revision,                                  -- how often it was written: 1 for what was never changed
    c.agreed_by AS agreed_by,                                -- who agreed it with the rep
    strftime('%Y-%m-%dT%H:%M:%SZ', c.agreed_at / 1000, 'unixepoch')
        AS agreed_at,                                        -- when
    c.acknowledged AS acknowledged,                          -- 1: the rep has said yes to it
    c.source AS source,                                      -- how it came here: command, csv, crm or sheet
    v.status AS status,                                      -- the verdict; null until the week is complete
    v.value AS value,                                        -- what the week came to
    v.working_days AS working_days,                          -- days worked in it
    v.due AS due,                                            -- what was agreed, by the days worked
    v.progress AS progress,                                  -- the share of the way from baseline to due; null for a hold
    strftime('%Y-%m-%dT%H:%M:%SZ', v.decided_at / 1000, 'unixepoch')
        AS decided_at,                                       -- when the verdict was decided, the last time that it changed
    v.rests_on AS rests_on                                   -- how far the sources had been read by then
  FROM commitment c
  JOIN v_person p ON p.person_id = c.person_id
  LEFT JOIN commitment_verdict v ON v.commitment = c.commitment AND v.week = c.week
        AND v.revision = (SELECT max(revision) FROM commitment_verdict WHERE commitment = c.commitment)
 WHERE c.revision = (SELECT max(revision) FROM commitment WHERE commitment = c.commitment)
   AND c.person_id NOT IN (SELECT person_id FROM shielded);
