"""The verdict: why a descent ended as it did, in a sentence whose every number is computed from the path.

The judges are asked in order; the first who recognises the case names it. What tells a minimum from a saddle is the
spectrum of the Hessian at the end, and where that vanishes, the losses on a small circle.
"""

from __future__ import annotations

from collections.abc import Callable
from math import hypot

import numpy as np

from fallline.core.ending import Ending, EndingKind
from fallline.engine.descent.case import Case
from fallline.engine.descent.diverged import judge_divergence
from fallline.engine.descent.wording import number, place


def verdict(case: Case) -> Ending:
    """Returns why this descent ended."""
    for judge in JUDGES:
        ending = judge(case)
        if ending is not None:
            return ending
    return _step_limit(case)


def _converged(case: Case) -> Ending | None:
    """Near a known minimum, or within a Newton step of a point where all curvature is upwards; and staying there."""
    away, which = case.nearest
    known, curved = away <= case.tolerance, case.newton <= case.tolerance and case.curvature[0] > 0.0
    staying = case.survey.settled <= case.steps - max(case.steps // 20, 1)
    if not (staying and (known or curved)):
        return None
    at, loss = (case.surface.minima[which].at, case.surface.minima[which].value) if known else (case.end, case.loss)
    lowest = case.surface.minima[0].value if case.surface.bounded else loss
    head, tail = "the minimum", "."
    if loss - lowest > 1e-6 * (1.0 + abs(lowest)) + 1e-3 * case.relief:
        head, tail = "a local minimum", f". The lowest is {number(lowest)}: another start may reach it."
    sentence = (
        f"Converged at step {case.survey.settled}: from there on it stays at {head} near {place(at)}, "
        f"loss {number(case.loss)}, slope {number(case.slope)}{tail}"
    )
    return Ending(EndingKind.CONVERGED, sentence, case.survey.settled)


def _saddle(case: Case) -> Ending | None:
    """At rest where the slope vanishes and not all curvature is upwards."""
    resting = case.survey.settled <= case.steps - max(case.steps // 4, 1)
    if not resting or case.newton > case.tolerance:
        return None
    low, high = case.curvature
    if low != 0.0 or high != 0.0:
        kind = "saddle" if low < 0.0 < high else "maximum" if high < 0.0 else ""
        proof = _eigenvalues(case.spectrum)
    else:
        kind = "saddle" if case.around[0] < 0.0 < case.around[1] else ""
        proof = "all curvature vanishes there, yet the loss around it lies both higher and lower"
    if not kind:
        return None
    sentence = (
        f"Stalled at a {kind} near {place(case.end)}: the slope is down to {number(case.slope)}, and {proof}. "
        "Move the start a little, or add noise: the way down leads sideways."
    )
    return Ending(EndingKind.STALLED, sentence, case.survey.settled)


def _eigenvalues(spectrum: tuple[float, ...]) -> str:
    if len(spectrum) == 1:
        return f"the curvature there is {number(spectrum[0])}"
    low, high = number(spectrum[0]), number(spectrum[-1])
    if len(spectrum) == 2:
        return f"the Hessian's eigenvalues there are {low} and {high}"
    down = sum(each < 0.0 for each in spectrum)
    return f"the Hessian's eigenvalues there go from {low} to {high}, {down} of {len(spectrum)} below zero"


def _plateau(case: Case) -> Ending | None:
    """At rest where it is flat as far as the eye can see."""
    slow = case.tolerance * (10.0 if case.optimizer.unit == "slope" else 1.0)
    if case.survey.drift > slow or case.noise:
        return None
    change = max(abs(case.around[0]), abs(case.around[1]))
    reach = case.slope * case.surface.rate.high * max(case.steps, 1)
    if change > 1e-4 * case.relief or reach > 10.0 * case.tolerance:
        return None
    if case.optimizer.unit == "slope":
        remedy = "Start nearer the well, or let the optimizer divide by the size of the slope, as Adam does."
    else:
        remedy = "Start nearer the well, or take smaller steps: what brought it here overshot."
    sentence = (
        f"Stalled on a plateau at {place(case.end)}: the slope is {number(case.slope)}, "
        f"and all around the loss changes by no more than {number(change)}. {remedy}"
    )
    return Ending(EndingKind.STALLED, sentence, case.survey.settled)


def _creeping(case: Case) -> Ending | None:
    """Hardly moving, though there is a slope to follow."""
    if case.survey.drift > case.tolerance or case.steps < 20 or case.noise:
        return None
    last, most = float(case.rates[-1]), float(case.rates.max())
    natural = case.slope if case.optimizer.unit == "slope" else 1.0
    moved = case.survey.drift / max(case.steps - case.steps // 2, 1)
    could = most * natural * case.steps > case.tolerance
    decay = float(getattr(case.optimizer, "decay", 0.0))
    if could and last < 1e-2 * most:
        tail = (
            f"the schedule has brought the rate down from {number(most)} to {number(last)} before it arrived. "
            "Let it fall later, or start higher."
        )
    elif could and decay > 0.0 and _balanced(case, decay, moved):
        origin = place((0.0,) * case.surface.dimension)
        tail = f"the weight decay {number(decay)} pulls towards {origin} as hard as the slope pulls away. Decay less."
    elif could and case.optimizer.unit == "distance" and moved < 1e-2 * last:
        tail = f"at rate {number(last)} it still divides by the steep slopes that it met. Start with a lower rate."
    else:
        tail = f"it moves by {number(moved)} a step, too little at rate {number(last)}. Try a rate ten times as high."
    head = f"Stalled at {place(case.end)}, where the slope is still {number(case.slope)}: "
    return Ending(EndingKind.STALLED, head + tail, case.survey.settled)


def _balanced(case: Case, decay: float, moved: float) -> bool:
    """Whether slope and decay cancel; where the slope is divided first, only the rest itself can tell."""
    gradient = [float(part) for part in case.surface.gradient_rule(*case.end)]
    pull = hypot(*(g + decay * w for g, w in zip(gradient, case.end, strict=True)))
    near = hypot(*case.end) < 0.5 * case.surface.diagonal and case.newton < 0.1 * case.surface.diagonal
    return pull <= 0.1 * case.slope or (case.optimizer.unit == "distance" and near and moved < 1e-2 * case.rates[-1])


def _step_limit(case: Case) -> Ending:
    (low, _, high), steps, rate = case.survey.late, case.steps, number(float(case.rates[-1]))
    head = f"Step limit: after {steps} steps the loss is {number(case.loss)}, the slope {number(case.slope)}, "
    if not case.noise and high - low < 0.01 * case.slope * case.survey.drift:
        tail = f"and it steps to and fro without getting lower. Try a rate below {rate}."
    elif _falling(case) and case.surface.bottomless:
        tail = "and it goes on falling: this surface has no minimum."
    elif _falling(case) and _reversing(case):
        tail = (
            f"down from {number(float(case.losses[0]))}, and each step undoes most of the one before: the rate is "
            f"high, not low. Try a rate below {rate}."
        )
    elif _falling(case):
        tail = f"down from {number(float(case.losses[0]))} and still falling. Give it more steps or a higher rate."
    else:
        tail = (
            f"and it bounces between {number(low)} and {number(high)} without getting much lower. "
            f"Try a rate below {rate}."
        )
    return Ending(EndingKind.STEP_LIMIT, head + tail, steps)


def _reversing(case: Case) -> bool:
    """Whether without noise the last two steps point against each other: slow because the rate is nearly too high."""
    if case.noise or case.steps < 2:
        return False
    last, before = np.diff(np.asarray(case.points)[:, : case.steps + 1], axis=1)[:, [-1, -2]].T
    return float(last @ before) < -0.9 * float(np.linalg.norm(last) * np.linalg.norm(before))


def _falling(case: Case) -> bool:
    """Whether the last quarter of the path was on its way down: without a rise, by its mean, or by its peaks."""
    (low, mean, high), (_, mean_before, high_before) = case.survey.late, case.survey.earlier
    lowest = case.surface.minima[0].value if case.surface.bounded else min(low, mean, mean_before)
    fading = not case.noise and high - lowest < 0.75 * (high_before - lowest)
    if case.loss >= case.losses[0]:
        return False
    return case.survey.rises == 0 or mean_before - mean > 0.5 * (high - low) or fading


def _noise_floor(case: Case) -> Ending | None:
    """Kept up by noise: no longer falling, and not at rest."""
    if not case.noise or _falling(case):
        return None
    low, mean, high = case.survey.late
    sentence = (
        f"Noise floor: after {case.steps} steps the loss stays between {number(low)} and {number(high)}, "
        f"{number(mean)} on average, kept up by {case.noise}. A falling rate would let it settle."
    )
    return Ending(EndingKind.NOISE_FLOOR, sentence, case.steps)


JUDGES: tuple[Callable[[Case], Ending | None], ...] = (
    judge_divergence,
    _converged,
    _saddle,
    _plateau,
    _creeping,
    _noise_floor,
)
