"""Canonical JSON: one tree, one text; what it cannot hold is refused."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.canonical import canonical, digest
from fallline.core.errors import FallLineError

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda tree: st.lists(tree) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), tree),
    max_leaves=20,
)


@settings(deadline=None)
@given(PLAIN)
def test_it_reads_back_to_the_same_bits(value: Any) -> None:
    """JSON's own reader gives the value back, floats to the last bit and minus zero included."""
    back = json.loads(canonical(value))
    assert back == value
    assert canonical(back) == canonical(value)
    if isinstance(value, float):
        assert math.copysign(1, back) == math.copysign(1, value)


@settings(deadline=None)
@given(st.dictionaries(st.text("abcä"), PLAIN, max_size=6), st.randoms())
def test_the_order_of_keys_does_not_count(value: dict[str, Any], draw: Any) -> None:
    """A mapping filled in another order is the same mapping."""
    keys = list(value)
    draw.shuffle(keys)
    assert canonical({key: value[key] for key in keys}) == canonical(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, [1, {"a": math.nan}], {1, 2}, b"x", object()])
def test_what_is_not_finite_plain_data_is_refused(value: Any) -> None:
    """A sentence, not a text that other readers refuse."""
    with pytest.raises(FallLineError, match="finite, plain data"):
        canonical(value)


def test_golden_digest() -> None:
    """The text is pinned: a change of it would change every key that is kept."""
    text = '{"a":[1,1.0,-0.0,1e+16,5e-324,true,null],"η":"\\"x\\n"}'
    value = {"η": '"x\n', "a": [1, 1.0, -0.0, 1e16, 5e-324, True, None]}
    assert canonical(value).decode() == text
    assert digest(value) == hashlib.sha256(text.encode()).hexdigest()


def test_an_integer_and_a_float_are_two_values() -> None:
    """1 and 1.0 and true are three things to ask for."""
    assert len({digest(value) for value in [1, 1.0, True]}) == 3
