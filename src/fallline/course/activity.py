"""An activity: hand in a Spec; the server runs it again from starts and seeds that nobody has seen.

Which parts of the Spec may be changed is a short list; everything else must be as it was given. The rule that turns
re-executions into a score is data. Feedback says how many hidden runs reached the target, and nothing about them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from fallline.core.errors import FallLineError, SpecError, shorten
from fallline.core.rng import generator
from fallline.course.exact import Exact
from fallline.course.knob import SpecPath
from fallline.course.loader import ContentModel
from fallline.course.path import MISSING, resolve
from fallline.runs.record import Record
from fallline.runs.spec import Spec, load_spec, parse_spec, patch

Execute = Callable[[Spec], Record]


class Drawn(ContentModel):
    """A number of the Spec that each student, and each hidden run, draws anew.

    Attributes:
        path: where it stands.
        low: smallest value.
        high: largest value.
        either_sign: drawn as ± a value from the range.
        decimals: to which it is rounded.
    """

    path: SpecPath
    low: float
    high: float
    either_sign: bool = False
    decimals: Annotated[int, Field(ge=0, le=6)] = 2

    @model_validator(mode="after")
    def _ordered(self) -> Drawn:
        if self.low >= self.high:
            msg = "low below high"
            raise ValueError(msg)
        return self


class Target(ContentModel):
    """What a run must reach.

    Attributes:
        path: into the Record's result.
        at_most: the largest value that counts as reached.
        margin: share above it that still counts, so that no mark hangs on the last bits of a float.
    """

    path: SpecPath
    at_most: float
    margin: Annotated[float, Field(ge=0, le=0.5)] = 0.02


class Band(ContentModel):
    """So many hidden runs that reach the target give this score."""

    reached: Annotated[int, Field(ge=0, le=50)]
    score: Exact


class Activity(ContentModel):
    """What is handed in, and how it is marked.

    Attributes:
        spec: the tree that students start from.
        editable: top-level keys that they may change.
        runners: how many optimizers must be on; None does not ask.
        drawn: numbers drawn per student and per hidden run.
        hidden: how many hidden runs.
        target: what each must reach.
        bands: score by how many do; the highest that applies counts.
        tell: what feedback may say; nothing else leaves the server.
    """

    spec: dict[str, Any]
    editable: Annotated[tuple[str, ...], Field(min_length=1, max_length=8)]
    runners: Annotated[int, Field(ge=1, le=8)] | None = None
    drawn: Annotated[tuple[Drawn, ...], Field(max_length=8)] = ()
    hidden: Annotated[int, Field(ge=1, le=50)] = 5
    target: Target
    bands: Annotated[tuple[Band, ...], Field(min_length=1, max_length=12)]
    tell: tuple[Literal["reached", "own value", "own ending"], ...] = ("reached", "own value", "own ending")

    @field_validator("bands")
    @classmethod
    def _rising(cls, bands: tuple[Band, ...]) -> tuple[Band, ...]:
        for before, after in pairwise(bands):
            if after.reached <= before.reached or after.score < before.score:
                msg = "bands with growing reached and score"
                raise ValueError(msg)
        if bands[-1].score != 1:
            msg = "a last band with score 1"
            raise ValueError(msg)
        return bands

    @model_validator(mode="after")
    def _reachable(self) -> Activity:
        if self.bands[-1].reached > self.hidden:
            msg = f"bands within the {self.hidden} hidden runs"
            raise ValueError(msg)
        open_paths = [drawn.path for drawn in self.drawn if drawn.path.split(".")[0] in self.editable]
        if open_paths:
            msg = f"drawn paths outside of editable; {open_paths[0]!r} is inside"
            raise ValueError(msg)
        return self

    def score(self, reached: int) -> Fraction:
        """Returns the score for so many hidden runs that reached the target."""
        return max((band.score for band in self.bands if reached >= band.reached), default=Fraction(0))


@dataclass(frozen=True)
class Submission:
    """What became of a text that was handed in.

    Attributes:
        valid: it may be marked.
        problems: sentences; empty when valid.
        tree: the Spec with defaults, when valid.
    """

    valid: bool
    problems: tuple[str, ...]
    tree: dict[str, Any] | None = None


@dataclass(frozen=True)
class Marked:
    """The outcome of re-execution. `reached` and what follows obey the activity's `tell`.

    Attributes:
        score: from 0 to 1, exact.
        feedback: sentences for the student.
        reached: hidden runs that reached the target.
        of: hidden runs.
        borderline: of those reached, how many only within the margin; for instructors.
    """

    score: Fraction
    feedback: tuple[str, ...]
    reached: int
    of: int
    borderline: int


def own_tree(activity: Activity, seed: int) -> dict[str, Any]:
    """Returns the Spec that a student starts from: the given one, with what is drawn for them."""
    return _drawn_tree(activity, activity.spec, seed, "own")


def _drawn_tree(activity: Activity, tree: Mapping[str, Any], seed: int, *path: str | int) -> dict[str, Any]:
    rng = generator(seed, "activity", *path)
    changes: dict[str, Any] = {}
    for drawn in activity.drawn:
        sign = -1.0 if drawn.either_sign and rng.random() < 0.5 else 1.0
        changes[drawn.path] = round(sign * float(rng.uniform(drawn.low, drawn.high)), drawn.decimals)
    changes["seed"] = int(rng.integers(2**31))
    return patch(dict(tree), changes)


def check_submission(spec_text: str, activity: Activity, seed: int) -> Submission:
    """Checks what was handed in, before anything runs.

    Args:
        spec_text: TOML or JSON.
        activity: what was asked for.
        seed: the student's variant.
    """
    try:
        spec = parse_spec(spec_text)
    except SpecError as error:
        return Submission(valid=False, problems=(str(error),))
    tree, given = spec.to_tree(), load_spec(own_tree(activity, seed)).to_tree()
    problems = [
        f"{key}: it must stay {shorten(given.get(key))}, as it was given; here it is {shorten(tree.get(key))}."
        for key in sorted({*tree, *given})
        if key not in activity.editable and tree.get(key) != given.get(key)
    ]
    if activity.runners is not None:
        on = [name for name, runner in tree.get("optimizers", {}).items() if runner.get("on", True)]
        if len(on) != activity.runners:
            problems.append(
                f"optimizers: {len(on)} are on ({', '.join(on) or 'none'}); exactly {activity.runners} must be."
            )
    return Submission(valid=not problems, problems=tuple(problems), tree=None if problems else tree)


def mark_submission(activity: Activity, seed: int, tree: Mapping[str, Any], execute: Execute) -> Marked:
    """Runs a checked Spec again, on the student's own start and on the hidden ones, and scores it.

    Args:
        activity: what was asked for.
        seed: the student's variant.
        tree: the Spec that `check_submission` returned.
        execute: runs a Spec; `fallline.runs.answer.answer` on the server.

    Raises:
        FallLineError: the tree was not checked: it no longer is a Spec.
    """
    own = execute(load_spec(dict(tree)))
    values = [
        _value(activity, execute(load_spec(_drawn_tree(activity, tree, seed, "hidden", number))))
        for number in range(activity.hidden)
    ]
    limit = activity.target.at_most
    within = limit + activity.target.margin * abs(limit)
    reached = sum(value is not None and value <= within for value in values)
    borderline = sum(value is not None and limit < value <= within for value in values)
    return Marked(activity.score(reached), _feedback(activity, own, reached), reached, activity.hidden, borderline)


def _value(activity: Activity, record: Record) -> float | None:
    value = resolve(activity.target.path, record.result)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _feedback(activity: Activity, own: Record, reached: int) -> tuple[str, ...]:
    said: list[str] = []
    if "reached" in activity.tell:
        said.append(f"{reached} of {activity.hidden} hidden runs reached {activity.target.at_most:g} or less.")
    value = _value(activity, own)
    if "own value" in activity.tell:
        said.append(
            "From your own start there is no such value." if value is None else f"From your own start: {value:.3g}."
        )
    ending = resolve("descent.runs[descent.winner].ending.sentence", own.result)
    if "own ending" in activity.tell and ending is not MISSING:
        said.append(str(ending))
    return tuple(said)


def check_activity(activity: Activity, execute: Execute, seed: int) -> None:
    """Checks that the given Spec runs and gives a value to compare.

    Raises:
        FallLineError: it does not.
    """
    record = execute(load_spec(own_tree(activity, seed)))
    if resolve(activity.target.path, record.result) is MISSING:
        raise FallLineError(f"target.path: {activity.target.path!r} leads nowhere in the Record of the given Spec.")
