"""Seals deposits as a writer does; spec/sealing.md says what each byte is."""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PublicKey, Suite

SUITE = "hpke-xwing-sha256-aes256gcm"
_MLKEM_LENGTH = 1184


class Sealer:
    """Seals values to one vault's lock. Doesn't check its certificate: nothing here is secret."""

    def __init__(self, lock: dict[str, Any]) -> None:
        if lock["suite"] != SUITE:
            raise ValueError(f"the lock's suite is {lock['suite']}, this program knows {SUITE}")
        self._lock = lock
        key = base64.b64decode(lock["publicKey"])
        self._key = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(key[:_MLKEM_LENGTH]),
            X25519PublicKey.from_public_bytes(key[_MLKEM_LENGTH:]),
        )
        self._suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

    def deposit(self, key: str, value: bytes, version: int = 1) -> bytes:
        """The body that deposits a value of at most 1 KiB as this version of the key."""
        box = self._suite.encrypt(_padded(value), self._key, self._info(key, version))
        deposit = {
            "suite": SUITE,
            "lock": self._lock["lock"],
            "version": version,
            "box": base64.b64encode(box).decode(),
            "secret": True,
        }
        return json.dumps(deposit).encode()

    def _info(self, key: str, version: int) -> bytes:
        return message(
            b"nightsafe/deposit/1",
            self._lock["workspaceId"].encode(),
            self._lock["vaultId"].encode(),
            key.encode(),
            version.to_bytes(8, "big"),
            b"secret",
            self._lock["lock"].encode(),
        )


def message(*fields: bytes) -> bytes:
    """What a signature or a seal covers."""
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def _padded(value: bytes) -> bytes:
    marked = value + b"\x80"
    if len(marked) > 1024:
        raise ValueError("benchmarks deposit values of at most 1 KiB")
    return marked + bytes(-len(marked) % 64)
