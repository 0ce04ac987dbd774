// SPDX-License-Identifier: Apache-2.0
// Slack's messages, by its documents: which texts it takes, and what it makes live in them.
import { autolink, codePoints, foreign, mention } from "./plain.mjs";

const blockTypes = ["header", "section", "context", "divider", "actions"];

// In every text object `<` opens something and three characters stand as entities.
function live(text, { linksItself }) {
  let rest = "";
  for (let at = 0; at < text.length; ++at) {
    if (text[at] === ">") return `a loose > at ${JSON.stringify(text.slice(at - 20, at + 20))}`;
    if (text[at] !== "<") {
      rest += text[at];
      continue;
    }
    const end = text.indexOf(">", at);
    const inside = text.slice(at + 1, end);
    if (end < 0 || inside.includes("<")) return `a loose < at ${JSON.stringify(text.slice(at, at + 40))}`;
    const [target, label, ...more] = inside.split("|");
    if (/^[@#!]/.test(target)) return `a live <${inside}>`;
    if (label === undefined || label === "" || more.length > 0) return `no label: <${inside}>`;
    const fault = foreign(target.replaceAll("&amp;", "&"));
    if (fault) return fault;
    rest += " ";
    at = end;
  }
  const loose = /&(?!(amp|lt|gt);)/.exec(rest);
  if (loose) return `a loose & at ${JSON.stringify(rest.slice(loose.index, loose.index + 20))}`;
  if (!linksItself) return null;
  const shown = rest.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  return autolink(shown);
}

function* faultsOfText(object, most, where) {
  if (object?.type !== "mrkdwn" && object?.type !== "plain_text") return yield `${where}: no text object`;
  const size = codePoints(object.text);
  if (size < 1 || size > most) yield `${where}: ${size} characters, of ${most}`;
  if (object.type === "plain_text" && object.emoji) yield `${where}: emoji of a value`;
  const fault = live(object.text, { linksItself: object.type === "mrkdwn" && object.verbatim !== true });
  if (fault) yield `${where}: ${fault}`;
}

// What comes back of a click is ours, and names no more than a finding.
function* faultsOfAnswer({ text, value }, where) {
  if (text?.type !== "plain_text") yield `${where}: a label that is not plain`;
  yield* faultsOfText(text, 75, where);
  if (!/^finding [a-z]+ [0-9a-f]{1,64} [0-9]+$/.test(value)) yield `${where}: the value ${JSON.stringify(value)}`;
}

function* faultsOfActions({ elements }, where) {
  if (elements.length < 1 || elements.length > 25) yield `${where}: ${elements.length} elements`;
  if (new Set(elements.map((element) => element.action_id)).size !== elements.length) yield `${where}: ids of actions`;
  for (const element of elements) {
    if (element.type === "button") yield* faultsOfAnswer(element, where);
    else if (element.type !== "overflow") yield `${where}: an element of another type, ${element.type}`;
    else {
      if (element.options.length < 2 || element.options.length > 5) yield `${where}: ${element.options.length} choices`;
      for (const option of element.options) yield* faultsOfAnswer(option, where);
    }
  }
}

function* faultsOfBlock(block, where) {
  if (!blockTypes.includes(block.type)) yield `${where}: a block of another type, ${block.type}`;
  if (block.type === "header") {
    if (block.text?.type !== "plain_text") yield `${where}: a header that is not plain`;
    yield* faultsOfText(block.text, 150, where);
  }
  if (block.type === "section") yield* faultsOfText(block.text, 3000, where);
  if (block.type === "actions") yield* faultsOfActions(block, where);
  if (block.type === "context") {
    if (block.elements.length < 1 || block.elements.length > 10) yield `${where}: ${block.elements.length} elements`;
    for (const element of block.elements) yield* faultsOfText(element, 3000, where);
  }
}

export function* faultsOfSlack(message) {
  if (typeof message.text !== "string" || message.text === "") yield "no top-level text";
  if (codePoints(message.text) > 4000) yield `top-level text of ${codePoints(message.text)} characters`;
  const fault = live(message.text, { linksItself: true });
  if (fault) yield `text: ${fault}`;
  if (message.unfurl_links !== false || message.unfurl_media !== false) yield "it unfurls";
  const blocks = message.blocks ?? [];
  if (blocks.length > 50) yield `${blocks.length} blocks`;
  let all = 0;
  for (const [index, block] of blocks.entries()) {
    yield* faultsOfBlock(block, `block ${index}`);
    const texts = [block.text, ...(block.elements ?? [])].filter(Boolean).map((object) => object.text);
    for (const text of texts) all += codePoints(text?.text ?? text ?? "");
  }
  if (all > 13200) yield `${all} characters in all blocks`;
  const ids = blocks.map((block) => block.block_id).filter(Boolean);
  if (new Set(ids).size !== ids.length || ids.some((id) => id.length > 255)) yield "ids of blocks";
}

// What the Web API takes beside that: where the message goes, below which other one, or in whose place.
export function* faultsOfBot({ channel, thread_ts, reply_broadcast, ts, ...message }) {
  const isTimestamp = (text) => /^[0-9]+\.[0-9]+$/.test(text);
  if (typeof channel !== "string" || channel === "") yield "no channel";
  if (ts === undefined) {
    if (thread_ts !== undefined && (!isTimestamp(thread_ts) || reply_broadcast !== true)) yield "a reply that nobody sees";
    return yield* faultsOfSlack(message);
  }
  if (!isTimestamp(ts)) yield "it edits no message";
  if (thread_ts !== undefined) yield "an edit in a thread";
  // Blocks that are not told stay, and links were unfurled with the message, or never.
  if (!Array.isArray(message.blocks)) yield "the blocks of before would stay";
  if ("unfurl_links" in message || "unfurl_media" in message) yield "chat.update does not unfurl";
  yield* faultsOfSlack({ ...message, unfurl_links: false, unfurl_media: false });
}

// What a workflow does with its variables is its author's choice: nothing may be live, links neither.
export function* faultsOfWorkflow(variables) {
  for (const [name, text] of Object.entries(variables)) {
    if (typeof text !== "string") yield `${name} is no string`;
    else if (/[<>]/.test(text)) yield `${name}: ${JSON.stringify(/.{0,20}[<>].{0,20}/u.exec(text)?.[0])}`;
    else {
      const fault = live(text, { linksItself: true }) ?? mention(text);
      if (fault) yield `${name}: ${fault}`;
    }
  }
}
