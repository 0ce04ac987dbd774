-- SPDX-License-Identifier: Apache-2.0
-- How many of a person's deals or accounts had a next step when that was proven last in a week. Nothing is stored of what is planned
-- as of the past, so that a trend has to be written down while it happens.
CREATE TABLE coverage_week (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    object TEXT NOT NULL CHECK (object IN ('account', 'opportunity')),
    week TEXT NOT NULL,
    covered INTEGER NOT NULL,
    in_scope INTEGER NOT NULL,
    seen_on TEXT NOT NULL,                  -- the day, where the person is
    seen_at INTEGER NOT NULL,               -- the first moment of that day at which it was so
    UNIQUE (person_id, object, week)
) STRICT;
