-- SPDX-License-Identifier: Apache-2.0
-- What a rep agreed to reach in which week, and what came of it. Nothing is overwritten: a correction, a week
-- moved, a word that it no longer holds is another revision, and the last one counts. Revisions count from 1.
CREATE TABLE commitment (
    commitment INTEGER NOT NULL,            -- its number, by which people name it
    revision INTEGER NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    kpi TEXT NOT NULL,                      -- by its name in kpis.toml
    state TEXT NOT NULL CHECK (state IN ('agreed', 'void', 'superseded')),
    week TEXT NOT NULL,                     -- due in: 2026-W48
    baseline REAL NOT NULL,                 -- of a whole week, as what is promised
    promised REAL NOT NULL,
    agreed_by TEXT NOT NULL,
    agreed_at INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL,          -- 1: the rep has said yes to it
    source TEXT NOT NULL CHECK (source IN ('command', 'csv', 'crm', 'sheet')),
    origin TEXT NOT NULL,                   -- what it was made from: a task's source and id; may be empty
    note TEXT NOT NULL,
    worked TEXT NOT NULL,                   -- what worked, in the rep's words
    hard TEXT NOT NULL,                     -- where it was hard
    reason TEXT NOT NULL,                   -- of this revision; empty for the first one
    made_at INTEGER NOT NULL,
    PRIMARY KEY (commitment, revision)
) STRICT;
CREATE INDEX commitment_person ON commitment(person_id, week);
CREATE INDEX commitment_week ON commitment(week);

-- What a week came to against what had been agreed for it. A later sync that changes it adds a revision.
CREATE TABLE commitment_verdict (
    commitment INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    promise INTEGER NOT NULL,               -- the revision of the commitment that was judged
    person_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,
    week TEXT NOT NULL,
    status TEXT NOT NULL
        CHECK (status IN ('excused', 'unverifiable', 'met', 'exceeded', 'partly', 'some', 'missed')),
    value REAL,                             -- what the week came to; null where that is not known
    working_days REAL NOT NULL,
    due REAL NOT NULL,                      -- what was promised, by the days worked
    baseline REAL NOT NULL,                 -- the same of where it began
    progress REAL,                          -- from baseline to due, 1 being all of it; null for a hold
    decided_at INTEGER NOT NULL,
    rests_on TEXT NOT NULL,                 -- how far the sources had been read, or why that proves nothing
    PRIMARY KEY (commitment, revision)
) STRICT;
CREATE INDEX commitment_verdict_person ON commitment_verdict(person_id, week);
