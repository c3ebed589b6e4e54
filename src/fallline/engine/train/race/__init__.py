"""The race: one problem, one start and one order of rows for every optimizer, in every tool that has it."""

from __future__ import annotations

from fallline.engine.train.race.lane import Curve, Lane, Member
from fallline.engine.train.race.problem import Draw, Problem, draw

__all__ = ["Curve", "Draw", "Lane", "Member", "Problem", "draw"]
