"""Schedules as plain Python source: a function of the step that gives the factor, for tools without such a schedule."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from itertools import pairwise
from typing import Any

from fallline.engine.schedules import AnnealLinear, Composite, Schedule, Sequence
from fallline.peers.code_torch import Expression

LINES: dict[str, str] = {
    "constant": "lambda t: 1.0",
    "step": "lambda t: {gamma} ** (t // {every})",
    "multi_step": "lambda t: {gamma} ** sum(t >= step for step in {milestones})",
    "exponential": "lambda t: {gamma} ** t",
    "inverse_time": "lambda t: (1 + t / {half}) ** -{power}",
    "polynomial": "lambda t: {floor} + (1 - {floor}) * (1 - t / {steps}) ** {power}",
    "cosine": "lambda t: {floor} + (1 - {floor}) * (1 + cos(pi * t / {steps})) / 2",
    "noam": "lambda t: min((t + 1) / {warmup}, sqrt({warmup} / (t + 1)))",
    "anneal_linear": "lambda t: {start} + ({end} - {start}) * t / {steps}",
    "anneal_cosine": "lambda t: {end} + ({start} - {end}) * (1 + cos(pi * t / {steps})) / 2",
    "anneal_exponential": "lambda t: {start} * ({end} / {start}) ** (t / {steps})",
    "anneal_polynomial": "lambda t: {start} + ({end} - {start}) * (t / {steps}) ** {power}",
    "warmup_cosine": "warmup_cosine(share={warmup}, floor={floor}, steps={steps})",
    "warm_restarts": "warm_restarts(first={first}, multiply={multiply}, shrink={shrink}, floor={floor})",
    "one_cycle": "one_cycle({rise}, {divide}, {final}, phases={phases}, linear={linear}, steps={steps})",
    "one_cycle_momentum": "one_cycle_momentum({rise}, {low}, phases={phases}, linear={linear}, steps={steps})",
    "flat_cosine": "flat_cosine(flat={flat}, floor={floor}, steps={steps})",
    "wsd": "warmup_stable_decay({warmup}, {decay}, power={power}, floor={floor}, steps={steps})",
    "triangular": "triangular(low={low}, up={up}, down={down}, shrink={shrink}, gamma={gamma})",
}
"""Schedule → its factor as a function of t, an expression over its settings and the number of steps."""

FUNCTIONS: dict[str, str] = {
    "warmup_cosine": '''\
def warmup_cosine(share, floor, steps):
    """Returns the factor of every step: a straight line up, then half a cosine down."""
    rise = ceil(share * steps)

    def factor(t):
        if t < rise:
            return (t + 1) / rise
        progress = (t - rise) / max(steps - rise, 1)
        return floor + (1 - floor) * (1 + cos(pi * progress)) / 2

    return factor''',
    "warm_restarts": '''\
def warm_restarts(first, multiply, shrink, floor):
    """Returns the factor of every step: half cosines, each longer than the last."""

    def factor(t):
        start, length, exact, top = 0, first, first, 1.0
        while t >= start + length:
            start, exact, top = start + length, exact * multiply, top * shrink
            length = int(exact + 0.5)
        height = top * (1 + cos(pi * (t - start) / length)) / 2
        return floor + (1 - floor) * height

    return factor''',
    "phased": '''\
def phased(levels, rise, linear, steps):
    """Returns the factor of every step: from level to level, the second the peak."""
    peak, last = rise * steps - 1, steps - 1
    ends = [peak, min(2 * peak, last), last] if len(levels) == 4 else [peak, last]

    def factor(t):
        place = next((n for n, end in enumerate(ends) if t <= end), len(ends) - 1)
        start = ends[place - 1] if place else 0
        progress = (t - start) / (ends[place] - start) if ends[place] > start else 1
        way = progress if linear else (1 - cos(pi * progress)) / 2
        return levels[place] + (levels[place + 1] - levels[place]) * way

    return factor''',
    "one_cycle": '''\
def one_cycle(rise, divide, final, phases, linear, steps):
    """Returns the factor of every step: up to 1, then far down."""
    low, end = 1 / divide, 1 / (divide * final)
    levels = [low, 1, low, end] if phases == 3 else [low, 1, end]
    return phased(levels, rise, linear, steps)''',
    "one_cycle_momentum": '''\
def one_cycle_momentum(rise, low, phases, linear, steps):
    """Returns the factor of every step: down while the rate rises, and back."""
    return phased([1, low, 1, 1][: phases + 1], rise, linear, steps)''',
    "flat_cosine": '''\
def flat_cosine(flat, floor, steps):
    """Returns the factor of every step: 1, then half a cosine down."""

    def factor(t):
        if t <= flat * steps:
            return 1.0
        progress = (t / steps - flat) / (1 - flat)
        return floor + (1 - floor) * (1 + cos(pi * progress)) / 2

    return factor''',
    "warmup_stable_decay": '''\
def warmup_stable_decay(warmup, decay, power, floor, steps):
    """Returns the factor of every step: up, level, and down over the last steps."""
    rise = ceil(warmup * steps)
    fall = min(ceil(decay * steps), steps - rise)

    def factor(t):
        if t < rise:
            return (t + 1) / rise
        progress = max(t - (steps - fall), 0) / max(fall, 1)
        return floor + (1 - floor) * (1 - progress**power)

    return factor''',
    "triangular": '''\
def triangular(low, up, down, shrink, gamma):
    """Returns the factor of every step: up and down in straight lines."""

    def factor(t):
        cycle, place = divmod(t, up + down)
        height = place / up if place <= up else (up + down - place) / down
        return low + (1 - low) * height * shrink**cycle * gamma**t

    return factor''',
    "lines_through": '''\
def lines_through(heights, steps):
    """Returns the factor of every step: straight lines between heights evenly apart."""
    last = len(heights) - 1
    borders = [int(steps * place / last + 0.5) for place in range(last + 1)]

    def factor(t):
        place = min(bisect(borders, t), last) - 1
        start, end = borders[place : place + 2]
        rise = heights[place + 1] - heights[place]
        return heights[place] + rise * (t - start) / (end - start)

    return factor''',
    "warmup": '''\
def warmup(rise, start, then):
    """Returns the factor of every step: a straight line to where the next begins."""
    top = then(0)
    low = min(start, top)
    return lambda t: low + (top - low) * (t + 1) / rise if t < rise else then(t - rise)''',
    "sequence": '''\
def sequence(borders, factors):
    """Returns the factor of every step; each part counts its steps from its own first."""

    def factor(t):
        part = bisect(borders, t)
        return factors[part](t - borders[part - 1] if part else t)

    return factor''',
}
"""Name → a function that the expressions of `LINES`, or other functions, call."""

IMPORTS: dict[str, str] = {"bisect": "bisect", "ceil": "math", "cos": "math", "pi": "math", "sqrt": "math"}
"""Name → the module that it is imported from."""


def factor_line(name: str, settings: Mapping[str, Any], steps: int | Expression) -> str:
    """Returns the factor of a schedule that is made of no other, as source.

    Args:
        name: as in a Spec.
        settings: all of its settings by our names; a value may be an `Expression`.
        steps: how many steps there are.

    >>> factor_line("cosine", {"floor": 0.1}, 150)
    'lambda t: 0.1 + (1 - 0.1) * (1 + cos(pi * t / 150)) / 2'
    """
    return LINES[name].format(steps=f"{steps!r}", **{key: _number(value) for key, value in settings.items()})


def factor_of(schedule: Schedule, steps: int) -> str:
    """Returns the factor of any schedule as source, its parts included.

    Args:
        schedule: any.
        steps: how many steps there are, ≥ 1.
    """
    if isinstance(schedule, Composite):
        return _COMPOSITES[schedule.name](schedule, steps)
    return factor_line(schedule.name, settings_of(schedule), steps)


def named_factor(name: str, schedule: Schedule, steps: int) -> list[str]:
    """Returns the lines that give the factor of a schedule a name.

    >>> from fallline.engine.schedules import Exponential
    >>> named_factor("momentum", Exponential(0.9), 8)
    ['def momentum(t):', '    return 0.9 ** t']
    """
    source = factor_of(schedule, steps)
    if source.startswith("lambda t: "):
        return [f"def {name}(t):", f"    return {source.removeprefix('lambda t: ')}"]
    return [f"{name} = {source}"]


def settings_of(schedule: Schedule) -> dict[str, Any]:
    """Returns the settings of a schedule by name, its parts left out."""
    own = {parameter.name for parameter in schedule.parameters}
    return {field.name: getattr(schedule, field.name) for field in fields(schedule) if field.name in own}


def functions(source: str) -> list[list[str]]:
    """Returns the functions that the source of a schedule calls, as lines each; those that are called come first.

    >>> [lines[0] for lines in functions("one_cycle(0.3, 25.0, 10000.0, 2, 0, steps=10)")]
    ['def phased(levels, rise, linear, steps):', 'def one_cycle(rise, divide, final, phases, linear, steps):']
    """
    whole, called = source, []
    for name in reversed(FUNCTIONS):
        if re.search(rf"\b{name}\(", whole):
            called.append(name)
            whole += FUNCTIONS[name]
    return [FUNCTIONS[name].splitlines() for name in FUNCTIONS if name in called]


def imported(source: str) -> dict[str, list[str]]:
    """Returns module → what the source of a schedule, with the functions that it calls, needs of it.

    >>> imported("lambda t: cos(pi * t / 10)")
    {'math': ['cos', 'pi']}
    """
    whole = "\n".join([source, *("\n".join(lines) for lines in functions(source))])
    found: dict[str, list[str]] = {}
    for name, module in IMPORTS.items():
        if re.search(rf"(?<![\w.]){name}\b(?!=)", whole):
            found.setdefault(module, []).append(name)
    return found


def _number(value: Any) -> str:
    """A setting as source; a list of whole numbers without the dots, a sum in brackets."""
    if isinstance(value, Expression):
        return f"({value!r})" if " " in value.text else repr(value)
    if isinstance(value, tuple):
        return repr([int(each) if float(each).is_integer() else each for each in value])
    return repr(value)


def _warmup(schedule: Any, steps: int) -> str:
    rise = math.ceil(schedule.share * steps)
    then = factor_of(schedule.parts[0], max(steps - rise, 1))
    return f"warmup({rise}, {schedule.start!r}, {then})" if rise else then


def _inverse(schedule: Any, steps: int) -> str:
    part = schedule.parts[0]
    return f"lambda t: 1 - (1 - {schedule.low!r}) * ({factor_of(part, steps)})(t) / {part.ceiling!r}"


def _sequence(schedule: Any, steps: int) -> str:
    assert isinstance(schedule, Sequence)  # noqa: S101 - the registry goes by name
    lines = [part for part in schedule.parts if isinstance(part, AnnealLinear)]
    whole = len(lines) == len(schedule.parts) > 1 and not schedule.shares and not schedule.until
    if whole and all(line.end == after.start for line, after in pairwise(lines)):
        heights = ", ".join(f"{height:g}" for height in (*(line.start for line in lines), lines[-1].end))
        return f"lines_through([{heights}], {steps})"
    borders = schedule.borders(steps)
    stretches = zip(schedule.parts, borders, borders[1:], strict=False)
    kept = [(part, start, end) for part, start, end in stretches if start < end and start < steps]
    inside = [start for _, start, _ in kept[1:]]
    return f"sequence({inside}, [{', '.join(factor_of(part, end - start) for part, start, end in kept)}])"


_COMPOSITES: dict[str, Callable[[Any, int], str]] = {"warmup": _warmup, "inverse": _inverse, "sequence": _sequence}
