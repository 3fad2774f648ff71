"""A task that tries to take what isn't its own, and tells how each attempt went.

Isolation tests run it beside a sibling: each attempt is 'denied: <errno>' or 'OPEN: <how far>'.
'OPEN' tells sizes and counts, never content. What the payload doesn't name isn't tried.
A denial proves something only beside a run without isolation that is 'OPEN' for that payload.
"""

import ctypes
import errno
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from nightsafe import run, task

PTRACE_ATTACH, PTRACE_DETACH, WAIT_ALL = 16, 17, 0x40000000
PROC = Path("/proc")
MOST = 1 << 20


@dataclass
class Targets:
    """The payload: what to go for."""

    runner_folder: str | None = None
    runner_pid: int | None = None
    sibling_pid: int | None = None
    sibling_folder: str | None = None
    files: list[str] = field(default_factory=list)
    metadata: str | None = None


@task
def attack(payload: Targets) -> dict[str, str]:
    """Makes every attempt and returns how each went."""
    signal.alarm(60)  # an attempt that hangs ends the program, not the test
    outcomes = {name: outcome(attempt) for name, attempt in attempts(payload)}
    signal.alarm(0)
    return outcomes


def attempts(targets: Targets) -> Iterator[tuple[str, Callable[[], str]]]:
    """Every attempt, by name."""
    if (folder := targets.runner_folder) is not None:
        yield "runner identity.key", lambda: read(Path(folder, "identity.key"))
        yield "runner folder", lambda: read_tree(Path(folder))
        yield "runner folder, new file", lambda: write(Path(folder, "hostile"))
    if (folder_of_sibling := targets.sibling_folder) is not None:
        yield "sibling folder", lambda: read_tree(Path(folder_of_sibling))
        yield "sibling folder, new file", lambda: write(Path(folder_of_sibling, "hostile"))
    for file in targets.files:
        yield f"file {file}", lambda file=file: read(Path(file))  # type: ignore[misc]
    if (parent := os.getppid()) != 0:  # 0: outside of this process namespace
        yield from attempts_on_process("parent", parent)
    if targets.runner_pid is not None:
        yield from attempts_on_process("runner", targets.runner_pid)
    if targets.sibling_pid is not None:
        yield from attempts_on_process("sibling", targets.sibling_pid)
    yield "any other process environ", any_other_environment
    yield "become root", become_root
    if (address := targets.metadata) is not None:
        yield "metadata", lambda: connect(address)


def attempts_on_process(name: str, pid: int) -> Iterator[tuple[str, Callable[[], str]]]:
    """What one process may hold that another wants."""
    proc = PROC / str(pid)
    yield f"{name} environ", lambda: read(proc / "environ")
    yield f"{name} fd", lambda: read_descriptors(proc / "fd")
    yield f"{name} mem", lambda: read_memory(proc)
    yield f"{name} cwd", lambda: f"OPEN: {len(list((proc / 'cwd').iterdir()))} entries"
    yield f"{name} root", lambda: read_foreign_root(proc / "root")
    yield f"{name} process_vm_readv", lambda: vm_read(pid)
    yield f"{name} ptrace", lambda: ptrace(pid)
    yield f"{name} signal", lambda: send_signal(pid)


def outcome(attempt: Callable[[], str]) -> str:
    """How an attempt went."""
    try:
        return attempt()
    except OSError as e:
        return f"denied: {errno.errorcode.get(e.errno or 0, type(e).__name__)}"


def read(path: Path) -> str:
    """Reads a file."""
    with path.open("rb") as file:
        return f"OPEN: read {len(file.read(MOST))} bytes"


def read_tree(folder: Path) -> str:
    """Lists a folder and reads each file in it, at any depth."""
    with_errors: list[OSError] = []
    listed, readable = 0, 0
    for parent, _, names in os.walk(folder, onerror=with_errors.append):
        for name in names:
            listed += 1
            readable += outcome(lambda file=Path(parent, name): read(file)).startswith("OPEN")  # type: ignore[misc]
    if not listed and with_errors:
        raise with_errors[0]
    return f"OPEN: listed {listed} files, read {readable}"


def write(path: Path) -> str:
    """Makes a file, and removes it again."""
    with path.open("xb"):
        path.unlink()
    return "OPEN: made a file"


def read_descriptors(folder: Path) -> str:
    """Lists another process's descriptors and opens what is behind them."""
    names = list(folder.iterdir())
    opened = 0
    for name in names:
        with suppress(OSError):
            os.close(os.open(name, os.O_RDONLY | os.O_NONBLOCK))
            opened += 1
    return f"OPEN: listed {len(names)}, opened {opened}"


def read_memory(proc: Path) -> str:
    """Reads the first readable pages of another process's memory."""
    with (proc / "maps").open() as maps, (proc / "mem").open("rb", buffering=0) as memory:
        for line in maps:
            addresses, rights, *_ = line.split()
            if rights.startswith("r"):
                memory.seek(int(addresses.split("-")[0], 16))
                return f"OPEN: read {len(memory.read(4096))} bytes"
    raise PermissionError(errno.EPERM, "no readable mapping is shown")


def read_foreign_root(root: Path) -> str:
    """Looks through another process's root folder, when that isn't this one's too."""
    if root.samefile("/"):
        return "denied: the same root"
    return f"OPEN: {len(list(root.iterdir()))} entries of another root"


def any_other_environment() -> str:
    """Goes through all processes for an environment that can be read."""
    pids = [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]
    readable = 0
    for pid in pids:
        with suppress(OSError):
            if pid != os.getpid() and (PROC / str(pid) / "environ").read_bytes():
                readable += 1
    if not readable:
        raise PermissionError(errno.EACCES, f"none of {len(pids)}")
    return f"OPEN: {readable} of {len(pids)}"


def become_root() -> str:
    """Becomes root, unless it is already. Root of a user namespace of its own doesn't count."""
    if os.geteuid() != 0:
        os.setuid(0)
    inside, outside, _ = (PROC / "self/uid_map").read_text().split()[:3]
    if (inside, outside) != ("0", "0"):
        raise PermissionError(errno.EPERM, "root of its own namespace only")
    return "OPEN: runs as root"


def send_signal(pid: int) -> str:
    """Sees whether a signal may be sent, without sending one."""
    os.kill(pid, 0)
    return "OPEN: may be signalled"


def connect(address: str) -> str:
    """Connects to host:port."""
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=3):
        return "OPEN: connected"


class _Span(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def vm_read(pid: int) -> str:
    """Reads another process's memory by system call."""
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(64)
    here = _Span(ctypes.addressof(buffer), len(buffer))
    there = _Span(ctypes.addressof(buffer), len(buffer))
    count = libc.process_vm_readv(
        pid,
        ctypes.byref(here),
        ctypes.c_ulong(1),
        ctypes.byref(there),
        ctypes.c_ulong(1),
        ctypes.c_ulong(0),
    )
    error = ctypes.get_errno()
    if count < 0 and error != errno.EFAULT:  # EFAULT: allowed, only nothing is mapped there
        raise OSError(error, "process_vm_readv")
    return "OPEN: may read its memory"


def ptrace(pid: int) -> str:
    """Attaches as a debugger, and lets go again."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    libc.ptrace.restype = ctypes.c_long
    if libc.ptrace(PTRACE_ATTACH, pid, None, None) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")
    os.waitpid(pid, WAIT_ALL)
    libc.ptrace(PTRACE_DETACH, pid, None, None)
    return "OPEN: attached"


if __name__ == "__main__":
    run()
