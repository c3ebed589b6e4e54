"""Which hyperparameters mattered: PED-ANOVA (Watanabe, Bansal and Hutter 2023), less what chance alone shows.

A parameter matters if the good trials have other values of it than trials have in general. PED-ANOVA compares the two
densities: the importance is their Pearson divergence, ∫ (p_good / p_all − 1)² p_all. It needs no surrogate and takes
the trials as the sampler spread them. It sees one parameter at a time: a pair that matters only together shows little.

With few trials any two densities differ. So the same is computed with the losses shuffled, and the mean of that is
taken off before importances are compared; a parameter that does no better than chance gets none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fallline.engine.tune.dimensions import Boolean, Categorical, Dimension, Fixed
from fallline.engine.tune.space import Space
from fallline.engine.tune.trial import Trial
from fallline.engine.tune.value import Value

Floats = NDArray[np.float64]
FEWEST = 12
"""Ended trials below which nothing is said."""
GRID = (np.arange(50) + 0.5) / 50
"""Where the densities of a number are compared, on the unit interval."""


@dataclass(frozen=True)
class Importance:
    """How much one parameter mattered among trials that have it.

    Attributes:
        name: the parameter.
        share: of all importance beyond chance, 0 to 1; the shares of a result add up to 1, or are all 0.
        divergence: between the good trials and all.
        chance: the same with shuffled losses, on average.
        trials: how many ended trials have the parameter.
    """

    name: str
    share: float
    divergence: float
    chance: float
    trials: int


def importances(
    space: Space,
    trials: Sequence[Trial],
    rng: np.random.Generator,
    *,
    within: Mapping[str, Value] | None = None,
    good: float = 0.2,
    shuffles: int = 30,
) -> tuple[Importance, ...]:
    """Measures every parameter that is searched and that enough trials have.

    Args:
        space: the space of the trials.
        trials: complete and pruned ones count, a pruned one never as good; others are passed over.
        rng: where the shuffles come from.
        within: only trials with these values, such as ``{"family": "boosting"}``: the importances of one family.
        good: share of the ended trials that counts as good; at least 4 trials do.
        shuffles: how often chance is drawn.

    Returns:
        The most important first; empty with fewer than 12 ended trials.
    """
    fixed = within or {}
    ended = [
        trial
        for trial in trials
        if trial.state in {"complete", "pruned"}
        and all(trial.params.get(name) == value for name, value in fixed.items())
    ]
    found = []
    for name, dimension in space.dimensions.items():
        having = [trial for trial in ended if name in trial.params]
        if isinstance(dimension, Fixed) or name in fixed or len(having) < FEWEST:
            continue
        units = np.array([dimension.to_unit(trial.params[name]) for trial in having])
        mark = _good(having, good)
        chance = np.mean([_divergence(dimension, units, rng.permutation(mark)) for _ in range(shuffles)])
        found.append((name, _divergence(dimension, units, mark), float(chance), len(having)))
    beyond = {name: max(0.0, divergence - chance) for name, divergence, chance, _ in found}
    whole = sum(beyond.values()) or 1.0
    each = [Importance(name, beyond[name] / whole, div, chance, count) for name, div, chance, count in found]
    return tuple(sorted(each, key=lambda importance: -importance.share))


def _good(trials: Sequence[Trial], share: float) -> NDArray[np.bool_]:
    """Marks the best complete trials."""
    order = sorted(
        range(len(trials)),
        key=lambda place: (trials[place].state != "complete", trials[place].values[:1], trials[place].number),
    )
    count = max(4, round(share * len(trials)))
    mark = np.zeros(len(trials), dtype=np.bool_)
    mark[[place for place in order[:count] if trials[place].state == "complete"]] = True
    return mark


def _divergence(dimension: Dimension, units: Floats, mark: NDArray[np.bool_]) -> float:
    """Returns the Pearson divergence of the marked values' density from that of all."""
    if not mark.any() or mark.all():
        return 0.0
    if isinstance(dimension, Categorical | Boolean):
        choices = len(dimension.choices)
        places = np.minimum((units * choices).astype(np.int64), choices - 1)
        top, every = (np.bincount(chosen, minlength=choices) + 1 / choices for chosen in (places[mark], places))
    else:
        top, every = _density(units[mark]), _density(units)
    top, every = top / top.sum(), every / every.sum()
    return float(np.sum((top / every - 1) ** 2 * every))


def _density(units: Floats) -> Floats:
    """Estimates a density on the grid: Gaussian kernels cut off at the ends, one even kernel as prior.

    The bandwidth is Scott's rule in the robust form, not below half a cell.
    """
    quarter = np.subtract(*np.quantile(units, [0.75, 0.25])) / 1.34
    width = max(1.059 * min(float(units.std()), quarter or 1.0) * units.size**-0.2, 0.01)
    kernels = np.exp(-0.5 * ((GRID[None, :] - units[:, None]) / width) ** 2)
    kernels /= kernels.sum(axis=1, keepdims=True)
    density: Floats = kernels.sum(axis=0) + 1 / GRID.size
    return density
