"""The table, the machine, and the file that keeps both."""

import json
import os
import platform
import time
from dataclasses import asdict
from pathlib import Path

from measure.rows import Row

HEAD = ("", "median", "p90", "p99", "rate", "samples")


def machine() -> dict[str, str | int]:
    """What the numbers were measured on; without it they say nothing."""
    return {
        "cpu": _after(Path("/proc/cpuinfo"), "model name") or platform.processor() or "unknown",
        "cores": len(os.sched_getaffinity(0)),
        "memory": _after(Path("/proc/meminfo"), "MemTotal") or "unknown",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def table(rows: list[Row]) -> str:
    """The rows as people read them."""
    lines = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def save(file: Path, rows: list[Row], isolation: str, quick: bool) -> None:
    """Writes everything as JSON."""
    document = {
        "measuredAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": machine(),
        "isolation": isolation,
        "quick": quick,
        "unit": "ms",
        "rows": [asdict(row) for row in rows],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, indent=2) + "\n")


def _cells(row: Row) -> tuple[str, ...]:
    times = tuple(_milliseconds(time) for time in (row.median, row.p90, row.p99))
    rate = f"{row.rate:,.0f}/s" if row.rate is not None else ""
    return (row.name, *times, rate, str(row.samples))


def _milliseconds(time: float) -> str:
    return f"{time:,.0f} ms" if time >= 100 else f"{time:.2f} ms"


def _after(file: Path, label: str) -> str | None:
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return None
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(label)), None)
