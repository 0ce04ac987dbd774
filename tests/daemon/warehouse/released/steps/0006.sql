-- SPDX-License-Identifier: Apache-2.0
INSERT INTO week_value VALUES (2, 'dials', '2026-W46', 61, '1'), (3, 'dials', '2026-W46', 48.5, '2');
INSERT INTO week_edit VALUES (2, 'dials', '2026-W45', 1796008134523, 40, 61);
