// SPDX-License-Identifier: Apache-2.0
// node webhook.mjs NUDGED: `nudged channel test` posts to a receiver that verifies with the library of
// Standard Webhooks; what is signed with Ed25519, which that library leaves out, with node's own crypto.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createPublicKey, randomBytes, verify } from "node:crypto";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Webhook } from "standardwebhooks";

const [nudged] = process.argv.slice(2);
const site = mkdtempSync(join(tmpdir(), "nudged-webhook-"));
const posts = [];
const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    posts.push({ headers: request.headers, body: Buffer.concat(parts).toString("utf8") });
    response.writeHead(204).end();
  });
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

function write(name, content) {
  writeFileSync(join(site, name), content, { mode: 0o400 });
  return join(site, name);
}

// The one post that `nudged channel test` makes of such a channel.
async function post(name, secrets) {
  const keys = Object.entries(secrets).map(([key, secret]) => `${key} = { file = "${write(`${name}.${key}`, secret)}" }`);
  const url = write(`${name}.url`, `http://127.0.0.1:${server.address().port}/${name}`);
  write(`channels.d/${name}.toml`, `[channel]
name = "${name}"
kind = "webhook"
private_addresses = true
url = { file = "${url}" }
${keys.join("\n")}
`);
  posts.length = 0;
  await promisify(execFile)(nudged, ["channel", "test", name, "-c", join(site, "nudged.toml")]);
  assert.equal(posts.length, 1);
  return posts[0];
}

const fresh = () => `whsec_${randomBytes(32).toString("base64")}`;
const verifies = (secret, { body, headers }) => new Webhook(secret).verify(body, headers);

// RFC 8410: the public key of Ed25519 as DER, before the 32 bytes.
const spki = Buffer.from("302a300506032b6570032100", "hex");
function verifiesEd25519(publicKey, { body, headers }) {
  const key = createPublicKey({ key: Buffer.concat([spki, publicKey]), format: "der", type: "spki" });
  const signed = Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`);
  const signatures = headers["webhook-signature"].split(" ").filter((one) => one.startsWith("v1a,"));
  return signatures.some((one) => verify(null, signed, key, Buffer.from(one.slice(4), "base64")));
}

try {
  mkdirSync(join(site, "channels.d"));
  mkdirSync(join(site, "state"));
  write("nudged.toml", `state_dir = "${join(site, "state")}"\n`);

  const [secret, old] = [fresh(), fresh()];
  const alone = await post("alone", { secret });
  assert.equal(verifies(secret, alone).type, "destination.test");
  assert.throws(() => verifies(fresh(), alone));
  assert.throws(() => verifies(secret, { ...alone, body: `${alone.body} ` }));
  assert.throws(() => verifies(secret, { ...alone, headers: { ...alone.headers, "webhook-id": "msg_other" } }));

  // While a secret is changed, receivers with the old one and with the new one both take it.
  const rotating = await post("rotating", { secret, old_secret: old });
  verifies(secret, rotating);
  verifies(old, rotating);

  // RFC 8032, 7.1, TEST 1.
  const seed = Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex");
  const publicKey = Buffer.from("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "hex");
  const asymmetric = await post("asymmetric", { secret: `whsk_${seed.toString("base64")}` });
  assert.ok(verifiesEd25519(publicKey, asymmetric));
  assert.ok(!verifiesEd25519(publicKey, { ...asymmetric, body: `${asymmetric.body} ` }));
  const moving = await post("moving", { secret: `whsk_${seed.toString("base64")}`, old_secret: old });
  assert.ok(verifiesEd25519(publicKey, moving));
  verifies(old, moving);
  console.log("webhooks verified: v1, v1a, two secrets, from v1 to v1a");
} finally {
  server.close();
  rmSync(site, { recursive: true, force: true });
}
