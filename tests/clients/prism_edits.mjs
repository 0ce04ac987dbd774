// SPDX-License-Identifier: Apache-2.0
// node prism_edits.mjs SIMULATOR: what has a second sync do more than the first one: of each kind one record
// comes, one changes and one goes. That was so long ago that no window stays behind it, and so recently
// that the next one looks back to it.
const [simulator] = process.argv.slice(2);
const modified = new Date(Date.now() - 100_000).toISOString();

async function ask(path, order) {
  const options = order && { method: "POST", body: JSON.stringify(order) };
  const answer = await fetch(`${simulator}/_sim/${path}`, options);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const company = (await ask("records/companies")).results.at(-1).id;
for (const object of ["companies", "contacts", "deals", "calls", "tasks", "meetings"]) {
  const live = (await ask(`records/${object}`)).results.filter(({ archived }) => !archived);
  const [first, second, third] = live;
  // A deal that belongs to nobody is none in Close.
  const links = object === "deals" ? { companies: [company] } : {};
  await ask("edit", { action: "create", object, properties: third.properties, links, modified });
  await ask("edit", { action: "set", object, id: first.id, properties: {}, modified });
  await ask("edit", { action: "archive", object, id: second.id, modified });
}
