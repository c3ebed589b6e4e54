"""`fl.train`: names or one's own objects, in any backend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from fallline.core.choice import lookup
from fallline.core.rng import generator
from fallline.engine.data.sets import Data, data_of, load_set
from fallline.engine.nets import Net
from fallline.engine.optim import Optimizer, optimizers_of
from fallline.engine.schedules import SCHEDULES
from fallline.engine.train.loop.going import Hooks
from fallline.engine.train.loop.pace import Scheduled
from fallline.engine.train.loop.recipe import Factory, Recipe
from fallline.engine.train.loop.snapshot import Snapshot
from fallline.engine.train.loop.trace import Trace
from fallline.peers.backends import BACKENDS, trainer


def train(
    net: Any,
    data: str | Data | tuple[Any, Any],
    optimizer: str | Optimizer | Factory = "adam",
    schedule: str | Scheduled = "constant",
    *,
    rate: float | None = None,
    epochs: int = 20,
    steps: int | None = None,
    batch: int | Literal["full"] = 32,
    loss: str | Callable[..., Any] | None = None,
    seed: int = 0,
    patience: int | None = None,
    look: int | None = None,
    noise: float = 0.0,
    label_noise: float = 0.0,
    precision: Literal["float32", "float64"] = "float32",
    backend: str = "torch",
    device: str = "auto",
    checkpoint: Callable[[Snapshot], None] | None = None,
    resume: Snapshot | None = None,
    report: Callable[[int, int, float], None] | None = None,
    clock: Callable[[], float] | None = None,
) -> Trace:
    """Trains a net, and says why it ended.

    Args:
        net: a name in `fallline.engine.nets.NETS`, a `Net` with options, or, with PyTorch, any ``torch.nn.Module``.
        data: a name in `fallline.engine.data.sets.SETS`, drawn by the seed; `Data`; or a pair of arrays (x, y), a fifth
            of whose rows choose.
        optimizer: a name, meant as the backend means it; one of `fallline.engine.optim`; or what makes the backend's
            own of parameters, such as ``lambda w: torch.optim.SGD(w, lr=0.1)``.
        schedule: a name in `SCHEDULES`, with settings that suit the number of steps, a schedule, a plan, or
            one that goes by the looks.
        rate: the base rate; by default the optimizer's own.
        epochs: passes over the training rows.
        steps: where given, how many steps, whatever that is in epochs.
        batch: rows of a step, or ``full``.
        loss: a name in `LOSSES` or, with PyTorch, a function of outputs and y; by default the task's own.
        seed: every draw comes from it.
        patience: looks without a fall of the validation loss before it stops.
        look: steps between two looks; by default an epoch.
        noise: standard deviation of what is added to each coordinate of each gradient.
        label_noise: share of wrong training labels, or the standard deviation added to the numbers of a regression.
        precision: ``float32`` or ``float64``.
        backend: a name in `fallline.peers.BACKENDS`.
        device: ``auto`` takes a graphics card where PyTorch sees one.
        checkpoint: takes a snapshot after each look.
        resume: a snapshot to go on from: the end is the same, bit by bit.
        report: hears of every step: step, of how many, loss.
        clock: gives seconds, to have them in the trace.

    Raises:
        SpecError: an unknown name, or things that do not fit each other.
        Unavailable: the backend is not installed; gives the command.

    >>> import fallline as fl
    >>> trace = fl.train("logistic", "gauss", "gd", rate=0.5, epochs=3)
    >>> trace.steps, float(trace.scores[-1])
    (30, 1.0)
    """
    found, made = _data(data, seed), _optimizer(optimizer, backend)
    recipe = Recipe(made, rate, epochs=epochs, steps=steps, batch=batch, loss=loss, seed=seed, precision=precision)
    recipe = replace(recipe, patience=patience, look=look, noise=noise, label_noise=label_noise)
    if isinstance(schedule, str):
        schedule = lookup(schedule, SCHEDULES, "schedule").suited(recipe.total(found))
    hooks = Hooks(checkpoint, resume, report, clock, device)
    return trainer(backend)(Net(net) if isinstance(net, str) else net, found, replace(recipe, schedule=schedule), hooks)


def _optimizer(optimizer: str | Optimizer | Factory, backend: str) -> Optimizer | Factory:
    """Returns an optimizer by name, as the backend means it, or as it is."""
    known = lookup(backend, BACKENDS, "backend")
    if not isinstance(optimizer, str):
        return optimizer
    return lookup(optimizer, optimizers_of(known.dialect), "optimizer")()


def _data(data: str | Data | tuple[Any, Any], seed: int) -> Data:
    """Returns data by name, from a pair of arrays, or as it is."""
    if isinstance(data, str):
        return load_set(data, generator(seed, "train", "data"))
    if isinstance(data, Data):
        return data
    x, y = (each.detach().cpu().numpy() if hasattr(each, "detach") else each for each in data)
    return data_of(x, y, generator(seed, "train", "data"))
