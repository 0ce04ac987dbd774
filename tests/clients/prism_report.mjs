// SPDX-License-Identifier: Apache-2.0
// What Prism found, each kind once, with how often and the first example.
export class Report {
  constructor(validateOutput, excuses) {
    this.excuses = excuses;
    this.validateOutput = validateOutput;
    this.seen = new Map();
    this.found = new Map();
  }

  // Prism says nothing of query parameters that the document has not: they may be misspelt.
  see(operation, { url, method }) {
    const name = `${method.toUpperCase()} ${operation.path}`;
    const entry = this.seen.get(name) ?? { operation, requests: 0 };
    entry.requests++;
    this.seen.set(name, entry);
    const known = new Set((operation.request?.query ?? []).map((parameter) => parameter.name));
    for (const parameter of Object.keys(url.query ?? {}))
      if (!known.has(parameter))
        this.tell({ method, url }, "request", { path: ["query", parameter], message: "has no such parameter" });
  }

  tell({ method, url }, side, violation) {
    if (this.excuses.some((excuse) => excuse({ method, url }, violation))) return;
    const { path = [], message } = violation;
    const place = path.map((step) => (/^\d+$/.test(step) ? "*" : step)).join(".");
    const said = message.replace(/\.\d+(?=[. ])/g, ".*");
    const key = `${method.toUpperCase()} ${url.path.replace(/\/[^/]*\d[^/]{7,}/g, "/*")} ${side} ${place}: ${said}`;
    const entry = this.found.get(key) ?? { times: 0, example: JSON.stringify(url.query) };
    entry.times++;
    this.found.set(key, entry);
  }

  // Whether the document says anything about an operation's answers: Prism also passes what it
  // cannot make sense of.
  checks_answers(operation) {
    const element = { statusCode: 200, headers: { "content-type": "application/json" }, body: "no such answer" };
    return this.validateOutput({ resource: operation, element })._tag === "Left";
  }

  render() {
    const lines = [];
    for (const [name, { operation, requests }] of this.seen)
      lines.push(`${name}: ${requests} requests${this.checks_answers(operation) ? "" : ", answers undescribed"}`);
    for (const [key, { times, example }] of this.found) lines.push(`VIOLATION ${key} (${times} times, first with ${example})`);
    return { text: `${lines.join("\n")}\n`, good: this.found.size === 0 && this.seen.size > 0 };
  }
}
