"""A drawn schedule shown as code: the same training in PyTorch, with one seed."""

from __future__ import annotations

from fallline.runs.bench.drawn_schedule import steps_of
from fallline.runs.code.training.training import show_train
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.drawn_schedule import DrawnScheduleSpec, training_of


def show_drawn_schedule(spec: Spec, record: Record | None) -> str:
    """Returns the training as a script: one seed of PyTorch's, so its losses lie among those of the band."""
    del record
    assert isinstance(spec, DrawnScheduleSpec)  # noqa: S101 - the registry goes by kind
    return show_train(training_of(spec, steps_of(spec)), None)
