-- SPDX-License-Identifier: Apache-2.0
-- Views of accounts, contacts, opportunities, findings, and what is gone. README.md tells about views.

-- v_account: an account
CREATE VIEW v_account AS
SELECT
    s.name AS source,                                        -- name of the source, from sources.d/
    a.external_id AS id,                                     -- the CRM's id of the account
    a.name AS name,                                          -- the customer's name
    a.domain AS domain,                                      -- web domain
    a.type AS type,                                          -- the CRM's own classification
    a.parent AS parent_id,                                   -- the CRM's id of the account it belongs to
    a.owner AS owner_id,                                     -- the CRM's id of who looks after it
    p.person_id AS person_id,                                -- nudged's number of that person, one across all sources
    p.name AS owner,                                         -- their name; null for a user whom the CRM never told
    p.email AS owner_email,                                  -- their main e-mail address
    p.team AS team,                                          -- their team, by the roster of today
    p.manager AS manager,                                    -- the team's manager, by the roster of today
    strftime('%Y-%m-%dT%H:%M:%SZ', a.created_at / 1000, 'unixepoch')
        AS created_at,                                       -- when it was created in the CRM
    a.url AS url,                                            -- where a person opens it
    a.extra AS extra                                         -- JSON: the fields that the source adds by its configuration
  FROM account a
  JOIN source s ON s.id = a.source_id
  LEFT JOIN user u ON u.source_id = a.source_id AND u.external_id = a.owner
  LEFT JOIN v_person p ON p.person_id = u.person_id
 WHERE a.deleted_at IS NULL AND coalesce(u.person_id, 0) NOT IN (SELECT person_id FROM shielded);

-- v_contact: a contact, a person at a customer
CREATE VIEW v_contact AS
SELECT
    s.name AS source,                                        -- name of the source, from sources.d/
    k.external_id AS id,                                     -- the CRM's id of the contact
    k.name AS name,                                          -- their name
    k.email AS email,                                        -- their address
    k.phone AS phone,                                        -- their telephone number
    k.account AS account_id,                                 -- the CRM's id of the account they work for
    a.name AS account,                                       -- its name
    k.owner AS owner_id,                                     -- the CRM's id of who looks after them
    p.person_id AS person_id,                                -- nudged's number of that person, one across all sources
    p.name AS owner,                                         -- their name; null for a user whom the CRM never told
    p.email AS owner_email,                                  -- their main e-mail address
    p.team AS team,                                          -- their team, by the roster of today
    p.manager AS manager,                                    -- the team's manager, by the roster of today
    strftime('%Y-%m-%dT%H:%M:%SZ', k.created_at / 1000, 'unixepoch')
        AS created_at,                                       -- when it was created in the CRM
    k.extra AS extra                                         -- JSON: the fields that the source adds by its configuration
  FROM contact k
  JOIN source s ON s.id = k.source_id
  LEFT JOIN account a ON a.source_id = k.source_id AND a.external_id = k.account
  LEFT JOIN user u ON u.source_id = k.source_id AND u.external_id = k.owner
  LEFT JOIN v_person p ON p.person_id = u.person_id
 WHERE k.deleted_at IS NULL AND coalesce(u.person_id, 0) NOT IN (SELECT person_id FROM shielded);

-- v_opportunity: an opportunity as it is now
CREATE VIEW v_opportunity AS
SELECT
    s.name AS source,                                        -- name of the source, from sources.d/
    o.external_id AS id,                                     -- the CRM's id of the opportunity
    o.name AS name,                                          -- what it is called
    o.account AS account_id,                                 -- the CRM's id of the account
    a.name AS account,                                       -- its name
    o.owner AS owner_id,                                     -- the CRM's id of the rep
    p.person_id AS person_id,                                -- nudged's number of that person, one across all sources
    p.name AS owner,                                         -- their name; null for a user whom the CRM never told
    p.email AS owner_email,                                  -- their main e-mail address
    p.team AS team,                                          -- their team, by the roster of today
    p.manager AS manager,                                    -- the team's manager, by the roster of today
    coalesce(o.pipeline, st.pipeline) AS pipeline_id,        -- the CRM's id of its pipeline
    pl.name AS pipeline,                                     -- label of the pipeline
    o.stage AS stage_id,                                     -- the CRM's id of its stage
    coalesce(st.name, o.stage) AS stage,                     -- label of the stage
    strftime('%Y-%m-%dT%H:%M:%SZ', o.stage_since / 1000, 'unixepoch')
        AS stage_since,                                      -- when it entered the stage, where the CRM says so
    CAST(o.amount AS REAL) AS amount,                        -- its value as a floating-point number, for sums
    o.amount AS amount_text,                                 -- its value to the last digit
    o.currency AS currency,                                  -- ISO 4217 code
    o.close_date AS close_date,                              -- expected, or actual once it is closed
    coalesce(o.is_closed, st.is_closed, o.is_won, st.is_won, 0)
        AS is_closed,                                        -- 1 when it is won or lost; by its own fields, else by its stage
    CASE WHEN coalesce(o.is_closed, st.is_closed, o.is_won, st.is_won, 0)
         THEN coalesce(o.is_won, st.is_won) ELSE 0 END
             AS is_won,                                      -- 1 when it is won; null when it is closed and nobody knows how
    strftime('%Y-%m-%dT%H:%M:%SZ', o.closed_at / 1000, 'unixepoch')
        AS closed_at,                                        -- when it was won or lost, where the CRM says so
    coalesce(o.forecast_category, st.forecast_category)
        AS forecast_category,                                -- omitted, pipeline, best_case, commit or closed
    CAST(o.probability AS REAL) AS probability,              -- 0 to 1
    o.next_step AS next_step,                                -- the CRM's free-text next step
    o.type AS type,                                          -- the CRM's own classification, such as new or renewal
    strftime('%Y-%m-%dT%H:%M:%SZ', o.created_at / 1000, 'unixepoch')
        AS created_at,                                       -- when it was created in the CRM
    o.url AS url,                                            -- where a person opens it
    o.extra AS extra,                                        -- JSON: the fields that the source adds by its configuration
    o.lost_reason AS lost_reason,                            -- why it was lost, in the words of the CRM
    coalesce(strftime('%Y-%m-%dT%H:%M:%SZ', o.last_activity_at / 1000, 'unixepoch'), o.last_activity_on)
        AS last_activity                                     -- the last activity, as the CRM counts; a date where it keeps no time
  FROM opportunity o
  JOIN source s ON s.id = o.source_id
  LEFT JOIN account a ON a.source_id = o.source_id AND a.external_id = o.account
  LEFT JOIN stage st ON st.source_id = o.source_id AND st.external_id = o.stage
  LEFT JOIN pipeline pl ON pl.source_id = o.source_id
        AND pl.external_id = coalesce(o.pipeline, st.pipeline)
  LEFT JOIN user u ON u.source_id = o.source_id AND u.external_id = o.owner
  LEFT JOIN v_person p ON p.person_id = u.person_id
 WHERE o.deleted_at IS NULL AND coalesce(u.person_id, 0) NOT IN (SELECT person_id FROM shielded);

-- v_contact_role: a contact with a part in an opportunity
CREATE VIEW v_contact_role AS
SELECT
    s.name AS source,                                        -- name of the source, from sources.d/
    r.external_id AS id,                                     -- the CRM's id of the role
    r.opportunity AS opportunity_id,                         -- the CRM's id of the opportunity
    o.name AS opportunity,                                   -- its name
    r.contact AS contact_id,                                 -- the CRM's id of the contact
    k.name AS contact,                                       -- their name
    r.role AS role,                                          -- the part, in the words of the CRM
    coalesce(r.is_primary, 0) AS is_primary                  -- 1 for the main contact
  FROM contact_role r
  JOIN source s ON s.id = r.source_id
  LEFT JOIN opportunity o ON o.source_id = r.source_id AND o.external_id = r.opportunity
  LEFT JOIN contact k ON k.source_id = r.source_id AND k.external_id = r.contact
 WHERE r.deleted_at IS NULL;

-- v_tombstone: a record that is gone
CREATE VIEW v_tombstone AS
SELECT
    s.name AS source,                                        -- name of the source, from sources.d/
    t.entity AS entity,                                      -- what it was: opportunity, call, …
    t.external_id AS id,                                     -- the CRM's id of it
    strftime('%Y-%m-%dT%H:%M:%SZ', t.deleted_at / 1000, 'unixepoch')
        AS deleted_at,                                       -- when it went, by the CRM's clock; else when that was seen
    t.why AS why,                                            -- deleted, merged, vanished, left or not_found: below
    t.into_id AS into_id                                     -- of a merged one: the CRM's id of the record that it is part of now
  FROM tombstone t
  JOIN source s ON s.id = t.source_id;

-- v_custom_field: a custom field of a CRM, and what people there call it
CREATE VIEW v_custom_field AS
SELECT
    s.name AS source,                                        -- name of the source, from sources.d/
    f.record AS record,                                      -- the kind of record that has it
    f.name AS name,                                          -- the CRM's own name of it, as a source's configuration maps it
    f.label AS label,                                        -- what people see
    f.type AS type                                           -- the CRM's own word for what it holds
  FROM custom_field f
  JOIN source s ON s.id = f.source_id
 WHERE f.deleted_at IS NULL;

-- v_finding: an episode of a finding
CREATE VIEW v_finding AS
SELECT
    f.fingerprint AS fingerprint,                            -- what the finding is known by from run to run
    f.episode AS episode,                                    -- 1 for the first time, 2 once it came back, …
    f.check_id AS "check",                                   -- the rule
    f.severity AS severity,                                  -- info, attention or high
    f.is_praise AS is_praise,                                -- 1 for what went well
    f.state AS state,                                        -- open, notified or resolved
    f.subject_type AS subject_type,                          -- what it is about: opportunity, task, account, person …
    f.subject_source AS subject_source,                      -- the source of that record
    f.subject_id AS subject_id,                              -- its id there
    f.subject_name AS subject_name,                          -- its name
    f.subject_url AS subject_url,                            -- where a person opens it
    f.aspect AS aspect,                                      -- such as a KPI; may be empty
    CAST(f.amount AS REAL) AS amount,                        -- what is at stake
    p.id AS person_id,                                       -- nudged's number of the one whom it concerns
    p.name AS owner,                                         -- their name
    p.email AS owner_email,                                  -- their main address
    f.team AS team,                                          -- their team when it was found
    strftime('%Y-%m-%dT%H:%M:%SZ', f.since / 1000, 'unixepoch')
        AS since,                                            -- since when the condition holds, as far as known
    f.summary AS summary,                                    -- the sentence that is told
    f.question AS question,                                  -- the question to ask
    f.evidence AS evidence,                                  -- JSON: a list of label, value, url
    strftime('%Y-%m-%dT%H:%M:%SZ', f.opened_at / 1000, 'unixepoch') AS opened_at, -- when it was first found
    strftime('%Y-%m-%dT%H:%M:%SZ', f.seen_at / 1000, 'unixepoch') AS seen_at, -- when it was last found
    strftime('%Y-%m-%dT%H:%M:%SZ', f.notified_at / 1000, 'unixepoch') AS notified_at, -- when it was told
    strftime('%Y-%m-%dT%H:%M:%SZ', f.resolved_at / 1000, 'unixepoch') AS resolved_at, -- when it went away
    a.kind AS answer,                                        -- acknowledged, snoozed, dismissed or disputed; null: nobody has answered
    strftime('%Y-%m-%dT%H:%M:%SZ', a.until_at / 1000, 'unixepoch') AS silent_until, -- of a snooze; null: until its facts change
    nullif(a.reason, '') AS dismissed_as                     -- not_relevant, wrong_data, known or too_early
  FROM finding f
  LEFT JOIN finding_answer a ON a.finding_id = f.id
  LEFT JOIN person was ON was.id = f.owner_id
  LEFT JOIN person_alias pa ON pa.email = was.email
        AND pa.from_day = '0001-01-01' AND pa.until_day = '9999-12-31'
  LEFT JOIN person p ON p.id = coalesce(pa.person_id, was.id)
 WHERE coalesce(p.id, 0) NOT IN (SELECT person_id FROM shielded);

-- v_finding_event: something that happened to a finding
CREATE VIEW v_finding_event AS
SELECT
    f.fingerprint AS fingerprint,                            -- the finding
    f.episode AS episode,                                    -- and its episode
    strftime('%Y-%m-%dT%H:%M:%SZ', e.at / 1000, 'unixepoch') AS at, -- when it happened
    e.what AS what,                                          -- opened, told, worsened, repeated, woken, acknowledged, snoozed, dismissed, taken_back, resolved, reopened, settled, heads_up, escalated, passed_on, shadowed, disputed, corrected, untold
    nullif(e.done_by, '') AS done_by                         -- who did it; null: nudged
  FROM finding_event e
  JOIN finding f ON f.id = e.finding_id
  LEFT JOIN person was ON was.id = f.owner_id
  LEFT JOIN person_alias pa ON pa.email = was.email
        AND pa.from_day = '0001-01-01' AND pa.until_day = '9999-12-31'
 WHERE coalesce(pa.person_id, was.id, 0) NOT IN (SELECT person_id FROM shielded);
