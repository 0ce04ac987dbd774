// SPDX-License-Identifier: Apache-2.0
// Google Chat: cards with a little HTML, and texts with links between angle brackets.
import { attributeOf, elementsOf } from "./html.mjs";
import { autolink, codePoints, foreign, mention } from "./plain.mjs";

const tags = new Set(["b", "i", "a", "br"]);

function liveHtml(html) {
  for (const node of elementsOf(html)) {
    const name = node.nodeName;
    if (name === "#text") {
      const fault = autolink(node.value) ?? mention(node.value);
      if (fault) return fault;
    } else if (name !== "#document-fragment") {
      if (!tags.has(name)) return `an element that is not ours: ${name}`;
      const attributes = node.attrs.map((one) => one.name).filter((one) => !(name === "a" && one === "href"));
      if (attributes.length > 0) return `an attribute that is not ours: ${attributes[0]}`;
      const fault = name === "a" && foreign(attributeOf(node, "href") ?? "");
      if (fault) return fault;
    }
  }
  return null;
}

// Between angle brackets stand users and links.
function liveText(text) {
  const rest = text.replaceAll(/<([^<>|]*)\|([^<>|]+)>/g, (whole, link) => (foreign(link) ? whole : " "));
  if (/[<>]/.test(rest)) return `angle brackets: ${JSON.stringify(/.{0,20}[<>].{0,40}/u.exec(rest)[0])}`;
  return autolink(rest) ?? mention(rest);
}

export function* faultsOfGoogleChat(message, bytes) {
  if (bytes > 32000) yield `${bytes} bytes`;
  for (const text of [message.fallbackText, message.text]) {
    const fault = text !== undefined && (text === "" ? "an empty text" : liveText(text));
    if (fault) yield fault;
    if (text !== undefined && codePoints(text) > 4096) yield `${codePoints(text)} characters`;
  }
  if (message.text === undefined && !message.cardsV2) yield "nothing to show";
  let widgets = 0;
  for (const { card } of message.cardsV2 ?? []) {
    for (const text of [card.header.title, ...card.sections.map((one) => one.header).filter(Boolean)]) {
      const fault = liveText(text);
      if (fault) yield `header: ${fault}`;
    }
    for (const { widgets: own } of card.sections)
      for (const { textParagraph } of own) {
        ++widgets;
        const fault = textParagraph.text === "" ? "an empty paragraph" : liveHtml(textParagraph.text);
        if (fault) yield fault;
      }
  }
  if (widgets > 100) yield `${widgets} widgets`;
}
