// SPDX-License-Identifier: Apache-2.0
// Reads all deals, activities, persons, organizations and users with the vendor's own client and
// prints them as JSON lines, sorted by kind of object and id. Not part of the build: needs `npm install
// pipedrive` in some folder that node finds modules in.
//   node pipedrive.mjs --url http://127.0.0.1:8123 --token pat-eu1-demo
import { createRequire } from "node:module";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({
  options: { url: { type: "string" }, token: { type: "string" }, limit: { type: "string", default: "500" } },
});
if (!options.url || !options.token) throw new Error("--url and --token are needed");

// Modules are looked for where this is started, not where it lies.
const require = createRequire(process.cwd() + "/");
const v1 = require("pipedrive/v1");
const v2 = require("pipedrive/v2");

const limit = Number(options.limit);
const apiKey = options.token;
const second = new v2.Configuration({ apiKey, basePath: `${options.url}/api/v2` });
const first = new v1.Configuration({ apiKey, basePath: `${options.url}/v1` });

async function readAll(fetchPage) {
  const records = [];
  for (let cursor; ; ) {
    const page = await fetchPage({ limit, sort_by: "update_time", sort_direction: "asc", cursor });
    records.push(...(page.data ?? []));
    cursor = page.additional_data?.next_cursor;
    if (!cursor) return records;
  }
}

const deals = new v2.DealsApi(second);
const activities = new v2.ActivitiesApi(second);
const persons = new v2.PersonsApi(second);
const organizations = new v2.OrganizationsApi(second);
const users = new v1.UsersApi(first);

const read = {
  activity: await readAll((query) => activities.getActivities(query)),
  deal: await readAll((query) => deals.getDeals(query)),
  organization: await readAll((query) => organizations.getOrganizations(query)),
  person: await readAll((query) => persons.getPersons(query)),
  user: (await users.getUsers()).data,
};
for (const [type, records] of Object.entries(read))
  for (const record of records.sort((a, b) => a.id - b.id))
    console.log(JSON.stringify({ object: type, ...record }));
