"""The learning-rate finder: one rate after another over mini-batches, five rules, several seeds, nothing changed."""

from __future__ import annotations

from fallline.engine.train.finder.finding import Band, RateFinding, Suggestion, SweepTrace
from fallline.engine.train.finder.rules import RULES, Rule

__all__ = ["RULES", "Band", "RateFinding", "Rule", "Suggestion", "SweepTrace"]
