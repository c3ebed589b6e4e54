"""How fast, how small, how good: one file per subject, each with ``figures(quick) -> list[Figure]``.

`python -m benchmarks NAME` runs one, `python -m benchmarks all --write docs/benchmarks.md` runs them all.
"""

from __future__ import annotations

from benchmarks.figure import Figure

__all__ = ["Figure"]
