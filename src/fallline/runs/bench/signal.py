"""Stage ``signal``: how far a signal gets through a deep net, forward and back, before a single step."""

from __future__ import annotations

from typing import Any

from fallline.engine.nets import signal_through_depth
from fallline.runs.spec.bench import SignalSpec
from fallline.runs.stage import Context, Output


def signal(context: Context) -> Output:
    """Sends the same input through two initialisations of the same net."""
    spec = context.spec
    assert isinstance(spec, SignalSpec)  # noqa: S101 - only this kind has this stage
    sides = {name: _side(context, spec, getattr(spec, name)) for name in ("first", "second")}
    part: dict[str, Any] = {"layers": spec.layers, "width": spec.width, "activation": spec.activation, **sides}
    part["sentence"] = " ".join(sides[name]["sentence"] for name in sides)
    return Output(part)


def _side(context: Context, spec: SignalSpec, initialisation: str) -> dict[str, Any]:
    found = signal_through_depth(
        spec.layers, spec.width, spec.activation, initialisation, context.rng("net"), spec.samples
    )
    return {"initialisation": initialisation, **found.to_dict()}
