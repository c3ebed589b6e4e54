"""From a net to what trains it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from fallline.core.errors import DataError, SpecError
from fallline.core.rng import generator
from fallline.engine.nets import Inputs, Net, Outputs
from fallline.engine.nets.architecture import Architecture
from fallline.engine.nets.modules import as_module
from fallline.engine.train.population.choice import Clock, choose
from fallline.engine.train.population.fleet import Trainer
from fallline.engine.train.population.gradients import Subject
from fallline.engine.train.population.kernels import KernelTrainer
from fallline.engine.train.population.layout import Layout
from fallline.engine.train.population.losses import LOSSES
from fallline.engine.train.population.member import Member
from fallline.engine.train.population.modules import ModuleTrainer
from fallline.engine.train.population.passes import Batches
from fallline.engine.train.population.recognise import Recognised, perceptron_of
from fallline.engine.train.population.task import Task

Array = NDArray[Any]


def trainer_of(
    net: Any, task: Task, members: Sequence[Member], *, threads: int, block: int | None, clock: Clock | None
) -> Trainer:
    """Returns the trainer that suits a net.

    Args:
        net: a module, with the weights from which every member starts; a named net or an architecture, whose weights
            are drawn by a member's seed; or a function that makes a module, which draws by that seed, too.
        task: what the members share.
        members: those of the beginning.
        threads: for the kernels.
        block: None lets perceptrons go to the kernels, and chooses for all others; a number is taken as it is.
        clock: seconds.

    Raises:
        SpecError: it is none of these, or learns nothing.
        DataError: the module cannot read the rows, or does not give what the loss wants.
    """
    make = maker(architecture_for(net, task) if isinstance(net, Net) else net, task)
    module = copy.deepcopy(make(members[0].seed if members else 0)).to(getattr(torch, task.precision)).train()
    found = perceptron_of(module)
    if found is not None and block is None:
        flat = replace(task, x=task.x.reshape(task.rows, -1))
        return KernelTrainer(found, flat, threads, Recognised(make))
    layout = Layout.of(module)
    if not layout.moving:
        raise SpecError("net", type(module).__name__, "a module with parameters that learn")
    laid = _targets(module, task)
    batches = Batches(torch.from_numpy(task.x), torch.from_numpy(laid(task.y)[None]))
    rows = [layout.row(make(member.seed), task.precision) for member in members]
    chosen = choose(Subject(module, layout, task.loss), batches, rows, task.batch, block, clock)
    return ModuleTrainer(make, module, layout, task, chosen.way, chosen.sentence, laid)


def architecture_for(net: Net, task: Task) -> Architecture:
    """Returns a named net's layers for the rows of a task.

    Raises:
        SpecError: the net cannot read them.
    """
    if net.name == "logistic" and not task.kinds:
        raise SpecError("net.name", "logistic", "a net that gives numbers", "Take 'linear'.")
    count = task.kinds if LOSSES[task.loss].classes else task.y.shape[1]
    inputs = Inputs(task.x.shape[1:], task.kinds if task.tokens else 0)
    return net.architecture(inputs, Outputs(count, each=task.tokens))


def maker(net: Any, task: Task) -> Callable[[int], nn.Module]:
    """Returns what gives a member's first module by its seed; torch's own random state is left as it is.

    Raises:
        SpecError: no net.
    """
    if isinstance(net, nn.Module):
        return lambda _: net
    if isinstance(net, Architecture):
        dtype = getattr(torch, task.precision)
        return lambda seed: as_module(net, net.draw(generator(seed, task.streams, "weights")), dtype)
    if not callable(net):
        expected = "a Perceptron, a named net, a module, an architecture, or a function that makes a module"
        raise SpecError("net", net, expected)

    def made(seed: int) -> nn.Module:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            module = net()
        if not isinstance(module, nn.Module):
            raise SpecError("net", type(module).__name__, "a function that makes a module of torch")
        return module

    return made


def _targets(module: nn.Module, task: Task) -> Callable[[Array], Array]:
    """Returns what lays targets out for a module, after one look at what it makes of the rows."""
    x = torch.from_numpy(task.x)
    try:
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            outputs = copy.deepcopy(module)(x[: min(2, task.rows)])
    except (RuntimeError, ValueError, IndexError, TypeError) as error:
        raise DataError(f"The module cannot read rows of shape {task.x.shape[1:]}: {error}") from error
    shape = tuple(outputs.shape[1:])
    if LOSSES[task.loss].classes:
        if not shape or shape[:-1] != task.y.shape[1:] or task.y.max() >= shape[-1]:
            raise DataError(f"Class {task.y.max()} occurs, and the module gives outputs of shape {shape} a row.")
        return partial(one_hot, kinds=shape[-1], precision=task.precision)
    if shape != task.y.shape[1:]:
        raise DataError(f"The module gives outputs of shape {shape} a row, targets have {task.y.shape[1:]}.")
    return np.asarray


def one_hot(y: Array, kinds: int, precision: str) -> Array:
    """Returns classes as rows with a single 1, shape (…, kinds).

    >>> one_hot(np.array([1, 0]), 3, "float32").tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    """
    return np.eye(kinds, dtype=precision)[y]
