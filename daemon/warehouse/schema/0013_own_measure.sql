-- SPDX-License-Identifier: Apache-2.0
-- The measures that an admin declares in kpis.toml, as the daemon took them up: whoever counts sums, or compares them
-- with the records, knows from here what they count. A measure's revision follows from these columns.
CREATE TABLE own_measure (
    name TEXT PRIMARY KEY,
    position INTEGER NOT NULL,              -- in the configuration
    meaning TEXT NOT NULL,
    entity TEXT NOT NULL,
    sum TEXT NOT NULL,                      -- field that is added up; empty: each record counts one
    day TEXT NOT NULL                       -- field; empty: the day it happened
) STRICT;

CREATE TABLE own_measure_condition (
    measure TEXT NOT NULL REFERENCES own_measure(name) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    field TEXT NOT NULL,
    test TEXT NOT NULL,
    value_position INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (measure, position, value_position)
) STRICT, WITHOUT ROWID;
