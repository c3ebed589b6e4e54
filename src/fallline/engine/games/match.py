"""A match: both players step by step, with moments kept for who wants to look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fallline.core.rng import generator
from fallline.engine.games.field import Game
from fallline.engine.games.latents import LATENTS
from fallline.engine.games.net import Net
from fallline.engine.games.sources import Source
from fallline.engine.optim import OPTIMIZERS, State

Array = NDArray[np.float64]
EVERY = 4
"""Rounds between two readings of the losses."""
Way = Literal["together", "turns", "extragradient"]


@dataclass(frozen=True)
class Setting:
    """How a match is played.

    Attributes:
        loss: a key of `GAME_LOSSES`.
        penalty: γ on D's slope at real points.
        latent: a key of `LATENTS`.
        maker: hidden units of G, layer by layer.
        judge: hidden units of D.
        optimizers: of G and of D, keys of `OPTIMIZERS`; elementwise ones.
        rates: of G and of D.
        beta: β₁ of those optimizers that have one; 0.9 is what they come with, games do better with less.
        way: both at once, in turns (D first), or from where both would be after a step (Korpelevich, 1976).
        judge_steps: steps of D for each of G.
        rounds: with both.
        judge_alone: rounds after those in which D alone moves.
        maker_alone: and after those, G alone.
        batch: real points, and fake ones, of each step.
        moments: kept, evenly, start and end among them.
        each: keep every round of the last few instead.
        seed: of first weights, noise and draws.
    """

    loss: str = "log"
    penalty: float = 0.0
    latent: str = "gaussian-2"
    maker: tuple[int, ...] = (16, 16)
    judge: tuple[int, ...] = (16, 16)
    optimizers: tuple[str, str] = ("adam", "adam")
    rates: tuple[float, float] = (0.01, 0.01)
    beta: float = 0.5
    way: Way = "turns"
    judge_steps: int = 1
    rounds: int = 300
    judge_alone: int = 0
    maker_alone: int = 0
    batch: int = 64
    moments: int = 25
    each: bool = False
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Moment:
    """Both players at one moment.

    Attributes:
        round: how many rounds have been played.
        g: G's weights.
        d: D's weights.
    """

    round: int
    g: Array
    d: Array


@dataclass(frozen=True, eq=False)
class Match:
    """A match that was played.

    Attributes:
        game: the two nets and their losses.
        moments: kept, in order.
        losses: D's and G's at the start of every `EVERY`th round, shape (n, 2).
        broken: the round in which a weight was no number; None where none was.
    """

    game: Game
    moments: tuple[Moment, ...]
    losses: Array
    broken: int | None


class _Player:
    """One player's weights and optimizer; its step is a pure function, kept here in place for speed of reading."""

    def __init__(self, w: Array, name: str, rate: float, beta: float) -> None:
        kind = OPTIMIZERS[name]
        first = {"beta1": beta} if any(each.name == "beta1" for each in kind.parameters) else {}
        self.w, self.rate, self.optimizer = w, rate, kind(**first)
        self.state: State = self.optimizer.init(w)

    def ahead(self, slope: Array) -> Array:
        """Where it would be after a step."""
        return np.asarray(self.optimizer.step(self.w, slope, self.state, self.rate)[0])

    def step(self, slope: Array) -> None:
        """Takes a step."""
        moved, self.state = self.optimizer.step(self.w, slope, self.state, self.rate)
        self.w = np.asarray(moved)


def play(source: Source, setting: Setting) -> Match:
    """Plays a match; the same source and setting give the same to the last bit."""
    latent = LATENTS[setting.latent]
    game = Game(
        Net((latent.dimension, *setting.maker, 2)), Net((2, *setting.judge, 1)), setting.loss, setting.penalty
    )  # fmt: skip
    first, draws = generator(setting.seed, "games", "weights"), generator(setting.seed, "games", "draws")
    g = _Player(game.maker.start(first), setting.optimizers[0], setting.rates[0], setting.beta)
    d = _Player(game.judge.start(first), setting.optimizers[1], setting.rates[1], setting.beta)
    total = setting.rounds + setting.judge_alone + setting.maker_alone
    keep = _kept(total, setting)
    moments = [Moment(0, g.w, d.w)] if 0 in keep else []
    losses: list[tuple[float, float]] = []
    for number in range(total):
        last = Moment(number, g.w, d.w)
        judge = number < setting.rounds + setting.judge_alone
        maker = number < setting.rounds or not judge
        with np.errstate(all="ignore"):  # a match may run away
            if number % EVERY == 0:
                x, z = _shown(source, setting, number)
                losses.append(game.losses(d.w, g.w, x, z))
            _round(game, g, d, source, setting, draws, judge=judge, maker=maker)
        if not (np.isfinite(g.w).all() and np.isfinite(d.w).all()):
            kept = moments if moments and moments[-1].round == number else [*moments, last]
            return Match(game, tuple(kept), np.array(losses), number + 1)
        if number + 1 in keep:
            moments.append(Moment(number + 1, g.w, d.w))
    return Match(game, tuple(moments), np.array(losses).reshape(-1, 2), None)


def _kept(total: int, setting: Setting) -> set[int]:
    if setting.each:
        return set(range(max(total - setting.moments + 1, 0), total + 1))
    return set(np.linspace(0, total, min(setting.moments, total + 1)).round().astype(int).tolist())


def _shown(source: Source, setting: Setting, number: int) -> tuple[Array, Array]:
    """The points on which losses are read; another draw than what is trained on, so that reading changes nothing."""
    rng = generator(setting.seed, "games", "losses", number)
    return source.draw(rng, setting.batch), LATENTS[setting.latent].draw(rng, setting.batch)


def _round(
    game: Game,
    g: _Player,
    d: _Player,
    source: Source,
    setting: Setting,
    rng: np.random.Generator,
    *,
    judge: bool,
    maker: bool,
) -> None:
    """Plays one round."""
    latent, batch = LATENTS[setting.latent], setting.batch
    steps = setting.judge_steps if judge else 0
    x = [source.draw(rng, batch) for _ in range(max(steps, 1))]
    z = [latent.draw(rng, batch) for _ in range(max(steps, 1) + 1)]
    if setting.way == "turns" or not (judge and maker):
        for step in range(steps):
            d.step(game.judged(d.w, g.w, x[step], z[step]))
        if maker:
            g.step(game.made(d.w, g.w, z[-1])[0])
        return
    for step in range(steps - 1):  # D's further steps come first; the last of them is taken together with G's
        d.step(game.judged(d.w, g.w, x[step], z[step]))
    at = g.w, d.w
    if setting.way == "extragradient":
        at = g.ahead(game.made(d.w, g.w, z[-1])[0]), d.ahead(game.judged(d.w, g.w, x[-1], z[-1]))
    slopes = game.made(at[1], at[0], z[-1])[0], game.judged(at[1], at[0], x[-1], z[-1])
    g.step(slopes[0])
    d.step(slopes[1])
