"""Starts a fresh Nightsafe beside a fresh OpenBao, measures both, prints one table."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from measure.bao import OpenBao
from measure.journeys import Player
from measure.report import machine, save, table
from measure.row import Row
from measure.rows import MEASUREMENTS, QUICK, Bench, Effort
from measure.system import Nightsafe


def main() -> None:
    """Runs what was asked for."""
    arguments = _arguments()
    effort = QUICK if arguments.quick else Effort()
    if arguments.runners is not None:
        effort = replace(effort, crowd=arguments.runners)
    if arguments.secrets is not None:
        effort = replace(effort, rekeyed=arguments.secrets)
    rows: list[Row] = []
    _say("starting a fresh Nightsafe and a fresh OpenBao")
    with (
        Nightsafe(arguments.root, arguments.isolation, arguments.profile) as nightsafe,
        OpenBao() as bao,
    ):
        player = Player(arguments.root)
        try:
            for name in arguments.rows or MEASUREMENTS:
                _say(f"measuring {name}")
                bench = Bench(nightsafe, nightsafe.console(), bao, player, effort)
                rows += MEASUREMENTS[name](bench)
                bench.console.close()
        finally:  # what was measured before something failed is told, too
            print(table(rows), end="\n\n", flush=True)
    print(", ".join(f"{name} {value}" for name, value in machine().items()), end="")
    print(f"; isolation {arguments.isolation}; the load comes from this machine too")
    save(arguments.root / "target" / "benchmarks.json", rows, arguments.isolation, arguments.quick)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/run", description=__doc__)
    parser.add_argument("--root", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument(
        "--quick", action="store_true", help="few samples: only shows that it works"
    )
    parser.add_argument("--isolation", choices=["none", "user", "namespace"], default="none")
    parser.add_argument(
        "--profile",
        type=Path,
        metavar="FOLDER",
        help="write a recording (JFR) of each part there; starts are slower then",
    )
    parser.add_argument(
        "--secrets", type=int, metavar="N", help="how many the row 'rekey' has; 100,000"
    )
    parser.add_argument(
        "--runners", type=int, metavar="N", help="how many wait in the row 'crowd'; 10,000"
    )
    parser.add_argument("rows", nargs="*", metavar="row", help=", ".join(MEASUREMENTS))
    arguments = parser.parse_args()
    for name in arguments.rows:
        if name not in MEASUREMENTS:
            parser.error(f"there is no row '{name}'; there are {', '.join(MEASUREMENTS)}")
    return arguments


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


main()
