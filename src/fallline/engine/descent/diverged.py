"""Divergence: whether a path runs away, and which limit its rate broke."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isfinite

from fallline.core.ending import Ending, EndingKind
from fallline.engine.descent.case import Case
from fallline.engine.descent.wording import below, number, place
from fallline.engine.surfaces import curvature_at

MOST_SPECTRA = 64
"""Points whose eigenvalues are computed, where there are more than two weights."""


def judge_divergence(case: Case) -> Ending | None:
    """Names a path that ran away, keeps growing, or fell off a surface without a bottom; None for all others."""
    survey = case.survey
    if survey.broke == 1 and _undefined_here(case):
        sentence = (
            f"Undefined at step {case.steps + 1}: the loss or its slope is not a number just after {place(case.end)}. "
            "Take smaller steps or start somewhere else."
        )
        return Ending(EndingKind.UNDEFINED, sentence, case.steps + 1)
    gone = survey.broke != 0 or (
        survey.drift > case.tolerance and _distance(case, case.end) > 10.0 and case.loss > case.losses[0]
    )
    down = survey.left <= case.steps and case.loss < case.losses[0]
    fell = down and (case.surface.bottomless or (gone and _below_all(case)))
    growing = survey.growing and not case.noise and not case.surface.bottomless
    if fell:
        return _bottomless(case)
    if not (gone or growing):
        return None
    left = survey.left <= case.steps
    step = survey.left if left else min(survey.above, case.steps) if survey.broke == 0 else case.steps + 1
    return Ending(EndingKind.DIVERGED, f"Diverged at step {step}: {_reason(case, step)}", step)


def _undefined_here(case: Case) -> bool:
    """Whether the break came from the surface, near the map, and not from numbers grown too large."""
    return _distance(case, case.points[:, case.steps + 1].tolist()) <= 10.0


def _distance(case: Case, w: Sequence[float]) -> float:
    """How many half-widths a point is from the middle of the map; infinity for what is no point."""
    away = [abs(v - 0.5 * (a + b)) / (0.5 * (b - a)) for v, (a, b) in zip(w, case.surface.domain, strict=True)]
    return max(away) if all(isfinite(each) for each in away) else inf


def _below_all(case: Case) -> bool:
    """Whether the loss is below every minimum that a search of the map has found."""
    found = case.surface.minima_are == "found"
    return found and all(case.loss < minimum.value for minimum in case.surface.minima)


def _bottomless(case: Case) -> Ending:
    step = case.survey.left
    known = case.surface.bottomless
    tail = (
        "This surface has no minimum, so no rate mends that."
        if known
        else "It lies below every minimum found on the map: perhaps there is no lowest point at all."
    )
    sentence = (
        f"Diverged at step {step}: the path left the map and falls without end, loss {number(case.loss)} at "
        f"{place(case.end)}. {tail}"
    )
    return Ending(EndingKind.DIVERGED, sentence, step)


def _reason(case: Case, step: int) -> str:
    """Which limit was broken: the formula's, where the optimizer has one, else the size of the map."""
    rate = float(case.rates[min(max(step - 1, 0), len(case.rates) - 1)])
    broken = _broken_limit(case, step)
    if broken is not None:
        index, rate, limit = broken
        where = (
            ""
            if case.surface.quadratic
            else f" at {place(case.points[:, index].tolist())}, where it stood at step {index}"
        )
        return (
            f"the rate {number(rate)} is above {case.optimizer.limit} = {number(limit)}{where}. "
            f"Try less than {below(limit)}."
        )
    width = case.surface.domain[0][1] - case.surface.domain[0][0]
    if case.optimizer.unit == "distance":
        return (
            f"at rate {number(rate)} its steps are too long for a map {number(width)} wide. "
            f"Try less than {number(0.01 * width)}."
        )
    return (
        f"the loss rose from {number(float(case.losses[0]))} to {number(float(case.losses[: case.steps + 1].max()))} "
        f"at rate {number(rate)}. Try {number(0.1 * rate)}."
    )


def _broken_limit(case: Case, step: int) -> tuple[int, float, float] | None:
    """The first step at which the rate was above the limit of the curvature there: step, rate and limit."""
    upto = min(step, case.steps, len(case.rates) - 1)
    looked = range(upto + 1) if case.surface.dimension <= 2 else range(min(upto + 1, MOST_SPECTRA))
    curvature = curvature_at(case.surface, case.points[:, looked].T)[:, -1]
    for index, (sharpest, rate) in enumerate(zip(curvature, case.rates[looked], strict=True)):
        limit = case.optimizer.largest_stable_rate(float(sharpest))
        if limit is not None and rate > limit:
            return index, float(rate), limit
    return None
