"""The population engine: K nets that share an architecture, trained together, each giving what it gives alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike

from fallline.core.event import Listener, ignore
from fallline.engine.train.population.compiled import Precision
from fallline.engine.train.population.kernels import KernelTrainer
from fallline.engine.train.population.member import Member
from fallline.engine.train.population.perceptron import Perceptron
from fallline.engine.train.population.population import Population, start
from fallline.engine.train.population.task import task_of


def population(
    net: Any,
    data: tuple[ArrayLike, ArrayLike],
    members: Sequence[Member],
    *,
    steps: int,
    batch: int = 64,
    loss: str = "cross_entropy",
    precision: Precision = "float32",
    threads: int = 1,
    listener: Listener = ignore,
) -> Population:
    """Returns K members before their first step; `advance` trains them."""
    task = task_of(data, loss, batch, steps, precision)
    return start(KernelTrainer(net, task, threads), members, listener)


__all__ = ["Member", "Perceptron", "Population", "population", "start"]
