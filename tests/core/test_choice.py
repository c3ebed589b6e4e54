"""A choice by name: found, or refused with the nearest name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.choice import lookup, nearest
from fallline.core.errors import SpecError

KNOWN = {"rosenbrock": 1, "beale": 2, "himmelblau": 3, "momentum": 4}


@settings(deadline=None)
@given(st.sampled_from(sorted(KNOWN)), st.data())
def test_one_slip_of_the_finger_is_understood(name: str, data: st.DataObject) -> None:
    """A letter dropped, doubled or swapped, in any case: the name is guessed, and it is still refused."""
    place = data.draw(st.integers(0, len(name) - 2))
    slip = data.draw(
        st.sampled_from(
            [
                name[:place] + name[place + 1 :],
                name[:place] + name[place] + name[place:],
                name[:place] + name[place + 1] + name[place] + name[place + 2 :],
            ]
        )
    )
    if slip in KNOWN:
        assert lookup(slip, KNOWN, "surface") == KNOWN[slip]
        return
    assert nearest(slip.upper(), KNOWN) == name
    with pytest.raises(SpecError, match=f"Did you mean {name!r}"):
        lookup(slip, KNOWN, "surface")


def test_a_name_like_none_of_them_is_told_all_of_them() -> None:
    """There is nothing to guess."""
    with pytest.raises(SpecError) as refused:
        lookup("zzz", KNOWN, "surface")
    assert all(name in str(refused.value) for name in KNOWN)
    assert refused.value.path == "surface"
    assert nearest("zzz", KNOWN) is None


def test_a_megabyte_for_a_name_is_refused_in_a_short_sentence() -> None:
    """What is shown of it stays short."""
    with pytest.raises(SpecError) as refused:
        lookup("x" * 1_000_000, KNOWN, "surface")
    assert len(str(refused.value)) < 300


def test_nearest_of_nothing_is_nothing() -> None:
    """An empty registry has no near name."""
    assert nearest("a", []) is None
