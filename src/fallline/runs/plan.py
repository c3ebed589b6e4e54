"""Plan: which stages a Spec runs, in order."""

from __future__ import annotations

from collections.abc import Mapping

from fallline.runs.bench import BENCH
from fallline.runs.spec.base import Spec
from fallline.runs.stage import Stage
from fallline.runs.stages import STAGES
from fallline.runs.views import VIEWS


def stages_of(spec: Spec) -> Mapping[str, Stage]:
    """Returns the stages that a Spec runs; a small Spec has one, named as its kind."""
    if spec.kind == "capstone":
        return STAGES
    return {spec.kind: (BENCH | VIEWS)[spec.kind]}
