-- SPDX-License-Identifier: Apache-2.0
-- Who looked at notes or changed them: never what was said, nor the words that were looked for.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    user INTEGER,                             -- of the operating system, by number; null: nudged itself
    as_id INTEGER REFERENCES person(id),      -- as whom they asked; null: as the admin
    about_id INTEGER REFERENCES person(id),   -- whose notes; null: a team's, or those of several
    team TEXT,                                -- of whose notes, where they are a team's
    what TEXT NOT NULL,                       -- "read", "searched", …: audit.cpp
    notes INTEGER NOT NULL                    -- how many
) STRICT;
CREATE INDEX audit_at ON audit(at);
CREATE INDEX audit_about ON audit(about_id);
CREATE INDEX audit_as ON audit(as_id);
