"""The field of a game: each player's slope of its own loss, at one place of both players' weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fallline.engine.games.losses import GAME_LOSSES
from fallline.engine.games.net import Net

Array: TypeAlias = NDArray[Any]
STEP = 1e-30
"""Of a complex step: so small that nothing of it is left in the real part."""


@dataclass(frozen=True)
class Game:
    """Two nets and what they lower.

    Attributes:
        maker: the generator G, from noise to points.
        judge: the discriminator D, from points to a number.
        loss: a key of `GAME_LOSSES`.
        penalty: γ of γ/2·|∇ₓD|² at the real points, which is added to D's loss (Mescheder and others, 2018).
    """

    maker: Net
    judge: Net
    loss: str = "log"
    penalty: float = 0.0

    def judged(self, d: Array, g: Array, x: Array, z: Array) -> Array:
        """Returns the slope of D's loss along D's weights."""
        return self.judged_points(d, x, self.maker.forward(g, z)[0])

    def judged_points(self, d: Array, x: Array, made: Array) -> Array:
        """Returns the same, from points that G has made already."""
        rules, count = GAME_LOSSES[self.loss], len(x)
        both = np.concatenate([x, made]) if x.dtype == made.dtype else np.concatenate([x.astype(made.dtype), made])
        said, kept = self.judge.forward(d, both)
        slope = np.concatenate([rules.real[1](said[:count]), rules.fake[1](said[count:])]) / count
        return self.judge.backward(d, kept, slope, points=False)[0] + self._penalty(d, x)

    def made(self, d: Array, g: Array, z: Array) -> tuple[Array, Array, Array]:
        """Returns the slope of G's loss along G's weights, the points it makes, and the slope along those."""
        points, kept = self.maker.forward(g, z)
        said, inner = self.judge.forward(d, points)
        slope = GAME_LOSSES[self.loss].fool[1](said) / len(z)
        along = self.judge.backward(d, inner, slope)[1]
        return self.maker.backward(g, kept, along, points=False)[0], points, along

    def losses(self, d: Array, g: Array, x: Array, z: Array) -> tuple[float, float]:
        """Returns D's loss, without the penalty, and G's."""
        rules = GAME_LOSSES[self.loss]
        real, fake = self.judge.forward(d, x)[0], self.judge.forward(d, self.maker.forward(g, z)[0])[0]
        return float(rules.real[0](real).mean() + rules.fake[0](fake).mean()), float(rules.fool[0](fake).mean())

    def along(self, d: Array, g: Array, x: Array, z: Array, v: Array) -> Array:
        """Returns the field's derivative along a direction: its Jacobian times v, G's weights first.

        Without a penalty by a complex step, exact to rounding. The penalty takes one itself, so that with it the field
        is differenced, which leaves an error of about 1e-9.
        """
        vg, vd = v[: self.maker.count], v[self.maker.count :]
        if self.penalty == 0.0:
            at = g + 1j * STEP * vg, d + 1j * STEP * vd
            parts = self.made(at[1], at[0], z)[0], self.judged(at[1], at[0], x, z)
            return np.concatenate(parts).imag / STEP
        h = 1e-5 / max(float(np.sqrt(v @ v)), 1e-300)
        ends = []
        for s in (h, -h):
            there, beside = g + s * vg, d + s * vd
            ends.append(np.concatenate([self.made(beside, there, z)[0], self.judged(beside, there, x, z)]))
        return np.asarray((ends[0] - ends[1]) / (2.0 * h))

    def _penalty(self, d: Array, x: Array) -> Array | float:
        """The slope of γ/2·mean|∇ₓD|²: along s = ∇ₓD, held fixed, it is the derivative of D's own slope."""
        if self.penalty == 0.0:
            return 0.0
        said, kept = self.judge.forward(d, x)
        s = self.judge.backward(d, kept, np.ones_like(said))[1]
        moved, inner = self.judge.forward(d, x + 1j * STEP * s)
        slope = self.judge.backward(d, inner, np.ones_like(moved), points=False)[0]
        return np.asarray(self.penalty * slope.imag / STEP / len(x))
