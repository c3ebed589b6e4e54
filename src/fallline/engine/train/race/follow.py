"""Follows one member through the training loop, and keeps the losses at the problem's points."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from fallline.engine.nets import Net
from fallline.engine.train.loop.criteria import CRITERIA
from fallline.engine.train.loop.recipe import Recipe
from fallline.engine.train.loop.tensors import Tensors
from fallline.engine.train.loop.training import module_of, train
from fallline.engine.train.race.lane import Curve, curve
from fallline.engine.train.race.member import Member
from fallline.engine.train.race.problem import Problem

CPU = torch.device("cpu")


def follow(problem: Problem, optimizer: Any, member: Member) -> Curve:
    """Trains one member.

    Args:
        problem: what is trained.
        optimizer: one of ours, or what makes a ``torch.optim.Optimizer`` of parameters.
        member: its rate and seed.
    """
    recipe = problem.recipe(optimizer, member)
    first = first_loss(problem, recipe)
    trace = train(problem.net if isinstance(problem.net, Net) else problem.net(member.seed), problem.data, recipe)
    return curve([first, *trace.validation.tolist()], len(problem.points))


def first_loss(problem: Problem, recipe: Recipe) -> float:
    """Returns the loss on the validation rows before the first step."""
    x, y = Tensors.of(problem.data, recipe, CPU).validation
    module = start(problem, recipe).eval()
    with torch.no_grad():
        return float(loss_of(problem, recipe, module, x, y))


def start(problem: Problem, recipe: Recipe) -> nn.Module:
    """Returns the net at the start of a run."""
    net = problem.net if isinstance(problem.net, Net) else problem.net(recipe.seed)
    return module_of(net, problem.data, recipe, CPU)


def loss_of(problem: Problem, recipe: Recipe, module: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    """Returns the mean loss of rows."""
    return CRITERIA[recipe.loss_name(problem.data)](module(x), y)
