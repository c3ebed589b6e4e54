"""Follows the members of a race together, where kernels train their net: each draws the curve that it draws alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from fallline.engine.nets import Net
from fallline.engine.optim import Elementwise
from fallline.engine.train import population as crowds
from fallline.engine.train.population.losses import LOSSES
from fallline.engine.train.population.recognise import perceptron_of
from fallline.engine.train.race.follow import start
from fallline.engine.train.race.lane import Curve, curve
from fallline.engine.train.race.member import Member
from fallline.engine.train.race.problem import Problem


def together(problem: Problem, optimizer: Elementwise, members: Sequence[Member]) -> bool:
    """Says whether the members of a problem are quicker together.

    Perceptrons are, by ten times and more, since kernels train them. Other nets gain no more in blocks of members than
    tracing them costs, in runs of a race's length.
    """
    recipe = problem.recipe(optimizer, members[0])
    known = recipe.loss_name(problem.data) in LOSSES and problem.data.task != "tokens"
    return known and perceptron_of(start(problem, recipe)) is not None


def follow_all(problem: Problem, optimizer: Elementwise, members: Sequence[Member]) -> list[Curve]:
    """Trains members together, from the starts, rows and noise that `follow` gives each of them."""
    recipe = problem.recipe(optimizer, members[0])
    crowd = [
        crowds.Member(
            optimizer, rate=each.rate, seed=each.seed, noise=problem.noise, weights=_own_weights(problem, each.seed)
        )
        for each in members
    ]
    trained = crowds.population(
        problem.net if isinstance(problem.net, Net) else problem.net(members[0].seed),
        problem.data,
        crowd,
        steps=problem.steps,
        batch=recipe.rows(problem.data),
        loss=recipe.loss_name(problem.data),
        look=problem.look,
        precision=recipe.precision,
        streams="train",
    ).advance()
    return [curve(losses.tolist(), len(problem.points)) for losses in trained.validation]


def _own_weights(problem: Problem, seed: int) -> list[NDArray[Any]] | None:
    """The first weights of a person's own net; those of a named one are drawn by the seed."""
    if isinstance(problem.net, Net):
        return None
    return [part.detach().numpy() for part in problem.net(seed).parameters()]
