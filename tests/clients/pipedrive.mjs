// SPDX-License-Identifier: Apache-2.0
// Reads a Pipedrive account with the vendor's own client and prints what it holds, a JSON line each.
import { createRequire } from "node:module";
import { options, print } from "./lines.mjs";

const require = createRequire(import.meta.url);
const v1 = require("pipedrive/v1");
const v2 = require("pipedrive/v2");

const { url, token } = options();
const second = new v2.Configuration({ apiKey: token, basePath: `${url}/api/v2` });
const first = new v1.Configuration({ apiKey: token, basePath: `${url}/v1` });

// A page length of its own, so that pages end elsewhere than nudged's.
async function all(fetchPage) {
  const records = [];
  for (let cursor; ; ) {
    const page = await fetchPage({ limit: 97, sort_by: "update_time", sort_direction: "asc", cursor });
    records.push(...(page.data ?? []));
    cursor = page.additional_data?.next_cursor;
    if (!cursor) return records;
  }
}

const deals = new v2.DealsApi(second);
for (const deal of await all((query) => deals.getDeals({ ...query, status: "open,won,lost" })))
  print({ entity: "opportunity", id: deal.id, name: deal.title, owner: deal.owner_id, account: deal.org_id, contact: deal.person_id, stage: deal.stage_id, is_won: Number(deal.status === "won") });

// What the telephone saw of calls, by the activity that stands for each.
const logs = new Map();
const callLogs = new v1.CallLogsApi(first);
for (let start = 0; start !== undefined; ) {
  const page = await callLogs.getUserCallLogs({ start, limit: 37 });
  for (const log of page.data ?? []) logs.set(log.activity_id, log);
  const { more_items_in_collection: more, next_start: next } = page.additional_data.pagination;
  start = more ? next : undefined;
}
const seen = (log) => log ? { outcome: log.outcome, duration_s: Number(log.duration), started_at: Date.parse(log.start_time) } : { outcome: null, duration_s: null };

const activities = new v2.ActivitiesApi(second);
for (const one of await all((query) => activities.getActivities(query))) {
  const links = { owner: one.owner_id, account: one.org_id, opportunity: one.deal_id, contact: one.person_id, subject: one.subject };
  if (one.type === "meeting" || one.type === "lunch") print({ entity: "meeting", id: one.id, ...links });
  else if (one.type === "call" && one.done) print({ entity: "call", id: one.id, ...links, ...seen(logs.get(one.id)) });
  else print({ entity: "task", id: one.id, ...links, is_done: Number(one.done), due_on: one.due_time ? null : one.due_date });
}

const organizations = new v2.OrganizationsApi(second);
for (const one of await all((query) => organizations.getOrganizations(query)))
  print({ entity: "account", id: one.id, name: one.name, owner: one.owner_id });
const persons = new v2.PersonsApi(second);
for (const one of await all((query) => persons.getPersons(query)))
  print({ entity: "contact", id: one.id, name: one.name, account: one.org_id, email: one.emails?.find((email) => email.primary)?.value });
const users = new v1.UsersApi(first);
for (const one of (await users.getUsers()).data)
  print({ entity: "user", id: one.id, name: one.name, email: one.email, time_zone: one.timezone_name });
