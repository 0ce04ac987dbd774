-- SPDX-License-Identifier: Apache-2.0
INSERT INTO coverage_week (person_id, object, week, covered, in_scope, seen_on, seen_at)
    VALUES (1, 'account', '2026-W46', 9, 12, '2026-11-13', 1794560400000);
