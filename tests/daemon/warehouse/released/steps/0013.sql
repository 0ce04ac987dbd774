-- SPDX-License-Identifier: Apache-2.0
INSERT INTO own_measure VALUES ('long_calls', 0, 'calls of five minutes and more', 'call', '', '');
INSERT INTO own_measure_condition VALUES ('long_calls', 0, 'duration_s', 'at_least', 0, '300');
