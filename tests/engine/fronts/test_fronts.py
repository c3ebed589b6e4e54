"""Dominance, hypervolume and knee: order laws, brute force and known volumes, in any mix of directions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import qmc

from fallline.core.errors import DataError, SpecError
from fallline.engine.fronts import dominance_ranks, dominates, hypervolume, knee, lower_is_better, non_dominated

WORDS = ["minimize", "maximize"]


@st.composite
def fronts(draw: st.DrawFn, least: int = 1, most: int = 5, rows: int = 9) -> tuple[np.ndarray, list[str]]:
    """Draws points on a coarse grid, so that ties and equal points are common, with mixed directions."""
    m = draw(st.integers(least, most))
    directions = draw(st.lists(st.sampled_from(WORDS), min_size=m, max_size=m))
    n = draw(st.integers(1, rows))
    return draw(arrays(np.float64, (n, m), elements=st.integers(0, 4).map(float))), directions


def brute_volume(points: np.ndarray, reference: np.ndarray, directions: list[str]) -> float:
    """Adds up the cells of the grid that the coordinates cut, each dominated by some point or by none."""
    costs, worst = lower_is_better(points, directions), lower_is_better([reference], directions)[0]
    edges = [np.unique(np.r_[np.minimum(costs[:, j], worst[j]), worst[j]]) for j in range(worst.size)]
    volume = 0.0
    for cell in itertools.product(*(range(edge.size - 1) for edge in edges)):
        low = np.array([edge[k] for edge, k in zip(edges, cell, strict=True)])
        high = np.array([edge[k + 1] for edge, k in zip(edges, cell, strict=True)])
        if np.any(np.all(costs <= low, axis=1)):
            volume += float(np.prod(high - low))
    return volume


@settings(deadline=None)
@given(fronts())
def test_front_is_what_pairwise_comparison_says(case: tuple[np.ndarray, list[str]]) -> None:
    """A point is on the front exactly when no other dominates it."""
    points, directions = case
    expected = [not any(dominates(other, point, directions) for other in points) for point in points]
    assert non_dominated(points, directions).tolist() == expected


@settings(deadline=None)
@given(fronts(rows=7))
def test_dominance_is_a_strict_partial_order(case: tuple[np.ndarray, list[str]]) -> None:
    """Nothing dominates itself, never both ways, and what dominates a dominator dominates too."""
    points, directions = case
    beats = np.array([[dominates(a, b, directions) for b in points] for a in points])
    assert not beats.diagonal().any()
    assert not (beats & beats.T).any()
    through = (beats.astype(int) @ beats.astype(int)) > 0
    assert np.all(beats | ~through)


@settings(deadline=None)
@given(fronts())
def test_ranks_peel_fronts(case: tuple[np.ndarray, list[str]]) -> None:
    """Rank 0 is the front; a point of rank k > 0 is dominated by one of rank k − 1 and by none of its own rank."""
    points, directions = case
    ranks = dominance_ranks(points, directions)
    assert np.array_equal(ranks == 0, non_dominated(points, directions))
    for point, rank in zip(points, ranks, strict=True):
        assert not any(dominates(other, point, directions) for other in points[ranks == rank])
        assert rank == 0 or any(dominates(other, point, directions) for other in points[ranks == rank - 1])


@settings(max_examples=60, deadline=None)
@given(fronts(most=4, rows=6), st.integers(0, 5))
def test_volume_equals_the_sum_of_grid_cells(case: tuple[np.ndarray, list[str]], at: int) -> None:
    """One to four objectives in any directions agree with brute force, points beyond the reference included."""
    points, directions = case
    reference = np.full(points.shape[1], float(at))
    assert hypervolume(points, reference, directions) == pytest.approx(brute_volume(points, reference, directions))


@settings(deadline=None)
@given(fronts(), arrays(np.float64, 5, elements=st.floats(-1, 5)))
def test_volume_never_falls_when_a_point_is_added(case: tuple[np.ndarray, list[str]], extra: np.ndarray) -> None:
    """Monotone: an added point never lowers it, and a dominated or equal one leaves it as it is."""
    points, directions = case
    m = points.shape[1]
    reference = np.where(np.array(directions) == "minimize", 6.0, -2.0)
    before = hypervolume(points, reference, directions)
    after = hypervolume(np.vstack([points, extra[:m]]), reference, directions)
    assert after >= before - 1e-9
    covered = any(dominates(point, extra[:m], directions) for point in points)
    strictly = not covered and not (points == extra[:m]).all(axis=1).any()
    assert (after > before + 1e-12) <= strictly
    if covered:
        assert after == pytest.approx(before)


@settings(deadline=None)
@given(fronts(least=2), st.randoms(use_true_random=False))
def test_volume_ignores_order_of_points_and_of_objectives(case: tuple[np.ndarray, list[str]], random: object) -> None:
    """Shuffled rows, shuffled objectives and flipped signs with flipped directions measure the same."""
    points, directions = case
    reference = np.where(np.array(directions) == "minimize", 5.0, -1.0)
    volume = hypervolume(points, reference, directions)
    columns = list(range(points.shape[1]))
    random.shuffle(columns)
    shuffled = points[::-1][:, columns]
    assert hypervolume(shuffled, reference[columns], [directions[c] for c in columns]) == pytest.approx(volume)
    flipped = [WORDS[1 - WORDS.index(word)] for word in directions]
    assert hypervolume(-points, -reference, flipped) == pytest.approx(volume)


@pytest.mark.parametrize("m", [2, 3, 4, 5])
def test_volume_agrees_with_quasi_random_counting(m: int) -> None:
    """On a curved front of 30 points the exact volume is the share of Sobol points that are dominated."""
    rng = np.random.default_rng(m)
    points = np.abs(rng.normal(size=(30, m)))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    cloud = qmc.Sobol(m, seed=0).random(2**14)
    share = np.mean([(points >= corner).all(axis=1).any() for corner in cloud])
    assert hypervolume(points, np.zeros(m), ["maximize"] * m) == pytest.approx(share, abs=0.004)


def test_maximised_unit_square() -> None:
    """Better than the bound counts for more, worse than the reference for nothing."""
    both = ["maximize", "maximize"]
    assert hypervolume([[-1, -1]], [0, 0], both) == 0.0
    assert hypervolume([[1, 1]], [0, 0], both) == 1.0
    assert hypervolume([[1.2, 1.2]], [0, 0], both) == pytest.approx(1.44)
    assert hypervolume(np.empty((0, 2)), [0, 0], both) == 0.0


def test_knee_of_a_bent_front_in_mixed_directions() -> None:
    """The bend is found whatever the units, the directions and the dominated points around it."""
    accuracy = np.array([0.70, 0.80, 0.82, 0.83, 0.60])
    latency = np.array([1.0, 2.0, 10.0, 40.0, 50.0])
    points = np.column_stack([accuracy, latency])
    assert knee(points, ["maximize", "minimize"]) == 1
    assert knee(points * [100, 1000], ["maximize", "minimize"]) == 1
    assert knee(-points, ["minimize", "maximize"]) == 1


@settings(deadline=None)
@given(fronts())
def test_knee_is_on_the_front(case: tuple[np.ndarray, list[str]]) -> None:
    """Whatever the points, the knee is one that nothing dominates."""
    points, directions = case
    assert non_dominated(points, directions)[knee(points, directions)]


def test_refusals() -> None:
    """NaN, wrong shapes, unknown words, infinities and empty sets get a sentence."""
    with pytest.raises(DataError, match="Point 1 has a NaN"):
        non_dominated([[1.0, 2.0], [np.nan, 1.0]], ["minimize"] * 2)
    with pytest.raises(DataError, match="shape \\(2,\\)"):
        non_dominated([1.0, 2.0], ["minimize"] * 2)
    with pytest.raises(SpecError, match=r"directions\.1: 'maximise' is not a known name\. Did you mean 'maximize'"):
        non_dominated([[1.0, 2.0]], ["minimize", "maximise"])
    with pytest.raises(DataError, match="finite reference"):
        hypervolume([[1.0, np.inf]], [2.0, 2.0], ["minimize"] * 2)
    with pytest.raises(DataError, match="no knee"):
        knee(np.empty((0, 2)), ["minimize"] * 2)
    with pytest.raises(DataError, match="infinite"):
        knee([[0.0, np.inf], [1.0, 0.0]], ["minimize"] * 2)
    assert non_dominated([[0.0, np.inf], [1.0, 0.0]], ["minimize"] * 2).tolist() == [True, True]
