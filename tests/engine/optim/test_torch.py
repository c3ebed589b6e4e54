"""Ours against the installed ``torch.optim``, on a small net and on Rosenbrock's valley, in both precisions.

The rates are such that the path settles. Where it does not, and hops about a minimum, rounding grows from step to step
until nobody's path is anybody else's, torch's own from a start moved by 1e-16 included.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import torch

from fallline.engine.optim import (
    LBFGS,
    SGD,
    AdaDelta,
    Adafactor,
    AdaGrad,
    Adam,
    Adamax,
    AdamW,
    AMSGrad,
    GradientDescent,
    Momentum,
    Muon,
    NAdam,
    Nesterov,
    Optimizer,
    RAdam,
    RMSProp,
    RMSPropCentered,
)
from fallline.engine.surfaces import SURFACES

Layers = tuple[torch.Tensor, ...]
Make = Callable[[Sequence[torch.Tensor], float], torch.optim.Optimizer]
Case = tuple[Optimizer, float, Make]
T = torch.optim

CASES: list[Case] = [
    (GradientDescent(), 0.05, T.SGD),
    (GradientDescent(decay=0.1), 0.05, lambda p, r: T.SGD(p, r, weight_decay=0.1)),
    (SGD(0.9, 0.5, 0.0, 0.01), 0.1, lambda p, r: T.SGD(p, r, momentum=0.9, dampening=0.5, weight_decay=0.01)),
    (SGD(0.8, 0.0, 1.0, 0.01), 0.02, lambda p, r: T.SGD(p, r, momentum=0.8, nesterov=True, weight_decay=0.01)),
    (SGD(0.0, 0.5), 0.05, lambda p, r: T.SGD(p, r, dampening=0.5)),
    (Momentum(), 0.02, lambda p, r: T.SGD(p, r, momentum=0.9)),
    (Momentum(0.5, 0.1), 0.02, lambda p, r: T.SGD(p, r, momentum=0.5, weight_decay=0.1)),
    (Nesterov(), 0.02, lambda p, r: T.SGD(p, r, momentum=0.9, nesterov=True)),
    (Nesterov(0.8, 0.1), 0.02, lambda p, r: T.SGD(p, r, momentum=0.8, nesterov=True, weight_decay=0.1)),
    (AdaGrad(), 0.01, T.Adagrad),
    (
        AdaGrad(1e-7, 0.1, 0.1),
        0.1,
        lambda p, r: T.Adagrad(p, r, eps=1e-7, initial_accumulator_value=0.1, weight_decay=0.1),
    ),
    (AdaDelta(), 0.1, T.Adadelta),
    (AdaDelta(0.95, 1e-7, 0.01), 0.3, lambda p, r: T.Adadelta(p, r, rho=0.95, eps=1e-7, weight_decay=0.01)),
    (RMSProp(), 1e-3, T.RMSprop),
    (RMSProp(0.9, 1e-3, 0.1), 5e-4, lambda p, r: T.RMSprop(p, r, alpha=0.9, eps=1e-3, weight_decay=0.1)),
    (RMSPropCentered(), 5e-4, lambda p, r: T.RMSprop(p, r, centered=True)),
    (
        RMSPropCentered(0.99, 0.5, 1e-3, 0.01),
        5e-4,
        lambda p, r: T.RMSprop(p, r, alpha=0.99, momentum=0.5, eps=1e-3, weight_decay=0.01, centered=True),
    ),
    (Adam(), 3e-3, T.Adam),
    (
        Adam(0.8, 0.99, 1e-3, 0.1),
        3e-3,
        lambda p, r: T.Adam(p, r, betas=(0.8, 0.99), eps=1e-3, weight_decay=0.1),
    ),
    (AMSGrad(), 3e-3, lambda p, r: T.Adam(p, r, amsgrad=True)),
    (
        AMSGrad(0.8, 0.9, 1e-3, 0.1),
        3e-3,
        lambda p, r: T.Adam(p, r, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1, amsgrad=True),
    ),
    (AdamW(), 3e-3, T.AdamW),
    (
        AdamW(0.8, 0.99, 1e-3, 0.3),
        3e-3,
        lambda p, r: T.AdamW(p, r, betas=(0.8, 0.99), eps=1e-3, weight_decay=0.3),
    ),
    (Adamax(), 3e-3, T.Adamax),
    (Adamax(0.8, 0.9, 1e-3, 0.1), 3e-3, lambda p, r: T.Adamax(p, r, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1)),
    (NAdam(), 5e-4, T.NAdam),
    (
        NAdam(0.8, 0.99, 1e-3, 0.1, 0.1),
        3e-3,
        lambda p, r: T.NAdam(p, r, betas=(0.8, 0.99), eps=1e-3, momentum_decay=0.1, weight_decay=0.1),
    ),
    (RAdam(), 3e-3, T.RAdam),
    (RAdam(0.8, 0.98, 1e-3, 0.1), 2e-3, lambda p, r: T.RAdam(p, r, betas=(0.8, 0.98), eps=1e-3, weight_decay=0.1)),
    (Adafactor(), 2e-3, T.Adafactor),
    (
        Adafactor(0.7, 1e-4, 1e-2, 1.5, 0.1),
        2e-3,
        lambda p, r: T.Adafactor(p, r, beta2_decay=-0.7, eps=(1e-4, 1e-2), d=1.5, weight_decay=0.1),
    ),
]


PLAIN = [case for case in CASES if case[0] == type(case[0])() or isinstance(case[0], SGD)]
"""Those with torch's own settings, and SGD with all that it has."""


def _ids(value: Any) -> str:
    return repr(value) if isinstance(value, Optimizer) else ""


def net(dtype: torch.dtype) -> tuple[Layers, Callable[[Sequence[torch.Tensor]], Layers]]:
    """Returns the weights of a net 5-7-2 under tanh, and its gradient on 32 rows."""
    draw = torch.Generator().manual_seed(0)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=draw, dtype=torch.float64)

    x = normal(32, 5)
    y = torch.sin(x[:, :3] @ normal(3, 2))
    weights = (0.5 * normal(5, 7), torch.full((7,), 0.1), 0.5 * normal(7, 2), torch.full((2,), 0.05))
    x, y = x.to(dtype), y.to(dtype)

    def gradient(w: Sequence[torch.Tensor]) -> Layers:
        first, lift, second, shift = w
        hidden = torch.tanh(x @ first + lift)
        error = (hidden @ second + shift - y) * (2.0 / y.numel())
        back = error @ second.T * (1.0 - hidden * hidden)
        return x.T @ back, back.sum(0), hidden.T @ error, error.sum(0)

    return tuple(layer.to(dtype) for layer in weights), gradient


def parted(ours: Optimizer, rate: float, make: Make, dtype: torch.dtype, *, matrices: bool = False) -> float:
    """Returns the farthest that any weight is from torch's over 500 steps, the rate cut after 250."""
    start, whole = net(dtype)
    biases = start[1], start[3]
    if matrices:
        start = start[0], start[2]

    def gradient(w: Sequence[torch.Tensor]) -> Layers:
        if not matrices:
            return whole(w)
        slopes = whole((w[0], biases[0], w[1], biases[1]))
        return slopes[0], slopes[2]

    theirs = [layer.clone().requires_grad_() for layer in start]
    optimizer, w, state, worst = make(theirs, rate), start, ours.init(start), 0.0
    for step in range(500):
        now = rate * (1.0 if step < 250 else 0.3)
        optimizer.param_groups[0]["lr"] = now
        with torch.no_grad():
            slopes = gradient(theirs)
        for layer, slope in zip(theirs, slopes, strict=True):
            layer.grad = slope
        optimizer.step()
        w, state = ours.step(w, gradient(w), state, now)
        worst = max(worst, *(float((a - b.detach()).abs().max()) for a, b in zip(w, theirs, strict=True)))
    assert all(float((a - b).abs().max()) > 0.02 for a, b in zip(w, start, strict=True))  # it went somewhere
    return worst


@pytest.mark.parametrize(("ours", "rate", "make"), CASES, ids=_ids)
def test_a_net_trained_is_torchs(ours: Optimizer, rate: float, make: Make) -> None:
    """Over 500 steps with a cut of the rate every weight stays within 1e-12 in float64; NAdam's within 1e-7."""
    # torch keeps NAdam's product of momenta in float32, its default precision, whatever the weights are
    assert parted(ours, rate, make, torch.float64) <= (1e-7 if isinstance(ours, NAdam) else 1e-12)


@pytest.mark.parametrize(("ours", "rate", "make"), PLAIN, ids=_ids)
def test_a_net_trained_in_float32_is_torchs(ours: Optimizer, rate: float, make: Make) -> None:
    """Over 500 steps in float32, with torch's own settings, every weight stays within 2e-6."""
    assert parted(ours, rate, make, torch.float32) <= 2e-6


def test_torchs_nadam_parts_by_a_product_in_float32() -> None:
    """Given a product of momenta in float64, torch's NAdam is ours to 1e-12 too."""
    torch.set_default_dtype(torch.float64)
    try:
        assert parted(NAdam(), 3e-3, T.NAdam, torch.float64) <= 1e-12
    finally:
        torch.set_default_dtype(torch.float32)
    assert parted(NAdam(), 3e-3, T.NAdam, torch.float64) > 1e-12


MUONS: list[Case] = [
    (Muon(), 3e-3, T.Muon),
    (
        Muon(0.9, 0.0, 3.0, 0.0),
        3e-3,
        lambda p, r: T.Muon(p, r, momentum=0.9, nesterov=False, ns_steps=3, weight_decay=0.0),
    ),
]


@pytest.mark.parametrize(("ours", "rate", "make"), MUONS, ids=_ids)
def test_muon_is_torchs_but_for_bfloat16(
    ours: Optimizer, rate: float, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without torch's rounding to bfloat16 both walk one path; with it they part, by less than two percent of it."""
    rounded = parted(ours, rate, make, torch.float64, matrices=True)
    monkeypatch.setattr(torch.Tensor, "bfloat16", torch.Tensor.clone)
    assert parted(ours, rate, make, torch.float64, matrices=True) <= 1e-12
    assert parted(ours, rate, make, torch.float32, matrices=True) <= 2e-6
    assert 1e-6 < rounded < 0.02


def _valley(ours: Optimizer, rate: float, make: Make, steps: int) -> tuple[float, torch.Tensor]:
    """The farthest from torch on Rosenbrock's valley, closures given, and where torch ended."""
    surface = SURFACES["rosenbrock"]
    theirs = torch.tensor(surface.start, dtype=torch.float64, requires_grad=True)
    optimizer = make([theirs], rate)

    def closure() -> float:
        theirs.grad = torch.from_numpy(np.asarray(surface.gradient(theirs.detach().numpy())))
        return float(surface.value(theirs.detach().numpy()))

    w, worst = np.array(surface.start), 0.0
    state = ours.init(w)
    for _ in range(steps):
        optimizer.step(closure)
        w, state = ours.step(w, np.asarray(surface.gradient(w)), state, rate)
        worst = max(worst, float(np.abs(w - theirs.detach().numpy()).max()))
    return worst, theirs.detach()


SLOPES = {GradientDescent: 0.01, SGD: 0.002, Momentum: 0.01, Nesterov: 0.01}
"""What the rates of the net are multiplied by in the valley, which is steeper."""


@pytest.mark.parametrize(("ours", "rate", "make"), PLAIN, ids=_ids)
def test_a_valley_walked_down_is_torchs(ours: Optimizer, rate: float, make: Make) -> None:
    """In NumPy, on Rosenbrock's valley, the path of 500 steps is torch's to 1e-12; NAdam's to 1e-7."""
    worst, _ = _valley(ours, rate * SLOPES.get(type(ours), 1.0), make, 500)
    assert worst <= (1e-7 if isinstance(ours, NAdam) else 1e-12)


def test_lbfgs_without_a_search_is_torchs() -> None:
    """One iteration at a time with its tolerances at zero, torch's L-BFGS walks the same path into the minimum."""

    def make(p: Sequence[torch.Tensor], r: float) -> torch.optim.Optimizer:
        return T.LBFGS(p, r, max_iter=1, history_size=5, tolerance_grad=0.0, tolerance_change=0.0)

    worst, end = _valley(LBFGS(history=5.0, search=0.0), 0.8, make, 80)
    assert worst <= 1e-12
    assert float((end - torch.tensor(SURFACES["rosenbrock"].minima[0].at)).abs().max()) < 1e-9
