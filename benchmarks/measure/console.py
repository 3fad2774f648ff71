"""The console's API, as far as the benchmarks need it."""

import http.client
import json
import time
from typing import Any, Self
from urllib.parse import quote, urlsplit

_IDLE = 5.0
"""Seconds after which a connection isn't used again."""

FINISHED = {"succeeded", "failed", "cancelled"}

Json = dict[str, Any]


class Refused(Exception):  # noqa: N818 - it says what happened
    """The console answered with a problem document."""


class Console:
    """One keep-alive connection. For one thread; `another()` makes one for the next."""

    def __init__(self, server: str, token: str, workspace: str) -> None:
        self.server = server
        self.workspace = workspace
        self.token = token
        self._connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=120)
        self._used = time.monotonic()

    def another(self) -> Self:
        """A connection of its own to the same console."""
        return type(self)(self.server, self.token, self.workspace)

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def call(self, method: str, path: str, body: Json | bytes | None = None) -> Any:
        """One request; the body of its answer, None when that is empty. Raises Refused."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        sent = json.dumps(body).encode() if isinstance(body, dict) else body
        if time.monotonic() - self._used > _IDLE:
            self._connection.close()  # the console has, or will
        self._connection.request(method, "/api/v1/" + path, sent, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        self._used = time.monotonic()
        if answer.status >= 300:
            raise Refused(f"{method} {path} answered {answer.status}: {content[:500]!r}")
        return json.loads(content) if content else None

    def path(self, *segments: str) -> str:
        """A path inside the workspace."""
        return "/".join(quote(s, safe="") for s in ("workspaces", self.workspace, *segments))

    def create_vault(self, name: str) -> None:
        """Makes a platform vault."""
        self.call("POST", self.path("vaults"), {"name": name, "description": "benchmarks"})

    def apply_queue(self, name: str, deployment: Json) -> None:
        """Makes a queue, with a release rule for each of its vaults."""
        definition = {"priority": 1, "deployment": deployment}
        applied = self.call("PUT", self.path("queues", name), definition)
        if applied["notReleased"]:
            raise Refused(f"queue {name}: {applied['notReleased']} need consent")

    def delete_queue(self, name: str) -> None:
        """Ends a queue and its workers."""
        self.call("DELETE", self.path("queues", name))

    def run_task(self, queue: str, payload: Json, limit: float = 300) -> float:
        """Submits a task and waits for its result; how long that took, in seconds."""
        start = time.perf_counter()
        task = self.call("POST", self.path("queues", queue, "tasks"), {"payload": payload})
        while task["state"] not in FINISHED:
            if time.perf_counter() - start > limit:
                raise Refused(f"the task is {task['state']} after {limit} s: {task['reason']}")
            task = self.call("GET", self.path("tasks", task["id"]) + "?wait=30")
        taken = time.perf_counter() - start
        if task["state"] != "succeeded":
            raise Refused(f"the task {task['state']}: {task['error'] or task['reason']}")
        return taken

    def run_tasks(self, queue: str, count: int, limit: float = 300) -> float:
        """Submits tasks in batches and waits for all results; how long that took, in seconds."""
        start = time.perf_counter()
        left = count
        while left > 0:
            batch: Json = {"tasks": [{"payload": {}}] * min(left, 1000)}
            self.call("POST", self.path("queues", queue, "task-batches"), batch)
            left -= 1000
        while self._unfinished(queue) > 0:
            if time.perf_counter() - start > limit:
                raise Refused(f"{self._unfinished(queue)} tasks are unfinished after {limit} s")
            time.sleep(0.05)
        return time.perf_counter() - start

    def _unfinished(self, queue: str) -> int:
        activity = self.call("GET", self.path("queues", queue, "activity"))
        return sum(sub["pending"] + sub["running"] for sub in activity["subQueues"])
