"""Items: every generator over many seeds, every answer whose score is known, nothing given away."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from fractions import Fraction

from fallline.core.canonical import digest
from fallline.core.errors import FallLineError
from fallline.core.rng import generator
from fallline.course.checks.links import bad_lab_links
from fallline.course.checks.problem import Problem
from fallline.course.content import Course
from fallline.course.generators import Params
from fallline.course.items import Item, Presented, grade, present
from fallline.course.items.draw import draw
from fallline.course.items.item import Trial
from fallline.course.template import Slot, formatted, template

SHOWN = frozenset({"item", "kind", "prompt", "options", "unit", "instruction"})
"""All that a presented item may hold."""


def check_items(course: Course, seeds: int) -> list[Problem]:
    """Checks every item of the course over so many seeds."""
    found: list[Problem] = []
    for name, item in course.items.items():
        file = f"items/{name}.toml"
        try:
            found += [Problem(file, sentence) for sentence in _once(course, item)]
            found += [Problem(file, sentence) for sentence in _over_seeds(item, seeds)]
        except (FallLineError, KeyError, ValueError, ArithmeticError) as error:
            found.append(Problem(file, f"{type(error).__name__}: {error}"))
    return found


def _once(course: Course, item: Item) -> Iterator[str]:
    tags = [known.id for known in item.misconceptions]
    if len(set(tags)) < len(tags):
        yield "two misconceptions have the same id."
    unused = set(tags) - item.tags()
    if unused:
        yield f"no answer leads to the misconception {', '.join(sorted(unused))}."
    for text in (item.prompt, item.solution, *(known.feedback for known in item.misconceptions)):
        yield from bad_lab_links(course, text)


def _over_seeds(item: Item, seeds: int) -> Iterator[str]:
    """Yields the first problem of each sort, so that one mistake is not told two hundred times."""
    variants: set[str] = set()
    told: set[str] = set()
    for number in range(seeds):
        seed = int(generator(number, "content check", item.id).integers(2**52, 2**53))
        params = draw(item, seed)
        variants.add(digest(params))
        for sort, sentence in _variant(item, params, seed):
            if sort not in told:
                told.add(sort)
                yield f"{sentence} (seed {seed})"
        if number < 3 and draw(item, seed) != params:
            yield f"the same seed {seed} gives two variants."
    if item.generate is not None and len(variants) < min(50, seeds // 2):
        yield f"{len(variants)} different variants in {seeds} seeds; expected at least {min(50, seeds // 2)}."


def _variant(item: Item, params: Params, seed: int) -> Iterator[tuple[str, str]]:
    strange = [name for name, value in params.items() if isinstance(value, float) and not math.isfinite(value)]
    if strange:
        yield "finite", f"the parameter {strange[0]} is not finite."
    if item.ambiguous(params):
        yield "ambiguous", "two answers could be confused."
    yield from _leaks(item, params, seed, present(item, seed))
    yield from _rounded(item, params)
    for trial in item.trials(params, seed):
        yield from _trial(item, params, seed, trial)
    for known in item.misconceptions:
        item.filled(known.feedback, params)


def _trial(item: Item, params: Params, seed: int, trial: Trial) -> Iterator[tuple[str, str]]:
    verdict = item.mark(params, seed, trial.answer)
    if trial.score is None:
        if verdict.valid:
            yield "invalid", f"{trial.answer!r} should be no answer; it was marked {verdict.score}."
        return
    if not verdict.valid or verdict.score != trial.score:
        yield (
            "score",
            f"{trial.answer!r} should get {trial.score}; it got {verdict.score if verdict.valid else 'refused'}.",
        )
    if trial.misconception and trial.misconception not in verdict.misconceptions:
        yield "tag", f"{trial.answer!r} should point to {trial.misconception}; it points to {verdict.misconceptions}."
    if trial.score != Fraction(1) and verdict.valid and not verdict.feedback:
        yield "feedback", f"{trial.answer!r} gets no feedback."
    if grade(item, seed, trial.answer) != verdict:
        yield "stable", f"{trial.answer!r} is marked differently the second time."


def _leaks(item: Item, params: Params, seed: int, shown: Presented) -> Iterator[tuple[str, str]]:
    plain = shown.to_dict()
    if set(plain) - SHOWN:
        yield "payload", f"what is shown holds {', '.join(set(plain) - SHOWN)}."
    text = json.dumps(plain, ensure_ascii=False)
    secrets = [str(seed), item.filled(item.solution, params)]
    for known in item.misconceptions:
        secrets += [known.id, item.filled(known.feedback, params)]
    for secret in secrets:
        if secret in text:
            yield "leak", f"what is shown gives away {secret[:40]!r}."


def _rounded(item: Item, params: Params) -> Iterator[tuple[str, str]]:
    """What is shown is what is graded: a number in the prompt must read back to the parameter."""
    for piece in template(item.prompt):
        value = params.get(piece.path) if isinstance(piece, Slot) else None
        if not isinstance(piece, Slot) or isinstance(value, bool) or not isinstance(value, int | float):
            continue
        written = formatted(value, piece.format).replace("−", "-").replace(",", "")
        number = float(written[:-1]) / 100 if written.endswith("%") else float(written.split()[0])
        if not math.isclose(number, value, rel_tol=1e-9, abs_tol=1e-12):
            yield (
                "rounded",
                f"the prompt shows {written} for {piece.path}, which is {value!r}: shown and graded differ.",
            )
