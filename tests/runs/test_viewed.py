"""What a view looks at: a name that leads to another Record gives another view."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fallline.runs.answer import answer
from fallline.runs.record import Record
from fallline.runs.shipped import read_shipped
from fallline.runs.spec import SPECS, load_spec
from fallline.runs.viewed import viewed, viewed_sha256
from fallline.runs.views import VIEWS


@pytest.mark.parametrize("kind", list(VIEWS))
def test_the_key_of_a_view_holds_what_it_looks_at(kind: str) -> None:
    """Behind the same name another Record: the Spec is the same, the key is not."""
    spec = load_spec({"kind": kind})

    def updated(name: str) -> Record:
        return replace(read_shipped(name), key="0" * 64)

    assert viewed_sha256(spec, read_shipped) != viewed_sha256(spec, updated)
    record = answer(spec)
    assert record.identity["data"] == viewed_sha256(spec, read_shipped)


@pytest.mark.parametrize("kind", sorted(SPECS.keys() - VIEWS.keys()))
def test_a_spec_that_computes_looks_at_no_record(kind: str) -> None:
    """Not even a signal, whose first and second are initialisations; the data of a capstone must be named."""
    tree = {"kind": kind, **({"data": {"source": "named", "name": "churn"}} if kind == "capstone" else {})}
    assert viewed(load_spec(tree)) == ()
