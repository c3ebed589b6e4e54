"""Stages: what a capstone does, in order. The one place where engine parts meet."""

from __future__ import annotations

from fallline.runs.stage import Stage
from fallline.runs.stages.check import check
from fallline.runs.stages.compress import compress
from fallline.runs.stages.decide import decide
from fallline.runs.stages.explain import explain
from fallline.runs.stages.frame import frame
from fallline.runs.stages.report import report
from fallline.runs.stages.tradeoff import tradeoff
from fallline.runs.stages.train import train
from fallline.runs.stages.tune import tune

STAGES: dict[str, Stage] = {
    "frame": frame,
    "train": train,
    "tune": tune,
    "tradeoff": tradeoff,
    "check": check,
    "decide": decide,
    "explain": explain,
    "compress": compress,
    "report": report,
}
"""The stages of a capstone, in order."""
