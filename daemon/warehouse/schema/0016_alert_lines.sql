-- SPDX-License-Identifier: Apache-2.0
-- Who was told of an episode of a finding. One row a line: the rep, the manager, …
CREATE TABLE finding_telling (
    id INTEGER PRIMARY KEY,
    finding_id INTEGER NOT NULL REFERENCES finding(id) ON DELETE CASCADE,
    line TEXT NOT NULL,
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,                -- an address; may be empty
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    severity TEXT NOT NULL,                 -- what it was when told last
    message TEXT NOT NULL,                  -- the key of the last message
    UNIQUE (finding_id, line)
) STRICT;
CREATE INDEX finding_telling_by ON finding_telling(message);

-- Teams and checks, and since when others than the admin are told of their findings.
CREATE TABLE shadow (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('team', 'check')),
    name TEXT NOT NULL,
    since INTEGER NOT NULL,
    live_at INTEGER,                        -- null: in shadow
    live_by TEXT NOT NULL,                  -- empty: it never was in shadow
    UNIQUE (kind, name)
) STRICT;
-- Teams of an installation that has been at work go on as before.
INSERT INTO shadow (kind, name, since, live_at, live_by) SELECT 'team', name, 0, 0, '' FROM team;

-- The same, and an answer more: the finding is wrong, as somebody says who is still to be heard.
CREATE TABLE finding_answer_next (
    finding_id INTEGER PRIMARY KEY REFERENCES finding(id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('acknowledged', 'snoozed', 'dismissed', 'disputed')),
    until_at INTEGER,                       -- of a snooze; null: until the facts change
    reason TEXT NOT NULL,                   -- of a dismissal: not_relevant, wrong_data, known, too_early
    facts TEXT NOT NULL,                    -- what the finding rested on then
    answered_at INTEGER NOT NULL,
    answered_by TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;
INSERT INTO finding_answer_next SELECT * FROM finding_answer;
DROP TABLE finding_answer;
ALTER TABLE finding_answer_next RENAME TO finding_answer;
