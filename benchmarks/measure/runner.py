"""A runner as far as the benchmarks need one: it enrols, takes leases and writes grant requests."""

import base64
import json
import os
import time
import urllib.request
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from measure.boxes import SUITE, message
from measure.console import Console
from measure.journeys import CAPTURED, Journey, request

_COMMIT = "0" * 40


class Runner:
    """Enrolled for every queue, under a name of its own."""

    def __init__(self, console: Console, keeper: str, name: str) -> None:
        self._keeper = keeper
        self._key = Ed25519PrivateKey.generate()
        # Made before, since they are the runners' own work, on machines of their own.
        self._one_time_keys = [_one_time_key() for _ in range(16)]
        made = console.call(
            "POST",
            console.path("enrolment-tokens"),
            {"site": "benchmarks", "queues": ["*"], "expiresInSecs": 600},
        )
        seed, root = made["token"].split("_")[1:3]
        self._root = "sha256:" + root
        token_key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
        signed = message(
            b"nightsafe/enrolment/1",
            self._root.encode(),
            _public(token_key),
            name.encode(),
            b"none",
            _public(self._key),
        )
        body = {
            "tokenKey": _base64(_public(token_key)),
            "name": name,
            "isolation": "none",
            "publicKey": _base64(_public(self._key)),
            "tokenProof": _base64(token_key.sign(signed)),
            "proof": _base64(self._key.sign(signed)),
        }
        self._id = self._call("/v1/enrolments", body)["runnerId"]

    def access_token(self) -> str:
        """A token for five minutes."""
        return str(self._call("/v1/token", self._assertion())["accessToken"])

    def leases(self) -> dict[str, dict[str, Any]]:
        """By queue; for a minute."""
        body = {"held": [], "knownRevision": "", "waitMillis": 0, "isolation": "none"}
        answer = self._call("/v1/serving", body, self.access_token())
        return {lease["queue"]: lease for lease in answer["leases"]}

    def bootstrap(self, lease: dict[str, Any]) -> Journey:
        """Token exchange and grant; good for a minute."""
        body = json.dumps(self._grant_request(lease)).encode()
        bearer = {"Authorization": f"Bearer {CAPTURED}"}
        return [
            request("POST", "/v1/token", {}, json.dumps(self._assertion()).encode()),
            request("POST", f"/v1/serving/{lease['leaseId']}/grants", bearer, body),
        ]

    def _grant_request(self, lease: dict[str, Any]) -> dict[str, Any]:
        nonce = os.urandom(16).hex()
        public_key = self._one_time_keys[int(nonce[0], 16)]
        expires_at = int(time.time() * 1000) + 55_000
        signed = message(
            b"nightsafe/grant-request/1",
            self._root.encode(),
            *(lease[name].encode() for name in ("workspaceId", "site", "runnerId", "queueId")),
            lease["leaseId"].encode(),
            lease["fencing"].to_bytes(8, "big"),
            lease["digest"].encode(),
            b"worker",
            _COMMIT.encode(),
            SUITE.encode(),
            public_key,
            expires_at.to_bytes(8, "big"),
            nonce.encode(),
        )
        return {
            "purpose": "worker",
            "fencing": lease["fencing"],
            "digest": lease["digest"],
            "commit": _COMMIT,
            "suite": SUITE,
            "publicKey": _base64(public_key),
            "expiresAt": expires_at,
            "nonce": nonce,
            "signature": _base64(self._key.sign(signed)),
        }

    def _assertion(self) -> dict[str, str]:
        now = int(time.time())
        header = {"alg": "EdDSA", "typ": "JWT", "kid": self._id}
        claims = {
            "iss": self._id,
            "sub": self._id,
            "aud": "nightsafe-keeper:" + self._root,
            "iat": now,
            "exp": now + 120,
            "jti": os.urandom(16).hex(),
        }
        signed = ".".join(_base64url(json.dumps(part).encode()) for part in (header, claims))
        signature = _base64url(self._key.sign(signed.encode()))
        return {
            "grantType": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": f"{signed}.{signature}",
        }

    def _call(self, path: str, body: dict[str, Any], token: str | None = None) -> Any:
        call = urllib.request.Request(self._keeper + path, json.dumps(body).encode())
        call.add_header("Content-Type", "application/json")
        if token is not None:
            call.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(call, timeout=60) as answer:
            return json.load(answer)


def _one_time_key() -> bytes:
    kem = MLKEM768PrivateKey.generate().public_key().public_bytes_raw()
    return kem + X25519PrivateKey.generate().public_key().public_bytes_raw()


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
