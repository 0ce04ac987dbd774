-- SPDX-License-Identifier: Apache-2.0
UPDATE away SET origin = 'leave' WHERE id = 2;
INSERT INTO sheet_refusal VALUES (1, 'leave', 'leave', 'row 3: "someday" is no day; write 2026-11-30', 1796008134523);
