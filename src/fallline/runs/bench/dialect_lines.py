"""The lines of one optimizer in two dialects, each marked where the two say different things.

What the formulas leave out is measured on the rules themselves: whether a weight decay goes through the slope, and what
the memories hold before the first step.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from fallline.engine.optim import Optimizer

RENAMED = {r"\\rho": r"\\alpha", r"\\hat\\varepsilon": r"\\varepsilon"}
"""Letters under which one tool's documentation writes what the other's writes otherwise."""


def lines_of(torch: Optimizer, keras: Optimizer, *, rates: tuple[float, ...]) -> list[dict[str, Any]]:
    """Returns the lines of both, PyTorch's first.

    Args:
        torch: in PyTorch's dialect.
        keras: in Keras'.
        rates: of the two.

    Returns:
        for each line whose it is (``of``), TeX (``tex``), and whether the other has no such line (``marked``).
    """
    own = {"torch": _lines(torch, rates[0]), "keras": _lines(keras, rates[1])}
    plain = {tool: [_plain(line) for line in lines] for tool, lines in own.items()}
    other = {"torch": plain["keras"], "keras": plain["torch"]}
    return [
        {"of": tool, "tex": line, "marked": plain[tool][place] not in other[tool]}
        for tool, lines in own.items()
        for place, line in enumerate(lines)
    ]


def _lines(optimizer: Optimizer, rate: float) -> list[str]:
    steps = [each.strip().rstrip(",").strip() for each in re.split(r"\\quad(?![a-z])", optimizer.formula)]
    return [*_decay(optimizer), *(each for each in steps if each), *_started(optimizer), *_numbers(optimizer, rate)]


def _plain(line: str) -> str:
    for name, other in RENAMED.items():
        line = re.sub(name, other, line)
    return line.replace(" ", "").replace("\\,", "")


def _decay(optimizer: Optimizer) -> list[str]:
    """The line of the weight decay, where there is one and the formula does not show it."""
    decay = getattr(optimizer, "decay", 0.0)
    if not decay or r"\lambda" in optimizer.formula:
        return []
    if not decoupled(optimizer):
        return [r"g \leftarrow g + \lambda w"]
    return [r"w \leftarrow (1 - \eta\lambda)\,w" + ("" if _first(optimizer) else r"\ \text{ once the length is known}")]


def decoupled(optimizer: Optimizer) -> bool:
    """Tells whether the decay shrinks the weights beside the step and not through the slope.

    Measured: under a slope that just cancels λ·w, a decay in the slope leaves the weight where it is.

    >>> from fallline.engine.optim import OPTIMIZERS
    >>> decoupled(OPTIMIZERS["adam"](decay=0.1)), decoupled(OPTIMIZERS["adamw"](decay=0.1))
    (False, True)
    """
    w = np.array([1.0, -2.0])
    moved, _ = optimizer.step(w, -optimizer.decay * w, optimizer.init(w), 0.01)  # type: ignore[attr-defined]
    return not np.allclose(moved, w, rtol=0.0, atol=1e-12)


def _first(optimizer: Optimizer) -> bool:
    """Tells whether a decoupled decay is what happens first: whether the step is that of weights already shrunk."""
    w, g, rate = np.array([1.0, -2.0]), np.array([0.3, 0.1]), 0.01
    moved, _ = optimizer.step(w, g, optimizer.init(w), rate)
    shrunk = (1.0 - rate * optimizer.decay) * w  # type: ignore[attr-defined]
    plain = replace(optimizer, decay=0.0)  # type: ignore[call-arg]
    then, _ = plain.step(shrunk, g, plain.init(shrunk), rate)
    return np.allclose(moved, then, rtol=1e-7, atol=0.0)


def _started(optimizer: Optimizer) -> list[str]:
    """What the sum of squares holds before the first step, where that is not zero."""
    start = getattr(optimizer, "start", 0.0)
    summed = re.search(r"([a-z]) \\leftarrow \1 \+ g\^2", optimizer.formula)
    return [f"{summed[1]}_0 = {_number(start)}"] if start and summed else []


def _numbers(optimizer: Optimizer, rate: float) -> list[str]:
    """Every hyperparameter with its value, one line each, so that a default that is not the other's stands out."""
    found = [rf"\eta = {_number(rate)}"]
    for parameter in optimizer.parameters:
        value = float(getattr(optimizer, parameter.name))
        if value != 0.0 and parameter.name != "start":  # the start has a line of its own
            found.append(f"{parameter.symbol.replace('ρ', 'α')} = {_number(value)}")
    return found


def _number(value: float) -> str:
    r"""A number in TeX: powers of ten as such.

    >>> _number(1e-08), _number(0.99), _number(2.5e-07)
    ('10^{-8}', '0.99', '2.5 \\cdot 10^{-7}')
    """
    text = f"{value:g}"
    if "e" not in text:
        return text
    head, power = text.split("e")
    return f"10^{{{int(power)}}}" if head == "1" else rf"{head} \cdot 10^{{{int(power)}}}"
