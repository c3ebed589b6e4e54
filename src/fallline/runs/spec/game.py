"""Spec kind ``game``: two nets that train against each other on points of the plane."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.runs.spec.base import Spec, SpecModel

Coordinate = Annotated[float, Field(ge=-2, le=2)]
Place = tuple[Coordinate, Coordinate]
Rate = Annotated[float, Field(gt=0, le=10)]
PlayerName = Literal["gd", "momentum", "rmsprop", "adam"]


class PlayerSpec(SpecModel):
    """One of the two.

    Attributes:
        layers: hidden layers.
        units: of each.
        optimizer: how it steps.
        rate: its learning rate.
    """

    layers: Annotated[int, Field(ge=1, le=2)] = 1
    units: Annotated[int, Field(ge=2, le=32)] = 16
    optimizer: PlayerName = "adam"
    rate: Rate = 0.01


class GameSpec(Spec):
    """A match of a generator G against a discriminator D.

    Attributes:
        source: where real points come from.
        own: corners of the curve of source ``own``.
        latent: the noise that G starts from.
        loss: what the two lower.
        penalty: γ on D's slope at real points.
        maker: G.
        judge: D.
        way: who steps when.
        judge_steps: steps of D for each of G.
        rounds: with both.
        judge_alone: rounds after those in which D alone steps.
        maker_alone: and after those, G alone.
        slow: the last rounds one stage at a time, instead of the whole match.
    """

    kind: Literal["game"] = "game"
    source: Literal["line", "two", "eight", "ring", "apart", "own"] = "eight"
    own: Annotated[tuple[Place, ...], Field(min_length=2, max_length=8)] = (
        (-1.2, -0.5),
        (-0.4, 0.8),
        (0.4, -0.8),
        (1.2, 0.5),
    )
    latent: Literal["uniform-1", "uniform-2", "gaussian-1", "gaussian-2"] = "gaussian-2"
    loss: Literal["log", "minimax", "squares"] = "log"
    penalty: Annotated[float, Field(ge=0, le=10)] = 0.0
    maker: PlayerSpec = PlayerSpec()
    judge: PlayerSpec = PlayerSpec(layers=2)
    way: Literal["together", "turns", "extragradient"] = "turns"
    judge_steps: Annotated[int, Field(ge=1, le=3)] = 1
    rounds: Annotated[int, Field(ge=0, le=500)] = 300
    judge_alone: Annotated[int, Field(ge=0, le=50)] = 0
    maker_alone: Annotated[int, Field(ge=0, le=50)] = 0
    slow: bool = False
