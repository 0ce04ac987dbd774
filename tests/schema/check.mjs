// SPDX-License-Identifier: Apache-2.0
// node check.mjs DOCUMENTS: every document is as valid by its schema as it says it is.
import { readFileSync } from "node:fs";
import Ajv from "ajv";

const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const validators = {};
const validator = (schema) =>
  (validators[schema] ??= new Ajv({ strict: true, strictTypes: false, allErrors: false })
    .compile(read(`${schema}.schema.json`)));

let wrong = 0;
const documents = read(process.argv[2]);
for (const { schema, name, document, valid } of documents) {
  const validate = validator(schema);
  if (validate(document) === valid) continue;
  ++wrong;
  console.error(`${name}: ${valid ? JSON.stringify(validate.errors[0]) : "passes, and should not"}`);
}
const good = documents.filter((one) => one.valid).length;
console.log(`${good} documents that ship, ${documents.length - good} wrong ones, ${wrong} judged wrongly`);
process.exit(wrong === 0 && good > 0 ? 0 : 1);
