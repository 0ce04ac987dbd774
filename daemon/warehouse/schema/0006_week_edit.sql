-- SPDX-License-Identifier: Apache-2.0
-- What a complete week came to when it was looked at last, and the users who counted for the person.
CREATE TABLE week_value (
    person_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    measure TEXT NOT NULL,
    week TEXT NOT NULL,
    value REAL NOT NULL,
    basis TEXT NOT NULL,
    PRIMARY KEY (person_id, measure, week)
) STRICT, WITHOUT ROWID;

-- Weeks that changed after they had been complete.
CREATE TABLE week_edit (
    person_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    measure TEXT NOT NULL,
    week TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    before REAL NOT NULL,
    after REAL NOT NULL,
    PRIMARY KEY (person_id, measure, week, seen_at)
) STRICT, WITHOUT ROWID;

CREATE VIEW v_week_edit AS
SELECT p.person_id, p.name AS rep, p.email, p.team, p.manager, e.week, e.measure, e.before, e.after,
       strftime('%Y-%m-%dT%H:%M:%SZ', e.seen_at / 1000, 'unixepoch') AS seen_at
  FROM week_edit e
  JOIN v_person p ON p.person_id = e.person_id;
