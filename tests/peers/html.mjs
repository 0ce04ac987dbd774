// SPDX-License-Identifier: Apache-2.0
// HTML as a browser reads it.
import { parse, parseFragment } from "parse5";

export function* elementsOf(html, { whole = false } = {}) {
  const pending = [whole ? parse(html) : parseFragment(html)];
  while (pending.length > 0) {
    const node = pending.pop();
    yield node;
    pending.push(...(node.childNodes ?? []).toReversed());
    if (node.content) pending.push(node.content);
  }
}

export function attributeOf(node, name) {
  return node.attrs?.find((one) => one.name === name)?.value;
}

export function textOf(html) {
  let text = "";
  for (const node of elementsOf(html, { whole: true }))
    if (node.nodeName === "#text" && !["style", "title", "script"].includes(node.parentNode?.tagName)) text += node.value;
  return text;
}
