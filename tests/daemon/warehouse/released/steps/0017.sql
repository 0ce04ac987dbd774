-- SPDX-License-Identifier: Apache-2.0
INSERT INTO plan_skill VALUES (2, 0, '2026-11-16', 3.5);
