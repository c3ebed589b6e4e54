"""Schedules against torch's own schedulers, wherever the definitions agree."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler as torch_schedules

from fallline.engine.schedules import (
    AnnealLinear,
    Constant,
    Cosine,
    Exponential,
    FeedbackState,
    Inverse,
    MultiStep,
    Noam,
    OneCycle,
    OneCycleMomentum,
    Polynomial,
    ReduceOnPlateau,
    Schedule,
    Sequence,
    Step,
    Triangular,
    WarmRestarts,
)

STEPS, RATE = 120, 0.3
Make = Callable[[torch.optim.Optimizer], torch_schedules.LRScheduler]


def theirs(make: Make, key: str = "lr", steps: int = STEPS, momentum: float = 0.0) -> np.ndarray:
    """What torch sets at each step."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE, momentum=momentum)
    with warnings.catch_warnings():
        # SequentialLR calls its parts in a way that torch itself warns of
        warnings.filterwarnings("ignore", message=".*epoch parameter.*|.*lr_scheduler.step\\(\\).*")
        scheduler = make(optimizer)
        found = []
        for _ in range(steps):
            found.append(float(optimizer.param_groups[0][key]))
            optimizer.step()
            scheduler.step()
    return np.array(found)


def one_cycle(**more: object) -> Make:
    """Torch's one-cycle over the steps."""
    return lambda o: torch_schedules.OneCycleLR(o, max_lr=RATE, total_steps=STEPS, **more)  # type: ignore[arg-type]


def cyclic(**more: object) -> Make:
    """Torch's cycles from a tenth of the rate."""
    return lambda o: torch_schedules.CyclicLR(  # type: ignore[arg-type]
        o, base_lr=0.1 * RATE, max_lr=RATE, step_size_up=12, step_size_down=7, cycle_momentum=False, **more
    )


def restarts(first: int, multiply: int, floor: float = 0.0) -> Make:
    """Torch's warm restarts."""
    return lambda o: torch_schedules.CosineAnnealingWarmRestarts(o, first, multiply, eta_min=floor * RATE)


def sequential(o: torch.optim.Optimizer) -> torch_schedules.SequentialLR:
    """A line up, a plateau, a cosine down."""
    parts: list[torch_schedules.LRScheduler] = [
        torch_schedules.LinearLR(o, start_factor=0.1, total_iters=20),
        torch_schedules.ConstantLR(o, factor=1.0),
        torch_schedules.CosineAnnealingLR(o, T_max=70),
    ]
    return torch_schedules.SequentialLR(o, parts, milestones=[20, 50])


PAIRS: dict[str, tuple[Schedule, Make]] = {
    "constant": (Constant(), lambda o: torch_schedules.ConstantLR(o, factor=1.0)),
    "step": (Step(30, 0.5), lambda o: torch_schedules.StepLR(o, 30, 0.5)),
    "multi_step": (MultiStep((7, 50, 51), 0.3), lambda o: torch_schedules.MultiStepLR(o, [7, 50, 51], 0.3)),
    "exponential": (Exponential(0.97), lambda o: torch_schedules.ExponentialLR(o, 0.97)),
    "polynomial": (Polynomial(2.0), lambda o: torch_schedules.PolynomialLR(o, total_iters=STEPS, power=2.0)),
    "linear": (
        Sequence(parts=(AnnealLinear(1 / 3, 0.9), AnnealLinear(0.9, 0.9)), until=(40,)),
        lambda o: torch_schedules.LinearLR(o, start_factor=1 / 3, end_factor=0.9, total_iters=40),
    ),
    "cosine": (Cosine(0.1), lambda o: torch_schedules.CosineAnnealingLR(o, T_max=STEPS, eta_min=0.1 * RATE)),
    "restarts, equal": (WarmRestarts(17, 1.0, floor=0.2), restarts(17, 1, 0.2)),
    "restarts, doubling": (WarmRestarts(10, 2.0), restarts(10, 2)),
    "restarts, tripling": (WarmRestarts(1, 3.0), restarts(1, 3)),
    "one_cycle": (OneCycle(), one_cycle(cycle_momentum=False)),
    "one_cycle, other settings": (
        OneCycle(0.5, 10.0, 100.0),
        one_cycle(pct_start=0.5, div_factor=10, final_div_factor=100, cycle_momentum=False),
    ),
    "one_cycle, three phases": (OneCycle(0.4, phases=3), one_cycle(pct_start=0.4, three_phase=True)),
    "one_cycle, lines": (
        OneCycle(0.4, phases=3, linear=1),
        one_cycle(pct_start=0.4, three_phase=True, anneal_strategy="linear"),
    ),
    "triangular": (Triangular(0.1, 12, 7), cyclic()),
    "triangular2": (Triangular(0.1, 12, 7, shrink=0.5), cyclic(mode="triangular2")),
    "exp_range": (Triangular(0.1, 12, 7, gamma=0.98), cyclic(mode="exp_range", gamma=0.98)),
    "sequence": (Sequence(parts=(AnnealLinear(0.1, 1.0), Constant(), Cosine()), until=(20, 50)), sequential),
    "noam": (
        Noam(30),
        lambda o: torch_schedules.LambdaLR(o, lambda t: math.sqrt(30) * min((t + 1) ** -0.5, (t + 1) * 30**-1.5)),
    ),
}


@pytest.mark.parametrize(("ours", "make"), PAIRS.values(), ids=PAIRS.keys())
def test_the_rates_are_torchs(ours: Schedule, make: Make) -> None:
    """Over 120 steps every rate agrees with torch's scheduler of the same name to 1e-13 of the base rate."""
    with_momentum = 0.9 if "one_cycle" in ours.name else 0.0  # torch's one-cycle refuses to run without
    assert np.allclose(RATE * ours.factors(STEPS), theirs(make, momentum=with_momentum), rtol=0, atol=RATE * 1e-13)


def test_momentum_is_cycled_against_the_rate_as_torch_does() -> None:
    """The momentum of one-cycle in two and three phases, and that of the triangular cycles."""
    for phases in (2, 3):
        make = one_cycle(pct_start=0.4, three_phase=phases == 3, base_momentum=0.85, max_momentum=0.95)
        ours = 0.95 * OneCycleMomentum(0.4, 0.85 / 0.95, phases=phases).factors(STEPS)
        assert np.allclose(ours, theirs(make, "momentum", momentum=0.95), rtol=0, atol=1e-13)

    def cycles(o: torch.optim.Optimizer) -> torch_schedules.CyclicLR:
        return torch_schedules.CyclicLR(o, 0.0, RATE, 12, 7, base_momentum=0.8, max_momentum=0.9)

    ours = 0.9 * Inverse(parts=(Triangular(0.0, 12, 7),), low=0.8 / 0.9).factors(STEPS)
    assert np.allclose(ours, theirs(cycles, "momentum", momentum=0.9), rtol=0, atol=1e-13)


@pytest.mark.parametrize("mode", ["min", "max"])
@pytest.mark.parametrize("threshold_mode", ["rel", "abs"])
@pytest.mark.parametrize(("patience", "cooldown"), [(0, 0), (3, 0), (2, 4)])
def test_a_plateau_is_met_where_torch_meets_it(mode: str, threshold_mode: str, patience: int, cooldown: int) -> None:
    """On a noisy curve with NaN in it, rates and the steps of their drops are torch's."""
    rng = np.random.default_rng(3)
    curve = np.exp(-np.arange(90) / 9) + 0.02 * rng.standard_normal(90) + 0.5
    curve[40:42] = np.nan
    metrics = curve if mode == "min" else -curve
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)
    scheduler = torch_schedules.ReduceLROnPlateau(
        optimizer,
        mode=mode,  # type: ignore[arg-type]
        factor=0.5,
        patience=patience,
        threshold=0.01,
        threshold_mode=threshold_mode,  # type: ignore[arg-type]
        cooldown=cooldown,
        min_lr=0.01 * RATE,
        eps=0.0,
    )
    absolute, upward = int(threshold_mode == "abs"), int(mode == "max")
    plateau = ReduceOnPlateau(0.5, patience, 0.01, cooldown, 0.01, absolute, upward)
    state = plateau.init()
    for metric in metrics:
        scheduler.step(float(metric))
        state = plateau.update(FeedbackState.from_dict(state.to_dict()), float(metric))
        assert RATE * state.factor == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-12)
    assert state.factor < 1.0
    assert state.looks == 90
