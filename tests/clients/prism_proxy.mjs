// SPDX-License-Identifier: Apache-2.0
// node prism_proxy.mjs CRM SPECS SIMULATOR: does what `prism proxy` does, for all documents of a CRM
// behind one port, as one account has one address: what comes goes on to the simulator, and question
// and answer are held against the vendor's description. What differs is kept until GET /_prism/report
// asks for it, so that one run shows all of it.
import http from "node:http";
import { createRequire } from "node:module";
import { corrections, excuses } from "./corrections.mjs";
import { documents } from "./documents.mjs";
import { Report } from "./prism_report.mjs";

const [crm, specs, simulator] = process.argv.slice(2);
// The parts of the command line tool, wherever npm has put them.
const of_cli = createRequire(createRequire(import.meta.url).resolve("@stoplight/prism-cli"));
const of_prism = createRequire(of_cli.resolve("@stoplight/prism-http"));
const { createInstance, getHttpOperationsFromSpec } = of_cli("@stoplight/prism-http");
const { validateInput, validateOutput } = of_prism("./validator");
const RefParser = of_prism("@stoplight/json-schema-ref-parser");
const { files, undescribed = {} } = documents[crm];

async function read_operations({ file, base }) {
  const document = await new RefParser().parse(`${specs}/${file}`);
  // nudged only reads; to prepare the rest takes most of the time.
  for (const path of Object.values(document.paths))
    for (const method of ["put", "patch", "delete"]) delete path[method];
  for (const correction of corrections[crm]) if (file.includes(correction.document)) correction.correct(document);
  const operations = await getHttpOperationsFromSpec(document);
  return operations.map((operation) => ({ ...operation, path: base + operation.path }));
}
const operations = (await Promise.all(files.map(read_operations))).flat();
const report = new Report(validateOutput, excuses[crm] ?? []);

const silent = { info() {}, warn() {}, error() {}, success() {}, debug() {}, child: () => silent };
const instance = createInstance(
  {
    isProxy: true,
    upstream: new URL(simulator),
    errors: false,
    validateRequest: true,
    validateResponse: true,
    checkSecurity: true,
    mock: {},
  },
  {
    logger: silent,
    validateInput({ resource, element }) {
      report.see(resource, element);
      return validateInput({ resource, element });
    },
  },
);

function read_body(stream) {
  return new Promise((resolve, reject) => {
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("end", () => resolve(Buffer.concat(parts)));
    stream.on("error", reject);
  });
}

async function pass(request, body, reply) {
  const answer = await new Promise((resolve, reject) => {
    const onward = http.request(simulator + request.url, { method: request.method, headers: request.headers }, resolve);
    onward.on("error", reject);
    onward.end(body);
  });
  reply.writeHead(answer.statusCode, answer.headers).end(await read_body(answer));
}

async function compare(request, url, body, reply) {
  const query = {};
  for (const name of url.searchParams.keys()) {
    const values = url.searchParams.getAll(name);
    query[name] = values.length === 1 ? values[0] : values;
  }
  const json = (request.headers["content-type"] ?? "").includes("json");
  const input = {
    method: request.method.toLowerCase(),
    url: { path: url.pathname, query },
    headers: request.headers,
    body: body.length === 0 ? null : json ? JSON.parse(body) : body.toString(),
  };
  const { left, right } = await instance.request(input, operations)();
  if (left) throw left;
  for (const violation of right.validations.input) report.tell(input, "request", violation);
  for (const violation of right.validations.output) report.tell(input, "answer", violation);
  const headers = { ...right.output.headers };
  for (const name of ["content-length", "content-encoding"]) delete headers[name];
  const text = right.output.body === undefined ? "" : JSON.stringify(right.output.body);
  reply.writeHead(right.output.statusCode, headers).end(text);
}

const server = http.createServer(async (request, reply) => {
  const url = new URL(request.url, simulator);
  try {
    const body = await read_body(request);
    if (url.pathname === "/_prism/report") {
      const { text, good } = report.render();
      reply.writeHead(good ? 200 : 500).end(text);
    } else if (url.pathname in undescribed) await pass(request, body, reply);
    else await compare(request, url, body, reply);
  } catch (error) {
    report.tell({ method: request.method, url: { path: url.pathname } }, "proxy", { message: String(error.stack) });
    reply.writeHead(502).end();
  }
});
server.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
