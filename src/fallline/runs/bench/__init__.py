"""Bench: the small Specs that answer at once, each one stage of its own."""

from __future__ import annotations

from fallline.runs.bench.basins import basins
from fallline.runs.bench.batches import batches
from fallline.runs.bench.breakdown import breakdown
from fallline.runs.bench.descent import descent
from fallline.runs.bench.dialects import dialects
from fallline.runs.bench.drawn_schedule import drawn_schedule
from fallline.runs.bench.failure import failure
from fallline.runs.bench.finder import finder
from fallline.runs.bench.framing import framing
from fallline.runs.bench.game import game
from fallline.runs.bench.line_fit import line_fit
from fallline.runs.bench.momentum import momentum
from fallline.runs.bench.next_point import next_point
from fallline.runs.bench.noisy import noisy
from fallline.runs.bench.problem import problem
from fallline.runs.bench.rate_finder import rate_finder
from fallline.runs.bench.sick import sick
from fallline.runs.bench.signal import signal
from fallline.runs.bench.tiny_net import tiny_net
from fallline.runs.stage import Stage

BENCH: dict[str, Stage] = {
    "descent": descent,
    "basins": basins,
    "line-fit": line_fit,
    "batches": batches,
    "rate-finder": rate_finder,
    "drawn-schedule": drawn_schedule,
    "framing": framing,
    "problem": problem,
    "failure": failure,
    "breakdown": breakdown,
    "dialects": dialects,
    "sick": sick,
    "tiny-net": tiny_net,
    "noisy": noisy,
    "game": game,
    "momentum": momentum,
    "signal": signal,
    "finder": finder,
    "next-point": next_point,
}
"""Kind → its stage."""
