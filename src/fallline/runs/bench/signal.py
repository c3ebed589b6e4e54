"""Stage ``signal``: how far a signal gets through a deep net, forward and back, before a single step."""

from __future__ import annotations

import math
from typing import Any

from fallline.engine.nets import ACTIVATIONS, INITIALISATIONS, Signal, signal_through_depth
from fallline.runs.spec.bench import SignalSpec
from fallline.runs.stage import Context, Output

FAR = 1e3
"""A factor beyond which a gradient counts as vanished or exploded, a signal as faded or blown up."""


def signal(context: Context) -> Output:
    """Sends the same input through two initialisations of the same net."""
    spec = context.spec
    assert isinstance(spec, SignalSpec)  # noqa: S101 - only this kind has this stage
    sides = {name: _side(context, spec, getattr(spec, name)) for name in ("first", "second")}
    part: dict[str, Any] = {
        "layers": spec.layers,
        "width": spec.width,
        "activation": spec.activation,
        "activation_title": ACTIVATIONS[spec.activation].title,
        **sides,
        "better": _better(sides["first"]["decades"], sides["second"]["decades"]),
    }
    part["sentence"] = " ".join(dict.fromkeys(sides[name]["sentence"] for name in sides))
    return Output(part)


def _side(context: Context, spec: SignalSpec, initialisation: str) -> dict[str, Any]:
    found = signal_through_depth(
        spec.layers, spec.width, spec.activation, initialisation, context.rng("net"), spec.samples
    )
    forward = _ratio(found.activation_std[-1], found.activation_std[0])
    backward = _ratio(found.gradient_norm[0], found.gradient_norm[-1])
    saturated = ACTIVATIONS[spec.activation].saturates and found.idle[-1] > 0.5
    return {
        "initialisation": initialisation,
        "title": INITIALISATIONS[initialisation].title,
        **found.to_dict(),
        "last_std": found.activation_std[-1],
        "first_gradient": found.gradient_norm[0],
        "forward": forward,
        "backward": backward,
        "forward_layer": None if not forward else forward ** (1 / (spec.layers - 1)),
        "backward_layer": None if not backward else backward ** (1 / (spec.layers - 1)),
        "last_idle": found.idle[-1],
        "saturated": saturated,
        "fate": _fate(found, forward, backward),
        "decades": _decades(forward, backward),
    }


def _ratio(end: float, start: float) -> float | None:
    """What is left; None where there was nothing."""
    return end / start if start > 0.0 else None


def _fate(found: Signal, forward: float | None, backward: float | None) -> str:
    """Names what became of gradient and signal; the gradient first, as it is what learning needs."""
    if not backward or found.gradient_norm[0] == 0.0:
        return "nothing"
    if backward < 1 / FAR:
        return "vanishes"
    if backward > FAR:
        return "explodes"
    return "fades" if forward is not None and forward < 1 / FAR else "through"


def _decades(forward: float | None, backward: float | None) -> float | None:
    """The worse of the two changes, in powers of ten; None when nothing is left."""
    if not forward or not backward:
        return None
    return max(abs(math.log10(forward)), abs(math.log10(backward)))


def _better(first: float | None, second: float | None) -> str:
    """Which side changes signal and gradient less; ``neither`` within a factor of two of each other."""
    if first is None or second is None:
        return "neither" if first is second else "first" if second is None else "second"
    if abs(first - second) <= math.log10(2.0):
        return "neither"
    return "first" if first < second else "second"
