"""What a run of a race starts from, as arrays: for scripts that train the same net in a tool's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from fallline.core.rng import generator
from fallline.engine.nets import Net
from fallline.engine.train.race import Member, Problem
from fallline.runs.sources.rows import ROWS

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Start:
    """The start of one run.

    Attributes:
        rows: x and y to learn from, and x and y held out.
        weights: the first ones, in the order and layout of the tool.
        order: the rows of each step.
        noise: per step, what is added to the gradient of each weight; empty lists where there is none.
    """

    rows: tuple[Array, Array, Array, Array]
    weights: list[Array]
    order: list[Array]
    noise: list[list[Array]]


def start(
    data: str,
    race_seed: int,
    net: tuple[str, Mapping[str, Any]],
    seed: int,
    *,
    batch: int,
    steps: int,
    noise: float = 0.0,
    tool: Literal["torch", "keras"] = "torch",
) -> Start:
    """Draws what a run of a race starts from.

    Args:
        data: name of the rows.
        race_seed: the Spec's seed, which drew the rows.
        net: its name and options.
        seed: of the run.
        batch: rows of a step; 0 takes all.
        steps: of the run.
        noise: standard deviation of the noise on each coordinate of each gradient.
        tool: whose layout the weights take.

    >>> begun = start("bowl", 0, ("linear", {"initialiser": "xavier"}), 1, batch=4, steps=2)
    >>> [each.shape for each in begun.weights], [len(each) for each in begun.order]
    ([(1, 16), (1,)], [4, 4])
    """
    from fallline.engine.train.loop.order import Order  # brings torch, as what follows
    from fallline.engine.train.loop.training import architecture_of, first_weights

    found = ROWS[data](generator(race_seed, "race", "rows", data))
    problem = Problem(Net(net[0], dict(net[1])), found, None, batch, noise, steps)
    rows = problem.recipe(lambda _: None, Member(0.1, seed)).rows(found)
    order = Order(len(found.train), seed)
    assert isinstance(problem.net, Net)  # noqa: S101 - as it was made
    architecture = architecture_of(problem.net, found)
    weights = first_weights(architecture, seed)
    parts = (found.x[found.train], found.y[found.train], found.x[found.validation], found.y[found.validation])
    taken = [order.next(rows) for _ in range(steps)]
    if tool == "keras":
        from fallline.peers.keras_lane import double, laid_noise  # brings TensorFlow
        from fallline.peers.keras_net import keras_net

        with double():
            made = keras_net(architecture, weights, "float64", 0)
        laid = laid_noise(made, architecture, problem, seed)
        first = [each.value.numpy() for each in made.model.trainable_variables]
        return Start(_double(parts), first, taken, [[each[step] for each in laid] for step in range(steps)])
    rng = generator(seed, "train", "noise")
    shapes = [weight.shape for weight in weights.values()] if noise else []
    drawn = [[noise * rng.standard_normal(shape) for shape in shapes] for _ in range(steps)]
    return Start(_double(parts), [np.array(each) for each in weights.values()], taken, drawn)


def _double(parts: tuple[Array, ...]) -> tuple[Array, Array, Array, Array]:
    """Numbers in float64, as the race computes; whole numbers as they are."""
    a, b, c, d = (each if np.issubdtype(each.dtype, np.integer) else each.astype(np.float64) for each in parts)
    return a, b, c, d
