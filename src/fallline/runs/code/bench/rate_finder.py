"""The sweeps of a rate finder shown as code: those of the kind ``finder``, in PyTorch."""

from __future__ import annotations

from fallline.runs.code.bench.finder import show_finder
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.rate_finder import RateFinderSpec, finder_of


def show_rate_finder(spec: Spec, record: Record | None) -> str:
    """Returns the sweeps as a script; what training gives is shown by the kind ``train``."""
    del record
    assert isinstance(spec, RateFinderSpec)  # noqa: S101 - the registry goes by kind
    return show_finder(finder_of(spec), None)
