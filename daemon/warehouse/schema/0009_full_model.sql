-- SPDX-License-Identifier: Apache-2.0
-- What the sources can tell and the first schema had no place for: e-mails, roles of contacts, labels of
-- custom fields, why a record is gone, the history of tasks; and to whom a user's work belongs, by day.
-- Only columns that SQLite adds without rewriting a table: large ones are migrated in no time.
-- An open end is written out, '0001-01-01' or '9999-12-31', so that ranges compare without exceptions.

ALTER TABLE stage ADD COLUMN forecast_category TEXT;
ALTER TABLE opportunity ADD COLUMN last_activity_on TEXT;
ALTER TABLE opportunity ADD COLUMN last_activity_at INTEGER;
ALTER TABLE opportunity ADD COLUMN lost_reason TEXT;
ALTER TABLE call ADD COLUMN telephony_id TEXT;
ALTER TABLE task ADD COLUMN series TEXT;
ALTER TABLE meeting ADD COLUMN is_all_day INTEGER;

CREATE TABLE contact_role (
    id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source(id), external_id TEXT NOT NULL,
    modified_at INTEGER, fetched_at INTEGER NOT NULL, content_hash INTEGER NOT NULL, deleted_at INTEGER,
    opportunity TEXT, contact TEXT, role TEXT, is_primary INTEGER, created_at INTEGER,
    UNIQUE (source_id, external_id)
) STRICT;
CREATE INDEX contact_role_opportunity ON contact_role(source_id, opportunity);

CREATE TABLE email (
    id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source(id), external_id TEXT NOT NULL,
    modified_at INTEGER, fetched_at INTEGER NOT NULL, content_hash INTEGER NOT NULL, deleted_at INTEGER,
    owner TEXT, account TEXT, opportunity TEXT, contact TEXT, subject TEXT, direction TEXT, status TEXT,
    sent_at INTEGER, created_at INTEGER, url TEXT, extra TEXT,
    UNIQUE (source_id, external_id)
) STRICT;
CREATE INDEX email_owner ON email(source_id, owner, sent_at);
CREATE INDEX email_opportunity ON email(source_id, opportunity, sent_at) WHERE opportunity IS NOT NULL;
CREATE INDEX email_account ON email(source_id, account, sent_at) WHERE account IS NOT NULL;

CREATE TABLE custom_field (
    id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source(id), external_id TEXT NOT NULL,
    modified_at INTEGER, fetched_at INTEGER NOT NULL, content_hash INTEGER NOT NULL, deleted_at INTEGER,
    record TEXT, name TEXT, label TEXT, type TEXT,
    UNIQUE (source_id, external_id)
) STRICT;

-- Why a record is gone; a row for each record with a deleted_at, but for those of before this table.
CREATE TABLE tombstone (
    source_id INTEGER NOT NULL REFERENCES source(id),
    entity TEXT NOT NULL,
    external_id TEXT NOT NULL,
    deleted_at INTEGER NOT NULL,
    why TEXT NOT NULL CHECK (why IN ('deleted', 'merged', 'vanished', 'left', 'not_found')),
    into_id TEXT,                           -- of 'merged': the record that it is part of now
    PRIMARY KEY (source_id, entity, external_id)
) STRICT, WITHOUT ROWID;

-- Changes of tasks that were seen; as opportunity_change, but that no CRM tells them.
CREATE TABLE task_change (
    id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source(id),
    task TEXT NOT NULL, field TEXT NOT NULL, old TEXT, new TEXT, changed_at INTEGER NOT NULL,
    UNIQUE (source_id, task, field, changed_at)
) STRICT;

CREATE INDEX opportunity_change_seen ON opportunity_change(source_id, opportunity, field, changed_at)
    WHERE origin = 'seen';

-- The versions of an opportunity that were seen and whose place the next one took, for as long as one may still
-- arrive out of order: at is the CRM's version, or the fetch's time where it has none.
CREATE TABLE version_seen (
    source_id INTEGER NOT NULL REFERENCES source(id),
    entity TEXT NOT NULL,
    external_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (source_id, entity, external_id, at)
) STRICT, WITHOUT ROWID;

-- How a source's records of an entity were last mapped, and since which fetch: what differs from a row
-- that was fetched before that is no change.
CREATE TABLE mapping (
    source_id INTEGER NOT NULL REFERENCES source(id),
    entity TEXT NOT NULL,
    digest TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (source_id, entity)
) STRICT, WITHOUT ROWID;

-- People. A person is an address, or a user or a line of the roster without one, and is never removed or
-- rewritten when the roster says that two are one: who counts as whom is worked out from these tables, into
-- attribution. So a merge that is taken back leaves everything as it was before.
DROP TABLE person_email;                    -- each person has the one address in person.email
DROP TABLE person_user;

-- What the roster says, made again from it at every start: whose an address or a user is, and when.
CREATE TABLE person_alias (
    email TEXT NOT NULL,                    -- lower case
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,                -- exclusive
    person_id INTEGER NOT NULL REFERENCES person(id),
    PRIMARY KEY (email, from_day)
) STRICT, WITHOUT ROWID;
CREATE TABLE person_link (
    source TEXT NOT NULL,                   -- by name: the configuration may come before the first sync
    user TEXT NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,                -- exclusive
    person_id INTEGER NOT NULL REFERENCES person(id),
    PRIMARY KEY (source, user, from_day)
) STRICT, WITHOUT ROWID;

-- Who sits on a user's seat, by what the CRM says: another address is another person from that day on.
CREATE TABLE user_seat (
    source_id INTEGER NOT NULL REFERENCES source(id),
    user TEXT NOT NULL,
    from_day TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person(id),
    PRIMARY KEY (source_id, user, from_day)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_seat_person ON user_seat(person_id);
INSERT INTO user_seat
SELECT source_id, external_id, '0001-01-01', person_id FROM user WHERE person_id IS NOT NULL;

-- Whose work a user's is, by day: made from seats and roster, and the only join from sums and records to
-- persons. Days are local to the user; the instants are their midnights. Until is exclusive.
CREATE TABLE attribution (
    source_id INTEGER NOT NULL REFERENCES source(id),
    user TEXT NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person(id),
    PRIMARY KEY (source_id, user, from_day)
) STRICT, WITHOUT ROWID;
CREATE INDEX attribution_person ON attribution(person_id);
INSERT INTO attribution
SELECT source_id, external_id, '0001-01-01', '9999-12-31', -62135596800000, 253402214400000, person_id
  FROM user WHERE person_id IS NOT NULL;

-- Made again from the roster at every start. Members may come back, managers may follow each other.
DROP TABLE team_member;
CREATE TABLE team_member (
    team_id INTEGER NOT NULL REFERENCES team(id),
    person_id INTEGER NOT NULL REFERENCES person(id),
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,                -- exclusive
    PRIMARY KEY (team_id, person_id, from_day)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_member_of ON team_member(person_id);
CREATE TABLE team_manager (
    team_id INTEGER NOT NULL REFERENCES team(id),
    person_id INTEGER NOT NULL REFERENCES person(id),
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,                -- exclusive
    PRIMARY KEY (team_id, from_day)
) STRICT, WITHOUT ROWID;

-- Scripts that are no migrations, as they were when last run: the views.
CREATE TABLE schema_part (
    name TEXT PRIMARY KEY,
    script TEXT NOT NULL
) STRICT, WITHOUT ROWID;
