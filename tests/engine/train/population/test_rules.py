"""Elementary functions, activations and losses against SciPy, torch and finite precision's own limits."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy import special

from fallline.engine.train.population.activations import UNITS, unit_kernel
from fallline.engine.train.population.compiled import Precision, inline
from fallline.engine.train.population.elementary import erf, exp, tanh
from fallline.engine.train.population.losses import LOSSES, loss_kernel

TORCH_UNITS: dict[str, Any] = {
    "relu": torch.relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "gelu": torch.nn.functional.gelu,
    "elu": torch.nn.functional.elu,
    "silu": torch.nn.functional.silu,
    "leaky-relu": torch.nn.functional.leaky_relu,
    "identity": lambda z: 1.0 * z,
}
TORCH_LOSSES: dict[str, Any] = {
    "cross_entropy": lambda z, y: torch.nn.functional.cross_entropy(z, y[:, 0].long()),
    "log_loss": torch.nn.functional.binary_cross_entropy_with_logits,
    "squared": torch.nn.functional.mse_loss,
    "absolute": torch.nn.functional.l1_loss,
    "huber": torch.nn.functional.huber_loss,
}
PRECISIONS: list[Precision] = ["float32", "float64"]


def address(array: NDArray[Any]) -> Any:
    """Where an array begins, as C wants it."""
    number = ctypes.c_float if array.dtype == np.float32 else ctypes.c_double
    return array.ctypes.data_as(ctypes.POINTER(number))


@pytest.mark.parametrize(
    ("rule", "exact", "span", "worst"),
    [
        (exp, np.exp, (-80.0, 80.0), 1.5e-7),
        (tanh, np.tanh, (-12.0, 12.0), 2.5e-7),
        (erf, special.erf, (-6.0, 6.0), 4e-7),
    ],
)
def test_a_function_of_single_precision_is_exact_to_a_rounding(
    rule: Any, exact: Any, span: tuple[float, float], worst: float
) -> None:
    """Relative to float64 it is off by no more than one to three roundings of 6e-8, near 0 as well as far out."""
    single = inline(rule, "float32")
    points = np.concatenate([np.linspace(*span, 4001), np.geomspace(1e-6, 1.0, 500)]).astype(np.float32)
    found = np.array([single(x) for x in points], dtype=np.float64)
    wanted = exact(points.astype(np.float64))
    assert np.abs(found / np.where(wanted == 0.0, 1.0, wanted) - (wanted != 0.0)).max() < worst
    assert np.isnan(single(np.float32(np.nan)))


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("name", UNITS)
def test_a_unit_has_torchs_value_and_slope(name: str, precision: Precision) -> None:
    """Value and slope are those of torch and its autograd, zero, large sums and what is no number included."""
    z = np.concatenate([np.linspace(-30, 30, 601), [0.0, -1e-5, 1e-5, 100.0, -100.0]]).astype(precision)
    value, slope = np.empty_like(z), np.empty_like(z)
    call = unit_kernel(name, precision).owner.ctypes
    call(address(z), address(value), address(slope), z.size)
    x = torch.tensor(z, dtype=torch.float64, requires_grad=True)
    wanted = TORCH_UNITS[name](x)
    wanted.sum().backward()
    assert x.grad is not None
    tolerance = 4 * np.finfo(precision).eps
    assert np.allclose(value, wanted.detach().numpy(), rtol=tolerance, atol=4 * tolerance)
    assert np.allclose(slope, x.grad.numpy(), rtol=tolerance, atol=8 * tolerance)
    call(address(np.full(1, np.nan, precision)), address(value), address(slope), 1)
    assert np.isnan(value[0])


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("outputs", [2, 10, 19])
def test_a_loss_has_torchs_mean_and_slope(name: str, precision: Precision, outputs: int) -> None:
    """Mean and slope are those of torch; what fills the rows up gets the slope 0, and hundreds of sums fit."""
    rng = np.random.default_rng(outputs)
    rows, width = 300, -(-outputs // 16) * 16
    z = np.zeros((rows, width), dtype=precision)
    z[:, :outputs] = 8.0 * rng.standard_normal((rows, outputs))
    columns = 1 if LOSSES[name].classes else outputs
    y = rng.integers(0, outputs if LOSSES[name].classes else 2, (rows, columns)).astype(precision)
    slope = np.full_like(z, np.nan)
    told = loss_kernel(name, precision).owner.ctypes(address(z), address(y), address(slope), rows, outputs, width)
    x = torch.tensor(z[:, :outputs], dtype=torch.float64, requires_grad=True)
    wanted = TORCH_LOSSES[name](x, torch.tensor(y, dtype=torch.float64))
    wanted.backward()
    assert x.grad is not None
    eps = float(np.finfo(precision).eps)
    assert told == pytest.approx(float(wanted.detach()), rel=8 * eps)
    assert np.abs(slope[:, :outputs] - x.grad.numpy()).max() < 16 * eps * np.abs(x.grad.numpy()).max()
    assert (slope[:, outputs:] == 0.0).all()


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_says_so_when_an_output_is_no_number(name: str) -> None:
    """One NaN among the outputs, first or later, makes the loss NaN: nothing hides it."""
    for place in (0, 3):
        z, y, slope = np.zeros((2, 16), np.float32), np.zeros((2, 5), np.float32), np.zeros((2, 16), np.float32)
        z[1, place] = np.nan
        assert np.isnan(loss_kernel(name, "float32").owner.ctypes(address(z), address(y), address(slope), 2, 5, 16))
