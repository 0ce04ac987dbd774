-- SPDX-License-Identifier: Apache-2.0
-- Times are UTC epoch milliseconds (…_at), days are ISO text (…_on, …_date, day), amounts are canonical
-- decimal text, references between records are external ids of the same source. Entity tables are
-- made from model::fields_of() in the same order of columns; a test compares them. A record that
-- vanished keeps its values and has a deleted_at; one that was never more than a tombstone has the
-- content_hash 0 and no values.

CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    connector TEXT NOT NULL
) STRICT;

-- People, across sources.
CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL DEFAULT '',
    email TEXT UNIQUE,                      -- the main address, lower case; null when none is known
    time_zone TEXT                          -- theirs or their team's; null for who is not on the roster
) STRICT;
CREATE TABLE person_email (                 -- every address that means this person
    email TEXT PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person(id)
) STRICT, WITHOUT ROWID;
CREATE TABLE person_user (                  -- links that the configuration states
    source TEXT NOT NULL,                   -- by name: the configuration may come before the first sync
    user TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person(id),
    PRIMARY KEY (source, user)
) STRICT, WITHOUT ROWID;
CREATE TABLE team (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    manager_id INTEGER REFERENCES person(id),
    time_zone TEXT NOT NULL
) STRICT;
CREATE TABLE team_member (
    team_id INTEGER NOT NULL REFERENCES team(id),
    person_id INTEGER NOT NULL REFERENCES person(id),
    from_day TEXT,                          -- null: always
    until_day TEXT,                         -- exclusive; null: still
    PRIMARY KEY (team_id, person_id)
) STRICT, WITHOUT ROWID;

-- Records.
CREATE TABLE user (
    id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source(id), external_id TEXT NOT NULL,
    modified_at INTEGER, fetched_at INTEGER NOT NULL, content_hash INTEGER NOT NULL, deleted_at INTEGER,
    email TEXT, name TEXT, active INTEGER, time_zone TEXT, manager TEXT, is_person INTEGER, extra TEXT,
    person_id INTEGER REFERENCES person(id),
    day_zone TEXT NOT NULL DEFAULT 'UTC',   -- the zone its rollups were counted in
    UNIQUE (source_id, external_id)
) STRICT;
CREATE INDEX user_person ON user(person_id);

CREATE TABLE account (
    id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source(id), external_id TEXT NOT NULL,
    modified_at INTEGER, fetched_at INTEGER NOT NULL, content_hash INTEGER NOT NULL, deleted_at INTEGER,
    name TEXT, domain TEXT, owner TEXT, parent TEXT, type TEXT, created_at INTEGER, url TEXT, extra TEXT,
    UNIQUE (source_id, external_id)
) STRICT;

CREATE TABLE contact (
    id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source(id), external_id TEXT NOT NULL,
    modified_at INTEGER, fetched_at INTEGER NOT NULL, content_hash INTEGER NOT NULL, deleted_at INTEGER,
    name TEXT, email TEXT, phone TEXT, account TEXT, owner TEXT, created_at INTEGER, extra TEXT,
    UNIQUE (source_id, external_id)
) STRICT;
CREATE INDEX contact_account ON contact(source_id, account);

CREATE TABLE pipeline (
    id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source(id), external_id TEXT NOT NULL,
    modified_at INTEGER, fetched_at INTEGER NOT NULL, content_hash INTEGER NOT NULL, deleted_at INTEGER,
    name TEXT, position INTEGER,
    UNIQUE (source_id, external_id)
) STRICT;

CREATE TABLE stage (
    id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source(id), external_id TEXT NOT NULL,
    modified_at INTEGER, fetched_at INTEGER NOT NULL, content_hash INTEGER NOT NULL, deleted_at INTEGER,
    pipeline TEXT, name TEXT, position INTEGER, is_closed INTEGER, is_won INTEGER, probability TEXT,
    UNIQUE (source_id, external_id)
) STRICT;

CREATE TABLE opportunity (
    id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source(id), external_id TEXT NOT NULL,
    modified_at INTEGER, fetched_at INTEGER NOT NULL, content_hash INTEGER NOT NULL, deleted_at INTEGER,
    name TEXT, account TEXT, contact TEXT, owner TEXT, pipeline TEXT, stage TEXT, stage_since INTEGER,
    amount TEXT, currency TEXT, close_date TEXT, is_closed INTEGER, is_won INTEGER, closed_at INTEGER,
    forecast_category TEXT, probability TEXT, next_step TEXT, type TEXT, created_at INTEGER, url TEXT,
    extra TEXT,
    UNIQUE (source_id, external_id)
) STRICT;
CREATE INDEX opportunity_account ON opportunity(source_id, account);
CREATE INDEX opportunity_owner ON opportunity(source_id, owner);
CREATE INDEX opportunity_stage ON opportunity(source_id, stage);

-- History of opportunities: the CRM's own where it tells one ('crm'), else by difference ('seen').
CREATE TABLE opportunity_change (
    id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source(id), external_id TEXT NOT NULL,
    modified_at INTEGER, fetched_at INTEGER NOT NULL, content_hash INTEGER NOT NULL, deleted_at INTEGER,
    opportunity TEXT, field TEXT, old TEXT, new TEXT, changed_at INTEGER, changed_by TEXT,
    origin TEXT NOT NULL DEFAULT 'crm' CHECK (origin IN ('crm', 'seen')),
    UNIQUE (source_id, external_id)
) STRICT;
CREATE INDEX opportunity_change_of ON opportunity_change(source_id, opportunity, field, changed_at);

CREATE TABLE call (
    id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source(id), external_id TEXT NOT NULL,
    modified_at INTEGER, fetched_at INTEGER NOT NULL, content_hash INTEGER NOT NULL, deleted_at INTEGER,
    owner TEXT, account TEXT, opportunity TEXT, contact TEXT, started_at INTEGER, duration_s INTEGER,
    direction TEXT, outcome TEXT, is_planned INTEGER, subject TEXT, created_at INTEGER, url TEXT,
    extra TEXT,
    UNIQUE (source_id, external_id)
) STRICT;
CREATE INDEX call_owner ON call(source_id, owner, started_at);
CREATE INDEX call_opportunity ON call(source_id, opportunity, started_at) WHERE opportunity IS NOT NULL;
CREATE INDEX call_account ON call(source_id, account, started_at) WHERE account IS NOT NULL;
CREATE INDEX call_planned ON call(source_id) WHERE is_planned = 1;

CREATE TABLE task (
    id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source(id), external_id TEXT NOT NULL,
    modified_at INTEGER, fetched_at INTEGER NOT NULL, content_hash INTEGER NOT NULL, deleted_at INTEGER,
    owner TEXT, account TEXT, opportunity TEXT, contact TEXT, subject TEXT, due_on TEXT, due_at INTEGER,
    is_done INTEGER, is_cancelled INTEGER, completed_at INTEGER, priority TEXT, type TEXT,
    is_series INTEGER, created_at INTEGER, url TEXT, extra TEXT,
    UNIQUE (source_id, external_id)
) STRICT;
CREATE INDEX task_owner ON task(source_id, owner, completed_at);
CREATE INDEX task_opportunity ON task(source_id, opportunity) WHERE opportunity IS NOT NULL;
CREATE INDEX task_account ON task(source_id, account) WHERE account IS NOT NULL;
-- What is open, and what was completed since a moment: the words of read_open_activities().
CREATE INDEX task_open ON task(source_id)
    WHERE is_done IS NOT 1 AND is_cancelled IS NOT 1 AND is_series IS NOT 1;
CREATE INDEX task_completed ON task(completed_at) WHERE is_done = 1;

CREATE TABLE meeting (
    id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source(id), external_id TEXT NOT NULL,
    modified_at INTEGER, fetched_at INTEGER NOT NULL, content_hash INTEGER NOT NULL, deleted_at INTEGER,
    owner TEXT, account TEXT, opportunity TEXT, contact TEXT, subject TEXT, starts_at INTEGER,
    ends_at INTEGER, outcome TEXT, created_at INTEGER, url TEXT, extra TEXT,
    UNIQUE (source_id, external_id)
) STRICT;
CREATE INDEX meeting_owner ON meeting(source_id, owner, starts_at);
CREATE INDEX meeting_opportunity ON meeting(source_id, opportunity, starts_at) WHERE opportunity IS NOT NULL;
CREATE INDEX meeting_account ON meeting(source_id, account, starts_at) WHERE account IS NOT NULL;
CREATE INDEX meeting_starts ON meeting(starts_at);

-- Sums per source user, local day and measure; kept by difference with the records.
CREATE TABLE rollup (
    source_id INTEGER NOT NULL REFERENCES source(id),
    user TEXT NOT NULL,
    day TEXT NOT NULL,
    measure TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (source_id, user, measure, day)
) STRICT, WITHOUT ROWID;

-- Where each stream has got to.
CREATE TABLE cursor (
    source_id INTEGER NOT NULL REFERENCES source(id),
    entity TEXT NOT NULL,
    lane TEXT NOT NULL CHECK (lane IN ('incremental', 'backfill', 'deletions', 'sweep')),
    floor TEXT NOT NULL,
    position TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    complete_at INTEGER,                    -- when it last had nothing newer
    PRIMARY KEY (source_id, entity, lane)
) STRICT, WITHOUT ROWID;

-- Ids told since a snapshot began: what was there before and is absent at its end has vanished.
CREATE TABLE snapshot (
    source_id INTEGER NOT NULL REFERENCES source(id),
    entity TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    PRIMARY KEY (source_id, entity)
) STRICT, WITHOUT ROWID;
CREATE TABLE snapshot_seen (
    source_id INTEGER NOT NULL REFERENCES source(id),
    entity TEXT NOT NULL,
    external_id TEXT NOT NULL,
    PRIMARY KEY (source_id, entity, external_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,                     -- sync or evaluate
    source_id INTEGER REFERENCES source(id),
    stream TEXT,                            -- "call"; "call/deletions" on another lane
    started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    pages INTEGER NOT NULL DEFAULT 0,
    records INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    malformed INTEGER NOT NULL DEFAULT 0,
    failure_kind TEXT,
    failure TEXT
) STRICT;
CREATE INDEX run_latest ON run(kind, source_id, stream, ended_at);

-- Findings, one row an episode.
CREATE TABLE finding (
    id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    episode INTEGER NOT NULL,
    check_id TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('info', 'attention', 'high')),
    is_praise INTEGER NOT NULL,
    subject_type TEXT NOT NULL,
    subject_source TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    subject_url TEXT NOT NULL,
    aspect TEXT NOT NULL,                   -- such as a KPI; may be empty
    amount TEXT,                            -- what is at stake, for the order of a digest
    owner_id INTEGER REFERENCES person(id),
    team TEXT NOT NULL,
    since INTEGER NOT NULL,                 -- since when the condition holds, as far as known
    summary TEXT NOT NULL,
    question TEXT NOT NULL,
    evidence TEXT NOT NULL,                 -- JSON: [{"label","value","url"}]
    state TEXT NOT NULL CHECK (state IN ('open', 'notified', 'resolved')),
    opened_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    notified_at INTEGER,
    notified_severity TEXT,                 -- what it was when last told; a rise is told again
    resolved_at INTEGER,
    UNIQUE (fingerprint, episode)
) STRICT;
CREATE INDEX finding_open ON finding(state, owner_id) WHERE state <> 'resolved';

-- Messages that are decided and not yet acknowledged by their channel (delivery reference §1.1).
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,               -- idempotency key
    channel TEXT NOT NULL,                  -- by name; never its secret
    recipient TEXT NOT NULL,                -- e-mail of the person it is for
    reason TEXT NOT NULL,                   -- digest, nudge, resolved, test
    message TEXT NOT NULL,                  -- channel-free, JSON; rendered at the first claim
    payload TEXT,                           -- frozen at the first claim: a retry sends the same bytes
    state TEXT NOT NULL CHECK (state IN
        ('pending', 'claimed', 'delivered', 'accepted', 'refused', 'unknown', 'dead', 'superseded')),
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
CREATE INDEX outbox_due ON outbox(channel, due_at) WHERE state IN ('pending', 'claimed');

CREATE TABLE channel_state (
    channel TEXT PRIMARY KEY,
    paused_until INTEGER,                   -- a Retry-After survives a restart
    broken_since INTEGER,
    broken_reason TEXT,
    failures INTEGER NOT NULL DEFAULT 0,    -- in a row
    last_success_at INTEGER
) STRICT, WITHOUT ROWID;
