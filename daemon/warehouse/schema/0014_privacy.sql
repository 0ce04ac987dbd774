-- SPDX-License-Identifier: Apache-2.0
-- Teams that show sums instead of their members' figures ([team.privacy] in teams.toml). The views leave out what is
-- a shielded person's.
ALTER TABLE team ADD COLUMN shows_sums INTEGER NOT NULL DEFAULT 0;
CREATE TABLE shielded (
    person_id INTEGER PRIMARY KEY REFERENCES person(id)
) STRICT;

-- What a week of such a team came to, written down once, when it was complete, and never changed: two sums of one week
-- over different members would tell what the others did.
CREATE TABLE team_week (
    team TEXT NOT NULL,                     -- by the name that it had
    measure TEXT NOT NULL,
    week TEXT NOT NULL,
    value REAL NOT NULL,
    people INTEGER NOT NULL,                -- members whose week counted
    noted_at INTEGER NOT NULL,
    PRIMARY KEY (team, measure, week)
) STRICT, WITHOUT ROWID;
