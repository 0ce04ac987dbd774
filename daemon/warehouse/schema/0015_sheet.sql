-- SPDX-License-Identifier: Apache-2.0
-- Leave that a sheet tells goes when its row does; what was said by command stays.
ALTER TABLE away ADD COLUMN origin TEXT NOT NULL DEFAULT '';  -- the source of the sheet; empty: a command

-- What the last reading of a sheet of commitments or leave did not take.
CREATE TABLE sheet_refusal (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('commitment', 'leave')),
    why TEXT NOT NULL,                      -- the row in its own words, what is wrong, and what to do
    told_at INTEGER NOT NULL                -- when it was refused first
) STRICT;
CREATE INDEX sheet_refusal_of ON sheet_refusal(source, kind);
