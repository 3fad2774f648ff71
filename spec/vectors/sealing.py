"""Nightsafe's sealing and audit, after spec/sealing.md and spec/audit.md, by PyPI's `cryptography`."""

import base64
import hashlib

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ed25519, mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SUITE = "hpke-xwing-sha256-aes256gcm"
HPKE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
ENC, TAG = 1120, 16
START = "0" * 64


class Refused(Exception):
    """Its text is the problem's code."""


# --- spec/sealing.md -------------------------------------------------------------------------------------------------


def unhex(text):
    return bytes.fromhex(text)


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


def verifies(public_key, signed, signature):
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public_key).verify(signature, signed)
        return True
    except InvalidSignature:
        return False


def require_certificate(root, workspace, vault, public_key, serial, certificate):
    signed = message("nightsafe/lock-certificate/2", workspace, vault, SUITE, public_key, serial)
    if not verifies(root, signed, certificate):
        raise Refused("forbidden")


def deposit_accepted(binding, lock, box_hash, expires_at):
    return message("nightsafe/deposit-accepted/2", deposit_info(binding, lock), box_hash, expires_at)


def release_rules_message(rule_set):
    rules = sorted(rule_set["rules"], key=lambda rule: rule["id"])
    head = rule_set["workspaceId"], rule_set["vaultId"], rule_set["version"], rule_set["floor"]
    return message("nightsafe/release-rules/1", *head, *map(release_rule, rules))


def release_rule(rule):
    names = "workspaceId vaultId id queueId site gitUrl branch codePath startupCmd uses"
    names += " disclosure commit createdAt createdBy"
    return message("nightsafe/release-rule/1", *("" if rule[name] is None else rule[name] for name in names.split()))


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
    place = lock, vector["workspaceId"], vector["vaultId"], vector["serial"], version
    associated = message("nightsafe/opening-key/2", *place)
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


def serving_lease(lease):
    names = ["leaseId", "workspaceId", "site", "runnerId", "queueId", "queue", "digest", "fencing", "expiresAt"]
    return message("nightsafe/serving-lease/1", *(lease[name] for name in names))


def task_lease(lease):
    names = ["runnerId", "leaseId", "servingLeaseId", "taskId", "queueId", "queue", "type"]
    numbers = ["retryCount", "maxRetry", "fencing", "expiresAt"]
    payload = hashlib.sha256(lease["payloadAsWritten"].encode()).digest()
    return message("nightsafe/task-lease/1", *(lease[n] for n in names), payload, *(lease[n] for n in numbers))


def enrolment_key(token):
    private = ed25519.Ed25519PrivateKey.from_private_bytes(unhex(token.split("_")[1]))
    return private.public_key().public_bytes_raw()


def enrolment(keeper, token_key, name, isolation, public_key):
    return message("nightsafe/enrolment/1", keeper, token_key, name, isolation, public_key)


def grant_request(keeper, lease, request, public_key):
    return message(
        "nightsafe/grant-request/1",
        keeper,
        *(lease[name] for name in ["workspaceId", "site", "runnerId", "queueId", "leaseId"]),
        *(request[name] for name in ["fencing", "digest", "purpose", "commit", "suite"]),
        public_key,
        request["expiresAt"],
        request["nonce"],
    )


def grant_info(grant_id, request):
    return message("nightsafe/grant/1", grant_id, hashlib.sha256(request).digest())


def grant_signed(info, box):
    return message("nightsafe/grant-signed/1", info, hashlib.sha256(box).digest())


def read_bundle(bundle):
    def take(length):
        nonlocal bundle
        if length > len(bundle):
            raise Refused("secret-unreadable")
        taken, bundle = bundle[:length], bundle[length:]
        return taken

    def number(length=4):
        return int.from_bytes(take(length), "big")

    entries = []
    for _ in range(number()):
        vault, key, version, secret = take(number()).decode(), take(number()).decode(), number(8), number(1)
        if secret > 1:
            raise Refused("secret-unreadable")
        entries.append({"vault": vault, "key": key, "version": version, "secret": secret == 1, "value": take(number())})
    if bundle:
        raise Refused("secret-unreadable")
    return entries


# --- spec/audit.md ---------------------------------------------------------------------------------------------------


def event_hash(event):
    details = sorted(event["details"].items(), key=lambda detail: detail[0].encode("utf-16-be"))
    fields = [event["chain"], event["seq"], event["at"], event["workspaceId"] or "", event["actor"], event["action"]]
    fields += [event["object"], event["outcome"], len(details)]
    fields += [text for detail in details for text in detail]
    return hashlib.sha256(message("nightsafe/audit/1", *fields, event["previous"])).hexdigest()


def signature_verifies(key, event):
    signed = message("nightsafe/audit-head/1", event["chain"], event["seq"], event["hash"])
    return verifies(key, signed, unhex(event["signature"]))


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
