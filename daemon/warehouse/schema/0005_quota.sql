-- SPDX-License-Identifier: Apache-2.0
-- What was charged to the quotas of a source's CRM, by the moment at which it counts no more. More is
-- charged than was spent, so that it is written rarely and a crash forgets nothing that was.
CREATE TABLE quota (
    source_id INTEGER NOT NULL REFERENCES source(id),
    name TEXT NOT NULL,
    until INTEGER NOT NULL,
    charge REAL NOT NULL,
    PRIMARY KEY (source_id, name, until)
) STRICT, WITHOUT ROWID;
