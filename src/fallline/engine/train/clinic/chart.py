"""A chart: what one training leaves behind, step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fallline.engine.train.clinic.patient import MODELS, Array, Patient
from fallline.engine.train.clinic.treatment import Treatment

AWAY = 1e6
"""A loss of so many times the first one ends a training: it has diverged."""


@dataclass(frozen=True, eq=False)
class Chart:
    """A training, as it was seen. All numbers are finite; what broke off is kept up to there.

    Attributes:
        losses: above the lowest that can be reached, from the start on; shape (n + 1,), or (n,) where the last step
            broke off.
        slopes: lengths of the gradients over all rows, as many.
        used: lengths of the gradients that were stepped along, shape (n,).
        cosines: between each gradient that was used and the one before it, shape (n − 1,).
        rates: shape (n,).
        end: the last weights.
        broken: what was no number first: ``loss`` or ``gradient``; empty where all were.
        away: whether it was stopped because the loss had grown a million times.
    """

    losses: NDArray[np.float64]
    slopes: NDArray[np.float64]
    used: NDArray[np.float64]
    cosines: NDArray[np.float64]
    rates: NDArray[np.float64]
    end: Array
    broken: str
    away: bool

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return len(self.rates)


def train(patient: Patient, treatment: Treatment, rng: np.random.Generator) -> Chart:
    """Trains a patient by gradient descent, and writes its chart.

    Args:
        patient: what is trained.
        treatment: how.
        rng: where the batches come from; each step draws its rows anew.
    """
    model, steps = MODELS[patient.model], patient.steps
    x, y = patient.rows(standardise=treatment.standardise)
    rates = treatment.rates(steps)
    w = (patient.start * treatment.start).astype(x.dtype)
    few = 0 < treatment.batch < len(y)
    taken = rng.integers(len(y), size=(steps, treatment.batch)) if few else None
    losses, slopes, used = [], [], []
    broken, away = "", False
    with np.errstate(all="ignore"):  # what overflows is the finding
        for step in range(steps + 1):
            loss = model.loss(w, x, y) - patient.best
            slope = model.gradient(w, x, y)
            broken = "loss" if not np.isfinite(loss) else "gradient" if not np.isfinite(slope).all() else ""
            if broken:
                break
            losses.append(max(loss, 1e-16))
            slopes.append(_length(slope))
            away = losses[-1] > AWAY * losses[0]
            if away or step == steps:
                break
            g = slope if taken is None else model.gradient(w, x[taken[step]], y[taken[step]])
            length = _length(g)
            if treatment.clip and length > treatment.clip:
                g = g * x.dtype.type(treatment.clip / length)
            used.append(g.astype(np.float64))
            w = w - x.dtype.type(rates[step]) * g
    return _written(losses, slopes, used, rates, w, broken, away=away)


def _length(g: Array) -> float:
    """In float64: the square of a float32 may overflow where the number does not."""
    wide = g.astype(np.float64)
    return float(np.sqrt(wide @ wide))


def _written(
    losses: list[float], slopes: list[float], used: list[Array], rates: Array, w: Array, broken: str, *, away: bool
) -> Chart:
    along = np.array(used).reshape(len(used), len(w))
    lengths = np.sqrt((along * along).sum(axis=1))
    together = (along[1:] * along[:-1]).sum(axis=1)
    both = lengths[1:] * lengths[:-1]
    cosines = np.divide(together, both, out=np.zeros_like(both), where=both > 0.0)
    return Chart(
        np.array(losses), np.array(slopes), lengths, np.clip(cosines, -1.0, 1.0), rates[: len(used)], w, broken, away
    )
