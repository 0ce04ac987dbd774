-- SPDX-License-Identifier: Apache-2.0
INSERT INTO outbox (id, key, channel, recipient, reason, message, payload, state, created_at, due_at, expires_at, receipt)
    VALUES (20, 'once/20', 'people', 'mara@harbour.example', 'at_once', '{"kind":"nudge"}', '{"text":"x"}', 'delivered',
        1796008134523, 1796008134523, 1796094534523, 'D0123456789 1503435956.000247');
INSERT INTO outbox (id, key, channel, recipient, reason, message, state, created_at, due_at, expires_at, continues, edits)
    VALUES (21, 'once/21', 'people', 'mara@harbour.example', 'at_once', '{"kind":"nudge"}', 'pending',
        1796008134523, 1796008134523, 1796094534523, 'once/20', NULL),
           (22, 'edit/20', 'people', 'mara@harbour.example', 'edit', '{"kind":"resolved"}', 'pending',
        1796008134523, 1796008134523, 1796094534523, NULL, 'once/20');
INSERT INTO finding_thread VALUES (1, 1, 'once/20', 'resolved 2026-11-24');
