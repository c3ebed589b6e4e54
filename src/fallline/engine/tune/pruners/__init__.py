"""Pruners: who stops a trial between folds."""

from __future__ import annotations

from fallline.engine.tune.pruners.median import Median
from fallline.engine.tune.pruners.pruner import Pruner, never
from fallline.engine.tune.pruners.racing import Racing

PRUNERS: dict[str, Pruner] = {"none": never, "median": Median(), "racing": Racing()}
"""Every pruner that a Spec can name."""

__all__ = ["PRUNERS", "Median", "Pruner", "Racing", "never"]
