"""Generators on momentum, adaptive methods, dialects and comparisons, each against the real thing or a walk."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import torch
from scipy.stats import binomtest

from fallline.course.generators.comparison import sign_test
from tests.course.drawn import variants


def radius(beta: float, product: float) -> float:
    """The larger root, in size, of the heavy ball's quadratic."""
    return float(np.abs(np.roots([1.0, -(1.0 + beta - product), beta])).max())


def test_critical_damping_is_the_fastest() -> None:
    """No β on a fine grid has a smaller larger root than the one asked for."""
    for params in variants("momentum.critical", 20):
        product = float(params["curvature"]) * float(params["rate"])
        best = min(np.linspace(0.001, 0.999, 999), key=lambda beta: radius(float(beta), product))
        assert abs(best - float(params["beta"])) <= 1e-3
        assert math.isclose(radius(float(params["beta"]), product), float(params["root_only"]), rel_tol=1e-6)


def test_where_the_ball_swings_its_roots_are_complex() -> None:
    """The roots say so, and a walk that swings changes side again and again; one that creeps does so once at most."""
    for params in variants("momentum.swings", 40):
        rate, beta = float(params["rate"]), float(params["beta"])
        for letter in "abcd":
            curvature = float(params[f"{letter}_lambda"])
            roots = np.roots([1.0, -(1.0 + beta - rate * curvature), beta])
            assert bool(np.any(np.abs(roots.imag) > 1e-9)) == params[f"{letter}_swings"]
            x, speed, signs = 1.0, 0.0, []
            for _ in range(400):
                speed = beta * speed + curvature * x
                x -= rate * speed
                signs.append(x > 0.0)
            changes = sum(first != second for first, second in pairwise(signs))
            assert (changes >= 2) == params[f"{letter}_swings"]


def test_momentum_in_noise_is_a_larger_rate() -> None:
    """For small ηλ the stationary variance of the heavy ball is that of plain descent at the rate asked for."""
    for params in variants("momentum.effective", 40):
        rate, beta, curvature = float(params["rate"]), float(params["beta"]), 1e-4
        ball = rate * (1 + beta) / (curvature * (1 - beta) * (2 * (1 + beta) - rate * curvature))
        plain = float(params["effective"]) / (curvature * (2 - float(params["effective"]) * curvature))
        assert math.isclose(ball, plain, rel_tol=1e-3)


def test_the_variance_of_the_heavy_ball_is_that_of_a_long_run() -> None:
    """The formula that the lesson gives, against many noisy walks at once."""
    rng, rate, beta, curvature = np.random.default_rng(0), 0.1, 0.8, 2.0
    x, speed = np.zeros(40_000), np.zeros(40_000)
    for _ in range(300):
        speed = beta * speed + curvature * x + rng.standard_normal(x.size)
        x = x - rate * speed
    expected = rate * (1 + beta) / (curvature * (1 - beta) * (2 * (1 + beta) - rate * curvature))
    assert math.isclose(float(x.var()), expected, rel_tol=0.03)


def test_the_first_step_is_torchs() -> None:
    """torch.optim.RMSprop moves a weight of zero by the length asked for."""
    for params in variants("adaptive.first_step", 10):
        w = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.RMSprop([w], lr=float(params["rate"]), alpha=float(params["smoothing"]), eps=1e-12)
        w.grad = torch.full((1,), float(params["slope"]), dtype=torch.float64)
        optimizer.step()
        assert math.isclose(abs(float(w.detach())), float(params["length"]), rel_tol=1e-6)


def walk(name: str, factor: float, rate: float, decay: float) -> float:
    """Where twenty steps of torch's optimizer lead on factor·(3w − 1)²."""
    w = torch.full((1,), 2.0, dtype=torch.float64, requires_grad=True)
    made = {
        "gradient descent": lambda: torch.optim.SGD([w], lr=rate),
        "momentum": lambda: torch.optim.SGD([w], lr=rate, momentum=0.9),
        "Nesterov's method": lambda: torch.optim.SGD([w], lr=rate, momentum=0.9, nesterov=True),
        "AdaGrad": lambda: torch.optim.Adagrad([w], lr=rate, eps=1e-15),
        "RMSProp": lambda: torch.optim.RMSprop([w], lr=rate, eps=1e-15),
        "Adam": lambda: torch.optim.Adam([w], lr=rate, eps=1e-15),
        "AdamW": lambda: torch.optim.AdamW([w], lr=rate, eps=1e-15, weight_decay=decay),
        "Adam with an L2 penalty that stays as it is": lambda: torch.optim.Adam(
            [w], lr=rate, eps=1e-15, weight_decay=decay
        ),
        "RMSProp with an L2 penalty that stays as it is": lambda: torch.optim.RMSprop(
            [w], lr=rate, eps=1e-15, weight_decay=decay
        ),
    }[name]()
    for _ in range(20):
        made.zero_grad()
        (factor * (3.0 * w - 1.0).square().sum()).backward()
        made.step()
    return float(w.detach())


def test_a_scaled_loss_does_to_torch_what_the_answer_says() -> None:
    """The same path, that of a larger rate, or that of a smaller penalty, and never two of them."""
    for params in {str(each["name"]): each for each in variants("adaptive.scaled", 60)}.values():
        name, factor, rate, decay = str(params["name"]), float(params["factor"]), 1e-3 / float(params["factor"]), 0.5
        scaled = walk(name, factor, rate, decay)
        same = {
            "nothing": math.isclose(scaled, walk(name, 1.0, rate, decay), rel_tol=1e-9),
            "rate": math.isclose(scaled, walk(name, 1.0, factor * rate, decay), rel_tol=1e-9),
        }
        if "L2" in name:
            same["penalty"] = math.isclose(scaled, walk(name, 1.0, rate, decay / factor), rel_tol=1e-9)
        assert [effect for effect, held in same.items() if held] == [params["effect"]]


def test_decay_takes_what_torch_takes() -> None:
    """AdamW's shrinking as torch does it with no slope; the penalty's as the difference of two divided slopes."""
    for params in variants("adaptive.decay", 20):
        rate, decay, weight, size = (float(params[key]) for key in ("rate", "decay", "weight", "size"))
        w = torch.full((1,), weight, dtype=torch.float64, requires_grad=True)
        w.grad = torch.zeros(1, dtype=torch.float64)
        torch.optim.AdamW([w], lr=rate, weight_decay=decay).step()
        beside, inside = weight - float(w.detach()), rate * ((1.0 + decay * weight) / size - 1.0 / size)
        expected = (beside, inside) if params["name"] == "AdamW" else (inside, beside)
        assert math.isclose(float(params["lost"]), expected[0], rel_tol=1e-6)
        assert math.isclose(float(params["other"]), expected[1], rel_tol=1e-6)


def test_after_a_drop_each_library_moves_by_its_own_lines() -> None:
    """Both lines are walked by hand: the same path before the drop, and then what was asked for."""
    for params in variants("adaptive.drop", 40):
        before, after, beta, slope = float(params["before"]), float(params["after"]), float(params["beta"]), 0.0
        torch_memory, keras_memory = float(params["memory"]), -before * float(params["memory"])
        torch_memory = beta * torch_memory + slope
        keras_memory = beta * keras_memory - after * slope
        moved = {"PyTorch": after * torch_memory, "Keras": -keras_memory}[str(params["library"])]
        assert math.isclose(float(params["moved"]), moved, rel_tol=1e-6)


def test_the_sign_test_is_scipys() -> None:
    """SciPy's exact binomial test gives the same p, and the variants keep away from 5 %."""
    for draws in range(1, 31):
        for wins in range(draws + 1):
            assert math.isclose(sign_test(wins, draws), float(binomtest(wins, draws).pvalue), rel_tol=1e-9)
    for params in variants("comparison.sign", 60):
        p = sign_test(int(params["wins"]), int(params["draws"]))
        assert (p < 0.05) == params["told"]
        assert not 0.03 < p < 0.08


def test_the_cheapest_model_is_the_cheapest_by_the_prices_shown() -> None:
    """Added up from the numbers shown; the most accurate one costs more."""
    for params in variants("framing.price", 60):
        costs = {
            letter.upper(): float(params[f"{letter}_error"])
            + float(params["per_ms"]) * float(params[f"{letter}_latency"])
            + float(params["per_gap"]) * float(params[f"{letter}_gap"])
            for letter in "abcd"
        }
        assert min(costs, key=costs.__getitem__) == params["best"]
        assert params["best"] != params["accurate"]
        assert sorted(costs.values())[1] > 1.05 * min(costs.values())
