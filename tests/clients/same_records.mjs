// SPDX-License-Identifier: Apache-2.0
// node same_records.mjs WAREHOUSE OTHER: both must hold the same records, live and deleted.
import { execFileSync } from "node:child_process";

const entities = ["user", "account", "contact", "pipeline", "stage", "opportunity", "call", "task", "meeting"];
function stored(warehouse, entity) {
  const sql = `SELECT external_id, content_hash, deleted_at IS NULL FROM ${entity} ORDER BY external_id`;
  const text = execFileSync("sqlite3", ["-readonly", warehouse, sql], { maxBuffer: 1 << 30 }).toString();
  return new Set(text.split("\n").filter(Boolean));
}

let differences = 0;
for (const entity of entities) {
  const [one, other] = process.argv.slice(2).map((warehouse) => stored(warehouse, entity));
  const odd = [...[...one].filter((row) => !other.has(row)), ...[...other].filter((row) => !one.has(row))];
  for (const row of odd.slice(0, 5)) console.log(`${entity}: ${row} is in one warehouse alone`);
  console.log(`${entity}: ${one.size} and ${other.size} records`);
  differences += odd.length;
}
process.exit(differences === 0 ? 0 : 1);
