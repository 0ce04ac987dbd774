// SPDX-License-Identifier: Apache-2.0
// write_messages samples | node samples.mjs: what those who get the samples read, word by word; and a
// TypeScript program of the Slack messages, for the compiler to hold against Slack's own types.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { elementsOf, attributeOf, textOf } from "./html.mjs";
import { parseMail } from "./mail.mjs";

const lines = readFileSync(0, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const of = (channel, what) => lines.filter((line) => line.channel === channel && line.what === what);
const bytes = (line) => Buffer.from(line.bytes, "base64");

// What somebody wrote into a CRM is read as it was written, on one line.
const title = "Zoë's team · week 2026-W47 Bcc: eve@evil.example";
const first = await Promise.all(of("mail", "mail").map((line) => parseMail(bytes(line))));
const again = await Promise.all(of("mail", "mail again").map((line) => parseMail(bytes(line))));
assert.equal(first.length, 7);
for (const [index, mail] of first.entries()) {
  assert.equal(mail.subject, title);
  assert.deepEqual(mail.from.value, [{ address: "nudged@example.com", name: "nudged für Köln" }]);
  assert.deepEqual(mail.to.value, [{ address: "mara.voss@example.com", name: "" }]);
  assert.deepEqual(mail.replyTo.value.map((one) => one.address), ["ops@example.com"]);
  assert.equal(mail.bcc, undefined);
  assert.equal(mail.date.toISOString(), "2026-11-23T07:30:00.000Z");
  assert.equal(mail.headers.get("list").unsubscribe.mail, "leave@example.com");
  assert.equal(mail.headers.get("auto-submitted"), "auto-generated");
  assert.equal(mail.headers.get("x-nudged-ref"), "3f2a91bc");

  // The second try is the same mail to who sorts them, and says that it may be a repeat to who reads it.
  assert.match(mail.messageId, /^<[^<>@\s]+@example\.com>$/);
  assert.equal(again[index].messageId, mail.messageId);
  assert.ok(!mail.text.includes("possible repeat") && again[index].text.includes("possible repeat"));
  assert.ok(!textOf(mail.html).includes("possible repeat") && textOf(again[index].html).includes("possible repeat"));
  // One thread for all of the same series, and a list by which it can be sorted.
  assert.equal(mail.inReplyTo, first[0].inReplyTo);
  assert.deepEqual([mail.references].flat(), [mail.inReplyTo]);
  assert.notEqual(mail.inReplyTo, mail.messageId);
  assert.match(mail.inReplyTo, /^<[^<>@\s]+@example\.com>$/);

  // Both parts, the text first.
  const raw = bytes(of("mail", "mail")[index]).toString("latin1");
  assert.ok(raw.indexOf("Content-Type: text/plain; charset=utf-8") < raw.indexOf("Content-Type: text/html; charset=utf-8"));
  assert.match(raw, /^Content-Type: multipart\/alternative;/m);
  for (const text of [mail.text, textOf(mail.html)])
    for (const wanted of [title, "Acme <!channel> & Söhne", "Ben O'Hara", "€ 120,000", "nudged evaluate --owner ana@example.com"])
      assert.ok(text.includes(wanted), `${wanted} is not in the mail`);
  const links = [...elementsOf(mail.html, { whole: true })].map((node) => attributeOf(node, "href")).filter(Boolean);
  assert.deepEqual(new Set(links), new Set(["https://crm.example/users/7?a=1&b=2", "https://crm.example/deals/1", "https://crm.example/deals/1/history"]));
}
assert.equal(new Set(first.map((mail) => mail.messageId)).size, first.length);

const document = JSON.parse(bytes(of("webhook", "render")[0]));
assert.equal(document.type, "digest.weekly");
assert.equal(document.timestamp, "2026-11-23T07:30:00Z");
assert.equal(document.data.title, title);

const alerts = JSON.parse(bytes(of("alertmanager", "render")[0]));
assert.deepEqual(alerts.map(({ labels }) => labels.subject), ["Ana Díaz", "Acme <!channel> & Söhne"]);

const messages = [...of("slack", "render"), ...of("slack", "simplify")];
assert.equal(messages.length, 14);
const program = messages.map((line, index) => `export const message_${index}: Message = ${bytes(line)};`);
const replies = of("slack_bot", "reply");
const edits = [...of("slack_bot", "edit"), ...of("slack_bot", "edit simplified")];
assert.deepEqual([replies.length, edits.length], [7, 14]);
program.push(...replies.map((line, index) => `export const reply_${index}: Reply = ${bytes(line)};`));
program.push(...edits.map((line, index) => `export const edit_${index}: Edit = ${bytes(line)};`));
writeFileSync("slack_messages.ts", `// Made by samples.mjs.
import type { KnownBlock } from "@slack/types";

interface Message {
  text: string;
  blocks?: KnownBlock[];
  unfurl_links: boolean;
  unfurl_media: boolean;
}
// Of chat.postMessage and chat.update.
interface Reply extends Message {
  channel: string;
  thread_ts: string;
  reply_broadcast: boolean;
}
interface Edit {
  channel: string;
  ts: string;
  text: string;
  blocks: KnownBlock[];
}
${program.join("\n")}

// What Slack would refuse, the compiler refuses, too.
// @ts-expect-error A header is plain text.
export const marked: KnownBlock = { type: "header", text: { type: "mrkdwn", text: "x" } };
// @ts-expect-error There is no such member.
export const typo: KnownBlock = { type: "section", txt: { type: "mrkdwn", text: "x" } };
`);
console.log(`mails read: ${first.length + again.length}, Slack messages for the compiler: ${program.length}`);
