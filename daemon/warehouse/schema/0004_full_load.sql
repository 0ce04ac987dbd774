-- SPDX-License-Identifier: Apache-2.0
-- A load that was asked for with --full is on its way: what the stream finds wins over what is stored.
ALTER TABLE cursor ADD COLUMN full INTEGER NOT NULL DEFAULT 0;
