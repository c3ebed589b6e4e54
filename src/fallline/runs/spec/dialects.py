"""Spec kind ``dialects``: one name of an optimizer, as PyTorch and as Keras mean it, side by side."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.core.choice import lookup
from fallline.core.errors import SpecError
from fallline.runs.spec.base import PlainName, Spec
from fallline.runs.spec.descent import Coordinate


class DialectsSpec(Spec):
    """Two paths from one start under one name.

    Attributes:
        surface: its name; over two weights.
        optimizer: a name that both tools have.
        numbers: the same hyperparameters for both; or each tool's own defaults at this rate; or those and its own rate.
        rate: the learning rate η.
        epsilon: ε of both, where the optimizer has one and the numbers are the same.
        decay: the weight decay λ of both, where the numbers are the same.
        start: of both paths.
        steps: of each.
    """

    kind: Literal["dialects"] = "dialects"
    surface: PlainName = "ravine"
    optimizer: PlainName = "rmsprop"
    numbers: Literal["same", "own", "all"] = "same"
    rate: Annotated[float, Field(gt=0, le=1e4)] = 0.05
    epsilon: Annotated[float, Field(ge=0, le=1e3)] = 1e-8
    decay: Annotated[float, Field(ge=0, le=10)] = 0.0
    start: tuple[Coordinate, Coordinate] = (-3.5, 1.2)
    steps: Annotated[int, Field(ge=1, le=1_000)] = 200


def check_dialects(spec: DialectsSpec) -> None:
    """Refuses a surface without a map, and a name that only one tool has.

    Raises:
        SpecError: the name, and the nearest known one.
    """
    from fallline.engine.optim import KERAS_OPTIMIZERS, OPTIMIZERS
    from fallline.engine.surfaces import SURFACES

    if lookup(spec.surface, SURFACES, "surface").dimension != 2:
        raise SpecError("surface", spec.surface, "a surface over two weights, of which a map can be drawn")
    lookup(spec.optimizer, OPTIMIZERS, "optimizer")
    if spec.optimizer not in KERAS_OPTIMIZERS:
        raise SpecError("optimizer", spec.optimizer, "one that Keras has too", f"Known: {', '.join(KERAS_OPTIMIZERS)}.")
