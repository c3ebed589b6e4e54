"""Random streams: pinned, one per path, independent."""

from __future__ import annotations

import hashlib

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.rng import generator

PARTS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1f")) | st.integers(), max_size=4
)


def test_golden_values() -> None:
    """The first draws of two streams, as NumPy gives them for the words of SHA-256; they must never change."""
    for seed, path, text in (
        (0, (), "0"),
        (7, ("tune", "trial", 12), "7\x1fstr:tune\x1fstr:trial\x1fint:12"),
    ):
        digest = hashlib.sha256(text.encode()).digest()
        words = [int.from_bytes(digest[place : place + 4], "little") for place in range(0, 32, 4)]
        expected = np.random.Generator(np.random.PCG64(np.random.SeedSequence(words))).random(5)
        assert generator(seed, *path).random(5).tolist() == expected.tolist()


GOLDEN = [892235, 585097, 52999, 864726]


def test_pinned_draws() -> None:
    """The numbers themselves, so that another NumPy that draws otherwise is noticed."""
    assert generator(0, "tune").integers(0, 1_000_000, 4).tolist() == GOLDEN


@settings(deadline=None)
@given(st.integers(0, 2**53), PARTS, PARTS)
def test_two_paths_share_a_stream_only_when_they_are_the_same(
    seed: int, one: list[str | int], other: list[str | int]
) -> None:
    """Equal paths draw equally, different ones differently; a number is not its text."""
    same = [(type(part), part) for part in one] == [(type(part), part) for part in other]
    first, second = (generator(seed, *path).integers(2**63, size=2).tolist() for path in (one, other))
    assert (first == second) == same


@settings(deadline=None)
@given(st.integers(0, 2**53), st.integers(0, 20))
def test_draws_of_one_stage_do_not_shift_another(seed: int, draws: int) -> None:
    """However much one stream is used, the other begins where it began."""
    before = generator(seed, "b").random()
    generator(seed, "a").random(draws)
    assert generator(seed, "b").random() == before


def test_neighbouring_streams_are_not_correlated() -> None:
    """A thousand streams of one number each look like one stream: mean and neighbours' correlation within 4 sigma."""
    drawn = np.array([generator(0, "trial", number).random() for number in range(2000)])
    assert abs(drawn.mean() - 0.5) < 4 * np.sqrt(1 / 12 / 2000)
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 4 / np.sqrt(2000)
