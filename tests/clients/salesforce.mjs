// SPDX-License-Identifier: Apache-2.0
// Reads a Salesforce org with the client that people use for it (jsforce) and prints what it holds, a JSON
// line each. What it checks of the simulator beside that is told on stderr.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { options, print } from "./lines.mjs";

const jsforce = createRequire(import.meta.url)("jsforce");

const { url, token } = options();
// An access token, or else the refresh token.
const isSession = token.startsWith("00D");
const oauth2 = new jsforce.OAuth2({ loginUrl: url, clientId: "tests" });
const grant = isSession ? { instance_url: url, access_token: token } : await oauth2.refreshToken(token);
const connection = new jsforce.Connection({ version: "66.0", instanceUrl: grant.instance_url, accessToken: grant.access_token });

// By nextRecordsUrl, in another order than nudged's; archived activities too.
async function all(object, fields) {
  const rows = [];
  let page = await connection.query(`SELECT ${fields} FROM ${object} ORDER BY SystemModstamp, Id`, { scanAll: true, autoFetch: false });
  for (;;) {
    rows.push(...page.records);
    if (page.done) break;
    page = await connection.queryMore(page.nextRecordsUrl);
  }
  assert.equal(rows.length, page.totalSize, `${object}: rows of all pages`);
  console.error(`${object}: ${rows.length} rows`);
  return rows.filter((row) => !row.IsDeleted);
}

const begins = (id, prefix) => (id?.startsWith(prefix) ? id : null);
const links = (row) => ({
  owner: begins(row.OwnerId, "005"), account: row.AccountId ?? begins(row.WhatId, "001"),
  opportunity: begins(row.WhatId, "006"), contact: begins(row.WhoId, "003"), subject: row.Subject,
});

const tasks = await all("Task", "Id, IsDeleted, Subject, TaskSubtype, Type, CallType, CallDurationInSeconds, IsClosed, ActivityDate, CompletedDateTime, OwnerId, AccountId, WhoId, WhatId");
for (const row of tasks) {
  if (["Email", "ListEmail"].includes(row.TaskSubtype)) continue;
  if (row.IsClosed && (row.TaskSubtype === "Call" || row.Type === "Call" || row.CallType))
    print({ entity: "call", id: row.Id, ...links(row), duration_s: row.CallDurationInSeconds, direction: row.CallType?.toLowerCase(), started_at: Date.parse(row.CompletedDateTime) - 1000 * (row.CallDurationInSeconds ?? 0) });
  else
    print({ entity: "task", id: row.Id, ...links(row), is_done: Number(row.IsClosed), due_on: row.ActivityDate });
}
for (const row of await all("Event", "Id, IsDeleted, Subject, IsChild, StartDateTime, OwnerId, AccountId, WhoId, WhatId"))
  if (!row.IsChild) print({ entity: "meeting", id: row.Id, ...links(row), starts_at: Date.parse(row.StartDateTime) });
for (const row of await all("Opportunity", "Id, IsDeleted, Name, OwnerId, AccountId, ContactId, StageName, CloseDate, IsWon, IsClosed, NextStep"))
  print({ entity: "opportunity", id: row.Id, name: row.Name, owner: row.OwnerId, account: row.AccountId, contact: row.ContactId, stage: row.StageName, close_date: row.CloseDate, is_won: Number(row.IsWon), is_closed: Number(row.IsClosed), next_step: row.NextStep });
const accounts = await all("Account", "Id, IsDeleted, Name, OwnerId, ParentId, Website, SystemModstamp");
for (const row of accounts)
  print({ entity: "account", id: row.Id, name: row.Name, owner: row.OwnerId, parent: row.ParentId, domain: row.Website });
for (const row of await all("Contact", "Id, IsDeleted, Name, Email, Phone, AccountId, OwnerId"))
  print({ entity: "contact", id: row.Id, name: row.Name, email: row.Email, phone: row.Phone, account: row.AccountId, owner: row.OwnerId });
for (const row of await all("User", "Id, Name, Email, IsActive, UserType, ManagerId, TimeZoneSidKey"))
  print({ entity: "user", id: row.Id, name: row.Name, email: row.Email, active: Number(row.IsActive), is_person: Number(row.UserType === "Standard"), manager: row.ManagerId, time_zone: row.TimeZoneSidKey });

// The bulk interface tells the same rows; errors, counts and limits are what the client expects.
const stream = await connection.bulk2.query("SELECT Id, Subject FROM Task WHERE IsDeleted = false", { scanAll: true, pollInterval: 50, pollTimeout: 30_000 });
const subjects = new Map((await stream.toArray()).map((row) => [row.Id, row.Subject]));
assert.equal(subjects.size, tasks.length, "rows of the bulk job");
for (const row of tasks) assert.equal(subjects.get(row.Id), row.Subject ?? "", row.Id);
for (const [soql, code] of [["SELECT Id, Nonsense FROM Task", "INVALID_FIELD"], ["SELECT Id FROM Nonsense", "INVALID_TYPE"], ["SELECT FROM Task", "MALFORMED_QUERY"]])
  await assert.rejects(connection.query(soql), (error) => error.errorCode === code);
assert.equal((await connection.query("SELECT COUNT() FROM Account")).totalSize, accounts.length);
assert.ok((await connection.sobject("Task").describe()).fields.some((field) => field.name === "CallType"));
assert.ok((await connection.limits()).DailyApiRequests.Max > 0 && connection.limitInfo.apiUsage.used > 0);
