// SPDX-License-Identifier: Apache-2.0
// node compare.mjs WAREHOUSE LINES: what a CRM's own client has read (lines.mjs) must be exactly what
// the warehouse holds. Of the entities that the lines tell, both must have the same live records, and
// each member of a line must be in its record's column; an entity that the client cannot list whole
// is left out of its lines.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const [warehouse, file] = process.argv.slice(2);
const lines = readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));
let differences = 0;
function differ(what) {
  if (++differences <= 20) console.log(what);
}

function stored(entity, columns) {
  const picked = ["external_id AS id", ...columns.map((name) => `"${name}"`)];
  const sql = `SELECT ${picked.join(", ")} FROM ${entity} WHERE deleted_at IS NULL`;
  const text = execFileSync("sqlite3", ["-readonly", "-json", warehouse, sql], { maxBuffer: 1 << 30 }).toString();
  return new Map(JSON.parse(text || "[]").map((row) => [row.id, row]));
}

for (const entity of new Set(lines.map((line) => line.entity))) {
  const own = lines.filter((line) => line.entity === entity && !line.deleted);
  const columns = Object.keys(own[0] ?? {}).filter((name) => !["entity", "id", "deleted"].includes(name));
  const rows = stored(entity, columns);
  for (const line of own) {
    const row = rows.get(String(line.id));
    if (!row) differ(`${entity} ${line.id}: read by the CRM's client, not in the warehouse`);
    else
      for (const name of columns)
        if (String(row[name] ?? "") !== String(line[name] ?? ""))
          differ(`${entity} ${line.id}: ${name} is ${JSON.stringify(row[name])}, the client reads ${JSON.stringify(line[name])}`);
    rows.delete(String(line.id));
  }
  for (const id of rows.keys()) differ(`${entity} ${id}: in the warehouse, not read by the CRM's client`);
  console.log(`${entity}: ${own.length} records, ${columns.length} columns each`);
}
if (differences > 0) {
  console.log(`${differences} differences`);
  process.exit(1);
}
