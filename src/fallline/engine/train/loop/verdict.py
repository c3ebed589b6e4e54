"""The verdict: why a training ended as it did, in a sentence whose every number is computed from what was noted."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fallline.core.ending import Ending, EndingKind
from fallline.engine.train.loop.autopsy import Finding, cause
from fallline.engine.train.loop.notes import Notes

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """What is judged.

    Attributes:
        notes: what was noted.
        per_epoch: steps of an epoch.
        patience: looks without a fall before it stops; None for no such stop.
        noisy: whether a step sees only some of the rows, or noise.
        title: of the optimizer.
        broken: where a number stopped being finite.
        limit: computes sharpness at the start and the largest stable rate there; None where no formula is known.
        dead: counts the units that nothing reaches, layer by layer.
    """

    notes: Notes
    per_epoch: int
    patience: int | None
    noisy: bool
    title: str
    broken: Finding | None
    limit: Callable[[], tuple[float, float] | None]
    dead: Callable[[], list[tuple[str, int, int]]]

    @property
    def steps(self) -> int:
        """Steps taken."""
        return len(self.notes.losses)

    @property
    def rate(self) -> float:
        """The largest rate so far."""
        return max(self.notes.rates, default=0.0)

    def smooth(self) -> Array:
        """Means of the losses over twenty stretches of equal length, or the losses themselves where they are few."""
        losses = np.asarray(self.notes.losses)
        if len(losses) <= 20:
            return losses
        return np.array([part.mean() for part in np.array_split(losses, 20)])


def number(value: float) -> str:
    """Writes three significant digits.

    >>> number(0.66666), number(1234567.0), number(-0.5)
    ('0.667', '1.23e6', '−0.5')
    """
    if not math.isfinite(value):
        return "infinity" if value > 0 else "no number"
    text = f"{value:.3g}"
    if "e" in text:
        digits, power = text.split("e")
        text = f"{digits}e{int(power)}"
    return text.replace("-", "−", 1) if value < 0 else text


def verdict(case: Case) -> Ending:
    """Returns why this training ended; the first judge who recognises the case names it."""
    for judge in JUDGES:
        ending = judge(case)
        if ending is not None:
            return ending
    return _step_limit(case)


def _broke(case: Case) -> Ending | None:
    """A number that is not finite: named with layer, step and cause."""
    found = case.broken
    if found is None:
        return None
    step = case.steps + 1
    if found.part == "data":
        sentence = f"Undefined at step {step}: the samples hold a value that is no finite number. Fill or leave it out."
        return Ending(EndingKind.UNDEFINED, sentence, step)
    where = {
        "weights": f"the update of step {case.steps} made {found.layer} {found.value}",
        "forward": f"{found.operation} in layer {found.layer or 'the net itself'} gave {found.value}, {cause(found)}",
        "loss": f"{found.operation} in the loss gave {found.value}, {cause(found)}",
        "backward": f"{found.operation or 'the gradient'} on the way back through {found.layer or 'the net'} gave "
        f"{found.value}, {cause(found)}",
    }[found.part]
    if found.part == "weights":
        norm = case.notes.norms[-1] if case.notes.norms else math.nan
        where += f": its gradient had length {number(norm)}"
    elif found.largest:
        where += f"; the largest number that it read was {number(found.largest)}"
    grown = case.steps > 0 and (found.part == "weights" or found.largest > 1e6 or cause(found) == "an overflow")
    kind = EndingKind.DIVERGED if grown else EndingKind.UNDEFINED
    word = "Diverged" if grown else "Undefined"
    return Ending(kind, f"{word} at step {step}: {where}. {_remedy(case, found, grown=grown)}", step)


def _remedy(case: Case, found: Finding, *, grown: bool) -> str:
    if grown:
        return _too_fast(case) or (
            f"The rate of {case.title} is {number(case.rate)}: lower it, or clip the gradient's length."
        )
    if found.part == "loss" or "logarithm" in cause(found) or "root" in cause(found):
        return "Keep what it reads above zero: add a small number, or take a loss that works on log odds."
    return "Scale the inputs, start with smaller weights, or normalise before this layer."


def _too_fast(case: Case) -> str:
    """Which limit the rate broke, where the optimizer has a formula for it."""
    found = case.limit()
    if found is None or not case.rate > found[1]:
        return ""
    sharp, limit = found
    return (
        f"The rate {number(case.rate)} is above {number(limit)}, the largest that is stable where it started "
        f"(sharpness {number(sharp)}). Try {number(0.5 * limit)}."
    )


def _diverged(case: Case) -> Ending | None:
    """Finite to the end, but far above where it started."""
    smooth = case.smooth()
    if len(smooth) < 2 or smooth[-1] < 2.0 * case.notes.losses[0] + 1e-12 or smooth[-1] < 1.5 * smooth.min():
        return None
    above = np.flatnonzero(np.asarray(case.notes.losses) > 2.0 * case.notes.losses[0])
    step = int(above[0]) + 1
    remedy = _too_fast(case) or f"Try a rate of {number(0.1 * case.rate)}."
    sentence = (
        f"Diverged at step {step}: the loss rose from {number(case.notes.losses[0])} to {number(float(smooth[-1]))} "
        f"at rate {number(case.rate)}. {remedy}"
    )
    return Ending(EndingKind.DIVERGED, sentence, step)


def _out_of_patience(case: Case) -> Ending | None:
    """Stopped early: by overfitting, if training went on falling while validation rose."""
    notes = case.notes
    if case.patience is None or notes.waited < case.patience:
        return None
    best, now = notes.judged[notes.best], notes.judged[-1]
    epoch = number(notes.looks[notes.best] / case.per_epoch)
    if notes.validation and now > 1.02 * best and notes.train[-1] < 0.98 * notes.train[notes.best]:
        sentence = (
            f"Overfitting from epoch {epoch} on: the validation loss rose from {number(best)} to {number(now)} while "
            f"the training loss fell from {number(notes.train[notes.best])} to {number(notes.train[-1])}. The weights "
            f"of epoch {epoch} are kept as the best; more data, dropout or weight decay would let it learn for longer."
        )
        return Ending(EndingKind.OVERFITTING, sentence, case.steps)
    sentence = (
        f"Converged: the validation loss has not fallen below {number(best)} for {notes.waited} looks; the weights of "
        f"epoch {epoch} are kept as the best."
    )
    stalled = _stalled(case)
    return stalled or Ending(EndingKind.CONVERGED, sentence, case.steps)


def _at_rest(case: Case) -> Ending | None:
    """The gradient has vanished after the loss fell, or the loss no longer changes."""
    notes, smooth = case.notes, case.smooth()
    if len(smooth) < 4 or case.steps < 8:
        return None
    fell = notes.losses[0] - float(smooth[-1])
    gone = np.median(notes.norms[-max(case.steps // 20, 1) :]) < 1e-4 * max(notes.norms)
    quarter = smooth[-max(len(smooth) // 4, 2) :]
    still = float(quarter.max() - quarter.min()) < 5e-3 * fell
    if fell <= 0.05 * abs(notes.losses[0]) or not (gone or still):
        return None
    why = f"the gradient's length is down to {number(notes.norms[-1])}" if gone else "the loss no longer changes"
    shown = f", validation {number(notes.judged[-1])}" if notes.validation else ""
    sentence = f"Converged: after {case.steps} steps {why}; loss {number(float(smooth[-1]))}{shown}.{_overfitted(case)}"
    return Ending(EndingKind.CONVERGED, sentence, case.steps)


def _stalled(case: Case) -> Ending | None:
    """Next to nothing was learnt, and nothing changes."""
    notes, smooth = case.notes, case.smooth()
    if len(smooth) < 4:
        return None
    start, late = notes.losses[0], smooth[-max(len(smooth) // 4, 2) :]
    moving = float(late.max() - late.min()) > 0.05 * abs(start)
    if float(late.mean()) < 0.95 * start or moving:
        return None
    dead = [each for each in case.dead() if each[1] > 0.5 * each[2]]
    if dead:
        name, silent, units = max(dead, key=lambda each: each[1] / each[2])
        remedy = (
            f"In {name}, {silent} of {units} units are dead: no sample reaches them, and no gradient comes back. "
            "Start again with a lower rate or He's initialiser."
        )
    elif max(notes.norms) < 1e-6 * max(abs(start), 1e-12):
        remedy = "Hardly any gradient arrives: start from larger weights, or normalise between the layers."
    elif float(late.max() - late.min()) < 1e-3 * abs(start):
        remedy = f"Try ten times the rate {number(case.rate)}; if it still does not move, look at the labels."
    else:
        remedy = f"Try other rates around {number(case.rate)}, a wider net, or look at the labels."
    sentence = (
        f"Stalled: after {case.steps} steps the loss is {number(float(late.mean()))}, where it began with "
        f"{number(start)}. {remedy}"
    )
    return Ending(EndingKind.STALLED, sentence, case.steps)


def _to_and_fro(case: Case) -> Ending | None:
    """Over all rows: the loss no longer changes, and yet the gradient is far from gone."""
    notes, losses = case.notes, np.asarray(case.notes.losses)
    late = slice(-max(case.steps // 4, 1), None)
    if case.noisy or case.steps < 16:
        return None
    fell, moves = losses[0] - losses[late].mean(), float(np.median(notes.norms[late]))
    if np.ptp(losses[late]) > 5e-3 * fell or moves < 0.02 * max(notes.norms) or fell < 0.05 * abs(losses[0]):
        return None
    remedy = _too_fast(case) or f"Try {number(case.rate / 2.0)}."
    sentence = (
        f"Oscillating: the loss rests at {number(float(losses[-1]))}, but the gradient's length is still "
        f"{number(moves)}: at rate {number(case.rate)} each step crosses the valley. {remedy}"
    )
    return Ending(EndingKind.OSCILLATING, sentence, case.steps)


def _oscillating(case: Case) -> Ending | None:
    """Up and down in turn without getting lower: from step to step without noise, from look to look with it."""
    values = np.asarray(case.notes.train if case.noisy else case.notes.losses)
    late = values[-max(len(values) // 2, 1) :]
    if len(late) < 8:
        return None
    changes = np.diff(late)
    turns = float(np.mean(np.sign(changes[1:]) != np.sign(changes[:-1])))
    high, low = float(late.max()), float(late.min())
    first, second = np.array_split(late, 2)
    progress = float(first.mean() - second.mean())
    if turns < 0.7 or high - low < 0.25 * float(late.mean()) or progress > 0.2 * (high - low):
        return None
    remedy = _too_fast(case) or f"Try {number(case.rate / 3.0)}, or let the rate fall."
    sentence = (
        f"Oscillating: over the second half of {case.steps} steps the loss goes up and down between {number(low)} and "
        f"{number(high)} at rate {number(case.rate)} without getting lower. {remedy}"
    )
    return Ending(EndingKind.OSCILLATING, sentence, case.steps)


def _step_limit(case: Case) -> Ending:
    notes, smooth = case.notes, case.smooth()
    late = float(smooth[-1])
    head = f"Step limit: after {case.steps} steps the loss is {number(late)}, down from {number(notes.losses[0])}"
    quarter = smooth[-max(len(smooth) // 4, 2) :]
    falling = len(smooth) >= 4 and float(quarter[0] - quarter[-1]) > 0.02 * abs(float(quarter[0]))
    over = _overfitted(case)
    if over:
        tail = f".{over}"
    elif falling:
        tail = " and still falling. Give it more epochs or a higher rate."
    else:
        level = notes.rates[-1] > 0.5 * case.rate
        tail = ". A falling rate would let it settle." if case.noisy and level else "."
    return Ending(EndingKind.STEP_LIMIT, head + tail, case.steps)


def _overfitted(case: Case) -> str:
    """Said where the validation loss was lower before."""
    notes = case.notes
    if not notes.validation or notes.waited == 0 or notes.validation[-1] < 1.05 * notes.validation[notes.best]:
        return ""
    epoch = number(notes.looks[notes.best] / case.per_epoch)
    return (
        f" The validation loss was lowest in epoch {epoch}, {number(notes.validation[notes.best])}, and is now "
        f"{number(notes.validation[-1])}: it overfits. Set a patience, and it stops in time."
    )


JUDGES: tuple[Callable[[Case], Ending | None], ...] = (
    _broke, _diverged, _out_of_patience, _to_and_fro, _oscillating, _stalled, _at_rest,
)  # fmt: skip
