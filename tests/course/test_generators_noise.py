"""Generators on noise, schedules, games and sick runs, each against a computation of its own."""

from __future__ import annotations

import math

import numpy as np

from fallline.core.rng import generator
from fallline.course.generators import sick
from tests.course.drawn import variants


def floor(rate: float, curvature: float, batch: float) -> float:
    """Variance in the long run by repeating its recursion, with unit noise of one row."""
    variance = 0.0
    for _ in range(4000):
        variance = (1.0 - rate * curvature) ** 2 * variance + rate**2 / batch
    return variance


def test_the_noise_of_a_batch_is_that_of_a_mean() -> None:
    """The standard deviation of many means of so many draws, within three per cent."""
    rng = np.random.default_rng(0)
    for params in variants("noise.batch", 10):
        means = (float(params["sigma"]) * rng.standard_normal((4_000, int(params["batch"])))).mean(axis=1)
        assert math.isclose(float(means.std()), float(params["std"]), rel_tol=0.05)


def test_settings_that_lower_the_floor_do_so_in_its_recursion() -> None:
    """The recursion of the variance decides which pairs bring it to 0.4 or less, and none is near the border."""
    for params in variants("noise.lower", 40):
        curvature = float(params["curvature"])
        now = floor(float(params["rate"]), curvature, int(params["batch"]))
        shares = [
            floor(float(params[f"{each}_rate"]), curvature, int(params[f"{each}_batch"])) / now for each in "abcd"
        ]
        assert [share <= 0.4 for share in shares] == [params[f"{each}_low"] for each in "abcd"]
        assert all(abs(share - 0.4) > 0.02 for share in shares)
        assert len({(params[f"{each}_rate"], params[f"{each}_batch"]) for each in "abcd"}) == 4


def test_the_linear_rule_holds_or_breaks_as_a_run_does() -> None:
    """Without noise the larger rate shrinks the steep error or blows it up; where it holds, the floor stays."""
    for params in variants("scaling.linear", 60):
        factor = 1.0 - float(params["new_rate"]) * float(params["steep"])
        assert (abs(factor) < 1.0) == params["holds"]
        assert abs(factor) > 1.4 or factor > 0.55
        if params["holds"]:
            small = floor(float(params["rate"]), float(params["steep"]), int(params["batch"]))
            large = floor(float(params["new_rate"]), float(params["steep"]), int(params["new_batch"]))
            assert 0.95 < large / small < 1.35


def test_an_exponential_decay_gets_no_further_than_its_sum() -> None:
    """The rates of ten thousand steps, added up."""
    for params in variants("schedule.reach", 40):
        rates = float(params["rate"]) * float(params["gamma"]) ** np.arange(10_000)
        assert math.isclose(float(rates.sum()), float(params["total"]), rel_tol=1e-9)


def test_two_players_leave_as_fast_as_the_formula_says() -> None:
    """Both step at once from (1, 0); their distance is the factor."""
    for params in variants("game.radius", 40):
        x, y, rate = 1.0, 0.0, float(params["rate"])
        for _ in range(int(params["steps"])):
            x, y = x - rate * y, y + rate * x
        assert math.isclose(math.hypot(x, y), float(params["grows"]), rel_tol=1e-9)


def test_a_log_can_be_told_from_every_other_by_what_is_shown() -> None:
    """From the shown numbers alone, by the rules that the lesson gives, the kind is found again; all kinds occur."""
    seen = set()
    for params in variants("sick.log", 200):
        losses = [float(params[f"loss_{step}"]) for step in range(0, 41, 10)]
        slope, cosine = float(params["slope"]), float(params["cosine"])
        still = abs(losses[-1] - losses[-2]) <= 2e-3 * losses[-2]
        if losses[-1] > 10 * losses[0]:
            found = "diverging"
        elif still:
            found = "stalled" if slope < 1e-3 else "over"
        elif cosine < -0.9:
            found = "oscillating"
        else:
            found = "slow" if cosine > 0.9 else "floor"
        assert found == params["kind"]
        assert (float(params["last_rate"]) < 1e-3 * float(params["first_rate"])) == (params["kind"] == "over")
        seen.add(found)
    assert seen == set(sick.KINDS)


def test_a_log_is_that_of_a_descent() -> None:
    """The walk that writes the logs follows the closed form of a quadratic."""
    rates = np.full(7, 0.1)
    log = sick.descend(lambda w: float(w @ w), lambda w: 2.0 * w, np.array([3.0, -4.0]), rates)
    assert np.allclose(log.losses, [25.0 * 0.8 ** (2 * step) for step in range(8)])
    assert math.isclose(log.slope, 10.0 * 0.8**6)
    assert math.isclose(log.cosine, 1.0)
    assert sick.draw_log(generator(1, "log"), {"mu": (1.0, 1.0)}) is not None
