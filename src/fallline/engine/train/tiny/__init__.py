"""Tiny nets on points of a plane: how they are taught, and what every unit of them computes."""

from __future__ import annotations

from fallline.engine.train.tiny.features import FEATURES, read
from fallline.engine.train.tiny.problem import Problem, mean_loss
from fallline.engine.train.tiny.setting import Setting
from fallline.engine.train.tiny.walk import Walk, walks

__all__ = ["FEATURES", "Problem", "Setting", "Walk", "mean_loss", "read", "walks"]
