// SPDX-License-Identifier: Apache-2.0
// Asks every path of prism_paths.json through Prism's validating proxy, which stands between this
// and the simulator, and tells what it complains of:
//   crmsim --dialect close --port 8302 --per-ten-seconds 0 --per-day 0
//   prism proxy close-openapi.yml http://127.0.0.1:8302/api/v1 --errors --port 8312
//   node prism_paths.mjs close 8312 8302
import { readFileSync } from "node:fs";

const [crm, proxy, simulator] = process.argv.slice(2);
const list = JSON.parse(readFileSync(new URL("prism_paths.json", import.meta.url)))[crm];
const token = "pat-eu1-demo";
const headers =
  crm === "close"
    ? { authorization: `Basic ${Buffer.from(`${token}:`).toString("base64")}` }
    : { "x-api-token": token };

const ids = {};
const tables = { deal: "deals", activity: "calls", person: "contacts", organization: "companies" };
for (const [name, table] of Object.entries(tables)) {
  const { results } = await (await fetch(`http://127.0.0.1:${simulator}/_sim/records/${table}`)).json();
  ids[name] = results[results.length >> 1].id;
}
for (const template of list.paths) {
  const path = template.replace(/\{(\w+)\}/g, (_, name) => ids[name]);
  const answer = await fetch(`http://127.0.0.1:${proxy}${path}`, { headers });
  const text = await answer.text();
  console.log(answer.status, path, answer.ok ? "" : text.slice(0, 500));
  if (!answer.ok) process.exitCode = 1;
}
