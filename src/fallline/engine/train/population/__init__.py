"""The population engine: K nets that share an architecture, trained together, each giving what it gives alone.

Perceptrons, and modules of torch that are perceptrons, are trained by compiled kernels, member after member: each has
the very bits that it has alone. Any other module is trained by torch, in blocks of members where that is faster: what
is computed in a block differs from what is computed alone by roundings (1e-6 of a weight in float32).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from numpy.typing import ArrayLike

from fallline.core.event import Listener, ignore
from fallline.engine.data.sets import Data
from fallline.engine.schedules import FeedbackSchedule
from fallline.engine.train.population.compiled import Precision
from fallline.engine.train.population.fleet import Trainer
from fallline.engine.train.population.kernels import KernelTrainer
from fallline.engine.train.population.member import Member
from fallline.engine.train.population.perceptron import Perceptron
from fallline.engine.train.population.population import Population, start
from fallline.engine.train.population.task import Streams, task_of


def population(
    net: Any,
    data: Data | tuple[ArrayLike, ArrayLike],
    members: Sequence[Member],
    *,
    steps: int,
    batch: int = 64,
    loss: str | None = None,
    look: int | None = None,
    precision: Precision = "float32",
    streams: Streams = "population",
    threads: int = 1,
    block: int | None = None,
    clock: Callable[[], float] | None = None,
    listener: Listener = ignore,
) -> Population:
    """Returns K members before their first step; `Population.advance` trains them.

    Args:
        net: a `Perceptron`; a module of torch, from whose weights every member starts; a named net, an `Architecture`
            or a function that makes a module, whose weights are drawn by each member's seed.
        data: inputs (n, …) and targets: one class a row, or one number an output; or `Data`, whose training rows teach
            and whose validation rows are looked at.
        members: in what they differ.
        steps: how many steps a member takes in all; schedules are stretched over them.
        batch: rows a step; the last batch of an epoch holds what is left.
        loss: a name in `LOSSES`; None takes that of the data's task, and of arrays cross-entropy.
        look: steps between two looks at the validation rows; an epoch when None.
        precision: ``float32`` or ``float64``.
        streams: whose draws a member's seed means: with ``train`` its first weights, orders, masks and noise are those
            of a training alone, `fl.train`, with that seed; the orders of ``population`` are found inside the kernels,
            which is quicker.
        threads: members that the kernels train at once.
        block: members that torch computes at once: 0 is the plain loop, 1 traces each alone; None chooses.
        clock: seconds, such as ``time.perf_counter``. With it, the fastest block is found on the first batch; without
            it, by the bytes that a pass writes, which gives the same bits everywhere.
        listener: hears that kernels are compiled.

    Raises:
        SpecError: a setting outside its range.
        DataError: rows that do not fit the net.

    >>> import numpy as np
    >>> x = np.random.default_rng(0).standard_normal((200, 2))
    >>> members = [Member(rate=rate) for rate in (1e-4, 1e-2)]
    >>> trained = population(Perceptron((2, 8, 2)), (x, x[:, 0] * x[:, 1] > 0), members, steps=300).advance()
    >>> bool(trained.losses[1, -1] < trained.losses[0, -1])
    True
    """
    by_looks = any(isinstance(member.schedule, FeedbackSchedule) for member in members)
    task = task_of(data, loss, batch, steps, precision, look, streams, looks=by_looks)
    trainer: Trainer
    if isinstance(net, Perceptron):
        trainer = KernelTrainer(net, task, threads)
    else:
        from fallline.engine.train.population.of_torch import trainer_of  # torch, 1 s: perceptrons do without it

        trainer = trainer_of(net, task, members, threads=threads, block=block, clock=clock)
    return start(trainer, members, listener)


__all__ = ["Member", "Perceptron", "Population", "population", "start"]
