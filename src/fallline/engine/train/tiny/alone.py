"""A tiny net walked in NumPy, for optimizers that look at whole layers or ask for more than a gradient.

The passes are the chain rule written out (Rumelhart, Hinton and Williams, 1986), in float64, over the rows in the order
in which the kernels would meet them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.ending import Ending, EndingKind
from fallline.engine.train.population.order import epoch_order, order_key
from fallline.engine.train.population.perceptron import Layers, Perceptron
from fallline.engine.train.population.signal import first_break, unit
from fallline.engine.train.tiny.problem import Array, mean_loss
from fallline.engine.train.tiny.setting import Setting
from fallline.engine.train.tiny.start import first_weights

NEAR = 1e-5
"""Distance, beside weights of size one, at which two gradients give the Hessian times a vector."""
LARGE = 1e150
"""Weights beyond have nowhere to go: their squares are no numbers."""
Weights = tuple[Array, ...]


@dataclass(frozen=True, eq=False)
class Batch:
    """The loss of a net on some rows, as a function of its weights; answers what an optimizer asks a probe.

    Attributes:
        net: the architecture.
        loss: its name.
        x: inputs, shape (n, features).
        y: targets.
        l1: weight of the penalty on the sizes of weights.
        l2: weight of the penalty on half their squares.
    """

    net: Perceptron
    loss: str
    x: Array
    y: NDArray[Any]
    l1: float
    l2: float

    def value(self, w: Weights) -> float:
        """Returns the mean loss and the penalties."""
        with np.errstate(all="ignore"):  # a net that runs away is told by its infinities
            values = self._forward(w)[0][-1]
            sizes = sum(float(np.abs(each).sum()) for each in w[::2])
            squares = sum(float((each * each).sum()) for each in w[::2])
        return mean_loss(values, self.y, self.loss) + self.l1 * sizes + 0.5 * self.l2 * squares

    def gradient_at(self, w: Weights) -> Weights:
        """Returns the gradient, in the structure of the weights."""
        with np.errstate(all="ignore"):  # as above
            values, slopes = self._forward(w)
            back = _slope(values[-1], self.y, self.loss)
            found: list[Array] = []
            for place in range(len(w) // 2 - 1, -1, -1):
                matrix = w[2 * place]
                pulled = values[place].T @ back + self.l1 * np.sign(matrix) + self.l2 * matrix
                found[:0] = [pulled, back.sum(axis=0)]
                if place:
                    back = (back @ matrix.T) * slopes[place - 1]
        return tuple(found)

    def hvp(self, w: Weights, v: Weights) -> Weights:
        """Returns the Hessian times a vector, by the difference of two gradients."""
        length = max(float(np.sqrt(sum((each * each).sum() for each in v))), 1e-300)
        step = NEAR / length
        ahead = self.gradient_at(tuple(a + step * b for a, b in zip(w, v, strict=True)))
        behind = self.gradient_at(tuple(a - step * b for a, b in zip(w, v, strict=True)))
        return tuple((a - b) / (2.0 * step) for a, b in zip(ahead, behind, strict=True))

    def _forward(self, w: Weights) -> tuple[list[Array], list[Array]]:
        """The values of every layer, the inputs first, and the slopes of the hidden ones."""
        values, slopes = [self.x], []
        for place in range(len(w) // 2):
            sums = values[-1] @ w[2 * place] + w[2 * place + 1]
            if place < len(self.net.activations):
                sums, slope = unit(self.net.activations[place], sums)
                slopes.append(slope)
            values.append(sums)
        return values, slopes


def _slope(z: Array, y: NDArray[Any], loss: str) -> Array:
    """The slope of the mean loss at the outputs."""
    count = len(z) if loss == "cross_entropy" else z.size
    if loss == "cross_entropy":
        shares = np.exp(z - z.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        shares[np.arange(len(z)), y.astype(np.int64)] -= 1.0
        return np.asarray(shares / count)
    if loss == "log_loss":
        return np.asarray((1.0 / (1.0 + np.exp(-z)) - y) / count)
    error = z - y
    if loss == "absolute":
        return np.asarray(np.sign(error) / count)
    return np.asarray((np.clip(error, -1.0, 1.0) if loss == "huber" else 2.0 * error) / count)


def walk_alone(
    setting: Setting,
    net: Perceptron,
    rows: tuple[Array, NDArray[Any]],
    loss: str,
    moments: Sequence[int],
    seed: int,
) -> tuple[tuple[Layers, ...], Ending, int]:
    """Trains one net.

    Returns:
        its weights at every moment, why it stopped, and how many steps it took.
    """
    layers = first_weights(net, setting.initialisation, seed)
    w: Weights = tuple(part for layer in layers for part in layer)
    state, kept, ending, taken = setting.optimizer.init(w), [layers], None, 0
    key, (x, y) = order_key(seed), rows
    batch = min(setting.batch, len(x))
    epoch, order = -(-len(x) // batch), np.empty(0, dtype=np.int64)
    for after in moments[1:]:
        while taken < after and ending is None:
            if taken % epoch == 0:
                order = epoch_order(key, taken // epoch, len(x))
            some = order[taken % epoch * batch : (taken % epoch + 1) * batch]
            seen = Batch(net, loss, x[some], y[some], setting.l1, setting.l2)
            slope = seen.gradient_at(w)
            if not all(np.isfinite(each).all() and (np.abs(each) < LARGE).all() for each in slope):
                ending = _broken(setting, net, w, seen, taken)
                break
            with np.errstate(all="ignore"):  # as above
                w, state = setting.optimizer.step(w, slope, state, setting.rate, seen)
            taken += 1
        shown = setting.optimizer.judged(w, state)
        kept.append(tuple((shown[i], shown[i + 1]) for i in range(0, len(shown), 2)))
    return tuple(kept), ending or Ending(EndingKind.FINISHED, f"All {taken} steps were taken.", taken), taken


def _broken(setting: Setting, net: Perceptron, w: Weights, seen: Batch, taken: int) -> Ending:
    layers = tuple((w[i], w[i + 1]) for i in range(0, len(w), 2))
    cause = first_break(net, layers, seen.x)
    sentence = (
        f"Diverged at step {taken + 1}: {cause}. {type(setting.optimizer).title} at rate {setting.rate:.3g} went too "
        "far; try a tenth of the rate."
    )
    return Ending(EndingKind.DIVERGED, sentence, taken + 1)
