-- SPDX-License-Identifier: Apache-2.0
INSERT INTO finding_answer VALUES (4, 'disputed', NULL, '', 'f4', 1796008134523, 'ana@harbour.example', 'wrong week');
INSERT INTO finding_telling VALUES (1, 1, 'manager', 'managers', 'mara@harbour.example', 1796008134523, 1796008135000, 'attention', 'digest/1');
INSERT INTO shadow (kind, name, since, live_at, live_by) VALUES ('check', 'opp.stale', 1796008134523, 1796008135000, 'mara@harbour.example');
