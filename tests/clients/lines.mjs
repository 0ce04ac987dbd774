// SPDX-License-Identifier: Apache-2.0
// What the readers of this folder share: their arguments, and lines like
//   {"entity":"call","id":"17","deleted":false,"subject":"…","owner":"4"}
// of which compare.mjs looks up every member in nudged's warehouse.
import { parseArgs } from "node:util";

export function options() {
  const { values } = parseArgs({ options: { url: { type: "string" }, token: { type: "string" } } });
  if (!values.url || !values.token) throw new Error("--url and --token are needed");
  return values;
}

export function print(record) {
  console.log(JSON.stringify(record));
}
