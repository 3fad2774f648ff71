// Nightsafe's sealing and audit, after spec/sealing.md and spec/audit.md, by @hpke/core and node:crypto. The libraries are
// found in the folder NIGHTSAFE_NODE_MODULES, or beside this file.

import { createDecipheriv, createHash, createPrivateKey, createPublicKey, verify } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.env.NIGHTSAFE_NODE_MODULES ?? import.meta.dirname, "sealing.mjs"));
const { Aes256Gcm, CipherSuite, HkdfSha256 } = require("@hpke/core");
const { XWing } = require("@hpke/hybridkem-x-wing");

export const SUITE = "hpke-xwing-sha256-aes256gcm";
export const HPKE = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const [ENC, TAG] = [1120, 16];
const START = "0".repeat(64);

/** Its message is the problem's code. */
export class Refused extends Error {}

export const unhex = (text) => Buffer.from(text, "hex");

// --- spec/sealing.md -------------------------------------------------------------------------------------------------

export function message(purpose, ...fields) {
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

export function paddedLength(length) {
  const marked = length + 1;
  const blocks = Math.ceil(marked / 64) * 64;
  if (blocks <= 1024) return blocks;
  const exponent = 31 - Math.clz32(marked);
  const zeroBits = exponent - (32 - Math.clz32(exponent));
  const mask = (1 << zeroBits) - 1;
  return (marked + mask) & ~mask;
}

export function pad(value) {
  const padded = Buffer.alloc(paddedLength(value.length));
  value.copy(padded);
  padded[value.length] = 0x80;
  return padded;
}

export function unpad(padded) {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end--;
  if (end < 0 || padded[end] !== 0x80 || padded.length !== paddedLength(end)) throw new Refused("secret-unreadable");
  return padded.subarray(0, end);
}

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
export const lockId = (publicKey) => sha256(message(SUITE, publicKey)).toString("hex");

/** What these libraries take: an ArrayBuffer, or a view that is the whole of one. */
export const whole = (bytes) => new Uint8Array(bytes).buffer;
export const privateKey = (seed) => HPKE.kem.importKey("raw", whole(seed), false);

export const depositInfo = (binding, lock) =>
  message(
    "nightsafe/deposit/1",
    binding.workspaceId,
    binding.vaultId,
    binding.key,
    binding.version,
    binding.secret ? "secret" : "plain",
    lock,
  );

export async function seal(publicKey, info, value) {
  const recipientPublicKey = await HPKE.kem.importKey("raw", whole(publicKey), true);
  const { enc, ct } = await HPKE.seal({ recipientPublicKey, info: whole(info) }, whole(pad(value)));
  return Buffer.concat([Buffer.from(enc), Buffer.from(ct)]);
}

export async function open(seed, info, box) {
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
export const ed25519 = (publicKey) => createPublicKey({ key: jwk(publicKey), format: "jwk" });
export const verifies = (key, signed, signature) => signature.length === 64 && verify(null, signed, key, signature);

export function requireCertificate(root, workspaceId, vaultId, publicKey, serial, certificate) {
  const signed = message("nightsafe/lock-certificate/2", workspaceId, vaultId, SUITE, publicKey, serial);
  if (!verifies(ed25519(root), signed, certificate)) throw new Refused("forbidden");
}

export const depositAccepted = (binding, lock, boxHash, expiresAt) =>
  message("nightsafe/deposit-accepted/2", depositInfo(binding, lock), boxHash, expiresAt);

const releaseRule = (rule) =>
  message(
    "nightsafe/release-rule/1",
    ...[rule.workspaceId, rule.vaultId, rule.id, rule.queueId, rule.site, rule.gitUrl, rule.branch, rule.codePath],
    ...[rule.startupCmd, rule.uses, rule.disclosure, rule.commit ?? "", rule.createdAt, rule.createdBy],
  );

export function releaseRulesMessage({ workspaceId, vaultId, version, floor, rules }) {
  const sorted = [...rules].sort((one, other) => (one.id < other.id ? -1 : 1)).map(releaseRule);
  return message("nightsafe/release-rules/1", workspaceId, vaultId, version, floor, ...sorted);
}

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

export function unwrap(keys, vector) {
  const version = vector.masterVersion;
  if (!keys.has(version)) throw new Refused("secret-unreadable");
  const lock = lockId(unhex(vector.publicKey));
  const place = [lock, vector.workspaceId, vector.vaultId, vector.serial, version];
  const associated = message("nightsafe/opening-key/2", ...place);
  return gcmOpen(keys.get(version), associated, unhex(vector.wrapped));
}

export function canaryOpens(keys, version, encrypted) {
  try {
    return gcmOpen(keys.get(version), message("nightsafe/canary/1", version), encrypted).equals(
      Buffer.from("nightsafe canary"),
    );
  } catch {
    return false;
  }
}

/** The keys by version; the message of what it throws is the number of the bad line, or null. */
export function parseRing(text) {
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

export function servingLease(lease) {
  const names = ["leaseId", "workspaceId", "site", "runnerId", "queueId", "queue", "digest", "fencing", "expiresAt"];
  return message("nightsafe/serving-lease/1", ...names.map((name) => lease[name]));
}

export function taskLease(lease) {
  const names = ["runnerId", "leaseId", "servingLeaseId", "taskId", "queueId", "queue", "type"].map((name) => lease[name]);
  const numbers = ["retryCount", "maxRetry", "fencing", "expiresAt"].map((name) => lease[name]);
  return message("nightsafe/task-lease/1", ...names, sha256(lease.payloadAsWritten), ...numbers);
}

/** The private key, as PKCS #8, is the token's 32 random bytes. */
export function enrolmentKey(token) {
  const key = Buffer.concat([unhex("302e020100300506032b657004220420"), unhex(token.split("_")[1])]);
  const publicKey = createPublicKey(createPrivateKey({ key, format: "der", type: "pkcs8" }));
  return publicKey.export({ format: "der", type: "spki" }).subarray(-32);
}

export const enrolment = (keeper, tokenKey, name, isolation, publicKey) =>
  message("nightsafe/enrolment/1", keeper, tokenKey, name, isolation, publicKey);

export function grantRequest(keeper, lease, request, publicKey) {
  const { workspaceId, site, runnerId, queueId, leaseId } = lease;
  const { fencing, digest, purpose, commit, suite, expiresAt, nonce } = request;
  const asked = [fencing, digest, purpose, commit, suite, publicKey, expiresAt, nonce];
  return message("nightsafe/grant-request/1", keeper, workspaceId, site, runnerId, queueId, leaseId, ...asked);
}

export const grantInfo = (grantId, request) => message("nightsafe/grant/1", grantId, sha256(request));
export const grantSigned = (info, box) => message("nightsafe/grant-signed/1", info, sha256(box));

export function readBundle(bundle) {
  let at = 0;
  const take = (length) => {
    if (length > bundle.length - at) throw new Refused("secret-unreadable");
    at += length;
    return bundle.subarray(at - length, at);
  };
  const number = () => take(4).readUInt32BE();
  const entries = [];
  for (let left = number(); left > 0; left--) {
    const [vault, key] = [take(number()).toString(), take(number()).toString()];
    const [version, secret] = [Number(take(8).readBigInt64BE()), take(1)[0]];
    if (secret > 1) throw new Refused("secret-unreadable");
    entries.push({ vault, key, version, secret: secret === 1, value: take(number()).toString("hex") });
  }
  if (at !== bundle.length) throw new Refused("secret-unreadable");
  return entries;
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
export function verifyChain(chain, key, events) {
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
