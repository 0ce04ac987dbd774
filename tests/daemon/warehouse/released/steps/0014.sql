-- SPDX-License-Identifier: Apache-2.0
UPDATE team SET shows_sums = 1;
INSERT INTO shielded VALUES (2), (3);
INSERT INTO team_week VALUES ('Quayside', 'dials', '2026-W46', 109.5, 2, 1796008134523);
