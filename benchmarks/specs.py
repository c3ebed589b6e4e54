"""Refusals: how long each hostile Spec takes to be refused."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.measure import median
from fallline.core.errors import FallLineError
from fallline.runs.spec import load_spec, parse_json, parse_spec

HOSTILE = Path(__file__).parent.parent / "tests" / "runs" / "spec" / "hostile.py"
ROUNDS, QUICK_ROUNDS = 15, 5


def figures(quick: bool) -> list[Figure]:
    """Measures every refusal; the slowest is shown, and all must hold."""
    hostile = specs()
    seconds: dict[str, list[float]] = {name: [] for name in hostile}
    for name, text in hostile.items():
        refused(name, text)
    for _ in range(QUICK_ROUNDS if quick else ROUNDS):
        for name, text in hostile.items():
            seconds[name].append(refused(name, text))
    medians = {name: median(times) * 1000 for name, times in seconds.items()}
    slowest = max(medians, key=lambda name: medians[name])
    return [
        Figure("slowest refusal", medians[slowest], "ms", "< 50", slowest),
        Figure("refusals within 50 ms", sum(ms < 50 for ms in medians.values()), "", f">= {len(hostile)}", "of all"),
        Figure("refusal, median", median(list(medians.values())), "ms"),
    ]


def refused(name: str, text: str | bytes) -> float:
    """Returns the seconds of one refusal.

    Raises:
        RuntimeError: it was not refused.
    """
    began = time.perf_counter()
    try:
        if text[:1] in {"{", b"{"}:
            load_spec(parse_json(text))
        else:
            parse_spec(text)
    except FallLineError:
        return time.perf_counter() - began
    raise RuntimeError(f"{name}: it was taken.")


def specs() -> dict[str, str | bytes]:
    """Reads the hostile Specs of the tests."""
    found = importlib.util.spec_from_file_location("hostile", HOSTILE)
    if found is None or found.loader is None:
        raise RuntimeError(f"{HOSTILE} cannot be read.")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return {name: text for name, (text, _) in module.HOSTILE.items()}
