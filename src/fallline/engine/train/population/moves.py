"""The compiled step of members whose gradients came from torch."""

from __future__ import annotations

from math import isfinite
from typing import Any

from fallline.engine.optim.compiled import compile_loop
from fallline.engine.train.population.drive import clip, disturb
from fallline.engine.train.population.pointers import at, call


def move(group: Any, s: int, asked: Any, state: Any, gradients: Any, told: Any) -> None:
    """Moves some members by one step; who has a loss that is no number stays, and is told.

    Args:
        group: who moves, shape (some,).
        s: which step of the stretch.
        asked: as the drive has it.
        state: as the drive has it.
        gradients: shape (some or more, numbers that move).
        told: losses (K, steps), and which step's loss was no number (K,).
    """
    (steppers, hyperparameters, rates, limits), _, (drawn, which, deviations), _ = asked
    weights, memories, taken = state
    losses, broken = told
    for i in range(group.size):
        k = group[i]
        if not isfinite(losses[k, s]):
            broken[k] = s
            continue
        w, m, g = weights[k], memories[k].reshape(-1), gradients[i]
        disturb(g, drawn, which[k], s, deviations[k])
        clip(g, limits[k, 0], limits[k, 1])
        t, own = float(taken[k, 1] + s + 1), hyperparameters[k, min(s, hyperparameters.shape[1] - 1)]
        call(steppers[k], (at(w, 0), at(g, 0), at(m, 0), rates[k, s], at(own, 0), t, g.size))


compiled_move = compile_loop(move)
