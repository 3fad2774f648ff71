#!/usr/bin/env python3
"""Runs the vectors on the Python beside it.

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

from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ed25519
from sealing import (
    canary_opens,
    deposit_accepted,
    deposit_info,
    enrolment,
    enrolment_key,
    grant_info,
    grant_request,
    grant_signed,
    lock_id,
    message,
    open_box,
    pad,
    padded_length,
    parse_ring,
    read_bundle,
    Refused,
    release_rules_message,
    require_certificate,
    seal,
    serving_lease,
    SUITE,
    task_lease,
    unhex,
    unpad,
    unwrap,
    verifies,
    verify_chain,
    x_wing_private,
    x_wing_public_bytes,
)

HERE = pathlib.Path(__file__).parent


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
        key, certificate = unhex(vector["publicKey"]), unhex(vector["certificate"])
        require_certificate(root, *ids, key, vector["serial"], certificate)

    for vector in file["certified"]:
        yield vector["name"], lambda: require(vector)
    for vector in file["refused"]:
        yield vector["name"], lambda: refused("forbidden", lambda: require(vector))


def deposits():
    file = read("deposits.json")
    for vector in file["accepted"] + file["refused"]:
        text = deposit_accepted(vector["binding"], vector["lock"], unhex(vector["boxHash"]), vector["expiresAt"])
        mac = hmac.digest(unhex(file["key"]), text, "sha256")
        accepted = vector in file["accepted"]
        if accepted:
            yield "message: " + vector["name"], lambda: same(vector["message"], text.hex())
        yield vector["name"], lambda: same(accepted, hmac.compare_digest(mac, unhex(vector["mac"])))


def release_rules():
    file = read("release-rules.json")
    for vector in file["authentic"] + file["refused"]:
        text = release_rules_message(vector)
        mac = hmac.digest(unhex(file["key"]), text, "sha256")
        authentic = vector in file["authentic"]
        if authentic:
            yield "message: " + vector["name"], lambda: same(vector["message"], text.hex())
        yield vector["name"], lambda: same(authentic, hmac.compare_digest(mac, unhex(vector["mac"])))


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
    key = unhex(file["publicKey"])
    for vector in file["chains"]:
        found = verify_chain(file["chain"], key, vector["events"])
        yield vector["name"], lambda: same((vector["brokenAt"], vector["head"]), found)


def grants():
    file = read("grants.json")
    root, runner, one_time = (unhex(file[name]["publicKey"]) for name in ("root", "runner", "oneTime"))
    keeper = file["root"]["fingerprint"]

    def signed(name, key, text, signature):
        yield name + ": message", lambda: same(file[name]["message"], text.hex())
        yield name + ": signature", lambda: same(True, verifies(key, text, unhex(file[name][signature])))

    vector = file["enrolment"]
    token_key = enrolment_key(vector["token"])
    yield "enrolment: token's key", lambda: same(vector["tokenKey"], token_key.hex())
    text = enrolment(keeper, token_key, vector["name"], vector["isolation"], runner)
    yield from signed("enrolment", token_key, text, "tokenProof")
    yield from signed("enrolment", runner, text, "proof")
    yield from signed("servingLease", root, serving_lease(file["servingLease"]), "signature")
    yield from signed("taskLease", root, task_lease(file["taskLease"]), "signature")
    request = grant_request(keeper, file["servingLease"], file["grantRequest"], one_time)
    yield from signed("grantRequest", runner, request, "signature")
    bundle = [{**entry, "value": unhex(entry["value"])} for entry in file["entries"]]
    yield "bundle", lambda: same(bundle, read_bundle(unhex(file["bundle"])))

    def opens(grant):
        info, box = grant_info(grant["grantId"], request), base64.b64decode(grant["box"])
        if not verifies(root, grant_signed(info, box), unhex(grant["signature"])):
            return False
        try:
            return open_box(unhex(file["oneTime"]["seed"]), info, box).hex() == file["bundle"]
        except Refused:
            return False

    for grant in file["grants"]:
        yield "grant: " + grant["name"], lambda: same(grant["opens"], opens(grant))


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
        files = messages(), padding(), sealing(), certificates(), deposits(), release_rules(), keys(), audit(), grants(), public()
        run("vectors", *files)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["help"]))
