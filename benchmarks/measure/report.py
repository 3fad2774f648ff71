"""The table, the machine, and the file that keeps both."""

import json
import os
import platform
import time
from dataclasses import asdict
from pathlib import Path

from measure.row import Row

HEAD = ("", "ours", "theirs", "ratio", "to reach", "", "p50", "p90", "p99", "samples")


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
            cell.ljust(width) if column in (0, 4, 5) else cell.rjust(width)
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
        "rows": [asdict(row) for row in rows],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, indent=2) + "\n")


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.work + (f" | {row.against}" if row.against else ""),
        _figure(row.figure, row.unit),
        "" if row.other is None else _figure(row.other, row.unit),
        "" if row.other is None else f"{row.figure / row.other:.2f}",
        row.goal,
        "" if row.reached is None else ("yes" if row.reached else "NO"),
        *("" if time is None else f"{time:.2f} ms" for time in (row.p50, row.p90, row.p99)),
        str(row.samples),
    )


def _figure(figure: float, unit: str) -> str:
    return f"{figure:,.0f}{unit}" if unit == "/s" else f"{figure:,.3g} {unit}"


def _after(file: Path, label: str) -> str | None:
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return None
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(label)), None)
