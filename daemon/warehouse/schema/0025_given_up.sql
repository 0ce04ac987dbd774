-- SPDX-License-Identifier: Apache-2.0
-- Since when nothing but failure has come back from a channel, and when a message was given up: expired, refused, or
-- sent twice without an answer.
ALTER TABLE channel_state ADD COLUMN failing_since INTEGER;
ALTER TABLE outbox ADD COLUMN given_up_at INTEGER;      -- null: it was not, or somebody has had it sent once more
CREATE INDEX outbox_given_up ON outbox(channel, given_up_at) WHERE given_up_at IS NOT NULL;
