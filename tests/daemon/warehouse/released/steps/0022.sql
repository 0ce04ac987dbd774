-- SPDX-License-Identifier: Apache-2.0
INSERT INTO audit VALUES (1, 1796008134523, 1000, 1, 2, NULL, 'read', 3), (2, 1796008134600, NULL, NULL, NULL, 'Quayside', 'expired', 1);
