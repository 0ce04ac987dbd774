// SPDX-License-Identifier: Apache-2.0
// Reads a Dynamics 365 environment with plain fetch and prints what it holds, a JSON line each. The
// vendor has no client for node: this is not one of theirs, and only follows what their documents say
// of paging, of annotations and of client credentials.
import { options, print } from "./lines.mjs";

const { url, token } = options();

async function logIn() {
  const form = { grant_type: "client_credentials", client_id: token, client_secret: token, scope: "https://tests.crm.dynamics.com/.default" };
  const answer = await fetch(`${url}/organizations/oauth2/v2.0/token`, { method: "POST", body: new URLSearchParams(form) });
  return (await answer.json()).access_token;
}

// A page length and an order of its own, so that pages end elsewhere than nudged's.
const headers = {
  Authorization: `Bearer ${await logIn()}`,
  Accept: "application/json",
  "OData-MaxVersion": "4.0",
  "OData-Version": "4.0",
  Prefer: 'odata.maxpagesize=97,odata.include-annotations="*"',
};
async function all(set, key, expand) {
  const rows = [];
  const parties = expand ? `&$expand=${expand}($select=_partyid_value,participationtypemask)` : "";
  for (let link = `${url}/api/data/v9.2/${set}?$orderby=${key} desc${parties}`; link; ) {
    const answer = await fetch(link, { headers });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    const page = await answer.json();
    rows.push(...page.value);
    link = page["@odata.nextLink"];
  }
  return rows;
}

const table = (row, column) => row[`${column}@Microsoft.Dynamics.CRM.lookuplogicalname`];
const of = (row, column, kind) => (table(row, column) === kind ? row[column] : null);
const owner = (row) => of(row, "_ownerid_value", "systemuser");
const millis = (time) => (time ? Date.parse(time) : null);

function links(row, parties) {
  const party = (kind) => (parties ?? []).map((one) => of(one, "_partyid_value", kind)).find((id) => id);
  const about = (kind) => of(row, "_regardingobjectid_value", kind);
  return {
    owner: owner(row),
    opportunity: about("opportunity"),
    account: about("account") ?? party("account"),
    contact: about("contact") ?? party("contact"),
    subject: row.subject,
  };
}

for (const row of await all("systemusers", "systemuserid"))
  if (!row.applicationid)
    print({ entity: "user", id: row.systemuserid, name: row.fullname, email: row.internalemailaddress, active: Number(!row.isdisabled), manager: row._parentsystemuserid_value });

for (const row of await all("accounts", "accountid"))
  print({ entity: "account", id: row.accountid, name: row.name, owner: owner(row), parent: row._parentaccountid_value });

for (const row of await all("contacts", "contactid"))
  print({ entity: "contact", id: row.contactid, name: row.fullname, email: row.emailaddress1, account: row._parentcustomerid_value });

const currencies = new Map((await all("transactioncurrencies", "transactioncurrencyid")).map((row) => [row.transactioncurrencyid, row.isocurrencycode]));
for (const row of await all("opportunities", "opportunityid"))
  print({
    entity: "opportunity",
    id: row.opportunityid,
    name: row.name,
    owner: owner(row),
    account: row._parentaccountid_value ?? of(row, "_customerid_value", "account"),
    contact: row._parentcontactid_value ?? of(row, "_customerid_value", "contact"),
    stage: row.salesstage,
    currency: currencies.get(row._transactioncurrencyid_value),
    close_date: row.statecode === 0 ? row.estimatedclosedate : row.actualclosedate,
    is_closed: Number(row.statecode !== 0),
    is_won: Number(row.statecode === 1),
  });

for (const row of await all("phonecalls", "activityid", "phonecall_activity_parties"))
  if (row.statecode !== 2)
    print({
      entity: "call",
      id: row.activityid,
      ...links(row, row.phonecall_activity_parties),
      is_planned: Number(row.statecode === 0),
      started_at: millis(row.actualstart ?? row.actualend ?? row.createdon),
      duration_s: row.actualdurationminutes === null ? null : row.actualdurationminutes * 60,
      direction: row.directioncode ? "outbound" : "inbound",
    });

for (const row of await all("tasks", "activityid"))
  print({ entity: "task", id: row.activityid, ...links(row), due_at: millis(row.scheduledend), is_done: Number(row.statecode === 1), completed_at: row.statecode === 1 ? millis(row.actualend) : null });

for (const row of await all("appointments", "activityid", "appointment_activity_parties"))
  print({ entity: "meeting", id: row.activityid, ...links(row, row.appointment_activity_parties), starts_at: millis(row.scheduledstart), ends_at: millis(row.scheduledend) });
