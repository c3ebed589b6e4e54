"""Which figures a Record has: stage → pure function from its part, in the order of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fallline.figures.basins import basins_figures
from fallline.figures.batches import batches_figures
from fallline.figures.breakdown import breakdown_figures
from fallline.figures.check import check_figures
from fallline.figures.compress import compress_figures
from fallline.figures.decide import decide_figures
from fallline.figures.descent import descent_figures
from fallline.figures.dialects import dialects_figures
from fallline.figures.drawn_schedule import drawn_schedule_figures
from fallline.figures.explain import explain_figures
from fallline.figures.failure import failure_figures
from fallline.figures.figure import Figure
from fallline.figures.finder import finder_figures
from fallline.figures.frame import frame_figures
from fallline.figures.framing import framing_figures
from fallline.figures.game import game_figures
from fallline.figures.line_fit import line_fit_figures
from fallline.figures.momentum import momentum_figures
from fallline.figures.next_point import next_point_figures
from fallline.figures.noisy import noisy_figures
from fallline.figures.problem import problem_figures
from fallline.figures.race import race_figures
from fallline.figures.rate_finder import rate_finder_figures
from fallline.figures.sick import sick_figures
from fallline.figures.signal import signal_figures
from fallline.figures.tiny_net import tiny_net_figures
from fallline.figures.tradeoff import tradeoff_figures
from fallline.figures.train import train_figures
from fallline.figures.training import training_figures
from fallline.figures.tune import tune_figures
from fallline.figures.views import VIEW_FIGURES
from fallline.runs.record import Record

FIGURES: dict[str, Callable[[dict[str, Any]], tuple[Figure, ...]]] = {
    "frame": frame_figures,
    "train": train_figures,
    "tune": tune_figures,
    "tradeoff": tradeoff_figures,
    "check": check_figures,
    "decide": decide_figures,
    "explain": explain_figures,
    "compress": compress_figures,
    "descent": descent_figures,
    "training": training_figures,
    "basins": basins_figures,
    "line-fit": line_fit_figures,
    "batches": batches_figures,
    "rate-finder": rate_finder_figures,
    "drawn-schedule": drawn_schedule_figures,
    "framing": framing_figures,
    "problem": problem_figures,
    "failure": failure_figures,
    "breakdown": breakdown_figures,
    "dialects": dialects_figures,
    "sick": sick_figures,
    "tiny-net": tiny_net_figures,
    "noisy": noisy_figures,
    "game": game_figures,
    "momentum": momentum_figures,
    "signal": signal_figures,
    "next-point": next_point_figures,
    "finder": finder_figures,
    "race": race_figures,
    **VIEW_FIGURES,
}
"""Stage → figures of its part."""


def figures_of(record: Record) -> tuple[Figure, ...]:
    """Returns every figure of a Record, stage by stage."""
    return tuple(figure for stage, part in parts_of(record) for figure in stage_figures(stage, part))


def parts_of(record: Record) -> list[tuple[str, dict[str, Any]]]:
    """Returns a Record's parts in the order in which its stages ran; a kept Record has its keys sorted."""
    order = list(FIGURES)
    known = sorted(record.result, key=lambda stage: order.index(stage) if stage in order else len(order))
    return [(stage, record.result[stage]) for stage in known]


def stage_figures(stage: str, part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the figures of one stage's part; none for a stage that draws nothing."""
    return FIGURES[stage](part) if stage in FIGURES else ()
