// SPDX-License-Identifier: Apache-2.0
// Reads a HubSpot account with the vendor's own client and prints what it holds, a JSON line each.
import { Client } from "@hubspot/api-client";
import { options, print } from "./lines.mjs";

const { url, token } = options();
const client = new Client({ basePath: url, accessToken: token, numberOfApiCallRetries: 3 });
const text = (value) => (value === "" || value === undefined ? null : value);

async function* all(api, properties, archived) {
  for (let after; ; ) {
    const page = await api.basicApi.getPage(100, after, properties, undefined, undefined, archived);
    yield* page.results;
    after = page.paging?.next?.after;
    if (!after) return;
  }
}

const objects = [
  ["call", client.crm.objects.calls, ["hs_call_title", "hubspot_owner_id"], (p) => ({ subject: p.hs_call_title, owner: p.hubspot_owner_id })],
  ["task", client.crm.objects.tasks, ["hs_task_subject", "hubspot_owner_id"], (p) => ({ subject: p.hs_task_subject, owner: p.hubspot_owner_id })],
  ["meeting", client.crm.objects.meetings, ["hs_meeting_title", "hubspot_owner_id"], (p) => ({ subject: p.hs_meeting_title, owner: p.hubspot_owner_id })],
  ["opportunity", client.crm.deals, ["dealname", "hubspot_owner_id", "dealstage"], (p) => ({ name: p.dealname, owner: p.hubspot_owner_id, stage: p.dealstage })],
  ["account", client.crm.companies, ["name", "hubspot_owner_id"], (p) => ({ name: p.name, owner: p.hubspot_owner_id })],
  ["contact", client.crm.contacts, ["email", "hubspot_owner_id"], (p) => ({ email: p.email, owner: p.hubspot_owner_id })],
];
for (const [entity, api, properties, fields] of objects)
  for (const archived of [false, true])
    for await (const record of all(api, properties, archived)) {
      const told = Object.entries(fields(record.properties)).map(([key, value]) => [key, text(value)]);
      print({ entity, id: record.id, deleted: archived, ...(archived ? {} : Object.fromEntries(told)) });
    }
