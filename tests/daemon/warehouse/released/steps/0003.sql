-- SPDX-License-Identifier: Apache-2.0
INSERT INTO upkeep VALUES ('backup', NULL, 1796008134523, '/mnt/backups: cannot be written'), ('retention', 1796008134523, NULL, NULL);
INSERT INTO team_sum VALUES ('Quayside', '2024-11-11', 'dials', 37), ('', '2024-11-11', 'dials', 4);
UPDATE outbox SET state = 'held' WHERE key = 'nudge/9';
