"""Plan: which stages a Spec runs, in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fallline.runs.spec.base import Spec
    from fallline.runs.stage import Stage


def stages_of(spec: Spec) -> Mapping[str, Stage]:
    """Returns the stages that a Spec runs; a small Spec has one, named as its kind.

    The stages are imported here: they bring scipy.stats and numba, a second that a look-up need not wait for.
    """
    if spec.kind == "capstone":
        from fallline.runs.stages import STAGES

        return STAGES
    if spec.kind == "race":
        from fallline.runs.race.stage import race

        return {"race": race}
    if spec.kind == "train":
        from fallline.runs.training.stage import training

        return {"training": training}
    from fallline.runs.bench import BENCH
    from fallline.runs.views import VIEWS

    return {spec.kind: (BENCH | VIEWS)[spec.kind]}
