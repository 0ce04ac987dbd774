-- SPDX-License-Identifier: Apache-2.0
-- Since when nothing but failure has come back from a channel; when a message was given up (expired, refused, or sent
-- twice without an answer), and until when one of the calendar is worth sending.
ALTER TABLE channel_state ADD COLUMN failing_since INTEGER;
ALTER TABLE outbox ADD COLUMN given_up_at INTEGER;      -- null: it was not, or somebody has had it sent once more
ALTER TABLE outbox ADD COLUMN quiet_from INTEGER;       -- then the next one tells what still holds; null: at any hour
CREATE INDEX outbox_given_up ON outbox(channel, given_up_at) WHERE given_up_at IS NOT NULL;

-- The telling that the last one took the place of: it stands again when the last message never arrives.
ALTER TABLE finding_telling ADD COLUMN before_at INTEGER;       -- null: it was the first, or that one did not arrive
ALTER TABLE finding_telling ADD COLUMN before_severity TEXT;
ALTER TABLE finding_telling ADD COLUMN before_message TEXT;
