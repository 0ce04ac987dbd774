-- SPDX-License-Identifier: Apache-2.0
INSERT INTO commitment VALUES
    (1, 1, 2, 'dials', 'agreed', '2026-W47', 40, 50, 'mara@harbour.example', 1796008134523, 0, 'command', '', '', '', '', '', 1796008134523),
    (1, 2, 2, 'dials', 'agreed', '2026-W48', 40, 50, 'mara@harbour.example', 1796008134523, 1, 'command', '', 'after the fair', 'mornings', 'list', 'moved', 1796008135000);
INSERT INTO commitment_verdict VALUES (1, 1, 2, 2, '2026-W48', 'partly', 46, 5, 50, 40, 0.6, 1796600000000, 'read until 2026-11-30');
