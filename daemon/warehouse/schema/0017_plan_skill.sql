-- SPDX-License-Identifier: Apache-2.0
-- Where a rep stands in a skill that is a plan's goal, as the manager sees it: from 1 to 5.
CREATE TABLE plan_skill (
    plan_id INTEGER NOT NULL REFERENCES plan(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,                  -- of the goal
    day TEXT NOT NULL,
    level REAL NOT NULL CHECK (level BETWEEN 1 AND 5),
    PRIMARY KEY (plan_id, position, day)
) STRICT, WITHOUT ROWID;
