"""Runs the tests with all that they need: a browser, a PostgreSQL, a worker per core."""

from __future__ import annotations

import argparse
import os
import sys

import pytest

from scripts import browser, postgres


def main() -> int:
    """Finds or installs what the tests drive, then runs pytest; returns its exit code."""
    parser = argparse.ArgumentParser(prog="scripts.suite", description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    chosen, arguments = parser.parse_known_args()
    os.environ[browser.VARIABLE] = browser.provide()
    programs = postgres.provide()
    if programs is not None:
        os.environ[postgres.VARIABLE] = str(programs)
    print(f"Browser: {os.environ[browser.VARIABLE]}\nPostgreSQL: {programs or postgres.ADVICE}", flush=True)
    workers = ["-n", str(chosen.workers), "--dist", "loadgroup"] if chosen.workers > 0 else []
    return pytest.main([*workers, *arguments])


if __name__ == "__main__":
    sys.exit(main())
