"""From sweeps to a recommendation: the five rules over the seeds, which to follow, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from fallline.core.ending import Ending, EndingKind
from fallline.engine.train.finder.finding import RateFinding, Suggestion, SweepTrace, band
from fallline.engine.train.finder.rules import RULES, kept, suggest

SHARE = 1.0 / 3.0
"""Of the stable limit that the curvature rule takes: batches curve differently, and at the limit nothing is gained."""
MIDDLE = "middle"
"""Name of the recommendation: the median of what the rules say. Each rule fails somewhere by a factor of ten or more in
the rate, upwards or downwards; the middle of five fails where three of them do (``python -m benchmarks finder``)."""
NARROW, AGREED = 2.0, 10.0
"""Sure: quartiles within this factor, and the rules within that."""


def concluded(
    rates: Sequence[float], sweeps: Sequence[SweepTrace], *, looked: bool, known: bool, bounded: bool = True
) -> RateFinding:
    """Returns what the sweeps say together.

    Args:
        rates: of a whole sweep.
        sweeps: one a seed.
        looked: whether curvature was to be measured.
        known: whether the stable limit of the optimizer is known.
        bounded: whether the optimizer has such a limit at all.
    """
    reserve = _reserve(looked=looked, known=known, bounded=bounded)
    suggestions = tuple(_suggestion(name, sweeps, len(rates), reserve) for name in RULES)
    rates_said = [each.rate for each in suggestions if each.rate is not None]
    middle = _banded(MIDDLE, [value for sweep in sweeps if (value := _middle(sweep, len(rates))) is not None], "")
    half = (len(sweeps) + 1) // 2
    reached = [[sweep.smooth[place] for sweep in sweeps if place < len(sweep.smooth)] for place in range(len(rates))]
    places = sorted({look[0] for sweep in sweeps for look in sweep.looks})
    limits = {place: [limit for sweep in sweeps for rate, limit in sweep.looks if rate == place] for place in places}
    kept_places = [place for place in places if len(limits[place]) >= half]
    sure = _sure(middle, rates_said)
    return RateFinding(
        rates=tuple(rates),
        loss=tuple(band(values) for values in reached if len(values) >= half),
        looked=tuple(kept_places),
        limit=tuple(band(limits[place]) for place in kept_places),
        sweeps=tuple(sweeps),
        suggestions=suggestions,
        middle=middle,
        sure=sure,
        ending=Ending(EndingKind.FINISHED, _sentence(middle, rates_said, sure, len(sweeps)), len(rates)),
    )


def limit_of(sweep: SweepTrace) -> float | None:
    """Returns the smallest stable limit that a sweep met before its loss turned.

    Beyond the rate of the lowest smoothed loss the weights are thrown about, and what curves there is another net.

    Args:
        sweep: with its looks.
    """
    if not sweep.smooth:
        return None
    turn = sweep.rates[int(np.argmin(sweep.smooth))]
    return min((limit for rate, limit in sweep.looks if rate <= turn), default=None)


def _suggestion(name: str, sweeps: Sequence[SweepTrace], steps: int, reserve: tuple[str, str]) -> Suggestion:
    found = [value for sweep in sweeps if (value := _of_sweep(name, sweep, steps)) is not None]
    note = reserve[not found] if name == "curvature" else ""
    return _banded(name, found, note or ("" if found else "The sweep was too short."))


def _banded(name: str, found: Sequence[float], note: str) -> Suggestion:
    """Median and quartiles on a logarithmic axis."""
    if not found:
        return Suggestion(name, None, None, None, 0, note)
    logs = band([math.log(value) for value in found])
    return Suggestion(name, math.exp(logs.median), math.exp(logs.low), math.exp(logs.high), logs.n, note)


def _middle(sweep: SweepTrace, steps: int) -> float | None:
    """The median of the rules in one sweep."""
    found = [value for name in RULES if (value := _of_sweep(name, sweep, steps)) is not None]
    return math.exp(float(np.median(np.log(found)))) if found else None


def _of_sweep(name: str, sweep: SweepTrace, steps: int) -> float | None:
    if name == "curvature":
        limit = limit_of(sweep)
        return None if limit is None else SHARE * limit
    return suggest(name, *kept(np.array(sweep.rates), np.array(sweep.smooth), steps))


def _reserve(*, looked: bool, known: bool, bounded: bool) -> tuple[str, str]:
    """What is added to what the curvature rule says, and why it says nothing where it does not."""
    if not looked:
        return "", "Curvature was not measured."
    if not bounded:
        return "", "Curvature sets this optimizer no limit: it divides by all slopes so far, until any rate is stable."
    reserve = "" if known else "No limit of this optimizer is known; that of plain descent with its momentum stands in."
    return reserve, "Torch gives no second derivative of this module, or nothing curves upwards."


def _sure(middle: Suggestion, rates: Sequence[float]) -> str:
    if middle.low is None or middle.high is None:
        return "low"
    spread = max(rates) / min(rates)
    good = (middle.high <= NARROW * middle.low) + (spread <= AGREED) + (middle.n >= 3)
    return {3: "high", 2: "fair"}.get(good, "low")


def _sentence(middle: Suggestion, rates: Sequence[float], sure: str, seeds: int) -> str:
    if middle.rate is None:
        return "No rule says anything: the sweep blew up at once. Begin it at a lower rate."
    of = f"{middle.n} of {seeds} sweeps" if middle.n != seeds else f"{seeds} sweep{'s' * (seeds > 1)}"
    between = f", quartiles {middle.low:.2g} to {middle.high:.2g}" if seeds > 1 else ""
    low, high = min(rates), max(rates)
    others = f"the {len(rates)} rules lie between {low:.2g} and {high:.2g}, a factor of {high / low:.2g}"
    ends = {
        "high": "Fairly sure: sweeps and rules agree.",
        "fair": "Half sure: try a third of it and three times it as well.",
        "low": "Not sure: take it as the middle of a search over two decades.",
    }
    return f"Start at {middle.rate:.2g}, the middle of the rules over {of}{between}; {others}. {ends[sure]}"
