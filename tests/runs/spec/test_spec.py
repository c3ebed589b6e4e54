"""Specs: what is honest survives the round trip, what is hostile is refused in one sentence."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.errors import SpecError
from fallline.runs.spec import SPECS, load_spec, parse_json, parse_spec, patch, to_toml

_loader = importlib.util.spec_from_file_location("hostile", Path(__file__).parent / "hostile.py")
assert _loader is not None
assert _loader.loader is not None
_hostile = importlib.util.module_from_spec(_loader)
_loader.loader.exec_module(_hostile)
HOSTILE = _hostile.HOSTILE

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.toml"))


def minimal(kind: str) -> dict[str, object]:
    """The least that makes a Spec of this kind."""
    tree: dict[str, object] = {"kind": kind}
    if kind == "capstone":
        tree["data"] = {"source": "named", "name": "telco_churn"}
    return tree


def test_forty_hostile_specs_are_listed() -> None:
    """The list is as long as it promises to be."""
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_specs_are_refused_with_the_place(name: str) -> None:
    """Each hostile Spec is refused with a sentence that names the place or the remedy, and is no flood itself."""
    text, mentioned = HOSTILE[name]
    with pytest.raises(SpecError) as refusal:
        parse_spec(text)
    assert mentioned in str(refusal.value)
    assert len(str(refusal.value)) < 600


@pytest.mark.parametrize("kind", SPECS)
def test_every_kind_survives_toml_and_json(kind: str) -> None:
    """Spec → TOML → Spec and Spec → JSON → Spec are the identity for every kind with its defaults."""
    spec = load_spec(minimal(kind))
    assert parse_spec(to_toml(spec)) == spec
    assert load_spec(parse_json(json.dumps(spec.to_tree()))) == spec


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_a_spec(path: Path) -> None:
    """Each file in examples/ loads, and survives the round trip."""
    spec = parse_spec(path.read_bytes())
    assert parse_spec(to_toml(spec)) == spec


NUMBERS = st.floats(min_value=-1e5, max_value=1e5, allow_nan=False)


@settings(deadline=None)
@given(
    start=st.tuples(NUMBERS, NUMBERS),
    steps=st.integers(1, 2000),
    rate=st.floats(min_value=1e-300, max_value=1e4),
    title=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf"]), max_size=120),
    seed=st.integers(0, 2**53),
)
def test_any_descent_spec_survives_the_round_trip(
    start: tuple[float, float], steps: int, rate: float, title: str, seed: int
) -> None:
    """Whatever honest values a descent holds, TOML gives the same bits back."""
    tree = {
        "kind": "descent",
        "title": title,
        "seed": seed,
        "start": list(start),
        "steps": steps,
        "optimizers": {"gd": {"rate": rate}},
    }
    spec = load_spec(tree)
    assert parse_spec(to_toml(spec)) == spec


@settings(deadline=None, max_examples=300)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.text(max_size=12) | st.sampled_from(["kind", "optimizers", "start", "steps"]), inner, max_size=4
            )
        ),
    )
)
def test_any_tree_is_a_spec_or_a_spec_error(tree: object) -> None:
    """No tree, however strange, gets any other answer than a Spec or a SpecError."""
    if isinstance(tree, dict):
        tree = {**tree, "kind": "descent"}
    try:
        spec = load_spec(tree)
    except SpecError as refusal:
        said = str(refusal)
    else:
        said = spec.kind
    assert said


def test_patch_leaves_the_original_alone() -> None:
    """Moving a slider makes another Spec; the one before stays as it was."""
    tree = load_spec(minimal("descent")).to_tree()
    before = json.dumps(tree)
    moved = patch(tree, {"optimizers.gd.rate": 0.5})
    assert moved["optimizers"]["gd"]["rate"] == 0.5
    assert json.dumps(tree) == before


def test_a_spec_cannot_be_changed() -> None:
    """A Spec is frozen: what was asked stays what was asked."""
    spec = load_spec(minimal("descent"))
    with pytest.raises(Exception, match="frozen"):
        spec.seed = 3  # type: ignore[misc]


@pytest.mark.parametrize("kind", SPECS)
def test_every_kind_has_a_json_schema(kind: str) -> None:
    """Editors get a schema that refuses unknown keys."""
    schema = SPECS[kind].model_json_schema()
    assert schema["additionalProperties"] is False
    assert "seed" in schema["properties"]
