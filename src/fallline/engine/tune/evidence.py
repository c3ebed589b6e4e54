"""Evidence: what the trials so far say of a space, as rows and losses that a model can take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fallline.engine.tune.coding import Coding
from fallline.engine.tune.trial import Trial

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Evidence:
    """The trials that have ended, by number.

    Attributes:
        rows: settled rows, shape (n, width).
        losses: finite, shape (n, objectives); see `evidence` for trials without one.
        complete: which are complete, shape (n,).
        constraints: shape (n, constraints); NaN where a trial measured none.
        running: settled rows of the trials that run still, shape (m, width).
    """

    rows: Floats
    losses: Floats
    complete: NDArray[np.bool_]
    constraints: Floats
    running: Floats

    def __len__(self) -> int:
        return len(self.rows)


def evidence(coding: Coding, trials: Sequence[Trial]) -> Evidence:
    """Reads the trials that have ended.

    A pruned trial counts with the mean of what it reported, but never as better than the median of the complete ones:
    it was stopped for falling behind. A failed one counts like the worst there is, so that a search turns away from
    where trials fail.

    Args:
        coding: of the space.
        trials: in any order.
    """
    ended = sorted((t for t in trials if t.state != "running"), key=lambda trial: trial.number)
    complete = np.array([trial.state == "complete" for trial in ended], dtype=np.bool_)
    known = np.array([trial.values for trial in ended if trial.state == "complete"], dtype=np.float64)
    objectives = known.shape[1] if known.size else 1
    middle = np.median(known, axis=0) if known.size else np.zeros(objectives)
    losses = np.full((len(ended), objectives), np.nan)
    if known.size:
        losses[complete] = known
    for place, trial in enumerate(ended):
        if trial.state == "pruned":
            reported = trial.mean(len(trial.intermediate)) if trial.intermediate else -np.inf
            losses[place] = np.maximum(middle, reported) if objectives == 1 else middle
    worst = np.nanmax(losses, axis=0) if np.isfinite(losses).any() else np.zeros(objectives)
    losses = np.where(np.isnan(losses), worst, losses)
    running = coding.rows([trial.params for trial in trials if trial.state == "running"])
    return Evidence(coding.rows([t.params for t in ended]), losses, complete, _measured(ended), running)


def _measured(ended: Sequence[Trial]) -> Floats:
    """Returns the constraints that were measured, shape (n, constraints)."""
    width = max((len(trial.constraints) for trial in ended), default=0)
    out = np.full((len(ended), width), np.nan)
    for place, trial in enumerate(ended):
        out[place, : len(trial.constraints)] = trial.constraints
    return out
