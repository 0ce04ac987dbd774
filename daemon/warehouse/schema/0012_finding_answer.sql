-- SPDX-License-Identifier: Apache-2.0
-- What people answered to a finding. The latest answer counts.
CREATE TABLE finding_answer (
    finding_id INTEGER PRIMARY KEY REFERENCES finding(id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('acknowledged', 'snoozed', 'dismissed')),
    until_at INTEGER,                       -- of a snooze; null: until the facts change
    reason TEXT NOT NULL,                   -- of a dismissal: not_relevant, wrong_data, known, too_early
    facts TEXT NOT NULL,                    -- what the finding rested on then
    answered_at INTEGER NOT NULL,
    answered_by TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;

-- Everything that happened to a finding, and what caused it.
CREATE TABLE finding_event (
    id INTEGER PRIMARY KEY,
    finding_id INTEGER NOT NULL REFERENCES finding(id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    done_by TEXT NOT NULL,                  -- empty: nudged itself
    note TEXT NOT NULL
) STRICT;
CREATE INDEX finding_event_of ON finding_event(finding_id, id);
