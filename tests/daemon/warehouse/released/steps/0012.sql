-- SPDX-License-Identifier: Apache-2.0
INSERT INTO finding_answer VALUES
    (1, 'snoozed', 1796608134523, '', 'f1', 1796008134523, 'mara@harbour.example', 'after the fair'),
    (2, 'dismissed', NULL, 'known', 'f2', 1796008134523, 'mara@harbour.example', ''),
    (3, 'acknowledged', NULL, '', 'f3', 1796008134523, 'ana@harbour.example', '');
INSERT INTO finding_event VALUES (1, 1, 1796008134523, 'snoozed', 'mara@harbour.example', 'after the fair');
