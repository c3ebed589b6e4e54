"""Generators: every parameter against an independent computation, mostly by simulating what the question asks about."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from fallline.core.canonical import digest
from fallline.core.errors import SpecError
from fallline.course.generators import GENERATORS
from tests.course.drawn import variants


def descend(rate: float, curvature: float, steps: int, start: float = 1.0, beta: float = 0.0) -> list[float]:
    """Errors of heavy-ball descent on a parabola, step by step."""
    x, speed, path = start, 0.0, [start]
    for _ in range(steps):
        speed = beta * speed + curvature * x
        x -= rate * speed
        path.append(x)
    return path


@pytest.mark.parametrize("name", GENERATORS)
def test_every_generator_gives_many_finite_variants(name: str) -> None:
    """At least fifty different variants in two hundred; every number finite; the same seed, the same variant."""
    seen = [params for params in variants(name)]  # noqa: C416 - the list is what is counted below
    assert len({digest(params) for params in seen}) >= 50
    for params in seen:
        assert all(math.isfinite(value) for value in params.values() if isinstance(value, float))
    assert list(variants(name, 5)) == seen[:5]


@pytest.mark.parametrize("name", ["quadratic.stable_step", "quadratic.heavy_ball"])
def test_the_limit_of_stability_is_where_a_run_tips_over(name: str) -> None:
    """Two per cent below the limit the error shrinks, two per cent above it grows; the distractors are none of this."""
    for params in variants(name, 60):
        steep, limit, beta = float(params["steep"]), float(params["limit"]), float(params.get("beta", 0.0))
        assert abs(descend(0.98 * limit, steep, 400, beta=beta)[-1]) < 1e-3
        assert abs(descend(1.02 * limit, steep, 400, beta=beta)[-1]) > 1e3


def test_the_outcome_is_what_a_run_does() -> None:
    """Smooth, overshooting or diverging: decided here by watching signs and sizes of a simulated error."""
    for params in variants("quadratic.outcome", 100):
        path = descend(float(params["rate"]), float(params["steep"]), 60)
        if abs(path[-1]) > abs(path[0]):
            assert params["regime"] == "diverges"
        elif any(first * second < 0 for first, second in pairwise(path)):
            assert params["regime"] == "overshoot"
        else:
            assert params["regime"] == "smooth"


def test_steps_are_counted_by_a_run() -> None:
    """The number of steps is the first at which the slowest direction has shrunk to the share."""
    for params in variants("quadratic.gd_steps", 60):
        rate, share = float(params["rate"]), float(params["share"])
        slow = descend(rate, float(params["flat"]), 5000)
        assert next(step for step, x in enumerate(slow) if abs(x) <= share) == params["steps"]
        fast = descend(rate, float(params["steep"]), 5000)
        assert next(step for step, x in enumerate(fast) if abs(x) <= share) == params["from_steep"]
        assert abs(fast[int(params["steps"])]) <= share


def test_one_step_is_a_difference_quotient_away() -> None:
    """The step agrees with a numerical derivative of the loss."""
    for params in variants("gradient.step", 60):
        a, c, w = (float(params[name]) for name in ("a", "c", "w"))
        slope = (a / 2 * (w + 1e-5 - c) ** 2 - a / 2 * (w - 1e-5 - c) ** 2) / 2e-5
        assert math.isclose(float(params["after"]), w - float(params["rate"]) * slope, rel_tol=1e-4, abs_tol=1e-4)


def test_stationary_points_are_classified_by_their_eigenvalues() -> None:
    """The kind agrees with the signs of the numbers that are shown, read back from the text."""
    for params in variants("saddle.classify"):
        values = [float(text.replace("−", "-")) for text in str(params["listed"]).split(", ")]
        assert len(values) == params["size"]
        low, high = min(values), max(values)
        kind = "saddle" if low < 0 < high else "minimum" if low > 0 else "maximum" if high < 0 else "undecided"
        assert kind == params["kind"]


def test_the_share_of_minima_is_that_of_tossed_coins() -> None:
    """A simulation of independent signs agrees within four standard errors."""
    rng = np.random.default_rng(0)
    for params in variants("saddle.share", 20):
        share, chance, size = float(params["share"]), float(params["chance"]), int(params["size"])
        tossed = (rng.random((20_000, size)) < chance).all(axis=1).mean()
        assert abs(tossed - share) <= 4 * math.sqrt(share * (1 - share) / 20_000) + 1e-3


def test_the_condition_number_is_that_of_the_matrix() -> None:
    """NumPy's condition number of the diagonal matrix of what is shown."""
    for params in variants("quadratic.condition", 50):
        matrix = np.diag([float(text) for text in str(params["listed"]).split(", ")])
        assert math.isclose(float(np.linalg.cond(matrix)), float(params["kappa"]), rel_tol=1e-9)


def test_the_noise_floor_is_that_of_a_long_run() -> None:
    """Many noisy descents at once settle at the variance of the formula within five per cent."""
    for params in variants("noise.floor", 10):
        rate, curvature, sigma = (float(params[name]) for name in ("rate", "curvature", "sigma"))
        rng = np.random.default_rng(1)
        x = np.zeros(40_000)
        for _ in range(200):
            x = x - rate * (curvature * x + sigma * rng.standard_normal(x.size))
        assert math.isclose(float(x.var()), float(params["variance"]), rel_tol=0.05)


def test_schedules_are_walked_step_by_step() -> None:
    """Step and exponential decay by repeated multiplication; cosine as the real part of half a turn."""
    for params in variants("schedule.step", 50):
        rate = float(params["rate"])
        for step in range(1, int(params["step"]) + 1):
            rate *= float(params["factor"]) if step % int(params["every"]) == 0 else 1.0
        assert math.isclose(rate, float(params["value"]), rel_tol=1e-9)
    for params in variants("schedule.exponential", 50):
        rate = float(params["rate"])
        for _ in range(int(params["step"])):
            rate *= float(params["gamma"])
        assert math.isclose(rate, float(params["value"]), rel_tol=1e-9)
    for params in variants("schedule.cosine", 50):
        turn = np.exp(1j * np.pi * int(params["step"]) / int(params["total"]))
        assert math.isclose(float(params["value"]), float(params["rate"]) * (1 + turn.real) / 2, rel_tol=1e-9)


def test_feasible_models_keep_both_limits_and_the_most_accurate_does_not() -> None:
    """Read back from the numbers shown: who keeps the limits, who is best among them, who is best of all."""
    for params in variants("framing.models"):
        kept = []
        for letter in "abcd":
            fits = (
                params[f"{letter}_latency"] <= params["latency_limit"]
                and params[f"{letter}_gap"] <= params["gap_limit"]
            )  # type: ignore[operator]
            assert fits == params[f"{letter}_ok"]
            kept += [letter] if fits else []
        assert params["best"] == max(kept, key=lambda letter: float(params[f"{letter}_accuracy"])).upper()
        assert params["top"] == max("abcd", key=lambda letter: float(params[f"{letter}_accuracy"])).upper()
        assert str(params["top"]).lower() not in kept


def test_settings_that_do_not_exist_are_refused() -> None:
    """A mistyped range names the nearest one; a range upside down is told."""
    with pytest.raises(SpecError, match="Did you mean 'kappa'"):
        GENERATORS["quadratic.stable_step"].settings({"kapa": (1, 2)})
    with pytest.raises(SpecError, match="low to high"):
        GENERATORS["quadratic.stable_step"].settings({"kappa": (4, 2)})


GOLDEN = {
    "adaptive.decay": "7c7dbbe26e95",
    "adaptive.drop": "a0c9387b6a3c",
    "adaptive.first_step": "24984a92f020",
    "adaptive.scaled": "800b23ebb730",
    "comparison.sign": "45a68af7ffae",
    "framing.models": "ce38a5303a0a",
    "framing.price": "eda71560a706",
    "game.radius": "2b974a72ca31",
    "gradient.step": "7a39ff457ef8",
    "momentum.critical": "fcdbd3b03812",
    "momentum.effective": "301be1c8315a",
    "momentum.swings": "753c4c6682ec",
    "noise.batch": "62d4c957b4b7",
    "noise.floor": "7f7e95c14a16",
    "noise.lower": "6c3d471895a7",
    "quadratic.condition": "c91b9a12ea23",
    "quadratic.gd_steps": "ad182026bfd2",
    "quadratic.heavy_ball": "b876197ca94f",
    "quadratic.outcome": "9aa5f2bff2c6",
    "quadratic.stable_step": "114a372682e6",
    "saddle.classify": "0ff32c027415",
    "saddle.share": "1e3c66cc90d9",
    "scaling.linear": "305c6a1713cd",
    "schedule.cosine": "82ee885c542d",
    "schedule.exponential": "a2d82ab4dfd7",
    "schedule.reach": "10cc3ae4bfce",
    "schedule.step": "6722d7c4c1ba",
    "sick.log": "3ca385b63029",
}


@pytest.mark.parametrize("name", GENERATORS)
def test_variants_are_the_same_on_every_machine(name: str) -> None:
    """A golden digest of each generator: changing it changes every student's numbers, so it must be meant."""
    rounded = [
        {key: float(f"{value:.9g}") if isinstance(value, float) else value for key, value in one.items()}
        for one in variants(name, 3)
    ]
    assert digest(rounded)[:12] == GOLDEN[name]
