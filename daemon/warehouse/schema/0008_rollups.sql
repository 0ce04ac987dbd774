-- SPDX-License-Identifier: Apache-2.0
-- Rollups: sums per source user, local day and measure, kept by difference with the records. Numbers instead of
-- names make their rows a fifth as long. What is counted anew has a position: records behind it are not in
-- the sums yet, so that a count goes in steps, each a transaction, while records go on changing (rollup_state.hpp).

DROP VIEW v_rep_week;
DROP TABLE rollup;

CREATE TABLE rollup_measure (
    id INTEGER PRIMARY KEY,
    name TEXT UNIQUE,                       -- null: superseded; its sums are being deleted
    revision INTEGER NOT NULL,              -- of its definition
    entity TEXT NOT NULL,
    unit TEXT NOT NULL,
    parts INTEGER NOT NULL,                 -- its sums are whole numbers of 1/parts of the unit
    counted_to INTEGER                      -- row of `entity` up to which records are counted; null: all are
) STRICT;

-- Whoever anything was counted for, known as a user or not.
CREATE TABLE rollup_user (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES source(id),
    user TEXT NOT NULL,                     -- external id
    UNIQUE (source_id, user)
) STRICT;

-- Users who are counted anew, since their days have changed.
CREATE TABLE rollup_recount (
    user_id INTEGER PRIMARY KEY REFERENCES rollup_user(id) ON DELETE CASCADE,
    entity TEXT,                            -- null: done; kept while a measure is counted, which leaves them out
    walked INTEGER,                         -- moment and row up to which their records of `entity` are counted;
    record_id INTEGER NOT NULL DEFAULT 0    -- null: still at those without a moment
) STRICT;

CREATE TABLE rollup (
    user_id INTEGER NOT NULL REFERENCES rollup_user(id) ON DELETE CASCADE,
    measure_id INTEGER NOT NULL,
    day INTEGER NOT NULL,                   -- since 1970-01-01
    value INTEGER NOT NULL,
    PRIMARY KEY (user_id, measure_id, day)
) STRICT, WITHOUT ROWID;

-- The rules by which local days were counted: the system's may change with its zone database.
CREATE TABLE rollup_zone (
    name TEXT PRIMARY KEY,
    rules INTEGER NOT NULL                  -- a hash
) STRICT, WITHOUT ROWID;

-- What can be read of v_rep_day and v_rep_week, and how far it is counted.
CREATE VIEW v_measure AS
SELECT name AS measure, unit, entity, counted_to IS NULL AS is_proven FROM rollup_measure WHERE name IS NOT NULL;

-- One row per user of a source, day and measure that counted anything; null while it is counted anew.
CREATE VIEW v_rep_day AS
SELECT s.name AS source, o.user AS owner_id, u.person_id, p.name AS rep, p.email,
       date(r.day * 86400, 'unixepoch') AS day, m.name AS measure,
       CASE WHEN m.counted_to IS NULL AND c.entity IS NULL
            THEN CASE m.parts WHEN 1 THEN r.value ELSE r.value * 1.0 / m.parts END END AS value,
       m.counted_to IS NULL AND c.entity IS NULL AS is_proven
  FROM rollup r
  JOIN rollup_measure m ON m.id = r.measure_id AND m.name IS NOT NULL
  JOIN rollup_user o ON o.id = r.user_id
  JOIN source s ON s.id = o.source_id
  LEFT JOIN rollup_recount c ON c.user_id = r.user_id
  LEFT JOIN user u ON u.source_id = o.source_id AND u.external_id = o.user
  LEFT JOIN person p ON p.id = u.person_id;

-- One row per person, ISO week and measure that counted anything; every source of the person together; null
-- while any of it is counted anew. The Thursday of a week lies in the week's year.
CREATE VIEW v_rep_week AS
SELECT p.person_id, p.name AS rep, p.email, p.team, p.manager,
       strftime('%Y', w.thursday) || '-W' ||
           printf('%02d', (CAST(strftime('%j', w.thursday) AS INTEGER) - 1) / 7 + 1) AS week,
       date(w.thursday, '-3 days') AS monday, w.measure,
       CASE WHEN min(w.is_proven)
            THEN CASE w.parts WHEN 1 THEN sum(w.value) ELSE sum(w.value) * 1.0 / w.parts END END AS value,
       min(w.is_proven) AS is_proven
  FROM (SELECT r.user_id, m.name AS measure, m.parts, r.value,
               date(r.day * 86400, 'unixepoch', '-3 days', 'weekday 4') AS thursday,
               m.counted_to IS NULL AND c.entity IS NULL AS is_proven
          FROM rollup r
          JOIN rollup_measure m ON m.id = r.measure_id AND m.name IS NOT NULL
          LEFT JOIN rollup_recount c ON c.user_id = r.user_id) w
  JOIN rollup_user o ON o.id = w.user_id
  JOIN user u ON u.source_id = o.source_id AND u.external_id = o.user
  JOIN v_person p ON p.person_id = u.person_id
 GROUP BY p.person_id, w.thursday, w.measure;
