"""`python -m benchmarks NAME|all [--quick] [--json] [--write FILE]`: measures, and says whether the targets hold.

The exit status is 0 when everything ran, whatever came out: a target that is missed is a result, told in the table.
It is 1 when a benchmark could not run.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import benchmarks
from benchmarks import report
from benchmarks.machine import machine

PARTS = {"__main__", "figure", "measure", "machine", "objectives", "report"}
QUICK = 60.0  # seconds that one benchmark may take under --quick


def names() -> list[str]:
    """Lists the benchmarks: every module beside this one that is not part of the runner."""
    return sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name not in PARTS)


def measured(name: str, *, quick: bool) -> dict[str, Any]:
    """Runs one benchmark here; its module is ``benchmarks/NAME.py`` with ``figures(quick) -> list[Figure]``."""
    about = machine()
    began = time.perf_counter()
    figures = importlib.import_module(f"benchmarks.{name}").figures(quick)
    seconds = time.perf_counter() - began
    if quick and seconds > QUICK:
        print(f"{name}: --quick took {seconds:.0f} s and should end within {QUICK:.0f}.", file=sys.stderr)
    return {
        "benchmark": name,
        "machine": about,
        "quick": quick,
        "seconds": round(seconds, 1),
        "figures": [figure.to_dict() for figure in figures],
    }


def apart(name: str, *, quick: bool) -> dict[str, Any] | None:
    """Runs one benchmark in a process of its own, so that none warms another; None if it failed."""
    command = [sys.executable, "-m", "benchmarks", name, "--json", *(["--quick"] if quick else [])]
    print(f"{name} …", file=sys.stderr, flush=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None


def chosen(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Reads the command line; an unknown benchmark is refused with the known ones."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=[*names(), "all"], help="which; all runs each in a process of its own")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: each ends within 60 s")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--write", type=Path, metavar="FILE", help="with all: also write the tables as Markdown")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs what was asked for and prints it; returns the exit status."""
    wanted = chosen(arguments)
    if wanted.name != "all":
        results, failed = [measured(wanted.name, quick=wanted.quick)], []
    else:
        found = {name: apart(name, quick=wanted.quick) for name in names()}
        results = [result for result in found.values() if result is not None]
        failed = [name for name, result in found.items() if result is None]
    if wanted.json:
        print(json.dumps(results if wanted.name == "all" else results[0], ensure_ascii=False, allow_nan=False))
    else:
        print("\n\n".join(report.terminal(result) for result in results))
    if wanted.write:
        wanted.write.write_text(report.markdown(results), encoding="utf-8")
    if failed:
        print(f"Could not run: {', '.join(failed)}. Each says above why.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
