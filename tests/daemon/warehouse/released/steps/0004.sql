-- SPDX-License-Identifier: Apache-2.0
UPDATE cursor SET full = 1 WHERE entity = 'task';
