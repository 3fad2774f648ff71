#!/usr/bin/env node
// Nightsafe's sealing and audit in JavaScript, after spec/sealing.md and spec/audit.md, run on the vectors beside it.
//
//   run.mjs run         checks the vectors
//   run.mjs seal DIR    seals a few values to the vectors' lock, into DIR/javascript.json
//   run.mjs open DIR    opens what all languages sealed in DIR
//
// The libraries are found in NIGHTSAFE_NODE_MODULES, or beside this file.

import { createDecipheriv, createHash, createHmac, createPrivateKey, createPublicKey } from "node:crypto";
import { timingSafeEqual, verify } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.env.NIGHTSAFE_NODE_MODULES ?? import.meta.dirname, "run.mjs"));
const { Aes256Gcm, CipherSuite, HkdfSha256 } = require("@hpke/core");
const { XWing } = require("@hpke/hybridkem-x-wing");

const SUITE = "hpke-xwing-sha256-aes256gcm";
const HPKE = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const [ENC, TAG] = [1120, 16];
const START = "0".repeat(64);

/** Its message is the problem's code. */
class Refused extends Error {}

// --- spec/sealing.md -------------------------------------------------------------------------------------------------

function message(purpose, ...fields) {
  const parts = [];
  for (const field of [purpose, ...fields]) {
    let bytes = field;
    if (typeof field === "number" || typeof field === "bigint") {
      bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(BigInt(field));
    } else if (typeof field === "string") {
      bytes = Buffer.from(field, "utf8");
    }
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}

function paddedLength(length) {
  const marked = length + 1;
  const blocks = Math.ceil(marked / 64) * 64;
  if (blocks <= 1024) return blocks;
  const exponent = 31 - Math.clz32(marked);
  const zeroBits = exponent - (32 - Math.clz32(exponent));
  const mask = (1 << zeroBits) - 1;
  return (marked + mask) & ~mask;
}

function pad(value) {
  const padded = Buffer.alloc(paddedLength(value.length));
  value.copy(padded);
  padded[value.length] = 0x80;
  return padded;
}

function unpad(padded) {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end--;
  if (end < 0 || padded[end] !== 0x80 || padded.length !== paddedLength(end)) throw new Refused("secret-unreadable");
  return padded.subarray(0, end);
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const lockId = (publicKey) => sha256(message(SUITE, publicKey)).toString("hex");

/** What these libraries take: an ArrayBuffer, or a view that is the whole of one. */
const whole = (bytes) => new Uint8Array(bytes).buffer;
const privateKey = (seed) => HPKE.kem.importKey("raw", whole(seed), false);

const depositInfo = (binding, lock) =>
  message(
    "nightsafe/deposit/1",
    binding.workspaceId,
    binding.vaultId,
    binding.key,
    binding.version,
    binding.secret ? "secret" : "plain",
    lock,
  );

async function seal(publicKey, info, value) {
  const recipientPublicKey = await HPKE.kem.importKey("raw", whole(publicKey), true);
  const { enc, ct } = await HPKE.seal({ recipientPublicKey, info: whole(info) }, whole(pad(value)));
  return Buffer.concat([Buffer.from(enc), Buffer.from(ct)]);
}

async function open(seed, info, box) {
  if (box.length < ENC + TAG) throw new Refused("secret-unreadable");
  const [enc, ciphertext] = [whole(box.subarray(0, ENC)), whole(box.subarray(ENC))];
  let padded;
  try {
    const recipientKey = await privateKey(seed);
    padded = await HPKE.open({ recipientKey, enc, info: whole(info) }, ciphertext);
  } catch {
    throw new Refused("secret-unreadable");
  }
  return unpad(Buffer.from(padded));
}

const jwk = (publicKey) => ({ kty: "OKP", crv: "Ed25519", x: publicKey.toString("base64url") });
const ed25519 = (publicKey) => createPublicKey({ key: jwk(publicKey), format: "jwk" });
const verifies = (key, signed, signature) => signature.length === 64 && verify(null, signed, key, signature);

function ed25519PublicOf(seed) {
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const key = createPublicKey(createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" }));
  return Buffer.from(key.export({ format: "jwk" }).x, "base64url");
}

function requireCertificate(root, workspaceId, vaultId, publicKey, certificate) {
  const signed = message("nightsafe/lock-certificate/1", workspaceId, vaultId, SUITE, publicKey);
  if (!verifies(ed25519(root), signed, certificate)) throw new Refused("forbidden");
}

const depositAccepted = (binding, lock, boxHash) =>
  message("nightsafe/deposit-accepted/1", depositInfo(binding, lock), boxHash);

function gcmOpen(key, associated, encrypted) {
  if (encrypted.length < 12 + TAG) throw new Refused("secret-unreadable");
  const decipher = createDecipheriv("aes-256-gcm", key, encrypted.subarray(0, 12), { authTagLength: TAG });
  decipher.setAAD(associated);
  decipher.setAuthTag(encrypted.subarray(-TAG));
  try {
    return Buffer.concat([decipher.update(encrypted.subarray(12, -TAG)), decipher.final()]);
  } catch {
    throw new Refused("secret-unreadable");
  }
}

function unwrap(keys, vector) {
  const version = vector.masterVersion;
  if (!keys.has(version)) throw new Refused("secret-unreadable");
  const lock = lockId(unhex(vector.publicKey));
  const associated = message("nightsafe/opening-key/1", lock, vector.workspaceId, vector.vaultId, version);
  return gcmOpen(keys.get(version), associated, unhex(vector.wrapped));
}

function canaryOpens(keys, version, encrypted) {
  try {
    return gcmOpen(keys.get(version), message("nightsafe/canary/1", version), encrypted).equals(
      Buffer.from("nightsafe canary"),
    );
  } catch {
    return false;
  }
}

/** The keys by version; the message of what it throws is the number of the bad line, or null. */
function parseRing(text) {
  const keys = new Map();
  text.split("\n").forEach((raw, index) => {
    const line = raw.replace(/^[ \t\r]+|[ \t\r]+$/g, "");
    if (line === "" || line.startsWith("#")) return;
    const match = /^([1-9][0-9]{0,8})[ \t]+([A-Za-z0-9+/]{43}=)$/.exec(line);
    if (!match || keys.has(Number(match[1]))) throw new Refused(index + 1);
    keys.set(Number(match[1]), Buffer.from(match[2], "base64"));
  });
  if (keys.size === 0) throw new Refused(null);
  return keys;
}

// --- spec/audit.md ---------------------------------------------------------------------------------------------------

function eventHash(event) {
  // JavaScript compares strings by UTF-16 units, as the order of details is defined.
  const details = Object.keys(event.details).sort();
  const fields = [event.chain, event.seq, event.at, event.workspaceId ?? "", event.actor, event.action];
  fields.push(event.object, event.outcome, details.length);
  details.forEach((name) => fields.push(name, event.details[name]));
  return sha256(message("nightsafe/audit/1", ...fields, event.previous)).toString("hex");
}

function signatureVerifies(key, event) {
  const signed = message("nightsafe/audit-head/1", event.chain, event.seq, event.hash);
  return verifies(key, signed, unhex(event.signature));
}

/** Where the chain broke, or null, and the hash of the last signed event before. */
function verifyChain(chain, key, events) {
  let [previous, head, signed] = [START, START, 0];
  for (const [index, event] of events.entries()) {
    const follows = event.chain === chain && event.seq === index + 1 && event.previous === previous;
    const intact = event.hash === eventHash(event);
    if (!follows || !intact || (event.signature && !signatureVerifies(key, event))) return [index + 1, head];
    previous = event.hash;
    if (event.signature) [head, signed] = [event.hash, index + 1];
  }
  return [signed === events.length ? null : signed + 1, head];
}

// --- the vectors -----------------------------------------------------------------------------------------------------

const unhex = (text) => Buffer.from(text, "hex");
const read = (name) => JSON.parse(readFileSync(join(import.meta.dirname, name), "utf8"));
const named = (vectors, name) => vectors.find((vector) => vector.name === name);

function same(expected, actual) {
  const [left, right] = [JSON.stringify(expected), JSON.stringify(actual)];
  if (left !== right) throw new Error(`expected ${left} but was ${right}`);
}

async function refused(problem, run) {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return same(String(problem), error.message);
  }
  throw new Error("was taken");
}

function* messages() {
  for (const vector of read("messages.json").messages) {
    const fields = vector.fields.map((field) => ("hex" in field ? unhex(field.hex) : (field.text ?? field.number)));
    yield [vector.name, () => same(vector.bytes, message(vector.purpose, ...fields).toString("hex"))];
  }
}

function* padding() {
  const file = read("padding.json");
  for (const { value, padded } of file.lengths) yield [`a value of ${value}`, () => same(padded, paddedLength(value))];
  for (const { value, padded } of file.values) {
    yield ["pad " + value, () => same(padded, pad(unhex(value)).toString("hex"))];
    yield ["unpad " + value, () => same(value, unpad(unhex(padded)).toString("hex"))];
  }
  for (const { name, padded } of file.malformed) {
    yield [name, () => refused("secret-unreadable", () => unpad(unhex(padded)))];
  }
}

async function openVector(keys, vector) {
  if ((vector.suite ?? SUITE) !== SUITE) throw new Refused("invalid-box");
  const key = named(keys, vector.key ?? "vault");
  const info = depositInfo(vector.binding, key.lock);
  return (await open(unhex(key.seed), info, Buffer.from(vector.box, "base64"))).toString("hex");
}

async function publicKeyOf(seed) {
  const { publicKey } = await new XWing().generateKeyPairDerand(new Uint8Array(seed));
  return Buffer.from(await HPKE.kem.serializePublicKey(publicKey)).toString("hex");
}

function* sealing() {
  const file = read("sealing.json");
  for (const key of file.keys) {
    yield ["key " + key.name, async () => same(key.publicKey, await publicKeyOf(unhex(key.seed)))];
    yield ["lock " + key.name, () => same(key.lock, lockId(unhex(key.publicKey)))];
  }
  for (const vector of file.opens) {
    const lock = named(file.keys, vector.key).lock;
    yield ["info: " + vector.name, () => same(vector.info, depositInfo(vector.binding, lock).toString("hex"))];
    yield [vector.name, async () => same(vector.value, await openVector(file.keys, vector))];
  }
  for (const vector of file.fails) {
    yield [vector.name, () => refused(vector.problem, () => openVector(file.keys, vector))];
  }
}

function* certificates() {
  const file = read("certificates.json");
  for (const root of file.roots) {
    const key = ed25519PublicOf(unhex(root.seed));
    yield [root.name, () => same(root.publicKey, key.toString("hex"))];
    yield [root.name, () => same(root.fingerprint, "sha256:" + sha256(key).toString("hex"))];
  }
  const certified = (vector) => {
    const root = unhex(named(file.roots, vector.root).publicKey);
    const [publicKey, certificate] = [unhex(vector.publicKey), unhex(vector.certificate)];
    requireCertificate(root, vector.workspaceId, vector.vaultId, publicKey, certificate);
  };
  for (const vector of file.certified) yield [vector.name, () => certified(vector)];
  for (const vector of file.refused) yield [vector.name, () => refused("forbidden", () => certified(vector))];
}

function* deposits() {
  const file = read("deposits.json");
  for (const vector of [...file.accepted, ...file.refused]) {
    const text = depositAccepted(vector.binding, vector.lock, unhex(vector.boxHash));
    const [mac, given] = [createHmac("sha256", unhex(file.key)).update(text).digest(), unhex(vector.mac)];
    const accepted = file.accepted.includes(vector);
    if (accepted) yield ["message: " + vector.name, () => same(vector.message, text.toString("hex"))];
    yield [vector.name, () => same(accepted, given.length === mac.length && timingSafeEqual(given, mac))];
  }
}

function* keys() {
  const file = read("keys.json");
  const master = new Map(file.masterKeys.map(({ version, key }) => [version, unhex(key)]));
  for (const vector of file.wrapped) {
    yield [vector.name, () => same(vector.seed, unwrap(master, vector).toString("hex"))];
  }
  for (const vector of file.wrappedRefused) {
    yield [vector.name, () => refused("secret-unreadable", () => unwrap(master, vector))];
  }
  for (const { name, version, encrypted, opens } of file.canaries) {
    yield ["canary: " + name, () => same(opens, canaryOpens(master, version, unhex(encrypted)))];
  }
  for (const { name, text, current, line } of file.rings) {
    if (current) yield ["ring: " + name, () => same(current, Math.max(...parseRing(text).keys()))];
    else yield ["ring: " + name, () => refused(line, () => parseRing(text))];
  }
}

function* audit() {
  const file = read("audit.json");
  const key = ed25519(unhex(file.publicKey));
  for (const { name, events, brokenAt, head } of file.chains) {
    yield [name, () => same([brokenAt, head], verifyChain(file.chain, key, events))];
  }
}

/** The KEM alone: the AEAD of these vectors, ChaCha20-Poly1305, isn't among the libraries that we use. */
function* publicVectors() {
  for (const vector of read("public/hpke-pq.json")) {
    yield [`hpke-pq, KDF ${vector.kdf_id}`, async () => {
      const recipientKey = await privateKey(unhex(vector.skRm));
      const secret = await HPKE.kem.decap({ recipientKey, enc: whole(unhex(vector.enc)) });
      same(vector.shared_secret, Buffer.from(secret).toString("hex"));
    }];
  }
}

function* sealedByAll(folder) {
  const vault = read("sealing.json").keys;
  for (const name of readdirSync(folder).sort()) {
    for (const vector of JSON.parse(readFileSync(join(folder, name), "utf8")).sealed) {
      yield [name, async () => same(vector.value, await openVector(vault, vector))];
    }
  }
}

async function sealSome(folder) {
  const key = named(read("sealing.json").keys, "vault");
  const sealed = [];
  for (const [index, length] of [1, 10, 62, 63, 64, 1023, 1024, 3000, 100_000].entries()) {
    const binding = { workspaceId: "w", vaultId: "v€ult", key: "KEY", version: index + 1, secret: index % 2 === 0 };
    const value = createHash("shake256", { outputLength: length }).update("javascript").digest();
    const box = await seal(unhex(key.publicKey), depositInfo(binding, key.lock), value);
    sealed.push({ binding, value: value.toString("hex"), box: box.toString("base64") });
  }
  writeFileSync(join(folder, "javascript.json"), JSON.stringify({ sealed }));
}

async function run(what, ...suites) {
  let [passed, failed] = [0, 0];
  for (const suite of suites) {
    for (const [name, check] of suite) {
      try {
        await check();
        passed++;
      } catch (error) {
        failed++;
        console.log(`javascript: ${name}: ${error}`);
      }
    }
  }
  console.log(`javascript ${what}: ${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

const [what, folder] = process.argv.slice(2);
if (what === "seal") await sealSome(folder);
else if (what === "open") await run("cross-check", sealedByAll(folder));
else if (what === "run") {
  await run("vectors", messages(), padding(), sealing(), certificates(), deposits(), keys(), audit(), publicVectors());
} else {
  console.error("run.mjs run | seal DIR | open DIR");
  process.exitCode = 2;
}
