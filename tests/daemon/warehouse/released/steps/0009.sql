-- SPDX-License-Identifier: Apache-2.0
UPDATE opportunity SET lost_reason = 'price', last_activity_on = '2026-11-20', last_activity_at = 1796008134523 WHERE id = 1;
UPDATE call SET telephony_id = 'CA01' WHERE id = 1;
UPDATE task SET series = 'weekly' WHERE id = 1;
UPDATE meeting SET is_all_day = 1;
UPDATE stage SET forecast_category = 'commit' WHERE id = 1;
INSERT INTO contact_role (source_id, external_id, fetched_at, content_hash, opportunity, contact, role, is_primary) VALUES (1, 'r1', 1796008134523, 1, 'o0', 'k1', 'decision maker', 1);
INSERT INTO email (source_id, external_id, fetched_at, content_hash, owner, subject, direction, sent_at) VALUES (1, 'e1', 1796008134523, 1, 'ana', 'Offer', 'outbound', 1796000000000);
INSERT INTO custom_field (source_id, external_id, fetched_at, content_hash, record, name, label, type) VALUES (1, 'opportunity.berth', 1796008134523, 1, 'opportunity', 'berth', 'Liegeplatz', 'text');
INSERT INTO call (source_id, external_id, fetched_at, content_hash, deleted_at, owner) VALUES (1, 'gone', 1796008134523, 1, 1796008134523, 'ana');
INSERT INTO tombstone VALUES (1, 'call', 'gone', 1796008134523, 'merged', 'c1');
INSERT INTO task_change VALUES (1, 1, 't1', 'due_on', '2026-11-20', '2026-11-27', 1796008134523);
INSERT INTO version_seen VALUES (1, 'opportunity', 'o0', 1796008134523);
INSERT INTO mapping VALUES (1, 'opportunity', '00ff', 1796008134523);
INSERT INTO person_alias VALUES ('a.vale@harbour.example', '0001-01-01', '2026-01-01', 2);
INSERT INTO person_link VALUES ('harbour', 'ben', '2026-01-01', '9999-12-31', 3);
INSERT INTO team_member VALUES (1, 2, '0001-01-01', '9999-12-31'), (1, 3, '2026-01-01', '9999-12-31');
INSERT INTO team_manager VALUES (1, 1, '0001-01-01', '9999-12-31');
