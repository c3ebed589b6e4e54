"""The race: one problem, one start and one order of rows for every optimizer, in every tool that has it."""

from __future__ import annotations

from fallline.engine.train.race.lane import Curve, Lane
from fallline.engine.train.race.member import Member
from fallline.engine.train.race.problem import Problem

__all__ = ["Curve", "Lane", "Member", "Problem"]
