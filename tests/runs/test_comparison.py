"""Two Records side by side: what was asked differently, what came out differently, nothing else."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.runs.answer import answer
from fallline.runs.comparison import compare
from fallline.runs.record import Record
from fallline.runs.spec import load_spec

LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab", max_size=2) | st.lists(st.integers(0, 3))
TREES = st.dictionaries(
    st.sampled_from("abc"), st.recursive(LEAVES, lambda t: st.dictionaries(st.sampled_from("xyz"), t))
)


def record(spec: dict[str, Any], result: dict[str, Any]) -> Record:
    """A Record that asks and says this."""
    known = answer(load_spec({"kind": "descent", "steps": 1}))
    return Record(**{**vars(known), "spec": spec, "result": result})


def at(tree: Any, path: str) -> Any:
    """The value at a dotted path; None where there is none."""
    for step in path.split(".")[1:]:
        if isinstance(tree, list):
            tree = tree[int(step)] if step.isdigit() and int(step) < len(tree) else None
        elif isinstance(tree, dict):
            tree = tree.get(step)
        else:
            return None
    return tree


@settings(deadline=None)
@given(TREES, TREES, TREES, TREES)
def test_differences_are_found_exactly_where_they_are(
    first: dict[str, Any], other: dict[str, Any], said: dict[str, Any], contradicted: dict[str, Any]
) -> None:
    """Every row that is shown differs, and turning the Records round only swaps the sides."""
    one, two = record(first, said), record(other, contradicted)
    found = compare(one, two)["rows"]
    for row in found:
        sides = (first, other) if row["half"] == "spec" else (said, contradicted)
        assert at(sides[0], row["path"]) != at(sides[1], row["path"])
    turned = {(row["path"], str(row["second"]), str(row["first"])) for row in compare(two, one)["rows"]}
    assert turned == {(row["path"], str(row["first"]), str(row["second"])) for row in found}
    assert {row["path"] for row in found} <= {row["path"] for row in compare(one, two, only_differences=False)["rows"]}


@settings(deadline=None)
@given(TREES, TREES)
def test_the_same_record_twice_says_the_same(spec: dict[str, Any], result: dict[str, Any]) -> None:
    """No row, and the sentence says so."""
    found = compare(record(spec, result), record(spec, result))
    assert found["rows"] == []
    assert found["sentence"] == "They ask the same and say the same."


def test_one_other_rate_is_named() -> None:
    """Two real runs that differ in one rate: the sentence names it, and what came out otherwise is listed."""
    one, two = (answer(load_spec({"kind": "descent", "optimizers": {"gd": {"rate": rate}}})) for rate in (0.01, 0.02))
    found = compare(one, two)
    assert "1 thing asked (optimizers.gd.rate)" in found["sentence"]
    assert any(row["path"] == "result.descent.runs.gd.loss" for row in found["rows"])
    assert found["came"] == sum(row["half"] == "result" for row in found["rows"])


def test_a_title_alone_is_not_a_difference_of_what_was_asked() -> None:
    """Titles are shown and do not count."""
    one, two = (answer(load_spec({"kind": "descent", "title": title})) for title in ("a", "b"))
    found = compare(one, two)
    assert found["sentence"] == "They ask the same and say the same."
    assert [row["path"] for row in found["rows"]] == ["spec.title"]


def test_the_same_request_with_another_answer_names_the_causes() -> None:
    """Same Spec, other numbers: data, sources, versions or machine."""
    found = compare(record({"a": 1}, {"b": 1}), record({"a": 1}, {"b": 2}))
    assert found["sentence"].startswith("They ask the same, but 1 value")
