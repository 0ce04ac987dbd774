-- SPDX-License-Identifier: Apache-2.0
-- Views of calls, tasks, meetings and e-mails. README.md tells about views.

-- v_call: a call
CREATE VIEW v_call AS
SELECT
    s.name AS source,                                        -- name of the source, from sources.d/
    c.external_id AS id,                                     -- the CRM's id of the call
    c.owner AS owner_id,                                     -- the CRM's id of who made or took it
    p.person_id AS person_id,                                -- nudged's number of that person, one across all sources
    p.name AS owner,                                         -- their name; null for a user whom the CRM never told
    p.email AS owner_email,                                  -- their main e-mail address
    p.team AS team,                                          -- their team, by the roster of today
    p.manager AS manager,                                    -- the team's manager, by the roster of today
    c.account AS account_id,                                 -- the CRM's id of the account
    a.name AS account,                                       -- its name
    c.opportunity AS opportunity_id,                         -- the CRM's id of the opportunity it is about
    o.name AS opportunity,                                   -- its name
    c.contact AS contact_id,                                 -- the CRM's id of the contact
    c.subject AS subject,                                    -- its title
    strftime('%Y-%m-%dT%H:%M:%SZ', c.started_at / 1000, 'unixepoch') AS started_at, -- when it began
    c.duration_s AS duration_s,                              -- length in seconds; null when logged by hand
    c.direction AS direction,                                -- outbound or inbound; null when logged by hand
    c.outcome AS outcome,                                    -- connected, no_answer, … as a source maps it
    coalesce(c.is_planned, 0) AS is_planned,                 -- 1 while it is a plan
    strftime('%Y-%m-%dT%H:%M:%SZ', c.created_at / 1000, 'unixepoch')
        AS created_at,                                       -- when it was created in the CRM
    c.url AS url,                                            -- where a person opens it
    c.extra AS extra,                                        -- JSON: the fields that the source adds by its configuration
    c.telephony_id AS telephony_id                           -- the telephone system's own id of the call
  FROM call c
  JOIN source s ON s.id = c.source_id
  LEFT JOIN account a ON a.source_id = c.source_id AND a.external_id = c.account
  LEFT JOIN opportunity o ON o.source_id = c.source_id AND o.external_id = c.opportunity
  LEFT JOIN attribution up ON up.source_id = c.source_id AND up.user = c.owner
        AND coalesce(c.started_at, c.created_at, 253402214399999) >= up.from_at
        AND coalesce(c.started_at, c.created_at, 253402214399999) < up.until_at
  LEFT JOIN v_person p ON p.person_id = up.person_id
 WHERE c.deleted_at IS NULL AND coalesce(up.person_id, 0) NOT IN (SELECT person_id FROM shielded);

-- v_task: a task
CREATE VIEW v_task AS
SELECT
    s.name AS source,                                        -- name of the source, from sources.d/
    t.external_id AS id,                                     -- the CRM's id of the task
    t.owner AS owner_id,                                     -- the CRM's id of who is to do it
    p.person_id AS person_id,                                -- nudged's number of that person, one across all sources
    p.name AS owner,                                         -- their name; null for a user whom the CRM never told
    p.email AS owner_email,                                  -- their main e-mail address
    p.team AS team,                                          -- their team, by the roster of today
    p.manager AS manager,                                    -- the team's manager, by the roster of today
    t.account AS account_id,                                 -- the CRM's id of the account
    a.name AS account,                                       -- its name
    t.opportunity AS opportunity_id,                         -- the CRM's id of the opportunity it is about
    o.name AS opportunity,                                   -- its name
    t.contact AS contact_id,                                 -- the CRM's id of the contact
    t.subject AS subject,                                    -- what is to be done
    t.due_on AS due_on,                                      -- the day it is due, where the CRM keeps a date
    strftime('%Y-%m-%dT%H:%M:%SZ', t.due_at / 1000, 'unixepoch')
        AS due_at,                                           -- the moment it is due, where the CRM keeps a time
    coalesce(t.is_done, 0) AS is_done,                       -- 1 once it is completed
    coalesce(t.is_cancelled, 0) AS is_cancelled,             -- 1 when it was dropped
    strftime('%Y-%m-%dT%H:%M:%SZ', t.completed_at / 1000, 'unixepoch')
        AS completed_at,                                     -- when it was completed
    t.priority AS priority,                                  -- low, normal or high
    t.type AS type,                                          -- the CRM's own kind, such as call or email
    coalesce(t.is_series, 0) AS is_series,                   -- 1 for the master of a recurring task, which is no task itself
    strftime('%Y-%m-%dT%H:%M:%SZ', t.created_at / 1000, 'unixepoch')
        AS created_at,                                       -- when it was created in the CRM
    t.url AS url,                                            -- where a person opens it
    t.extra AS extra,                                        -- JSON: the fields that the source adds by its configuration
    t.series AS series_id                                    -- the CRM's id of the recurring task it is an occurrence of
  FROM task t
  JOIN source s ON s.id = t.source_id
  LEFT JOIN account a ON a.source_id = t.source_id AND a.external_id = t.account
  LEFT JOIN opportunity o ON o.source_id = t.source_id AND o.external_id = t.opportunity
  LEFT JOIN attribution up ON up.source_id = t.source_id AND up.user = t.owner
        AND coalesce(t.completed_at, 253402214399999) >= up.from_at
        AND coalesce(t.completed_at, 253402214399999) < up.until_at
  LEFT JOIN v_person p ON p.person_id = up.person_id
 WHERE t.deleted_at IS NULL AND coalesce(up.person_id, 0) NOT IN (SELECT person_id FROM shielded);

-- v_meeting: a meeting
CREATE VIEW v_meeting AS
SELECT
    s.name AS source,                                        -- name of the source, from sources.d/
    m.external_id AS id,                                     -- the CRM's id of the meeting
    m.owner AS owner_id,                                     -- the CRM's id of who holds it
    p.person_id AS person_id,                                -- nudged's number of that person, one across all sources
    p.name AS owner,                                         -- their name; null for a user whom the CRM never told
    p.email AS owner_email,                                  -- their main e-mail address
    p.team AS team,                                          -- their team, by the roster of today
    p.manager AS manager,                                    -- the team's manager, by the roster of today
    m.account AS account_id,                                 -- the CRM's id of the account
    a.name AS account,                                       -- its name
    m.opportunity AS opportunity_id,                         -- the CRM's id of the opportunity it is about
    o.name AS opportunity,                                   -- its name
    m.contact AS contact_id,                                 -- the CRM's id of the contact
    m.subject AS subject,                                    -- its title
    strftime('%Y-%m-%dT%H:%M:%SZ', m.starts_at / 1000, 'unixepoch') AS starts_at, -- when it begins
    strftime('%Y-%m-%dT%H:%M:%SZ', m.ends_at / 1000, 'unixepoch') AS ends_at, -- when it ends
    m.outcome AS outcome,                                    -- scheduled, held, rescheduled, no_show or cancelled
    strftime('%Y-%m-%dT%H:%M:%SZ', m.created_at / 1000, 'unixepoch')
        AS created_at,                                       -- when it was created in the CRM
    m.url AS url,                                            -- where a person opens it
    m.extra AS extra,                                        -- JSON: the fields that the source adds by its configuration
    coalesce(m.is_all_day, 0) AS is_all_day                  -- 1 when only the day of starts_at counts
  FROM meeting m
  JOIN source s ON s.id = m.source_id
  LEFT JOIN account a ON a.source_id = m.source_id AND a.external_id = m.account
  LEFT JOIN opportunity o ON o.source_id = m.source_id AND o.external_id = m.opportunity
  LEFT JOIN attribution up ON up.source_id = m.source_id AND up.user = m.owner
        AND coalesce(m.starts_at, m.created_at, 253402214399999) >= up.from_at
        AND coalesce(m.starts_at, m.created_at, 253402214399999) < up.until_at
  LEFT JOIN v_person p ON p.person_id = up.person_id
 WHERE m.deleted_at IS NULL AND coalesce(up.person_id, 0) NOT IN (SELECT person_id FROM shielded);

-- v_email: an e-mail that the CRM logged; never its text
CREATE VIEW v_email AS
SELECT
    s.name AS source,                                        -- name of the source, from sources.d/
    e.external_id AS id,                                     -- the CRM's id of the e-mail
    e.owner AS owner_id,                                     -- the CRM's id of who wrote or got it
    p.person_id AS person_id,                                -- nudged's number of that person, one across all sources
    p.name AS owner,                                         -- their name; null for a user whom the CRM never told
    p.email AS owner_email,                                  -- their main e-mail address
    p.team AS team,                                          -- their team, by the roster of today
    p.manager AS manager,                                    -- the team's manager, by the roster of today
    e.account AS account_id,                                 -- the CRM's id of the account
    a.name AS account,                                       -- its name
    e.opportunity AS opportunity_id,                         -- the CRM's id of the opportunity it is about
    o.name AS opportunity,                                   -- its name
    e.contact AS contact_id,                                 -- the CRM's id of the contact
    e.subject AS subject,                                    -- its subject
    e.direction AS direction,                                -- outbound or inbound; null when the CRM does not say
    e.status AS status,                                      -- sent, received, scheduled, draft, failed or bounced
    strftime('%Y-%m-%dT%H:%M:%SZ', e.sent_at / 1000, 'unixepoch')
        AS sent_at,                                          -- when it was sent or received
    strftime('%Y-%m-%dT%H:%M:%SZ', e.created_at / 1000, 'unixepoch')
        AS created_at,                                       -- when it was created in the CRM
    e.url AS url,                                            -- where a person opens it
    e.extra AS extra                                         -- JSON: the fields that the source adds by its configuration
  FROM email e
  JOIN source s ON s.id = e.source_id
  LEFT JOIN account a ON a.source_id = e.source_id AND a.external_id = e.account
  LEFT JOIN opportunity o ON o.source_id = e.source_id AND o.external_id = e.opportunity
  LEFT JOIN attribution up ON up.source_id = e.source_id AND up.user = e.owner
        AND coalesce(e.sent_at, e.created_at, 253402214399999) >= up.from_at
        AND coalesce(e.sent_at, e.created_at, 253402214399999) < up.until_at
  LEFT JOIN v_person p ON p.person_id = up.person_id
 WHERE e.deleted_at IS NULL AND coalesce(up.person_id, 0) NOT IN (SELECT person_id FROM shielded);
