// SPDX-License-Identifier: Apache-2.0
// Cards for Teams: read by Microsoft's own reader of Adaptive Cards, their texts by a reader of Markdown.
import MarkdownIt from "markdown-it";
import { createRequire } from "node:module";
import { autolink, foreign, mention } from "./plain.mjs";

const cards = createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js");
const markdown = new MarkdownIt({ html: true, linkify: false });

// Bold and links are what nudged writes; a value that makes anything else is live.
const ours = new Set(["paragraph", "inline", "text", "text_special", "softbreak", "hardbreak", "strong", "link"]);

function liveMarkdown(text) {
  if (/<\/?at\b/i.test(text)) return "a tag <at>";
  for (const block of markdown.parse(text, {}))
    for (const token of [block, ...(block.children ?? [])]) {
      const kind = token.type.replace(/_(open|close)$/, "");
      if (!ours.has(kind)) return `Markdown that is not ours: ${token.type} of ${JSON.stringify(text.slice(0, 80))}`;
      if (token.type === "link_open") {
        const fault = foreign(token.attrGet("href"));
        if (fault) return fault;
      }
      if (token.type === "text") {
        const fault = autolink(token.content) ?? mention(token.content);
        if (fault) return fault;
      }
    }
  return null;
}

// Of every text block and fact; a fact without a label has an empty title.
function* textsOf(node) {
  if (Array.isArray(node)) for (const one of node) yield* textsOf(one);
  else if (node !== null && typeof node === "object")
    for (const [name, member] of Object.entries(node))
      if (["title", "value"].includes(name) && member === "") continue;
      else if (["text", "title", "value"].includes(name) && typeof member === "string") yield member;
      else yield* textsOf(member);
}

export function* faultsOfTeams(message, bytes) {
  if (bytes > 20000) yield `${bytes} bytes`;
  const [attachment, ...more] = message.attachments ?? [];
  if (message.type !== "message" || !attachment || more.length > 0) return yield "no message with one attachment";
  if (attachment.contentType !== "application/vnd.microsoft.card.adaptive") yield "another contentType";
  if (attachment.contentUrl !== null) yield "a contentUrl";
  const { content } = attachment;
  if (content.$schema !== "http://adaptivecards.io/schemas/adaptive-card.json") yield "another $schema";
  if (content.msteams?.entities) yield "entities of mentions";
  const context = new cards.SerializationContext(cards.Versions.v1_4);
  const card = new cards.AdaptiveCard();
  card.parse(content, context);
  for (let i = 0; i < context.eventCount; ++i) yield `adaptivecards: ${context.getEventAt(i).message}`;
  for (const { message } of card.validateProperties().validationEvents) yield `adaptivecards: ${message}`;
  if (String(card.version) !== "1.4" || !card.version.isValid) yield `version ${card.version}`;
  if (card.getItemCount() !== content.body.length) yield "parts that adaptivecards does not take";
  for (const text of [message.summary, content.fallbackText, ...textsOf(content.body)]) {
    if (typeof text !== "string" || text === "") yield "an empty text";
    else {
      const fault = liveMarkdown(text);
      if (fault) yield fault;
    }
  }
}
