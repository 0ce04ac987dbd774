// SPDX-License-Identifier: Apache-2.0
// Mails, read by npm's mailparser, and their HTML as a browser reads it.
import { simpleParser } from "mailparser";
import { attributeOf, elementsOf } from "./html.mjs";
import { autolink, foreign, unclean } from "./plain.mjs";

const headers = new Set([
  "date", "from", "to", "reply-to", "subject", "message-id", "in-reply-to", "references", "mime-version",
  "auto-submitted", "x-auto-response-suppress", "x-nudged-ref", "content-type", "content-transfer-encoding",
  "list-unsubscribe",
]);
const never = /^(script|iframe|object|embed|form|input|button|link|base|img|svg|math|video|audio|template)$/;

function* faultsOfHtml(html) {
  for (const node of elementsOf(html, { whole: true })) {
    if (never.test(node.nodeName)) yield `<${node.nodeName}>`;
    if (node.nodeName === "#comment" && node.data !== "repeat") yield `a comment: ${JSON.stringify(node.data)}`;
    for (const { name, value } of node.attrs ?? []) {
      if (/^on/.test(name) || name === "src") yield `the attribute ${name}`;
      if (name === "style" && /url\(|expression|@import/i.test(value)) yield `a style: ${value}`;
    }
    const link = attributeOf(node, "href");
    const fault = link !== undefined && foreign(link);
    if (fault) yield fault;
    if (node.nodeName === "style" && /url\(|@import/i.test(node.childNodes[0]?.value ?? "")) yield "a style that fetches";
    if (node.nodeName !== "#text" || ["style", "title"].includes(node.parentNode.nodeName)) continue;
    const unmeant = unclean(node.value) ?? autolink(node.value, { andAddresses: true });
    if (unmeant) yield unmeant;
  }
}

export async function parseMail(bytes) {
  return simpleParser(bytes, { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true });
}

export async function faultsOfMail(bytes) {
  const mail = await parseMail(bytes);
  const faults = [];
  const seen = new Set();
  for (const { key } of mail.headerLines) {
    if (!headers.has(key)) faults.push(`a header that is not ours: ${key}`);
    if (seen.has(key)) faults.push(`a header twice: ${key}`);
    seen.add(key);
  }
  if (mail.to?.text !== "mara.voss@example.com") faults.push(`to ${mail.to?.text}`);
  if (mail.from?.value[0].address !== "nudged@example.com") faults.push(`from ${mail.from?.text}`);
  if (mail.cc || mail.bcc) faults.push("others get it, too");
  if (mail.attachments.length > 0) faults.push("an attachment");
  if (!mail.text) faults.push("no text");
  for (const text of [mail.subject ?? "", mail.text ?? ""]) {
    const fault = unclean(text);
    if (fault) faults.push(fault);
  }
  if ((mail.subject ?? "").includes("\n") || [...(mail.subject ?? "")].length > 150) faults.push("the subject");
  if (bytes.length > 100000) faults.push(`${bytes.length} bytes`);
  if (mail.html) faults.push(...faultsOfHtml(mail.html));
  return faults;
}
