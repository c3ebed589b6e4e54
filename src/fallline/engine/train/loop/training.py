"""Training in PyTorch: a named net or any module, on data, by a recipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from fallline.core.ending import Ending, EndingKind
from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.data.sets import Data
from fallline.engine.nets import Architecture, Inputs, Net, Outputs
from fallline.engine.nets.modules import as_module
from fallline.engine.train.loop.device import device_of
from fallline.engine.train.loop.probes import ROWS, dead_units, sharpness
from fallline.engine.train.loop.recipe import Recipe
from fallline.engine.train.loop.session import Report, Session
from fallline.engine.train.loop.snapshot import Snapshot
from fallline.engine.train.loop.trace import Trace
from fallline.engine.train.loop.verdict import Case, verdict


@dataclass(frozen=True)
class Hooks:
    """What a training is given besides what decides its numbers.

    Attributes:
        checkpoint: takes a snapshot after each look.
        resume: where to go on from.
        report: hears of every step.
        clock: seconds; without it the trace has none.
        device: ``auto``, ``cpu``, ``cuda``.
        threads: of torch on the processor.
    """

    checkpoint: Callable[[Snapshot], None] | None = None
    resume: Snapshot | None = None
    report: Report | None = None
    clock: Callable[[], float] | None = None
    device: str = "auto"
    threads: int = 1


NO_HOOKS = Hooks()


def architecture_of(net: Net, data: Data) -> Architecture:
    """Returns a named net's layers for some data.

    Raises:
        SpecError: the net cannot read it.
    """
    if net.name == "logistic" and data.task == "regression":
        raise SpecError("net.name", "logistic", "a net that gives numbers", "Take 'linear'.")
    return net.architecture(Inputs(data.shape, data.vocabulary), Outputs(data.outputs, each=data.task == "tokens"))


def first_weights(architecture: Architecture, seed: int) -> dict[str, np.ndarray]:
    """Returns the weights that a training with this seed starts from, in every backend: torch's layout, float64."""
    return architecture.draw(generator(seed, "train", "weights"))


def module_of(net: Net | nn.Module, data: Data, recipe: Recipe, device: torch.device) -> nn.Module:
    """Returns the module that is trained: a named net with its first weights, or a person's own as it comes."""
    dtype = getattr(torch, recipe.precision)
    if isinstance(net, Net):
        architecture = architecture_of(net, data)
        return as_module(architecture, first_weights(architecture, recipe.seed), dtype).to(device)
    if isinstance(net, nn.Module):
        return net.to(device, dtype)
    raise SpecError("net", type(net).__name__, "a Net or a torch.nn.Module")


def train(net: Net | nn.Module, data: Data, recipe: Recipe, hooks: Hooks = NO_HOOKS) -> Trace:
    """Trains a net; batch, mini-batch and single rows are one loop.

    A module of one's own is trained in place and left with its last weights; ``trace.best_weights`` are the best.
    The same net, data and recipe give the same trace on the same machine. Torch's random streams are not touched.

    Args:
        net: a named net, or any module that takes x and gives what the loss takes.
        data: what it learns from.
        recipe: how.
        hooks: checkpoints, reports, device.

    Raises:
        SpecError: net, data and recipe do not fit each other, or there is no such device here.

    >>> from fallline.engine.data.sets import load_set
    >>> from fallline.engine.optim import OPTIMIZERS
    >>> moons = load_set("moons", np.random.default_rng(0))
    >>> trace = train(Net("mlp"), moons, Recipe(OPTIMIZERS["adam"](), rate=0.01, epochs=30))
    >>> trace.steps, bool(trace.scores[-1] > 0.95)
    (300, True)
    """
    device = device_of(hooks.device)
    with _threads(hooks.threads):
        session = Session(module_of(net, data, recipe, device), data, recipe, device)
        if hooks.resume is not None:
            session.load(hooks.resume)
        _go(session, hooks)
        return _trace(session, verdict(_case(session)))


@contextmanager
def _threads(count: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _go(session: Session, hooks: Hooks) -> None:
    """Step after step, until the steps, the patience or finiteness run out."""
    patience, spent = session.recipe.patience, session.notes.seconds[-1] if session.notes.seconds else 0.0
    while session.step_number < session.total and not session.broken:
        if patience is not None and session.notes.waited >= patience and session.notes.looks:
            return
        before = hooks.clock() if hooks.clock else 0.0
        loss = session.step()
        spent += hooks.clock() - before if hooks.clock else 0.0
        if session.broken:
            return
        if hooks.report:
            hooks.report(session.step_number, session.total, loss)
        if session.due():
            session.look(spent if hooks.clock else None)
            if hooks.checkpoint and not session.broken:
                hooks.checkpoint(session.snapshot())


def _case(session: Session) -> Case:
    recipe = session.recipe
    some = session.tensors.x[:ROWS], session.tensors.y[:ROWS]

    def limit() -> tuple[float, float] | None:
        if session.stepper.largest_stable_rate(1.0) is None:
            return None
        now = {key: each.detach().clone() for key, each in session.module.state_dict().items()}
        session.module.load_state_dict(session.first)
        with session.aside():
            sharp = sharpness(session.module, session.criterion, *some)
        session.module.load_state_dict(now)
        stable = session.stepper.largest_stable_rate(sharp) if sharp > 0 else None
        return None if stable is None else (sharp, stable)

    def dead() -> list[tuple[str, int, int]]:
        with session.aside():
            return dead_units(session.module, some[0])

    return Case(
        notes=session.notes,
        total=session.total,
        per_epoch=session.per_epoch,
        patience=recipe.patience,
        noisy=session.per_epoch > 1 or recipe.noise > 0,
        title=session.stepper.title,
        broken=session.broken,
        limit=limit,
        dead=dead,
    )


def _trace(session: Session, ending: Ending) -> Trace:
    notes = session.notes
    whole = session.module.state_dict()
    return Trace(
        losses=np.array(notes.losses),
        grad_norms=np.array(notes.norms),
        rates=np.array(notes.rates),
        looks=np.array(notes.looks, dtype=np.int64),
        epochs=np.array(notes.looks) / session.per_epoch,
        train=np.array(notes.train),
        validation=np.array(notes.validation),
        scores=np.array(notes.scores),
        best=notes.best,
        best_weights={name: each.cpu().numpy().copy() for name, each in notes.best_weights.items()},
        last_weights={name: each.detach().cpu().numpy().copy() for name, each in whole.items()},
        seconds=np.array(notes.seconds),
        ending=ending,
        state=session.snapshot() if ending.kind is not EndingKind.UNDEFINED else None,
    )
