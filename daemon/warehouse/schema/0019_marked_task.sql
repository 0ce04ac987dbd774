-- SPDX-License-Identifier: Apache-2.0
-- Tasks that record something by a mark, such as "[commit] Dials": few among many.
CREATE INDEX task_marked ON task(source_id) WHERE substr(ltrim(subject), 1, 1) = '[';
