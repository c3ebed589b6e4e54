"""The compiled steps of every elementwise optimizer against the same rule on arrays."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fallline.engine.optim import OPTIMIZERS, Elementwise
from fallline.engine.train.population import Member, Perceptron, population
from fallline.engine.train.population.compiled import Precision
from fallline.engine.train.population.steps import step_kernel

ELEMENTWISE = {name: kind for name, kind in OPTIMIZERS.items() if issubclass(kind, Elementwise)}


def address(array: NDArray[Any]) -> Any:
    """Where an array begins, as C wants it."""
    number = ctypes.c_float if array.dtype == np.float32 else ctypes.c_double
    return array.ctypes.data_as(ctypes.POINTER(number))


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_a_compiled_step_is_the_optimizers_own(name: str, precision: Precision) -> None:
    """Ten steps from the same weights along the same gradients end at the same place, to some roundings."""
    rng = np.random.default_rng(0)
    optimizer = ELEMENTWISE[name]()
    w = rng.standard_normal(37).astype(precision)
    state, mine = optimizer.init(w), w.copy()
    memories = np.concatenate([*state.memories, np.zeros(1, w.dtype)]).astype(precision)
    hyperparameters = np.array([*optimizer.hyperparameters, 0.0])
    for t in range(1, 11):
        g = rng.standard_normal(37).astype(precision)
        w, state = optimizer.step(w, g, state, 0.01)
        call = step_kernel(type(optimizer), precision).owner.ctypes
        call(address(mine), address(g), address(memories), 0.01, address(hyperparameters), float(t), 37)
    assert np.abs(mine - w).max() <= 200 * np.finfo(precision).eps


def test_a_member_is_judged_where_its_optimizer_says() -> None:
    """Schedule-free weights are the averaged ones, not those at which the gradient is taken."""
    member = Member(OPTIMIZERS["schedule_free"](), rate=0.05)
    x = np.random.default_rng(0).standard_normal((60, 2))
    trained = population(Perceptron((2, 2)), (x, x[:, 0] > 0), [member], steps=30, batch=20).advance()
    ((weights, _),) = trained.weights(0)
    assert np.abs(weights - trained.trainer.net.unpack(trained.fleet.weights[0])[0][0]).max() > 1e-4  # type: ignore[attr-defined]
