#!/usr/bin/env node
// Runs the vectors on the JavaScript beside it.
//
//   run.mjs run         checks the vectors
//   run.mjs seal DIR    seals a few values to the vectors' lock, into DIR/javascript.json
//   run.mjs open DIR    opens what all languages sealed in DIR

import { createHash, createHmac, createPrivateKey, createPublicKey, timingSafeEqual } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  canaryOpens,
  depositAccepted,
  depositInfo,
  ed25519,
  enrolment,
  enrolmentKey,
  grantInfo,
  grantRequest,
  grantSigned,
  HPKE,
  lockId,
  message,
  open,
  pad,
  paddedLength,
  parseRing,
  privateKey,
  readBundle,
  Refused,
  releaseRulesMessage,
  requireCertificate,
  seal,
  servingLease,
  sha256,
  SUITE,
  taskLease,
  unhex,
  unpad,
  unwrap,
  verifies,
  verifyChain,
  whole,
} from "./sealing.mjs";

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
  const { publicKey } = await HPKE.kem.generateKeyPairDerand(new Uint8Array(seed));
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

function ed25519PublicOf(seed) {
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const key = createPublicKey(createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" }));
  return Buffer.from(key.export({ format: "jwk" }).x, "base64url");
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
    requireCertificate(root, vector.workspaceId, vector.vaultId, publicKey, vector.serial, certificate);
  };
  for (const vector of file.certified) yield [vector.name, () => certified(vector)];
  for (const vector of file.refused) yield [vector.name, () => refused("forbidden", () => certified(vector))];
}

function* deposits() {
  const file = read("deposits.json");
  for (const vector of [...file.accepted, ...file.refused]) {
    const text = depositAccepted(vector.binding, vector.lock, unhex(vector.boxHash), vector.expiresAt);
    const [mac, given] = [createHmac("sha256", unhex(file.key)).update(text).digest(), unhex(vector.mac)];
    const accepted = file.accepted.includes(vector);
    if (accepted) yield ["message: " + vector.name, () => same(vector.message, text.toString("hex"))];
    yield [vector.name, () => same(accepted, given.length === mac.length && timingSafeEqual(given, mac))];
  }
}

function* releaseRules() {
  const file = read("release-rules.json");
  for (const vector of [...file.authentic, ...file.refused]) {
    const text = releaseRulesMessage(vector);
    const [mac, given] = [createHmac("sha256", unhex(file.key)).update(text).digest(), unhex(vector.mac)];
    const authentic = file.authentic.includes(vector);
    if (authentic) yield ["message: " + vector.name, () => same(vector.message, text.toString("hex"))];
    yield [vector.name, () => same(authentic, given.length === mac.length && timingSafeEqual(given, mac))];
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

function* grants() {
  const file = read("grants.json");
  const [root, runner, oneTime] = ["root", "runner", "oneTime"].map((name) => unhex(file[name].publicKey));
  const keeper = file.root.fingerprint;
  function* signed(name, key, text, signature) {
    yield [name + ": message", () => same(file[name].message, text.toString("hex"))];
    yield [name + ": signature", () => same(true, verifies(ed25519(key), text, unhex(file[name][signature])))];
  }
  const { token, name, isolation } = file.enrolment;
  const tokenKey = enrolmentKey(token);
  yield ["enrolment: token's key", () => same(file.enrolment.tokenKey, tokenKey.toString("hex"))];
  const asked = enrolment(keeper, tokenKey, name, isolation, runner);
  yield* signed("enrolment", tokenKey, asked, "tokenProof");
  yield* signed("enrolment", runner, asked, "proof");
  yield* signed("servingLease", root, servingLease(file.servingLease), "signature");
  yield* signed("taskLease", root, taskLease(file.taskLease), "signature");
  const request = grantRequest(keeper, file.servingLease, file.grantRequest, oneTime);
  yield* signed("grantRequest", runner, request, "signature");
  yield ["bundle", () => same(file.entries, readBundle(unhex(file.bundle)))];
  const opens = async (grant) => {
    const [info, box] = [grantInfo(grant.grantId, request), Buffer.from(grant.box, "base64")];
    if (!verifies(ed25519(root), grantSigned(info, box), unhex(grant.signature))) return false;
    try {
      return (await open(unhex(file.oneTime.seed), info, box)).toString("hex") === file.bundle;
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
  };
  for (const grant of file.grants) yield ["grant: " + grant.name, async () => same(grant.opens, await opens(grant))];
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
  const files = [messages, padding, sealing, certificates, deposits, releaseRules, keys, audit, grants, publicVectors];
  await run("vectors", ...files.map((file) => file()));
} else {
  console.error("run.mjs run | seal DIR | open DIR");
  process.exitCode = 2;
}
