-- SPDX-License-Identifier: Apache-2.0
-- A lane more: records of late, read once more for links that were added without a word.
CREATE TABLE cursor_next (
    source_id INTEGER NOT NULL REFERENCES source(id),
    entity TEXT NOT NULL,
    lane TEXT NOT NULL CHECK (lane IN ('incremental', 'backfill', 'deletions', 'sweep', 'relink')),
    floor TEXT NOT NULL,
    position TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    complete_at INTEGER,                    -- when it last had nothing newer
    full INTEGER NOT NULL DEFAULT 0,        -- a load that was asked for with --full is on its way
    PRIMARY KEY (source_id, entity, lane)
) STRICT, WITHOUT ROWID;
INSERT INTO cursor_next (source_id, entity, lane, floor, position, updated_at, complete_at, full)
SELECT source_id, entity, lane, floor, position, updated_at, complete_at, full FROM cursor;
DROP TABLE cursor;
ALTER TABLE cursor_next RENAME TO cursor;
