// SPDX-License-Identifier: Apache-2.0
// Reads a Zoho CRM organisation with the vendor's own client and prints what it holds, a JSON line each.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as zoho from "@zohocrm/nodejs-sdk-8.0";
import { options, print } from "./lines.mjs";

const api = "@zohocrm/nodejs-sdk-8.0/lib/core/com/zoho/crm/api";
const { RecordOperations, GetRecordsParam } = await import(`${api}/record/record_operations.js`);
const { UsersOperations, GetUsersParam } = await import(`${api}/users/users_operations.js`);
const { LayoutsOperations, GetLayoutsParam } = await import(`${api}/layouts/layouts_operations.js`);
const { PipelineOperations } = await import(`${api}/pipeline/pipeline_operations.js`);

const { url, token } = options();
// It keeps its tokens and what it knows of fields in files.
const folder = mkdtempSync(join(tmpdir(), "zoho-client-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const client = await new zoho.InitializeBuilder();
await client
  .environment(new zoho.Environment(url, `${url}/oauth/v2/token`, url))
  .token(new zoho.OAuthBuilder().clientId("1000.CLIENT").clientSecret("secret").refreshToken(token).findUser(false).build())
  .store(new zoho.FileStore(join(folder, "tokens.txt")))
  .SDKConfig(new zoho.SDKConfigBuilder().autoRefreshFields(false).pickListValidation(false).build())
  .resourcePath(folder)
  .logger(new zoho.LogBuilder().level(zoho.Levels.OFF).filePath(null).build())
  .initialize();

async function ask(fetchPage, given) {
  const parameters = new zoho.ParameterMap();
  for (const [parameter, value] of given) if (value !== undefined) await parameters.add(parameter, value);
  const answer = await fetchPage(parameters);
  if (answer === null || answer.getStatusCode() === 204) return null;
  const page = answer.getObject();
  if (typeof page.getCode === "function") throw new Error(`the CRM answers ${answer.getStatusCode()}`);
  return page;
}

// A page length and an order of its own, so that pages end elsewhere than nudged's.
async function all(module, fields) {
  const operations = new RecordOperations(module);
  const records = [];
  for (let next; ; ) {
    const page = await ask((parameters) => operations.getRecords(parameters), [
      [GetRecordsParam.FIELDS, fields], [GetRecordsParam.PER_PAGE, 97], [GetRecordsParam.SORT_BY, "Modified_Time"],
      [GetRecordsParam.SORT_ORDER, "asc"], [GetRecordsParam.PAGE_TOKEN, next],
    ]);
    records.push(...(page?.getData() ?? []));
    next = page?.getInfo().getMoreRecords() ? page.getInfo().getNextPageToken() : undefined;
    if (!next) return records;
  }
}

// Ids have 19 digits, and are no numbers of JavaScript's.
const tell = (record) => print(Object.fromEntries(Object.entries(record).map(([name, value]) => [name, typeof value === "bigint" ? String(value) : value])));
const id = (linked) => (linked ? String(linked.getId()) : null);
// A choice of a list comes wrapped.
const plain = (value) => (value && typeof value.getValue === "function" ? value.getValue() : value);
const day = (date) => (date instanceof Date ? [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((n) => String(n).padStart(2, "0")).join("-") : date);

for (const one of await all("Calls", "Subject,Owner,Who_Id,Call_Duration_in_seconds,Call_Type"))
  tell({ entity: "call", id: one.getId(), subject: one.getKeyValue("Subject"), owner: id(one.getKeyValue("Owner")), contact: id(one.getKeyValue("Who_Id")), duration_s: plain(one.getKeyValue("Call_Duration_in_seconds")) });
for (const one of await all("Tasks", "Subject,Owner,Who_Id,Status,Due_Date"))
  tell({ entity: "task", id: one.getId(), subject: one.getKeyValue("Subject"), owner: id(one.getKeyValue("Owner")), contact: id(one.getKeyValue("Who_Id")), is_done: Number(plain(one.getKeyValue("Status")) === "Completed"), due_on: day(one.getKeyValue("Due_Date")) });
for (const one of await all("Events", "Event_Title,Owner,Who_Id"))
  tell({ entity: "meeting", id: one.getId(), subject: one.getKeyValue("Event_Title"), owner: id(one.getKeyValue("Owner")), contact: id(one.getKeyValue("Who_Id")) });
for (const one of await all("Deals", "Deal_Name,Owner,Account_Name,Contact_Name,Stage,Amount,Closing_Date"))
  tell({ entity: "opportunity", id: one.getId(), name: one.getKeyValue("Deal_Name"), owner: id(one.getKeyValue("Owner")), account: id(one.getKeyValue("Account_Name")), contact: id(one.getKeyValue("Contact_Name")), stage: plain(one.getKeyValue("Stage")), amount: one.getKeyValue("Amount"), close_date: day(one.getKeyValue("Closing_Date")) });
for (const one of await all("Accounts", "Account_Name,Owner,Parent_Account"))
  tell({ entity: "account", id: one.getId(), name: one.getKeyValue("Account_Name"), owner: id(one.getKeyValue("Owner")), parent: id(one.getKeyValue("Parent_Account")) });
for (const one of await all("Contacts", "Full_Name,Email,Owner,Account_Name"))
  tell({ entity: "contact", id: one.getId(), name: one.getKeyValue("Full_Name"), email: one.getKeyValue("Email"), owner: id(one.getKeyValue("Owner")), account: id(one.getKeyValue("Account_Name")) });

const users = new UsersOperations();
for (let page = 1, more = true; more; ++page) {
  const found = await ask((parameters) => users.getUsers(parameters), [
    [GetUsersParam.TYPE, "AllUsers"], [GetUsersParam.PAGE, page], [GetUsersParam.PER_PAGE, 5],
  ]);
  for (const one of found?.getUsers() ?? [])
    tell({ entity: "user", id: one.getId(), name: one.getFullName(), email: one.getEmail(), active: Number(one.getStatus() === "active"), manager: id(one.getReportingTo()) });
  more = found?.getInfo().getMoreRecords() ?? false;
}

const layouts = await ask((parameters) => new LayoutsOperations().getLayouts(parameters), [[GetLayoutsParam.MODULE, "Deals"]]);
for (const layout of layouts.getLayouts()) {
  const found = await ask(() => new PipelineOperations(layout.getId()).getPipelines(), []);
  for (const pipeline of found.getPipeline()) {
    tell({ entity: "pipeline", id: pipeline.getId(), name: pipeline.getDisplayValue() });
    for (const stage of pipeline.getMaps()) {
      const forecast = stage.getForecastType();
      tell({ entity: "stage", id: stage.getDisplayValue(), name: stage.getDisplayValue(), pipeline: String(pipeline.getId()), is_won: Number(forecast === "Closed Won"), is_closed: Number(forecast !== "Open") });
    }
  }
}
