"""Sources, noise, distance, coverage, and a match: laws, closed forms, and the same seed twice."""

from __future__ import annotations

import numpy as np
import pytest

from fallline.engine.games import LATENTS, SOURCES, Setting, coverage, drawn, energy_distance, play


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_covers_itself(name: str) -> None:
    """Its own points hit every piece evenly, lie near one, and are at distance 0 within errors; others are not."""
    source, rng = SOURCES[name], np.random.default_rng(1)
    first, second = source.draw(rng, 4_096), source.draw(rng, 4_096)
    found = coverage(source, first)
    assert found.hit == found.of == len(source.first)
    assert found.good > 0.95
    assert found.effective == pytest.approx(found.of, rel=0.01)
    assert not found.collapsed
    near = energy_distance(first, second)
    assert abs(near.value) < 4.0 * near.error
    assert energy_distance(first, second + 3.0).value > 1.0


def test_a_collapse_is_an_alarm() -> None:
    """All on one cloud, all on one point, and half of the clouds; not seven of eight."""
    source, rng = SOURCES["eight"], np.random.default_rng(2)
    points = source.draw(rng, 2_000)
    which, _ = source.nearest(points)
    assert coverage(source, points[which == 3]).collapsed
    assert coverage(source, np.zeros((50, 2))).collapsed
    assert coverage(source, points[which < 4]).collapsed
    assert not coverage(source, points[which < 7]).collapsed
    assert coverage(source, points[which < 7]).hit == 7


def test_the_energy_distance_has_no_bias_and_an_honest_error() -> None:
    """Of two standard normals a shift apart it is known in one dimension; over many samples mean and error agree."""
    rng = np.random.default_rng(3)
    zero = [energy_distance(*rng.standard_normal((2, 128, 1)), blocks=8) for _ in range(300)]
    values = np.array([each.value for each in zero])
    assert abs(values.mean()) < 4.0 * values.std() / 300**0.5
    assert np.mean([each.error for each in zero]) == pytest.approx(values.std(), rel=0.2)
    # E|N(m, 2)| = 2/√π·e^(−m²/4) + m·erf(m/2); with m = 1
    exact = 2.0 * (2.0 / np.pi**0.5 * np.exp(-0.25) + 0.5204998778) - 4.0 / np.pi**0.5
    apart = energy_distance(rng.standard_normal((20_000, 1)), rng.standard_normal((20_000, 1)) + 1.0, blocks=200)
    assert abs(apart.value - exact) < 4.0 * apart.error


@pytest.mark.parametrize("name", LATENTS)
def test_noise_lies_evenly_between_its_lines(name: str) -> None:
    """As much of what is drawn below a line as the grid says."""
    latent = LATENTS[name]
    drawn_ = latent.draw(np.random.default_rng(4), 20_000)
    assert drawn_.shape == (20_000, latent.dimension)
    lines = latent.grid(4, 9)
    assert len(lines) == (1 if latent.dimension == 1 else 8)
    below = (drawn_[:, 0] < lines[0][4, 0]).mean()
    assert below == pytest.approx(0.5, abs=0.02)


def test_a_drawn_curve_goes_through_its_corners() -> None:
    """Ends stay; eight pieces, of a straight curve all alike; no corner is cut."""
    source = drawn([(-1.0, 0.0), (0.0, 0.0), (1.0, 0.0)])
    assert len(source.first) == 8
    assert source.first[0].tolist() == [-1.0, 0.0]
    assert source.last[-1].tolist() == [1.0, 0.0]
    assert np.linalg.norm(source.last - source.first, axis=1) == pytest.approx(0.25)
    corners = [(-1.2, -0.5), (-0.4, 0.8), (0.4, -0.8), (1.2, 0.5)]
    _, away = drawn(corners).nearest(np.array(corners))
    assert away == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("way", ["turns", "together", "extragradient"])
def test_a_match_is_the_same_twice_and_goes_on_as_it_began(way: str) -> None:
    """To the last bit; a longer one passes through the shorter one's end; alone, one player stands still."""
    base = {"way": way, "seed": 7, "moments": 3}
    first, again = (play(SOURCES["two"], Setting(rounds=20, **base)) for _ in range(2))  # type: ignore[arg-type]
    assert (first.moments[-1].g == again.moments[-1].g).all()
    longer = play(SOURCES["two"], Setting(rounds=40, **base))  # type: ignore[arg-type]
    assert (longer.moments[1].d == first.moments[-1].d).all()
    alone = play(SOURCES["two"], Setting(rounds=20, judge_alone=10, **base))  # type: ignore[arg-type]
    assert (alone.moments[-1].g == first.moments[-1].g).all()
    assert (alone.moments[-1].d != first.moments[-1].d).any()


def test_a_match_that_runs_away_says_when() -> None:
    """The round in which a weight was no number; what was kept before is finite."""
    wild = Setting(loss="squares", optimizers=("gd", "gd"), rates=(10.0, 10.0), rounds=200)
    match = play(SOURCES["eight"], wild)
    assert match.broken is not None
    assert all(np.isfinite(each.g).all() and np.isfinite(each.d).all() for each in match.moments)
