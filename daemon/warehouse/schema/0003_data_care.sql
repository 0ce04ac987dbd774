-- SPDX-License-Identifier: Apache-2.0
-- Messages that are held after a restore, what the daemon does for the warehouse by itself, and sums of teams
-- whose records are past their time.

CREATE TABLE outbox_next (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,               -- idempotency key
    channel TEXT NOT NULL,                  -- by name; never its secret
    recipient TEXT NOT NULL,                -- e-mail of the person it is for
    reason TEXT NOT NULL,                   -- digest, nudge, resolved, test
    message TEXT NOT NULL,                  -- channel-free, JSON; rendered at the first claim
    payload TEXT,                           -- frozen at the first claim: a retry sends the same bytes
    state TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'delivered', 'accepted', 'refused', 'unknown',
                                         'dead', 'superseded', 'held')),
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    ambiguous INTEGER NOT NULL DEFAULT 0,   -- tries that ended without a verdict
    first_try_at INTEGER,
    last_try_at INTEGER,
    last_outcome TEXT,
    last_status INTEGER,
    last_reason TEXT,
    lease_until INTEGER
) STRICT;
INSERT INTO outbox_next SELECT * FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_next RENAME TO outbox;
CREATE INDEX outbox_due ON outbox(channel, due_at) WHERE state IN ('pending', 'claimed');

CREATE TABLE upkeep (
    task TEXT PRIMARY KEY,                  -- backup, retention
    done_at INTEGER,                        -- when it last went well
    failed_at INTEGER,                      -- when it failed, since then
    failure TEXT
) STRICT, WITHOUT ROWID;

-- What the records of persons came to that were removed: a team's, by the roster of then; '' the organisation's.
CREATE TABLE team_sum (
    team TEXT NOT NULL,
    monday TEXT NOT NULL,                   -- of the ISO week
    measure TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (team, measure, monday)
) STRICT, WITHOUT ROWID;
