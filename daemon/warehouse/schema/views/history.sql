-- SPDX-License-Identifier: Apache-2.0
-- Views of what changed, and what it looked like before. README.md tells about views.

-- v_opportunity_change: a change of an opportunity that was told by the CRM or seen by nudged
CREATE VIEW v_opportunity_change AS
SELECT
    s.name AS source,                                        -- name of the source, from sources.d/
    c.opportunity AS opportunity_id,                         -- the CRM's id of the opportunity
    c.field AS field,                                        -- stage, amount, close_date, owner, forecast_category or next_step
    c.old AS old,                                            -- before, an id where it is one; null: there was none
    c.new AS new,                                            -- after; null: it was cleared
    strftime('%Y-%m-%dT%H:%M:%SZ', c.changed_at / 1000, 'unixepoch')
        AS changed_at,                                       -- when, by the CRM's clock; else when it was first seen
    c.changed_by AS changed_by_id,                           -- the CRM's id of who changed it, where it says so
    u.name AS changed_by,                                    -- their name
    c.origin AS origin                                       -- crm: the CRM tells its history; seen: two versions differed
  FROM opportunity_change c
  JOIN source s ON s.id = c.source_id
  LEFT JOIN user u ON u.source_id = c.source_id AND u.external_id = c.changed_by
 WHERE c.deleted_at IS NULL AND coalesce(u.person_id, 0) NOT IN (SELECT person_id FROM shielded)
   AND (NOT EXISTS (SELECT 1 FROM shielded) OR NOT EXISTS (
        SELECT 1 FROM opportunity o JOIN user w ON w.source_id = o.source_id AND w.external_id = o.owner
         WHERE o.source_id = c.source_id AND o.external_id = c.opportunity
           AND w.person_id IN (SELECT person_id FROM shielded)))
   AND (c.field <> 'owner' OR NOT EXISTS (
        SELECT 1 FROM user w WHERE w.source_id = c.source_id AND w.external_id IN (c.old, c.new)
           AND w.person_id IN (SELECT person_id FROM shielded)));

-- v_opportunity_period: a time in which none of the followed fields of an opportunity changed; deleted ones too
CREATE VIEW v_opportunity_period AS
WITH edge AS (
    SELECT source_id, external_id, created_at AS from_at FROM opportunity
     UNION
    SELECT source_id, opportunity, changed_at FROM opportunity_change WHERE deleted_at IS NULL
), period AS (
    SELECT e.source_id, e.external_id, e.from_at, s.name AS source, o.name, o.account, o.currency,
           coalesce((SELECT min(c.changed_at) FROM opportunity_change c
                      WHERE c.source_id = e.source_id AND c.opportunity = e.external_id
                        AND c.deleted_at IS NULL AND c.changed_at > coalesce(e.from_at, -62135596800000)),
                    o.deleted_at) AS until_at,
           (SELECT c.id FROM opportunity_change c
             WHERE c.source_id = e.source_id AND c.opportunity = e.external_id AND c.field = 'stage'
               AND c.changed_at > coalesce(e.from_at, -62135596800000) AND c.deleted_at IS NULL
             ORDER BY c.changed_at, c.id LIMIT 1) AS stage_change,
           o.stage,
           (SELECT c.id FROM opportunity_change c
             WHERE c.source_id = e.source_id AND c.opportunity = e.external_id AND c.field = 'amount'
               AND c.changed_at > coalesce(e.from_at, -62135596800000) AND c.deleted_at IS NULL
             ORDER BY c.changed_at, c.id LIMIT 1) AS amount_change,
           o.amount,
           (SELECT c.id FROM opportunity_change c
             WHERE c.source_id = e.source_id AND c.opportunity = e.external_id AND c.field = 'close_date'
               AND c.changed_at > coalesce(e.from_at, -62135596800000) AND c.deleted_at IS NULL
             ORDER BY c.changed_at, c.id LIMIT 1) AS close_date_change,
           o.close_date,
           (SELECT c.id FROM opportunity_change c
             WHERE c.source_id = e.source_id AND c.opportunity = e.external_id AND c.field = 'owner'
               AND c.changed_at > coalesce(e.from_at, -62135596800000) AND c.deleted_at IS NULL
             ORDER BY c.changed_at, c.id LIMIT 1) AS owner_change,
           o.owner,
           (SELECT c.id FROM opportunity_change c
             WHERE c.source_id = e.source_id AND c.opportunity = e.external_id AND c.field = 'forecast_category'
               AND c.changed_at > coalesce(e.from_at, -62135596800000) AND c.deleted_at IS NULL
             ORDER BY c.changed_at, c.id LIMIT 1) AS forecast_category_change,
           o.forecast_category,
           (SELECT c.id FROM opportunity_change c
             WHERE c.source_id = e.source_id AND c.opportunity = e.external_id AND c.field = 'next_step'
               AND c.changed_at > coalesce(e.from_at, -62135596800000) AND c.deleted_at IS NULL
             ORDER BY c.changed_at, c.id LIMIT 1) AS next_step_change,
           o.next_step
      FROM edge e
      JOIN source s ON s.id = e.source_id
      JOIN opportunity o ON o.source_id = e.source_id AND o.external_id = e.external_id
), was AS (
    SELECT p.source_id, p.source, p.external_id, p.name, p.account, p.currency, p.from_at, p.until_at,
           CASE WHEN stage_change IS NULL THEN p.stage
                ELSE (SELECT old FROM opportunity_change WHERE id = stage_change)
            END AS stage,
           CASE WHEN amount_change IS NULL THEN p.amount
                ELSE (SELECT old FROM opportunity_change WHERE id = amount_change)
            END AS amount,
           CASE WHEN close_date_change IS NULL THEN p.close_date
                ELSE (SELECT old FROM opportunity_change WHERE id = close_date_change)
            END AS close_date,
           CASE WHEN owner_change IS NULL THEN p.owner
                ELSE (SELECT old FROM opportunity_change WHERE id = owner_change)
            END AS owner,
           CASE WHEN forecast_category_change IS NULL THEN p.forecast_category
                ELSE (SELECT old FROM opportunity_change WHERE id = forecast_category_change)
            END AS forecast_category,
           CASE WHEN next_step_change IS NULL THEN p.next_step
                ELSE (SELECT old FROM opportunity_change WHERE id = next_step_change)
            END AS next_step
      FROM period p
)
SELECT
    source AS source,                                        -- name of the source, from sources.d/
    external_id AS id,                                       -- the CRM's id of the opportunity
    name AS name,                                            -- what it is called today
    coalesce(strftime('%Y-%m-%dT%H:%M:%SZ', from_at / 1000, 'unixepoch'), '0001-01-01T00:00:00Z')
        AS valid_from,                                       -- 0001-01-01T00:00:00Z: as far back as is known
    coalesce(strftime('%Y-%m-%dT%H:%M:%SZ', until_at / 1000, 'unixepoch'), '9999-12-31T23:59:59Z')
        AS valid_until,                                      -- exclusive; 9999-12-31T23:59:59Z: it still is so
    account AS account_id,                                   -- the CRM's id of its account today
    owner AS owner_id,                                       -- the CRM's id of the rep then
    (SELECT p.person_id FROM attribution p
      WHERE p.source_id = was.source_id AND p.user = was.owner
        AND coalesce(from_at, 0) >= p.from_at AND coalesce(from_at, 0) < p.until_at)
            AS person_id,                                    -- nudged's number of that person
    stage AS stage_id,                                       -- the CRM's id of the stage then
    coalesce(stage_name, stage) AS stage,                    -- label of that stage, as it is called today
    CAST(amount AS REAL) AS amount,                          -- the value then, as a floating-point number
    amount AS amount_text,                                   -- the value then, to the last digit
    currency AS currency,                                    -- ISO 4217 code, of today
    close_date AS close_date,                                -- the close date then
    forecast_category AS forecast_category,                  -- the forecast category then
    next_step AS next_step                                   -- the next step then
  FROM (SELECT was.*, st.name AS stage_name
          FROM was
          LEFT JOIN stage st ON st.source_id = was.source_id AND st.external_id = was.stage) was
 WHERE (until_at IS NULL OR from_at IS NULL OR until_at > from_at)
   AND (NOT EXISTS (SELECT 1 FROM shielded) OR NOT EXISTS (
        SELECT 1 FROM user w
         WHERE w.source_id = was.source_id AND w.person_id IN (SELECT person_id FROM shielded)
           AND w.external_id IN (was.owner, (SELECT o.owner FROM opportunity o
                                              WHERE o.source_id = was.source_id
                                                AND o.external_id = was.external_id))));

-- v_task_change: a change of a task that was seen
CREATE VIEW v_task_change AS
SELECT
    s.name AS source,                                        -- name of the source, from sources.d/
    c.task AS task_id,                                       -- the CRM's id of the task
    c.field AS field,                                        -- due_on, due_at, owner or is_done
    CASE c.field WHEN 'due_at' THEN
         strftime('%Y-%m-%dT%H:%M:%SZ', CAST(c.old AS INTEGER) / 1000, 'unixepoch')
         ELSE c.old END
        AS old,                                              -- the value before; null: there was none
    CASE c.field WHEN 'due_at' THEN
         strftime('%Y-%m-%dT%H:%M:%SZ', CAST(c.new AS INTEGER) / 1000, 'unixepoch')
         ELSE c.new END
        AS new,                                              -- after; null: it was cleared
    strftime('%Y-%m-%dT%H:%M:%SZ', c.changed_at / 1000, 'unixepoch')
        AS changed_at                                        -- when, by the CRM's clock; else when it was first seen
  FROM task_change c
  JOIN source s ON s.id = c.source_id
 WHERE NOT EXISTS (SELECT 1 FROM shielded) OR NOT EXISTS (
       SELECT 1 FROM user w
        WHERE w.source_id = c.source_id AND w.person_id IN (SELECT person_id FROM shielded)
          AND w.external_id IN (c.old, c.new, (SELECT t.owner FROM task t WHERE t.source_id = c.source_id
                                                  AND t.external_id = c.task)));
