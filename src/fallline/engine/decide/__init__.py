"""Decide: from calibrated probabilities and money to a threshold, and what it does to whom."""

from __future__ import annotations

from fallline.engine.decide.break_even import BreakEven, break_even_prevalence, break_even_value
from fallline.engine.decide.capacity import capacity_threshold
from fallline.engine.decide.curve import ProfitCurve, profit_curve
from fallline.engine.decide.elkan import NEVER, ElkanRule, RuleKind, elkan
from fallline.engine.decide.fairness import Fairness, fairness
from fallline.engine.decide.payoff import PayOff
from fallline.engine.decide.profit import confusion_profit, profit, profit_at, profit_rows, total_profit
from fallline.engine.decide.threshold import ThresholdChoice, choose_threshold

__all__ = [
    "NEVER",
    "BreakEven",
    "ElkanRule",
    "Fairness",
    "PayOff",
    "ProfitCurve",
    "RuleKind",
    "ThresholdChoice",
    "break_even_prevalence",
    "break_even_value",
    "capacity_threshold",
    "choose_threshold",
    "confusion_profit",
    "elkan",
    "fairness",
    "profit",
    "profit_at",
    "profit_curve",
    "profit_rows",
    "total_profit",
]
