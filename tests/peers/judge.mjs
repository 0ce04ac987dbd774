// SPDX-License-Identifier: Apache-2.0
// write_messages … | node judge.mjs SCHEMA: is anything live, broken or beyond a limit? Each channel's bytes
// are read by parsers of other people, and judged by rules that know nothing of how nudged escapes.
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { faultsOfGoogleChat } from "./google_chat.mjs";
import { faultsOfMail } from "./mail.mjs";
import { allStrings, foreign, unclean } from "./plain.mjs";
import { faultsOfBot, faultsOfSlack, faultsOfWorkflow } from "./slack.mjs";
import { faultsOfTeams } from "./teams.mjs";

const isDocument = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(process.argv[2], "utf8")));
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function* faultsOfDocument(document, bytes, most) {
  if (bytes >= most) yield `${bytes} bytes`;
  if (!isDocument(document)) yield `its schema: ${JSON.stringify(isDocument.errors[0])}`;
  for (const section of document.data?.sections ?? [])
    for (const { url, facts } of section.items)
      for (const link of [url, ...facts.map((fact) => fact.url)]) {
        const fault = link !== undefined && foreign(link);
        if (fault) yield fault;
      }
}

function* faultsOfAlerts(alerts) {
  if (!Array.isArray(alerts) || alerts.length < 1 || alerts.length > 100) return yield "no list of alerts";
  for (const { labels, annotations, generatorURL } of alerts) {
    if (!labels.alertname) yield "no alertname";
    for (const name of [...Object.keys(labels), ...Object.keys(annotations)])
      if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) yield `the label ${name}`;
    const fault = generatorURL !== undefined && foreign(generatorURL);
    if (fault) yield fault;
  }
  const sets = alerts.map(({ labels }) => JSON.stringify(labels));
  if (new Set(sets).size !== sets.length) yield "two alerts of the same labels";
}

const judges = {
  slack: faultsOfSlack,
  slack_bot: faultsOfBot,
  slack_workflow: faultsOfWorkflow,
  teams: faultsOfTeams,
  google_chat: faultsOfGoogleChat,
  google_chat_text: faultsOfGoogleChat,
  webhook: (json, bytes) => faultsOfDocument(json, bytes, 20000),
  command: (json, bytes) => faultsOfDocument(json, bytes, 256 << 10),
  alertmanager: faultsOfAlerts,
};

async function faultsOf({ channel, what }, bytes) {
  if (channel === "mail" && what.startsWith("mail")) return faultsOfMail(bytes);
  let text;
  try {
    text = utf8.decode(bytes);
  } catch {
    return ["no UTF-8"];
  }
  if (channel === "file") return [unclean(text)].filter(Boolean);
  const json = JSON.parse(text);
  const faults = [...(judges[channel]?.(json, bytes.length) ?? [])];
  // The outbox's own form of a mail is judged as the mail that it becomes.
  allStrings(json, (one) => {
    const fault = channel !== "mail" && unclean(one);
    if (fault) faults.push(fault);
  });
  return faults;
}

const counts = new Map();
let faulty = 0;
let values = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const told = JSON.parse(line);
  if (told.values !== undefined) {
    values = told.values;
    continue;
  }
  const bytes = Buffer.from(told.bytes, "base64");
  counts.set(told.channel, (counts.get(told.channel) ?? 0) + 1);
  const faults = await faultsOf(told, bytes).catch((error) => [`unreadable: ${error.message}`]);
  if (faults.length === 0) continue;
  if (++faulty <= 20) console.log(`${told.channel} ${told.what} ${told.number}: ${faults[0]}`);
}
console.log([...counts].map(([channel, count]) => `${channel} ${count}`).join(", "));
console.log(`values: ${values}, messages of them that are live, broken or too long: ${faulty}`);
process.exit(faulty === 0 && counts.size > 0 ? 0 : 1);
