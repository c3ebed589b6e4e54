"""Spec: what to do, as a frozen, validated tree discriminated by ``kind``; TOML on disk, canonical JSON for its key."""

from __future__ import annotations

import copy
from typing import Any

from fallline.core.choice import lookup
from fallline.core.errors import SpecError
from fallline.runs.spec.base import Spec, build
from fallline.runs.spec.basins import BasinsSpec
from fallline.runs.spec.batches import BatchesSpec
from fallline.runs.spec.bench import NextPointSpec, SignalSpec
from fallline.runs.spec.breakdown import BreakdownSpec
from fallline.runs.spec.capstone import CapstoneSpec
from fallline.runs.spec.descent import DescentSpec
from fallline.runs.spec.dialects import DialectsSpec
from fallline.runs.spec.drawn_schedule import DrawnScheduleSpec
from fallline.runs.spec.failure import FailureSpec
from fallline.runs.spec.finder import FinderSpec
from fallline.runs.spec.framing import FramingSpec
from fallline.runs.spec.game import GameSpec
from fallline.runs.spec.line_fit import LineFitSpec
from fallline.runs.spec.momentum import MomentumSpec
from fallline.runs.spec.names import check_names
from fallline.runs.spec.noisy import NoisySpec
from fallline.runs.spec.problem import ProblemSpec
from fallline.runs.spec.race import RaceSpec
from fallline.runs.spec.rate_finder import RateFinderSpec
from fallline.runs.spec.sick import SickSpec
from fallline.runs.spec.tiny_net import TinyNetSpec
from fallline.runs.spec.toml import parse_json, parse_toml, to_toml
from fallline.runs.spec.train import TrainSpec
from fallline.runs.spec.tree import inspect
from fallline.runs.spec.views import (
    ComparisonViewSpec,
    ExplanationViewSpec,
    FrontViewSpec,
    PredictionViewSpec,
    ProfitViewSpec,
    StudyViewSpec,
    VariantsViewSpec,
)

SPECS: dict[str, type[Spec]] = {
    "capstone": CapstoneSpec,
    "descent": DescentSpec,
    "basins": BasinsSpec,
    "line-fit": LineFitSpec,
    "batches": BatchesSpec,
    "rate-finder": RateFinderSpec,
    "drawn-schedule": DrawnScheduleSpec,
    "framing": FramingSpec,
    "problem": ProblemSpec,
    "failure": FailureSpec,
    "breakdown": BreakdownSpec,
    "dialects": DialectsSpec,
    "sick": SickSpec,
    "tiny-net": TinyNetSpec,
    "noisy": NoisySpec,
    "game": GameSpec,
    "momentum": MomentumSpec,
    "signal": SignalSpec,
    "next-point": NextPointSpec,
    "race": RaceSpec,
    "train": TrainSpec,
    "finder": FinderSpec,
    "study": StudyViewSpec,
    "front": FrontViewSpec,
    "variants": VariantsViewSpec,
    "profit": ProfitViewSpec,
    "explanation": ExplanationViewSpec,
    "comparison": ComparisonViewSpec,
    "prediction": PredictionViewSpec,
}
"""Kind → model. Files, forms, the command line and the JSON Schema all read this dict."""


def load_spec(tree: object) -> Spec:
    """Builds a Spec from a plain tree.

    Raises:
        SpecError: with the path, the value, what was expected, and the nearest known name.

    >>> load_spec({"kind": "descent", "surface": "rosenbrok"})
    Traceback (most recent call last):
    fallline.core.errors.SpecError: surface: 'rosenbrok' is not a known name. Did you mean 'rosenbrock'?
    """
    plain = inspect(tree)
    kind = plain.get("kind")
    if not isinstance(kind, str):
        raise SpecError("kind", kind, "the kind of Spec", f"Known: {', '.join(SPECS)}.")
    spec = build(lookup(kind, SPECS, "kind"), plain)
    assert isinstance(spec, Spec)  # noqa: S101 - narrows for the type checker; SPECS holds nothing else
    check_names(spec)
    return spec


def parse_spec(text: str | bytes) -> Spec:
    """Builds a Spec from TOML, or from JSON when the text starts with a brace.

    Raises:
        SpecError: as `load_spec`, or when it is neither.
    """
    start = text.lstrip()[:1]
    return load_spec(parse_json(text) if start in {"{", b"{"} else parse_toml(text))


def patch(tree: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Returns a copy of a tree with values replaced at dotted paths; a number in a path is a list index.

    Raises:
        SpecError: a path that leads nowhere.

    >>> patch({"optimizers": {"gd": {"rate": 0.1}}, "start": [0, 0]}, {"optimizers.gd.rate": 0.2, "start.1": 3})
    {'optimizers': {'gd': {'rate': 0.2}}, 'start': [0, 3]}
    """
    copied = copy.deepcopy(tree)
    for path, value in changes.items():
        *parents, last = path.split(".")
        node: Any = copied
        for part in parents:
            node = _child(node, part, path)
        if isinstance(node, list):
            node[_index(node, last, path)] = value
        elif isinstance(node, dict):
            node[last] = value
        else:
            raise SpecError(path, last, "a place in the Spec")
    return copied


def _child(node: Any, part: str, path: str) -> Any:
    if isinstance(node, list):
        return node[_index(node, part, path)]
    if isinstance(node, dict):
        return node.setdefault(part, {})
    raise SpecError(path, part, "a place in the Spec")


def _index(node: list[Any], part: str, path: str) -> int:
    if part.isdigit() and int(part) < len(node):
        return int(part)
    raise SpecError(path, part, f"an index below {len(node)}")


__all__ = ["SPECS", "Spec", "inspect", "load_spec", "parse_json", "parse_spec", "parse_toml", "patch", "to_toml"]
