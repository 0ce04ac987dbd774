-- SPDX-License-Identifier: Apache-2.0
-- Records of coaching: notes of 1:1s and the like, action plans, escalations, and days off. What is said in a note is
-- between the rep and the manager: no view shows these tables, and exports refuse every table called note or note_….
-- Days are local to the team; an until is exclusive, a to_day is the last day.

CREATE TABLE note (
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL CHECK (type IN ('one_on_one', 'scrum', 'joint_call', 'deal_review', 'career', 'plan_review',
                                       'escalation', 'best_practice', 'praise')),
    rep_id INTEGER REFERENCES person(id),       -- null: it is about the whole team
    team TEXT NOT NULL,                         -- by the name that it had
    manager_id INTEGER REFERENCES person(id),   -- who held it; null: somebody who was forgotten
    held_on TEXT NOT NULL,
    written_at INTEGER,                         -- null: the file that it came from does not say
    stored_at INTEGER NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('command', 'csv')),
    origin_key TEXT UNIQUE,                     -- of a line of a file: the same line is stored once
    minutes INTEGER,
    skill TEXT,
    kpi TEXT,
    removed_at INTEGER,                         -- the tombstone of a note: its texts are gone
    removed_why TEXT
) STRICT;
CREATE INDEX note_rep ON note(rep_id, held_on);
CREATE INDEX note_manager ON note(manager_id, held_on);

-- Texts are added to, never overwritten: the highest revision is what the note says.
CREATE TABLE note_revision (
    id INTEGER PRIMARY KEY,
    note_id INTEGER NOT NULL REFERENCES note(id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,                  -- from 1
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    agreed TEXT NOT NULL,                       -- what was agreed next, a line each
    UNIQUE (note_id, revision)
) STRICT;

CREATE TABLE note_link (
    note_id INTEGER NOT NULL REFERENCES note(id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    opportunity TEXT NOT NULL,                  -- external id
    PRIMARY KEY (note_id, source, opportunity)
) STRICT, WITHOUT ROWID;

-- A new manager reads what was noted before only where somebody has said so.
CREATE TABLE note_handover (
    id INTEGER PRIMARY KEY,
    rep_id INTEGER NOT NULL REFERENCES person(id),
    to_id INTEGER NOT NULL REFERENCES person(id),
    at INTEGER NOT NULL                         -- notes stored up to then
) STRICT;
CREATE INDEX note_handover_rep ON note_handover(rep_id);

-- The words of all revisions, by the revision's id. SQLite before 3.41 lets no trigger write to it while the schema is not
-- trusted, so that whoever changes a revision says so here in the same transaction (coaching_records.hpp).
CREATE VIRTUAL TABLE note_text USING fts5(body, agreed, tokenize = 'unicode61 remove_diacritics 2');

CREATE TABLE plan (
    id INTEGER PRIMARY KEY,
    rep_id INTEGER NOT NULL REFERENCES person(id),
    manager_id INTEGER REFERENCES person(id),
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    follows_id INTEGER REFERENCES plan(id) ON DELETE SET NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,                           -- when its result was noted
    celebration TEXT
) STRICT;
CREATE INDEX plan_rep ON plan(rep_id);
CREATE INDEX plan_follows ON plan(follows_id) WHERE follows_id IS NOT NULL;

CREATE TABLE plan_goal (
    id INTEGER PRIMARY KEY,
    plan_id INTEGER NOT NULL REFERENCES plan(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,                  -- from 0
    kpi TEXT NOT NULL,
    from_value REAL NOT NULL,                   -- per standard week
    to_value REAL NOT NULL,
    result TEXT CHECK (result IN ('reached', 'on_the_way', 'not_yet', 'not_known')),
    result_value REAL,
    UNIQUE (plan_id, position)
) STRICT;

-- What a goal stood at on a checkpoint; a row once it was looked at, with null where the weeks were not known.
CREATE TABLE plan_checkpoint (
    plan_id INTEGER NOT NULL REFERENCES plan(id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    position INTEGER NOT NULL,
    value REAL,
    checked_at INTEGER NOT NULL,
    PRIMARY KEY (plan_id, day, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE escalation (
    id INTEGER PRIMARY KEY,
    customer TEXT NOT NULL,
    rep_id INTEGER REFERENCES person(id),       -- whose customer it is
    manager_id INTEGER REFERENCES person(id),   -- who handles it
    team TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    next_step TEXT NOT NULL,
    closed_at INTEGER,
    outcome TEXT,                               -- of a closed one: never null
    reviewed_at INTEGER,
    review TEXT,
    CHECK (closed_at IS NULL OR outcome <> '')
) STRICT;
CREATE TABLE escalation_update (
    id INTEGER PRIMARY KEY,
    escalation_id INTEGER NOT NULL REFERENCES escalation(id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX escalation_update_of ON escalation_update(escalation_id, at);

-- Days off, beside those of teams.toml. Never why.
CREATE TABLE away (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person(id),
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    share REAL NOT NULL CHECK (share IN (0.5, 1)),
    stored_at INTEGER NOT NULL,
    UNIQUE (person_id, from_day, to_day)
) STRICT;
