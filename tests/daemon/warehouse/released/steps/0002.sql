-- SPDX-License-Identifier: Apache-2.0
-- What the released warehouse has none of.
INSERT INTO contact (source_id, external_id, fetched_at, content_hash, name, email, account) VALUES (1, 'k1', 1796008134523, 1, 'Dee Quay', 'dee@quay.example', 'a0');
INSERT INTO meeting (source_id, external_id, fetched_at, content_hash, owner, subject, starts_at, ends_at) VALUES (1, 'm1', 1796008134523, 1, 'ana', 'Kick-off – "Quay & Sons"', 1796000000000, 1796003600000);
INSERT INTO snapshot VALUES (1, 'account', 1796008134523);
INSERT INTO snapshot_seen VALUES (1, 'account', 'a0'), (1, 'account', 'a1');
INSERT INTO outbox (key, channel, recipient, reason, message, state, created_at, due_at, expires_at) VALUES ('nudge/9', 'managers', 'mara@harbour.example', 'nudge', '{}', 'pending', 1796008134523, 1796008134523, 1796094534523);
