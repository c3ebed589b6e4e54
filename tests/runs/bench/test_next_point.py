"""Stage ``next-point`` against a Gaussian process and an acquisition function written out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.runs.answer import answer
from fallline.runs.bench.next_point import FIRST, GRID, MOST, OBJECTIVES, SPREAD
from fallline.runs.spec import load_spec

SEARCHES = st.fixed_dictionaries(
    {
        "objective": st.sampled_from(sorted(OBJECTIVES)),
        "acquisition": st.sampled_from(["ei", "pi", "lcb"]),
        "explore": st.sampled_from([0.0, 0.05, 0.5, 2.0]),
        "length": st.sampled_from([0.04, 0.12, 0.4]),
        "noise": st.sampled_from([0.0, 0.1]),
        "seed": st.integers(0, 3),
    }
)


def searched(evaluations: int, **asked: Any) -> dict[str, Any]:
    """The part of one search."""
    part: dict[str, Any] = answer(load_spec({"kind": "next-point", "evaluations": evaluations, **asked})).part(
        "next-point"
    )
    return part


def matern(a: np.ndarray, b: np.ndarray, length: float) -> np.ndarray:
    """Matérn 5/2 (Rasmussen and Williams 2006, equation 4.17)."""
    r = math.sqrt(5) * np.abs(a[:, None] - b[None, :]) / length
    return SPREAD**2 * (1 + r + r**2 / 3) * np.exp(-r)


def believed(
    x: np.ndarray, y: np.ndarray, at: np.ndarray, noise: float, length: float
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation by plain linear algebra (their equations 2.23 and 2.24), the mean loss taken off."""
    jitter = 1e-8 * (y.var() + SPREAD**2)  # as the process has it: where points nearly meet, the answer depends on it
    inside = matern(x, x, length) + (noise**2 + jitter) * np.eye(len(x))
    across = matern(at, x, length)
    mean = y.mean() + across @ np.linalg.solve(inside, y - y.mean())
    variance = SPREAD**2 - np.sum(across * np.linalg.solve(inside, across.T).T, axis=1)
    return mean, np.sqrt(np.maximum(variance, 0))


def by_hand(name: str, mean: np.ndarray, sd: np.ndarray, best: float, explore: float) -> np.ndarray:
    """The acquisition functions with the error function of the standard library."""
    if name == "lcb":
        return explore * sd - mean
    sd = np.maximum(sd, 1e-12)
    z = (best - explore - mean) / sd
    below = np.array([0.5 * math.erfc(-value / math.sqrt(2)) for value in z])
    if name == "pi":
        return below
    return sd * (z * below + np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi))


@given(SEARCHES, st.integers(3, MOST))
@settings(max_examples=60, deadline=None)
def test_each_point_is_where_the_acquisition_is_highest(asked: dict[str, Any], evaluations: int) -> None:
    """The next point is as good as the best one that a plain computation finds on the same grid."""
    part = searched(evaluations, **asked)
    x, y = np.array(part["x"]), np.array(part["y"])
    mean, sd = believed(x, y, GRID, asked["noise"], asked["length"])
    best = believed(x, y, x, asked["noise"], asked["length"])[0].min()
    worth = by_hand(asked["acquisition"], mean, sd, float(best), asked["explore"])
    chosen = int(np.argmin(np.abs(GRID - part["next"])))
    assert worth[chosen] >= worth.max() - 2e-3
    np.testing.assert_allclose(part["mean"], mean, atol=1e-4)
    np.testing.assert_allclose(part["sd"], sd, atol=1e-3)


@given(SEARCHES, st.integers(3, MOST - 1))
@settings(max_examples=40, deadline=None)
def test_one_more_evaluation_is_one_more_step(asked: dict[str, Any], evaluations: int) -> None:
    """The first three are fixed; going on adds the point that was announced and changes nothing before it."""
    now, then = searched(evaluations, **asked), searched(evaluations + 1, **asked)
    assert now["x"][:3] == list(FIRST)
    assert then["x"] == [*now["x"], round(now["next"], 6)]
    assert then["y"][:-1] == now["y"]
    assert then["regrets"][:-1] == now["regrets"]


@given(SEARCHES)
@settings(max_examples=20, deadline=None)
def test_the_height_above_the_lowest_is_the_truth(asked: dict[str, Any]) -> None:
    """Regret is the true value at the reported point less the lowest on the grid, whatever the noise showed."""
    part = searched(9, **asked)
    f = OBJECTIVES[asked["objective"]]
    value = float(f(np.array([part["best_at"]]))[0])
    assert part["regret"] == pytest.approx(max(0.0, value - float(f(GRID).min())), abs=2e-3)
    assert part["lowest"] == pytest.approx(float(f(GRID).min()))
    assert part["best_at"] in part["x"]
    assert 0 <= part["beats_random"] <= 1


def test_a_greedy_search_gets_stuck_and_says_so() -> None:
    """Without noise and with little taste for exploring it asks for a point that it has; random search does better."""
    part = searched(12, acquisition="lcb", explore=0.5, length=0.06)
    assert part["again"]
    assert part["regret"] > 0.1
    assert part["beats_random"] < 0.7


def test_a_wrong_length_scale_makes_it_sure_and_wrong() -> None:
    """The truth leaves the band where the function is taken to be far smoother than it is."""
    wrong, right = (searched(9, acquisition="ei", explore=0.0, length=length)["calibrated"] for length in (0.3, 0.06))
    assert wrong < 0.6
    assert right > 0.9


def test_random_searches_come_nearer_with_time() -> None:
    """Their quartiles are in order and never rise without noise."""
    random = searched(15)["random"]
    low, median, high = (np.array(random[name]) for name in ("low", "median", "high"))
    assert np.all(low <= median)
    assert np.all(median <= high)
    assert np.all(np.diff(median) <= 1e-12)


@pytest.mark.parametrize(("evaluations", "words"), [(5, "5 evaluations"), (15, "15 evaluations")])
def test_the_sentence_has_the_numbers(evaluations: int, words: str) -> None:
    """What is read aloud names how far it is and where it looks next, with a true minus."""
    part = searched(evaluations)
    assert words in part["sentence"]
    assert f"x = {part['next']:.3f}" in part["sentence"]
    assert "-" not in part["sentence"]
