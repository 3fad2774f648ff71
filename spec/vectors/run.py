#!/usr/bin/env python3
"""Nightsafe's sealing and audit in Python, after spec/sealing.md and spec/audit.md, run on the vectors beside it.

    run.py run         checks the vectors
    run.py seal DIR    seals a few values to the vectors' lock, into DIR/python.json
    run.py open DIR    opens what all languages sealed in DIR
"""

import base64
import hashlib
import hmac
import json
import pathlib
import sys

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ed25519, mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HERE = pathlib.Path(__file__).parent
SUITE = "hpke-xwing-sha256-aes256gcm"
HPKE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
ENC, TAG, PUBLIC_KEY = 1120, 16, 1216
START = "0" * 64


class Refused(Exception):
    """Its text is the problem's code."""


# --- spec/sealing.md -------------------------------------------------------------------------------------------------


def message(purpose, *fields):
    out = b""
    for field in (purpose, *fields):
        if isinstance(field, int):
            field = field.to_bytes(8, "big", signed=True)
        elif isinstance(field, str):
            field = field.encode()
        out += len(field).to_bytes(4, "big") + field
    return out


def padded_length(length):
    marked = length + 1
    blocks = -(-marked // 64) * 64
    if blocks <= 1024:
        return blocks
    exponent = marked.bit_length() - 1
    zero_bits = exponent - exponent.bit_length()
    mask = (1 << zero_bits) - 1
    return (marked + mask) & ~mask


def pad(value):
    return (value + b"\x80").ljust(padded_length(len(value)), b"\0")


def unpad(padded):
    marked = padded.rstrip(b"\0")
    if not marked.endswith(b"\x80") or len(padded) != padded_length(len(marked) - 1):
        raise Refused("secret-unreadable")
    return marked[:-1]


def lock_id(public_key):
    return hashlib.sha256(message(SUITE, public_key)).hexdigest()


def x_wing_private(seed):
    expanded = hashlib.shake_256(seed).digest(96)
    return hpke.MLKEM768X25519PrivateKey(
        mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
        x25519.X25519PrivateKey.from_private_bytes(expanded[64:]),
    )


def x_wing_public_bytes(seed):
    expanded = hashlib.shake_256(seed).digest(96)
    return (
        mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).public_key().public_bytes_raw()
        + x25519.X25519PrivateKey.from_private_bytes(expanded[64:]).public_key().public_bytes_raw()
    )


def x_wing_public(public_key):
    return hpke.MLKEM768X25519PublicKey(
        mlkem.MLKEM768PublicKey.from_public_bytes(public_key[:1184]),
        x25519.X25519PublicKey.from_public_bytes(public_key[1184:]),
    )


def deposit_info(binding, lock):
    return message(
        "nightsafe/deposit/1",
        binding["workspaceId"],
        binding["vaultId"],
        binding["key"],
        binding["version"],
        "secret" if binding["secret"] else "plain",
        lock,
    )


def seal(public_key, info, value):
    return HPKE.encrypt(pad(value), x_wing_public(public_key), info)


def open_box(seed, info, box):
    if len(box) < ENC + TAG:
        raise Refused("secret-unreadable")
    try:
        padded = HPKE.decrypt(box, x_wing_private(seed), info)
    except Exception:
        raise Refused("secret-unreadable") from None
    return unpad(padded)


def require_certificate(root, workspace, vault, public_key, certificate):
    signed = message("nightsafe/lock-certificate/1", workspace, vault, SUITE, public_key)
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(root).verify(certificate, signed)
    except InvalidSignature:
        raise Refused("forbidden") from None


def deposit_accepted(binding, lock, box_hash):
    return message("nightsafe/deposit-accepted/1", deposit_info(binding, lock), box_hash)


def gcm_open(key, associated, encrypted):
    try:
        return AESGCM(key).decrypt(encrypted[:12], encrypted[12:], associated)
    except (InvalidTag, ValueError):
        raise Refused("secret-unreadable") from None


def unwrap(keys, vector):
    version = vector["masterVersion"]
    if version not in keys:
        raise Refused("secret-unreadable")
    lock = lock_id(unhex(vector["publicKey"]))
    associated = message("nightsafe/opening-key/1", lock, vector["workspaceId"], vector["vaultId"], version)
    return gcm_open(keys[version], associated, unhex(vector["wrapped"]))


def canary_opens(keys, version, encrypted):
    try:
        return gcm_open(keys[version], message("nightsafe/canary/1", version), encrypted) == b"nightsafe canary"
    except Refused:
        return False


def parse_ring(text):
    """The keys by version; raises Refused with the number of the bad line, or None."""
    keys = {}
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip(" \t\r")
        if not line or line.startswith("#"):
            continue
        version, _, key = line.replace("\t", " ").partition(" ")
        decimal = version.isascii() and version.isdigit() and version[0] != "0" and len(version) <= 9
        try:
            decoded = base64.b64decode(key.strip(" "), validate=True)
        except ValueError:
            decoded = b""
        if not decimal or int(version) in keys or len(decoded) != 32:
            raise Refused(number)
        keys[int(version)] = decoded
    if not keys:
        raise Refused(None)
    return keys


# --- spec/audit.md ---------------------------------------------------------------------------------------------------


def event_hash(event):
    details = sorted(event["details"].items(), key=lambda detail: detail[0].encode("utf-16-be"))
    fields = [event["chain"], event["seq"], event["at"], event["workspaceId"] or "", event["actor"], event["action"]]
    fields += [event["object"], event["outcome"], len(details)]
    fields += [text for detail in details for text in detail]
    return hashlib.sha256(message("nightsafe/audit/1", *fields, event["previous"])).hexdigest()


def signature_verifies(key, event):
    signed = message("nightsafe/audit-head/1", event["chain"], event["seq"], event["hash"])
    try:
        key.verify(unhex(event["signature"]), signed)
        return True
    except InvalidSignature:
        return False


def verify_chain(chain, key, events):
    """Where the chain broke, or None, and the hash of the last signed event before."""
    previous, head, signed = START, START, 0
    for number, event in enumerate(events, 1):
        if (
            event["chain"] != chain
            or event["seq"] != number
            or event["previous"] != previous
            or event["hash"] != event_hash(event)
            or (event["signature"] and not signature_verifies(key, event))
        ):
            return number, head
        previous = event["hash"]
        if event["signature"]:
            head, signed = event["hash"], number
    return (None if signed == len(events) else signed + 1), head


# --- the vectors -----------------------------------------------------------------------------------------------------


def unhex(text):
    return bytes.fromhex(text)


def read(name):
    return json.loads((HERE / name).read_text("utf-8"))


def same(expected, actual):
    if expected != actual:
        raise AssertionError(f"expected {expected!r} but was {actual!r}")


def refused(problem, run):
    try:
        run()
    except Refused as refusal:
        return same(problem, refusal.args[0])
    raise AssertionError("was taken")


def named(vectors, name):
    return next(vector for vector in vectors if vector["name"] == name)


def messages():
    for vector in read("messages.json")["messages"]:
        fields = [unhex(f["hex"]) if "hex" in f else f.get("text", f.get("number")) for f in vector["fields"]]
        yield vector["name"], lambda: same(vector["bytes"], message(vector["purpose"], *fields).hex())


def padding():
    file = read("padding.json")
    for vector in file["lengths"]:
        yield f"a value of {vector['value']}", lambda: same(vector["padded"], padded_length(vector["value"]))
    for vector in file["values"]:
        yield "pad " + vector["value"], lambda: same(vector["padded"], pad(unhex(vector["value"])).hex())
        yield "unpad " + vector["value"], lambda: same(vector["value"], unpad(unhex(vector["padded"])).hex())
    for vector in file["malformed"]:
        yield vector["name"], lambda: refused("secret-unreadable", lambda: unpad(unhex(vector["padded"])))


def open_vector(keys, vector):
    if vector.get("suite", SUITE) != SUITE:
        raise Refused("invalid-box")
    key = named(keys, vector.get("key", "vault"))
    info = deposit_info(vector["binding"], key["lock"])
    return open_box(unhex(key["seed"]), info, base64.b64decode(vector["box"], validate=True)).hex()


def sealing():
    file = read("sealing.json")
    for key in file["keys"]:
        yield "key " + key["name"], lambda: same(key["publicKey"], x_wing_public_bytes(unhex(key["seed"])).hex())
        yield "lock " + key["name"], lambda: same(key["lock"], lock_id(unhex(key["publicKey"])))
    for vector in file["opens"]:
        lock = named(file["keys"], vector["key"])["lock"]
        yield "info: " + vector["name"], lambda: same(vector["info"], deposit_info(vector["binding"], lock).hex())
        yield vector["name"], lambda: same(vector["value"], open_vector(file["keys"], vector))
    for vector in file["fails"]:
        yield vector["name"], lambda: refused(vector["problem"], lambda: open_vector(file["keys"], vector))


def certificates():
    file = read("certificates.json")
    for root in file["roots"]:
        key = ed25519.Ed25519PrivateKey.from_private_bytes(unhex(root["seed"])).public_key().public_bytes_raw()
        yield root["name"], lambda: same(root["publicKey"], key.hex())
        yield root["name"], lambda: same(root["fingerprint"], "sha256:" + hashlib.sha256(key).hexdigest())

    def require(vector):
        root = unhex(named(file["roots"], vector["root"])["publicKey"])
        ids = vector["workspaceId"], vector["vaultId"]
        require_certificate(root, *ids, unhex(vector["publicKey"]), unhex(vector["certificate"]))

    for vector in file["certified"]:
        yield vector["name"], lambda: require(vector)
    for vector in file["refused"]:
        yield vector["name"], lambda: refused("forbidden", lambda: require(vector))


def deposits():
    file = read("deposits.json")
    for vector in file["accepted"] + file["refused"]:
        text = deposit_accepted(vector["binding"], vector["lock"], unhex(vector["boxHash"]))
        mac = hmac.digest(unhex(file["key"]), text, "sha256")
        accepted = vector in file["accepted"]
        if accepted:
            yield "message: " + vector["name"], lambda: same(vector["message"], text.hex())
        yield vector["name"], lambda: same(accepted, hmac.compare_digest(mac, unhex(vector["mac"])))


def keys():
    file = read("keys.json")
    master = {key["version"]: unhex(key["key"]) for key in file["masterKeys"]}
    for vector in file["wrapped"]:
        yield vector["name"], lambda: same(vector["seed"], unwrap(master, vector).hex())
    for vector in file["wrappedRefused"]:
        yield vector["name"], lambda: refused("secret-unreadable", lambda: unwrap(master, vector))
    for vector in file["canaries"]:
        opens = canary_opens(master, vector["version"], unhex(vector["encrypted"]))
        yield "canary: " + vector["name"], lambda: same(vector["opens"], opens)
    for vector in file["rings"]:
        if vector["current"]:
            yield "ring: " + vector["name"], lambda: same(vector["current"], max(parse_ring(vector["text"])))
        else:
            yield "ring: " + vector["name"], lambda: refused(vector["line"], lambda: parse_ring(vector["text"]))


def audit():
    file = read("audit.json")
    key = ed25519.Ed25519PublicKey.from_public_bytes(unhex(file["publicKey"]))
    for vector in file["chains"]:
        found = verify_chain(file["chain"], key, vector["events"])
        yield vector["name"], lambda: same((vector["brokenAt"], vector["head"]), found)


def public():
    """Of hpke-pq only the first message fits: `cryptography` seals one message a context."""
    kdfs = {1: hpke.KDF.HKDF_SHA256, 17: hpke.KDF.SHAKE256}
    for vector in read("public/hpke-pq.json"):
        same(3, vector["aead_id"])
        suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, kdfs[vector["kdf_id"]], hpke.AEAD.CHACHA20_POLY1305)
        first = vector["encryptions"][0]
        box, aad = unhex(vector["enc"] + first["ct"]), unhex(first["aad"])
        opened = openssl.hpke._decrypt_with_aad(
            suite, box, x_wing_private(unhex(vector["skRm"])), unhex(vector["info"]), aad
        )
        yield f"hpke-pq, KDF {vector['kdf_id']}", lambda: same(first["pt"], opened.hex())


def sealed_by_all(folder):
    vault = read("sealing.json")["keys"]
    for path in sorted(folder.iterdir()):
        for vector in json.loads(path.read_text("utf-8"))["sealed"]:
            yield path.name, lambda: same(vector["value"], open_vector(vault, vector))


def seal_some(folder):
    key = named(read("sealing.json")["keys"], "vault")
    sealed = []
    for number, length in enumerate([1, 10, 62, 63, 64, 1023, 1024, 3000, 100_000], 1):
        binding = {"workspaceId": "wörkspace", "vaultId": "vault", "key": "KEY", "version": number, "secret": True}
        value = hashlib.shake_256(b"python").digest(length)
        box = seal(unhex(key["publicKey"]), deposit_info(binding, key["lock"]), value)
        sealed.append({"binding": binding, "value": value.hex(), "box": base64.b64encode(box).decode()})
    (folder / "python.json").write_text(json.dumps({"sealed": sealed}), "utf-8")


def run(what, *suites):
    passed = failed = 0
    for suite in suites:
        for name, check in suite:
            try:
                check()
                passed += 1
            except Exception as error:
                failed += 1
                print(f"python: {name}: {type(error).__name__}: {error}")
    print(f"python {what}: {passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


def main(do, folder=None):
    if do == "seal":
        seal_some(pathlib.Path(folder))
    elif do == "open":
        run("cross-check", sealed_by_all(pathlib.Path(folder)))
    elif do == "run":
        run("vectors", messages(), padding(), sealing(), certificates(), deposits(), keys(), audit(), public())
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["help"]))
