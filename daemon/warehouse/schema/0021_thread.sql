-- SPDX-License-Identifier: Apache-2.0
-- Where the far end keeps a message that it has taken, and what a message has to do with one of before.
ALTER TABLE outbox ADD COLUMN receipt TEXT;     -- in the channel's own words; null: there is none
ALTER TABLE outbox ADD COLUMN continues TEXT;   -- the key of the message that it replies to
ALTER TABLE outbox ADD COLUMN edits TEXT;       -- the key of the message in whose place it is put
CREATE INDEX outbox_edits ON outbox(edits) WHERE edits IS NOT NULL;

-- The first message of its own about an episode of a finding, one for each of those who are told: what is told later
-- replies to it, and it is edited to say what has come of the finding.
CREATE TABLE finding_thread (
    id INTEGER PRIMARY KEY,
    finding_id INTEGER NOT NULL REFERENCES finding(id) ON DELETE CASCADE,
    message TEXT NOT NULL,                      -- its key in the outbox
    shown TEXT NOT NULL,                        -- what it says has come of it: "resolved 2026-11-24"; empty: nothing
    UNIQUE (finding_id, message)
) STRICT;
CREATE INDEX finding_thread_by ON finding_thread(message);
