// SPDX-License-Identifier: Apache-2.0
// Reads the simulated Salesforce (tests/crmsim, --dialect salesforce) with the client that people
// use for the real one: node salesforce.mjs --url http://127.0.0.1:8123 --token TOKEN
// TOKEN is the refresh token or, when it begins with 00D, an access token. Prints every Task,
// Opportunity, Account, Contact and User as a line of JSON, sorted by Id; what else was tried is
// told on stderr. Ends with 1 when the client and the simulator do not agree.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({
  options: {
    url: { type: "string" },
    token: { type: "string" },
    // Where jsforce is installed, when it is not beside this file.
    modules: { type: "string", default: process.cwd() + "/" },
  },
});
if (!options.url || !options.token) {
  console.error("usage: salesforce.mjs --url URL --token TOKEN [--modules FOLDER/]");
  process.exit(2);
}
const jsforce = createRequire(options.modules)("jsforce");

const objects = {
  Task: ["Subject", "TaskSubtype", "Type", "CallType", "CallDurationInSeconds", "CallDisposition",
    "Status", "IsClosed", "Priority", "ActivityDate", "CompletedDateTime", "OwnerId", "AccountId",
    "WhoId", "WhatId", "What.Type", "IsArchived"],
  Opportunity: ["Name", "OwnerId", "AccountId", "StageName", "Amount", "CloseDate", "Probability",
    "ForecastCategory", "IsWon", "IsClosed", "NextStep", "LastStageChangeDate"],
  Account: ["Name", "OwnerId", "ParentId", "Website", "MasterRecordId"],
  Contact: ["Name", "FirstName", "LastName", "Email", "Phone", "AccountId", "OwnerId"],
  User: ["Name", "Email", "Username", "IsActive", "UserType", "ManagerId", "TimeZoneSidKey"],
};
const common = ["Id", "CreatedDate", "SystemModstamp"];
const deletable = (name) => name !== "User";

async function connect() {
  const oauth2 = new jsforce.OAuth2({ loginUrl: options.url, clientId: "tests" });
  const version = "66.0";
  if (options.token.startsWith("00D"))
    return new jsforce.Connection({ instanceUrl: options.url, accessToken: options.token, version });
  const grant = await oauth2.refreshToken(options.token);
  return new jsforce.Connection({
    oauth2,
    version,
    instanceUrl: grant.instance_url,
    accessToken: grant.access_token,
    refreshToken: grant.refresh_token ?? options.token,
  });
}

/// Every row, deleted and archived ones too, by following nextRecordsUrl ourselves.
async function readAll(connection, name) {
  const fields = [...common, ...(deletable(name) ? ["IsDeleted"] : []), ...objects[name]];
  const soql = `SELECT ${fields.join(", ")} FROM ${name} ORDER BY SystemModstamp, Id`;
  const rows = [];
  let pages = 0;
  let page = await connection.query(soql, { scanAll: true, autoFetch: false });
  for (;;) {
    rows.push(...page.records);
    ++pages;
    if (page.done) break;
    page = await connection.queryMore(page.nextRecordsUrl);
  }
  assert.equal(rows.length, page.totalSize, `${name}: rows of all pages`);
  console.error(`${name}: ${rows.length} rows, ${pages} pages`);
  return rows;
}

async function checkDescribe(connection, name) {
  const description = await connection.sobject(name).describe();
  const known = new Set(description.fields.map((field) => field.name));
  for (const field of objects[name])
    assert.ok(known.has(field.split(".")[0]) || field.includes("."), `${name}.${field}`);
}

/// The bulk interface tells the same rows, line breaks and all.
async function checkBulk(connection, rows) {
  connection.bulk2.pollInterval = 50;
  const stream = await connection.bulk2.query("SELECT Id, Subject, SystemModstamp FROM Task", {
    scanAll: true, pollInterval: 50, pollTimeout: 30_000 });
  const bulk = await stream.toArray();
  assert.equal(bulk.length, rows.length, "rows of the bulk job");
  const subjects = new Map(bulk.map((row) => [row.Id, row.Subject]));
  for (const row of rows) assert.equal(subjects.get(row.Id), row.Subject ?? "", row.Id);
  console.error(`bulk: ${bulk.length} rows`);
}

async function checkErrors(connection) {
  await assert.rejects(connection.query("SELECT Id, Nonsense FROM Task"),
    (error) => error.errorCode === "INVALID_FIELD");
  await assert.rejects(connection.query("SELECT Id FROM Nonsense"),
    (error) => error.errorCode === "INVALID_TYPE");
  await assert.rejects(connection.query("SELECT FROM Task"),
    (error) => error.errorCode === "MALFORMED_QUERY");
}

async function checkRest(connection, rows) {
  assert.ok((await connection.describeGlobal()).sobjects.some((object) => object.name === "Task"));
  const limits = await connection.limits();
  assert.ok(limits.DailyApiRequests.Max > 0);
  assert.ok(connection.limitInfo.apiUsage.used > 0, "Sforce-Limit-Info");
  const count = await connection.query("SELECT COUNT() FROM Account");
  assert.equal(count.totalSize, rows.filter((row) => !row.IsDeleted).length);
  const first = rows.find((row) => !row.IsDeleted);
  const again = await connection.sobject("Account").retrieve(first.Id);
  assert.equal(again.Name, first.Name);
  const found = await connection.sobject("Account").find({ Name: first.Name }, ["Id", "Name"]);
  assert.ok(found.some((row) => row.Id === first.Id));
  const now = Date.now();
  const gone = await connection.sobject("Task").deleted(new Date(now - 14 * 864e5), new Date(now));
  assert.ok(Array.isArray(gone.deletedRecords));
}

const connection = await connect();
const all = [];
for (const name of Object.keys(objects)) {
  await checkDescribe(connection, name);
  const rows = await readAll(connection, name);
  if (name === "Task") await checkBulk(connection, rows);
  if (name === "Account") await checkRest(connection, rows);
  all.push(...rows);
}
await checkErrors(connection);
all.sort((a, b) => (a.Id < b.Id ? -1 : a.Id > b.Id ? 1 : 0));
for (const { attributes, ...row } of all)
  console.log(JSON.stringify({ type: attributes.type, ...row }));
