"""Stage ``game``: plays a match and measures it at moments: what G covers, how far it is, how much the field turns."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.rng import generator
from fallline.engine.games import (
    GAME_LOSSES,
    LATENTS,
    SOURCES,
    Match,
    Moment,
    Setting,
    Source,
    coverage,
    drawn,
    energy_distance,
    play,
    turning,
)
from fallline.engine.games.match import EVERY
from fallline.runs.bench.shades import shaded
from fallline.runs.bench.short import short
from fallline.runs.spec.game import GameSpec, PlayerSpec
from fallline.runs.stage import Context, Output

Array = NDArray[np.float64]
MOMENTS, ROUNDS_SLOW = 17, 4
SHOWN, ARROWS, MEASURED, ROTATED = 96, 24, 512, 5
WIDE, CELLS = 1.8, 30
GRID = (6, 11)
"""Lines of G's map in each direction, and points of each."""


def game(context: Context) -> Output:
    """Plays, measures, and keeps what is drawn."""
    spec = context.spec
    assert isinstance(spec, GameSpec)  # noqa: S101 - only this kind has this stage
    source = drawn(spec.own) if spec.source == "own" else SOURCES[spec.source]
    setting = setting_of(spec)
    match = play(source, setting)
    eyes = _Eyes(source, setting, match)
    shown = [eyes.moment(moment) for moment in match.moments]
    for before, old, new in zip(shown, match.moments, match.moments[1:], strict=False):
        before["pull_after"] = eyes.pull(old, new if spec.way == "turns" else old)
    turned = [eyes.rotation(match.moments[at]) for at in _spread(len(match.moments))]
    last, middle = shown[-1], [each["distance"]["value"] for each in shown]
    part: dict[str, Any] = {
        "source": spec.source,
        "title": source.title,
        "loss": GAME_LOSSES[spec.loss].title,
        "way": spec.way,
        "slow": spec.slow,
        "rounds": match.moments[-1].round,
        "broken": match.broken,
        "weights": {"g": match.game.maker.count, "d": match.game.judge.count},
        **({"own": [list(place) for place in spec.own]} if spec.source == "own" else {}),
        "real": _drawn(eyes.x[:SHOWN]),
        "pieces": short(0.5 * (source.first + source.last)),
        "moments": shown,
        "losses": {"round": [EVERY * i for i in range(len(match.losses))], **_losses(match)},
        "rotation": turned,
        "end": {**last["coverage"], "distance": last["distance"], "turning": turned[-1]["share"]},
        "best": {"distance": min(middle), "round": shown[int(np.argmin(middle))]["round"]},
    }
    return Output(part)


def setting_of(spec: GameSpec) -> Setting:
    """Returns how a Spec's match is played."""
    return Setting(
        loss=spec.loss,
        penalty=spec.penalty,
        latent=spec.latent,
        maker=_hidden(spec.maker),
        judge=_hidden(spec.judge),
        optimizers=(spec.maker.optimizer, spec.judge.optimizer),
        rates=(spec.maker.rate, spec.judge.rate),
        way=spec.way,
        judge_steps=spec.judge_steps,
        rounds=spec.rounds,
        judge_alone=spec.judge_alone,
        maker_alone=spec.maker_alone,
        moments=ROUNDS_SLOW if spec.slow else MOMENTS,
        each=spec.slow,
        seed=spec.seed,
    )


def _hidden(player: PlayerSpec) -> tuple[int, ...]:
    return (player.units,) * player.layers


def _spread(count: int) -> list[int]:
    return sorted(set(np.linspace(0, count - 1, min(ROTATED, count)).round().astype(int).tolist()))


def _losses(match: Match) -> dict[str, list[float | None]]:
    finite = np.where(np.isfinite(match.losses), match.losses, np.nan)
    return {
        name: [None if np.isnan(value) else value for value in short(finite[:, column])]
        for column, name in enumerate(("d", "g"))
    }


class _Eyes:
    """What looks at every moment of one match, always at the same points and noise."""

    def __init__(self, source: Source, setting: Setting, match: Match) -> None:
        self.source, self.setting, self.match = source, setting, match
        rng = generator(setting.seed, "games", "eyes")
        self.latent = LATENTS[setting.latent]
        self.x, self.z = source.draw(rng, MEASURED), self.latent.draw(rng, MEASURED)
        ends = np.linspace(-WIDE, WIDE, CELLS)
        across, up = np.meshgrid(ends, ends)
        self.places = np.stack([across.ravel(), up.ravel()], axis=1)
        self.lines = self.latent.grid(*GRID) if self.latent.dimension == 2 else self.latent.grid(20, 60)

    def moment(self, moment: Moment) -> dict[str, Any]:
        """Measures one moment, and keeps what is drawn of it."""
        play_, g, d = self.match.game, moment.g, moment.d
        with np.errstate(all="ignore"):  # a match that runs away is looked at like any other
            made = play_.maker.forward(g, self.z)[0]
            belief = GAME_LOSSES[play_.loss].belief(play_.judge.forward(d, self.places)[0][:, 0])
            far, hit = energy_distance(made, self.x, 8), coverage(self.source, made)
            lines = [_drawn(play_.maker.forward(g, line)[0]) for line in self.lines]
        return {
            "round": moment.round,
            "made": _drawn(made[:SHOWN]),
            "pull": self.pull(moment, moment),
            "belief": shaded(1.0 - 2.0 * belief),
            "lines": lines,
            "distance": {"value": far.value, "error": far.error},
            "coverage": {
                "shares": short(np.array(hit.shares)),
                "hit": hit.hit,
                "of": hit.of,
                "good": hit.good,
                "effective": hit.effective,
                "collapsed": hit.collapsed,
            },
        }

    def pull(self, maker: Moment, judge: Moment) -> list[list[float]]:
        """Which way, and how strongly, D draws some of the made points."""
        with np.errstate(all="ignore"):  # as above
            along = self.match.game.made(judge.d, maker.g, self.z[:ARROWS])[2]
        return _drawn(_shortened(-along))

    def rotation(self, moment: Moment) -> dict[str, float | int]:
        """Estimates how much of the field turns at one moment, on 64 points and their noise."""
        play_, count = self.match.game, self.setting.batch
        size = play_.maker.count + play_.judge.count
        rng = generator(self.setting.seed, "games", "probes", moment.round)
        with np.errstate(all="ignore"):  # as above
            found = turning(
                lambda v: play_.along(moment.d, moment.g, self.x[:count], self.z[:count], v), size, rng, probes=8
            )
        return {"round": moment.round, "share": found.share, "error": found.error}


def _drawn(points: Array) -> list[list[float]]:
    """To a thousandth, which is less than a pixel, and not further out than can be drawn."""
    made: list[list[float]] = np.clip(points, -9.0, 9.0).round(3).tolist()
    return made


def _shortened(along: Array) -> Array:
    """Arrows as long as can be drawn: the longest is a third of a unit, the others in proportion."""
    longest = float(np.sqrt((along * along).sum(axis=1)).max())
    return along / longest / 3.0 if np.isfinite(longest) and longest > 0.0 else np.zeros_like(along)
