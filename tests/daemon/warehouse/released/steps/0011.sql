-- SPDX-License-Identifier: Apache-2.0
INSERT INTO note (id, type, rep_id, team, manager_id, held_on, written_at, stored_at, origin, minutes, skill) VALUES (1, 'one_on_one', 2, 'Quayside', 1, '2026-11-20', 1796008134523, 1796008134523, 'command', 30, 'openings');
INSERT INTO note_revision VALUES (1, 1, 1, 1796008134523, 'Grüße an alle', '50 dials'), (2, 1, 2, 1796008135000, 'Grüße an alle', '55 dials');
INSERT INTO note_text (rowid, body, agreed) VALUES (1, 'Grüße an alle', '50 dials'), (2, 'Grüße an alle', '55 dials');
INSERT INTO note_link VALUES (1, 'harbour', 'o0');
INSERT INTO note_handover VALUES (1, 2, 3, 1796008134523);
INSERT INTO plan VALUES (1, 2, 1, '2026-08-01', '2026-11-01', NULL, 1796008134523, 1796008134523, 'cake'), (2, 2, 1, '2026-11-01', '2027-02-01', 1, 1796008134523, NULL, NULL);
INSERT INTO plan_goal VALUES (1, 1, 0, 'dials', 40, 60, 'on_the_way', 52), (2, 2, 0, 'dials', 52, 60, NULL, NULL);
INSERT INTO plan_checkpoint VALUES (2, '2026-11-16', 0, 55.5, 1796008134523), (2, '2026-11-23', 0, NULL, 1796008134523);
INSERT INTO escalation VALUES (1, 'Quay & Sons', 2, 1, 'Quayside', 1796000000000, 'call back', 1796008134523, 'refund', NULL, NULL);
INSERT INTO escalation_update VALUES (1, 1, 1796008134523, 'told them');
INSERT INTO away VALUES (1, 3, '2026-11-23', '2026-11-27', 1, 1796008134523), (2, 3, '2026-12-24', '2026-12-24', 0.5, 1796008134523);
