-- SPDX-License-Identifier: Apache-2.0
INSERT INTO quota VALUES (1, 'day', 1796083200000, 250.5);
