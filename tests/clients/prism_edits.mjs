// SPDX-License-Identifier: Apache-2.0
// node prism_edits.mjs SIMULATOR: what has a second sync do more than the first one. Records change and
// go; of others the change is so old that only the list of all ids has them, and they are read by id.
const [simulator] = process.argv.slice(2);

async function ask(path, order) {
  const options = order && { method: "POST", body: JSON.stringify(order) };
  const answer = await fetch(`${simulator}/_sim/${path}`, options);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

for (const object of ["companies", "contacts", "deals", "calls", "tasks", "meetings"]) {
  const live = (await ask(`records/${object}`)).results.filter(({ archived }) => !archived);
  const [first, second, third] = live;
  const modified = "2020-01-02T03:04:05Z";
  await ask("edit", { action: "create", object, properties: third.properties, modified });
  await ask("edit", { action: "set", object, id: first.id, properties: {} });
  await ask("edit", { action: "archive", object, id: second.id });
}
