"""Training in PyTorch: a named net or any module, on data, by a recipe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from fallline.core.ending import EndingKind
from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.data.sets import Data
from fallline.engine.nets import Architecture, Inputs, Net, Outputs
from fallline.engine.nets import Weights as Drawn
from fallline.engine.nets.modules import as_module
from fallline.engine.train.loop.device import device_of
from fallline.engine.train.loop.going import NO_HOOKS, Hooks, go, trace_of
from fallline.engine.train.loop.judging import Subject, case_of
from fallline.engine.train.loop.probes import ROWS
from fallline.engine.train.loop.recipe import Recipe
from fallline.engine.train.loop.session import Session
from fallline.engine.train.loop.trace import Trace, Weights
from fallline.engine.train.loop.verdict import verdict


def architecture_of(net: Net, data: Data) -> Architecture:
    """Returns a named net's layers for some data.

    Raises:
        SpecError: the net cannot read it.
    """
    if net.name == "logistic" and data.task == "regression":
        raise SpecError("net.name", "logistic", "a net that gives numbers", "Take 'linear'.")
    return net.architecture(Inputs(data.shape, data.vocabulary), Outputs(data.outputs, each=data.task == "tokens"))


def first_weights(architecture: Architecture, seed: int) -> Drawn:
    """Returns the weights that a training with this seed starts from, in every backend: torch's layout, float64."""
    return architecture.draw(generator(seed, "train", "weights"))


def module_of(net: Net | nn.Module, data: Data, recipe: Recipe, device: torch.device) -> nn.Module:
    """Returns the module that is trained: a named net with its first weights, or a person's own as it comes."""
    dtype = getattr(torch, recipe.precision)
    if isinstance(net, Net):
        architecture = architecture_of(net, data)
        return as_module(architecture, first_weights(architecture, recipe.seed), dtype).to(device)
    own: object = net
    if isinstance(own, nn.Module):
        return own.to(device, dtype)
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

    >>> import numpy as np
    >>> from fallline.engine.data.sets import load_set
    >>> from fallline.engine.optim import OPTIMIZERS
    >>> moons = load_set("moons", np.random.default_rng(0))
    >>> trace = train(Net("mlp"), moons, Recipe(OPTIMIZERS["adam"](), rate=0.01, epochs=30))
    >>> trace.steps, bool(trace.scores[-1] > 0.95)
    (300, True)
    """
    device = device_of(hooks.device)
    with one_at_a_time(hooks.threads):
        session = Session(module_of(net, data, recipe, device), data, recipe, device)
        if hooks.resume is not None:
            session.load(hooks.resume)
        go(session, hooks)
        subject = Subject(
            module=session.module,
            criterion=session.criterion,
            x=session.tensors.x[:ROWS],
            y=session.tensors.y[:ROWS],
            first=session.first,
            stable=session.stepper.largest_stable_rate,
            aside=session.aside,
        )
        notes, title = session.notes, session.stepper.title
        ending = verdict(case_of(notes, recipe, session.per_epoch, title, session.broken, subject))
        state = session.snapshot() if ending.kind is not EndingKind.UNDEFINED else None
        best, last = _arrays(notes.best_weights), _arrays(session.module.state_dict())
        return trace_of(notes, session.per_epoch, best, last, ending, state)


@contextmanager
def one_at_a_time(threads: int) -> Iterator[None]:
    """Holds torch to so many threads meanwhile: on another number, sums come out another way."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _arrays(state: Mapping[str, Tensor]) -> Weights:
    return {name: each.detach().cpu().numpy().copy() for name, each in state.items()}
