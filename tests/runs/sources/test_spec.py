"""DataSpec: what it takes, and what it refuses before anything is opened."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from fallline.engine.data.schema import Override
from fallline.runs.sources import NAMED, ColumnSpec, DataSpec, File, Named, Upload

ANY: TypeAdapter[DataSpec] = TypeAdapter(DataSpec)


def test_the_source_decides_the_kind() -> None:
    """Each source is read as its own kind and comes back from JSON equal."""
    trees = {
        Named: {"source": "named", "name": "telco_churn", "rows": 100},
        File: {"source": "file", "path": "customers.csv", "target": "churn", "delimiter": ";"},
        Upload: {"source": "upload", "id": "0" * 64, "overrides": {"fee": {"type": "number", "missing_words": ["-"]}}},
    }
    for kind, tree in trees.items():
        spec = ANY.validate_json(TypeAdapter(dict).dump_json(tree))
        assert isinstance(spec, kind)
        assert ANY.validate_json(ANY.dump_json(spec)) == spec


@given(st.text(max_size=80))
def test_a_name_is_plain(name: str) -> None:
    """Only small letters, digits, hyphen and underscore: no path, no look-alike letter, no line end gets through."""
    plain = 0 < len(name) <= 60 and all(char in "abcdefghijklmnopqrstuvwxyz0123456789-_" for char in name)
    try:
        Named(name=name)
    except ValidationError:
        assert not plain
    else:
        assert plain


@pytest.mark.parametrize(
    "name", ["../etc/passwd", "/etc/passwd", "a.csv", "C:\\x", "telco_churn\n", "tеlco", "", "A", "a" * 61]
)
def test_path_like_and_look_alike_names_are_refused(name: str) -> None:
    """These would be paths, other alphabets, or longer than any name."""
    with pytest.raises(ValidationError):
        Named(name=name)


@pytest.mark.parametrize(
    "tree",
    [
        {"source": "url", "name": "x"},
        {"name": "telco_churn"},
        {"source": "named", "name": "telco_churn", "path": "x"},
        {"source": "named", "name": "telco_churn", "rows": 1},
        {"source": "named", "name": "telco_churn", "rows": "100"},
        {"source": "upload", "id": "../" + "0" * 61},
        {"source": "upload", "id": "A" * 64},
        {"source": "upload", "id": "0" * 63 + "\n"},
        {"source": "file", "path": ""},
        {"source": "file", "path": "x", "delimiter": "ab"},
        {"source": "file", "path": "x", "overrides": {"a": {"role": "target"}}},
        {"source": "file", "path": "x", "overrides": {"a": {"colour": "red"}}},
        {"source": "file", "path": "x", "overrides": {str(place): {} for place in range(2001)}},
    ],
)
def test_what_is_not_a_source_is_refused(tree: dict[str, object]) -> None:
    """Unknown sources, keys, types and sizes never become a spec."""
    with pytest.raises(ValidationError):
        ANY.validate_json(TypeAdapter(dict).dump_json(tree))


def test_a_spec_cannot_change() -> None:
    """It is frozen."""
    with pytest.raises(ValidationError):
        Named(name="hmda").rows = 5  # type: ignore[misc]


def test_a_column_spec_is_an_override() -> None:
    """What the engine takes is the same four things."""
    spec = ColumnSpec(type="number", role="feature", sensitive=True, missing_words=("-",))
    assert spec.override() == Override("number", "feature", sensitive=True, missing_words=("-",))


def test_every_known_name_is_a_name() -> None:
    """All keys of the registry can be written in a Spec."""
    assert all(Named(name=name).name == name for name in NAMED)
