-- SPDX-License-Identifier: Apache-2.0
-- Indexes that were dropped when a table got its first rows and that are still to be built: see
-- deferred_indexes.hpp.
CREATE TABLE deferred_index (
    name TEXT PRIMARY KEY,
    table_name TEXT NOT NULL,
    sql TEXT NOT NULL                       -- the statement that makes it
) STRICT, WITHOUT ROWID;
