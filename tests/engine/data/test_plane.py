"""Points of a plane: without noise every label follows from the place by its rule."""

from __future__ import annotations

import numpy as np
import pytest

from fallline.engine.data.plane import PLANES, RADIUS, SIDE

CLASSED = [name for name, plane in PLANES.items() if not plane.regression]


@pytest.mark.parametrize("name", PLANES)
def test_points_lie_in_the_plane_and_a_seed_draws_them_again(name: str) -> None:
    """Every coordinate is within the plane, labels fit the kind, and the same generator gives the same."""
    points, labels = PLANES[name].draw(400, 0.1, 3, np.random.default_rng(4))
    again, _ = PLANES[name].draw(400, 0.1, 3, np.random.default_rng(4))
    assert points.shape == (400, 2)
    assert np.array_equal(points, again)
    if PLANES[name].regression:
        assert np.abs(labels).max() <= 1.0
        assert np.abs(points).max() <= SIDE
    else:
        assert set(labels.tolist()) == {0, 1, 2}


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_circle_is_told_by_the_distance(classes: int) -> None:
    """The ring is the distance from the middle in parts of the radius, and two rings never touch."""
    points, labels = PLANES["circle"].draw(500, 0.0, classes, np.random.default_rng(0))
    away = np.linalg.norm(points, axis=1)
    assert np.array_equal(labels, np.minimum((away * classes / RADIUS).astype(int), classes - 1))
    for ring in range(classes - 1):
        assert away[labels == ring].max() < away[labels == ring + 1].min()


def test_exclusive_or_is_the_sign_of_the_product() -> None:
    """Two classes: same signs against different ones."""
    points, labels = PLANES["xor"].draw(500, 0.0, 2, np.random.default_rng(0))
    assert np.array_equal(labels == 0, points[:, 0] * points[:, 1] > 0)


def test_the_arms_of_a_spiral_are_turns_of_each_other() -> None:
    """The second of two arms is the first turned by half a circle."""
    points, labels = PLANES["spiral"].draw(200, 0.0, 2, np.random.default_rng(0))
    assert np.allclose(points[labels == 0], -points[labels == 1])


def test_the_slope_and_the_hills_have_their_formulas() -> None:
    """A plane grows with the sum of both; a hill's top says ±1 and a place far from all says 0."""
    points, labels = PLANES["slope"].draw(300, 0.0, 2, np.random.default_rng(0))
    assert np.allclose(labels, np.clip(points.sum(axis=1) / 10.0, -1.0, 1.0))
    points, labels = PLANES["hills"].draw(3_000, 0.0, 2, np.random.default_rng(0))
    near = np.linalg.norm(points - (0.0, 2.5), axis=1) < 0.2
    assert (labels[near] < -0.85).all()
    assert (labels[np.abs(points[:, 1]) < 0.4] == 0.0).all()


@pytest.mark.parametrize("name", CLASSED)
def test_noise_mixes_the_classes(name: str) -> None:
    """The nearest neighbour is of another class more often with noise than without."""

    def mixed(noise: float) -> float:
        points, labels = PLANES[name].draw(400, noise, 2, np.random.default_rng(1))
        away = np.linalg.norm(points[:, None] - points, axis=2) + 1e9 * np.eye(400)
        return float(np.mean(labels[away.argmin(axis=1)] != labels))

    assert mixed(0.4) > mixed(0.0) + 0.05
