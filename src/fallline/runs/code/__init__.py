"""Code: a Spec shown as one short script in the field's own tools, which gives the same numbers."""

from __future__ import annotations

from collections.abc import Callable

from fallline.core.choice import lookup
from fallline.runs.code.bench.basins import show_basins
from fallline.runs.code.bench.batches import show_batches
from fallline.runs.code.bench.breakdown import show_breakdown
from fallline.runs.code.bench.descent import show_descent
from fallline.runs.code.bench.dialects import show_dialects
from fallline.runs.code.bench.drawn_schedule import show_drawn_schedule
from fallline.runs.code.bench.failure import show_failure
from fallline.runs.code.bench.finder import show_finder
from fallline.runs.code.bench.framing import show_framing
from fallline.runs.code.bench.game import show_game
from fallline.runs.code.bench.line_fit import show_line_fit
from fallline.runs.code.bench.momentum import show_momentum
from fallline.runs.code.bench.next_point import show_next_point
from fallline.runs.code.bench.noisy import show_noisy
from fallline.runs.code.bench.problem import show_problem
from fallline.runs.code.bench.rate_finder import show_rate_finder
from fallline.runs.code.bench.sick import show_sick
from fallline.runs.code.bench.signal import show_signal
from fallline.runs.code.bench.tiny_net import show_tiny_net
from fallline.runs.code.race.script import show_race
from fallline.runs.code.stages.capstone import show_capstone
from fallline.runs.code.training.training import show_train
from fallline.runs.code.views.comparison import show_comparison
from fallline.runs.code.views.explanation import show_explanation
from fallline.runs.code.views.front import show_front
from fallline.runs.code.views.prediction import show_prediction
from fallline.runs.code.views.profit import show_profit
from fallline.runs.code.views.study import show_study
from fallline.runs.code.views.variants import show_variants
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec

Shown = Callable[[Spec, Record | None], str]

SHOWN: dict[str, Shown] = {
    "capstone": show_capstone,
    "descent": show_descent,
    "basins": show_basins,
    "line-fit": show_line_fit,
    "batches": show_batches,
    "rate-finder": show_rate_finder,
    "drawn-schedule": show_drawn_schedule,
    "framing": show_framing,
    "problem": show_problem,
    "failure": show_failure,
    "breakdown": show_breakdown,
    "dialects": show_dialects,
    "sick": show_sick,
    "tiny-net": show_tiny_net,
    "noisy": show_noisy,
    "game": show_game,
    "momentum": show_momentum,
    "signal": show_signal,
    "next-point": show_next_point,
    "train": show_train,
    "finder": show_finder,
    "race": show_race,
    "study": show_study,
    "front": show_front,
    "variants": show_variants,
    "profit": show_profit,
    "explanation": show_explanation,
    "comparison": show_comparison,
    "prediction": show_prediction,
}
"""Kind of Spec → what writes it as a script."""


def show_as_code(spec: Spec, record: Record | None = None) -> str:
    """Returns a Spec as a script in the tools of the field; it needs nothing of Fall Line.

    Args:
        spec: of any kind.
        record: what a run of it found; a capstone's pick, threshold and columns come from there.

    Raises:
        DataError: a capstone on a person's own table without a Record, so that nobody knows its columns.

    >>> from fallline.runs.spec import load_spec
    >>> script = show_as_code(load_spec({"kind": "descent", "surface": "bowl"}))
    >>> "torch.optim.SGD" in script
    True
    """
    return lookup(spec.kind, SHOWN, "kind")(spec, record)


__all__ = ["SHOWN", "show_as_code"]
