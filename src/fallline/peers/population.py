"""`fl.population`: names or one's own objects, and a clock that finds how many members are quickest together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Literal

from numpy.typing import ArrayLike

from fallline.core.event import Listener, ignore
from fallline.core.rng import generator
from fallline.engine.data.sets import Data, load_set
from fallline.engine.nets import Net
from fallline.engine.train import population as engine
from fallline.engine.train.population import Member, Population


def population(
    net: Any,
    data: str | Data | tuple[ArrayLike, ArrayLike],
    members: Sequence[Member],
    *,
    steps: int,
    batch: int = 64,
    loss: str | None = None,
    look: int | None = None,
    precision: Literal["float32", "float64"] = "float32",
    streams: Literal["population", "train"] = "population",
    threads: int = 1,
    block: int | None = None,
    clock: Callable[[], float] | None = time.perf_counter,
    listener: Listener = ignore,
) -> Population:
    """Returns K members before their first step; `Population.advance` trains them.

    Args:
        net: a name in `fallline.engine.nets.NETS` or a `Net` with options; a `Perceptron`; a module of torch, from
            whose weights every member starts; or a function that makes a module, drawn by each member's seed.
        data: a name in `fallline.engine.data.sets.SETS`; `Data`, whose validation rows are looked at; or inputs (n, …)
            and targets: one class a row, or one number an output.
        members: in what they differ.
        steps: how many steps a member takes in all; schedules are stretched over them.
        batch: rows a step; the last batch of an epoch holds what is left.
        loss: by name; None takes that of the data's task, and of arrays cross-entropy.
        look: steps between two looks at the validation rows; an epoch when None.
        precision: ``float32`` or ``float64``.
        streams: whose draws a member's seed means: ``train`` gives what `fl.train` gives with that seed, ``population``
            finds orders of rows of its own inside the kernels, which is quicker.
        threads: members that the kernels train at once.
        block: members that torch computes at once: 0 is the plain loop, 1 traces each alone; None chooses.
        clock: seconds, with which the fastest block is found on the first batch; None decides by the bytes that a pass
            writes, which gives the same bits everywhere.
        listener: hears that kernels are compiled.

    Raises:
        SpecError: a setting outside its range, or an unknown name.
        DataError: rows that do not fit the net.

    >>> import fallline as fl
    >>> members = [fl.Member(rate=rate) for rate in (1e-3, 1e-2)]
    >>> trained = fl.population("mlp", "moons", members, steps=200, batch=32).advance()
    >>> bool(trained.validation[1, -1] < trained.validation[0, -1])
    True
    """
    return engine.population(
        Net(net) if isinstance(net, str) else net,
        load_set(data, generator(0, "train", "data")) if isinstance(data, str) else data,
        members,
        steps=steps,
        batch=batch,
        loss=loss,
        look=look,
        precision=precision,
        streams=streams,
        threads=threads,
        block=block,
        clock=clock,
        listener=listener,
    )
