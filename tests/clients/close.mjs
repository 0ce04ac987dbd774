// SPDX-License-Identifier: Apache-2.0
// Reads a Close organization and prints what it holds, a JSON line each. The vendor has no client for
// node: this is none of theirs, and goes by the paging that they document.
import { options, print } from "./lines.mjs";

const { url, token } = options();
const authorization = `Basic ${Buffer.from(`${token}:`).toString("base64")}`;

async function fetchJson(path, query = {}) {
  const answer = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(query)}`, { headers: { authorization } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

// A page length of its own, so that pages end elsewhere than nudged's.
async function all(path, query = {}) {
  const records = [];
  for (;;) {
    const page = await fetchJson(path, { ...query, _limit: 97, _skip: records.length });
    records.push(...page.data);
    if (!page.has_more) return records;
  }
}

for (const one of await all("user/"))
  print({ entity: "user", id: one.id, name: `${one.first_name} ${one.last_name}`, email: one.email, time_zone: one.last_used_timezone });
for (const one of (await fetchJson("pipeline/")).data) {
  print({ entity: "pipeline", id: one.id, name: one.name });
  for (const status of one.statuses)
    print({ entity: "stage", id: status.id, pipeline: one.id, name: status.label, is_closed: Number(status.type !== "active"), is_won: Number(status.type === "won") });
}
for (const one of await all("lead/")) {
  print({ entity: "account", id: one.id, name: one.display_name, domain: one.url });
  for (const contact of one.contacts)
    print({ entity: "contact", id: contact.id, account: one.id, name: contact.name, email: contact.emails[0]?.email, phone: contact.phones[0]?.phone });
}
for (const one of await all("opportunity/"))
  print({ entity: "opportunity", id: one.id, account: one.lead_id, contact: one.contact_id, owner: one.user_id, stage: one.status_id, currency: one.value_currency, is_closed: Number(one.status_type !== "active"), is_won: Number(one.status_type === "won") });
for (const one of await all("task/", { _type: "all" }))
  print({ entity: "task", id: one.id, owner: one.assigned_to, account: one.lead_id, contact: one.contact_id, subject: one.text, is_done: Number(one.is_complete), due_on: one.date?.length === 10 ? one.date : null, type: one._type });
for (const one of await all("activity/call/"))
  print({ entity: "call", id: one.id, owner: one.user_id, account: one.lead_id, contact: one.contact_id, direction: one.direction, started_at: Date.parse(one.activity_at) });
for (const one of await all("activity/meeting/"))
  print({ entity: "meeting", id: one.id, owner: one.user_id, account: one.lead_id, subject: one.title, starts_at: one.starts_at && Date.parse(one.starts_at) });
