-- SPDX-License-Identifier: Apache-2.0
UPDATE channel_state SET failing_since = 1796008134523, failures = 3;
INSERT INTO outbox (id, key, channel, recipient, reason, message, payload, state, created_at, due_at, expires_at, given_up_at,
        quiet_from)
    VALUES (25, 'once/25', 'people', 'mara@harbour.example', 'at_once', '{"kind":"nudge"}', '{"text":"x"}', 'refused',
        1796008134523, 1796008134523, 1796094534523, 1796008144523, 1796018144523);
