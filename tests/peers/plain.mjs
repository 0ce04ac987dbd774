// SPDX-License-Identifier: Apache-2.0
// What no text for a person may have in it, whatever the channel.
import { LinkifyIt } from "linkify-it";

// C0 and C1 controls but the line feed, separators of lines, and what turns the direction of text.
const controls = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

export function unclean(text) {
  if (!text.isWellFormed()) return "half a surrogate pair";
  const found = controls.exec(text);
  return found && `the character U+${found[0].codePointAt(0).toString(16).padStart(4, "0")}`;
}

// As a client that makes links of whole URLs; and as one that makes them of bare hosts, too, for which a
// zero-width space is no letter.
const urls = new LinkifyIt({ fuzzyLink: false, fuzzyEmail: false }).add("//", null);
const addresses = new LinkifyIt({ fuzzyLink: false, fuzzyEmail: true }).add("//", null);
const hosts = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: true }).add("//", null);

// What a client would make a link of by itself. An address of e-mail may be meant as such.
export function autolink(text, { andAddresses = false } = {}) {
  const isHost = ({ schema }) => schema !== "mailto:";
  const found =
    (andAddresses ? addresses : urls).match(text)?.[0] ?? hosts.match(text.replaceAll("\u200b", " "))?.find(isHost);
  return found && `a client makes a link of ${JSON.stringify(found.raw)}`;
}

// "@name", which a chat may take for a person or for everyone; not within an address.
export function mention(text) {
  const found = /(^|[^\p{L}\p{N}_.+-])@[\p{L}\p{N}]+/u.exec(text);
  return found && `a mention: ${JSON.stringify(found[0])}`;
}

// Of all links, the CRM's alone are ours.
export function foreign(link) {
  try {
    const { protocol, host } = new URL(link);
    if ((protocol === "https:" || protocol === "http:") && host === "crm.example") return null;
  } catch {
    // told below
  }
  return `a link that is not ours: ${JSON.stringify(link)}`;
}

export function allStrings(json, visit) {
  if (typeof json === "string") visit(json);
  else if (json !== null && typeof json === "object") Object.values(json).forEach((one) => allStrings(one, visit));
}

export const codePoints = (text) => [...text].length;
