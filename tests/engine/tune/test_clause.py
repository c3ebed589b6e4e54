"""Clauses: what they say, what is absent, and that nothing else gets in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.errors import SpecError
from fallline.engine.tune import Clause


@pytest.mark.parametrize(
    ("text", "params", "expected"),
    [
        ("a < b", {"a": 1, "b": 2}, True),
        ("1 <= a < 3", {"a": 3}, False),
        ('kind == "sgd" and momentum > 0.5', {"kind": "sgd", "momentum": 0.9}, True),
        ('kind in ("a", "b")', {"kind": "c"}, False),
        ('kind not in ["a", "b"]', {"kind": "c"}, True),
        ("layers * units <= 256", {"layers": 2, "units": 128}, True),
        ("a % 2 == 0 or b // 2 > 1", {"a": 3, "b": 4}, True),
        ("min(a, b) == -1 and max(a, b) - abs(b) == 2", {"a": 3, "b": -1}, True),
        ("flag", {"flag": True}, True),
        ("not flag", {"flag": True}, False),
        ("flag == true", {"flag": True}, True),
        ("flag == 1", {"flag": True}, False),
        ("x == none", {"x": None}, True),
        ("net.width > 3", {"net.width": 4}, True),
        ("a / b > 1", {"a": 1, "b": 0}, None),
    ],
)
def test_a_clause_says_what_python_would(text: str, params: dict[str, object], expected: bool | None) -> None:
    """Comparisons, chains, arithmetic and membership, on numbers, words and truth values."""
    assert Clause(text).holds(params) is expected  # type: ignore[arg-type] - plain values


@settings(deadline=None)
@given(st.sampled_from(["and", "or"]), st.sampled_from([True, False, None]), st.sampled_from([True, False, None]))
def test_what_is_absent_follows_kleene(word: str, left: bool | None, right: bool | None) -> None:
    """True or absent is true, false and absent is false, the rest of what hangs on the absent is absent."""
    params = {name: value for name, value in (("a", left), ("b", right)) if value is not None}
    values = [left, right]
    decisive = word == "or"
    expected = decisive if decisive in values else None if None in values else not decisive
    assert Clause(f"a {word} b").holds(params) is expected
    assert Clause(f"not (a {word} b)").holds(params) is (None if expected is None else not expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a <",
        "a + 1",
        "__import__('os')",
        "a.__class__()",
        "open('x') == 1",
        "(lambda: 1)() == 1",
        "[x for x in a] == a",
        "a[0] == 1",
        "a ** b == 1",
        "f'{a}' == 'x'",
        "a if b else c",
        "a := 3",
        "a == b" + " and a == b" * 300,
        "a == 1\nb == 2",
        "max() == 1",
        "min(a, key=b) == 1",
        "a == 1j",
        "a == b'x'",
        "\0",
    ],
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    """Calls, attributes of values, comprehensions, powers, text without an end: one sentence each."""
    with pytest.raises(SpecError, match="clause"):
        Clause(text)


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="ab10.<>=!()[]{}+-*/%,'\" \n\tandornotin_:@#\\", max_size=60))
def test_no_text_does_anything_but_be_read_or_refused(text: str) -> None:
    """A fuzzed text is a clause with an answer, or a SpecError."""
    try:
        clause = Clause(text)
        assert clause.holds({"a": 1, "b": 0.5}) in {True, False, None}
        assert clause.names is not None
    except SpecError:
        pass


@pytest.mark.parametrize(
    ("text", "params"), [("a < b", {"a": "x", "b": 1}), ("a + 1 > 0", {"a": True}), ("a in b", {"a": 1, "b": 1})]
)
def test_an_order_between_things_that_have_none_is_refused(text: str, params: dict[str, object]) -> None:
    """A word is not below a number, and a truth value is no number."""
    with pytest.raises(SpecError, match="possible"):
        Clause(text).holds(params)  # type: ignore[arg-type] - plain values


def test_a_clause_moves_to_other_names() -> None:
    """Renamed, it says the same of the parameters under their new names, and words stay words."""
    clause = Clause('max(width, 2) > depth and kind == "width" and not flag == true')
    moved = clause.renamed({name: f"net.{name}" for name in clause.names})
    assert moved.names == ("net.width", "net.depth", "net.kind", "net.flag")
    params = {"width": 5, "depth": 3, "kind": "width", "flag": False}
    assert clause.holds(params)
    assert moved.holds({f"net.{name}": value for name, value in params.items()})
