"""Fronts: what to make of several objectives at once, in any mix of directions."""

from __future__ import annotations

from fallline.engine.fronts.directions import lower_is_better
from fallline.engine.fronts.dominance import dominance_ranks, dominates, non_dominated
from fallline.engine.fronts.hypervolume import hypervolume
from fallline.engine.fronts.knee import knee

__all__ = ["dominance_ranks", "dominates", "hypervolume", "knee", "lower_is_better", "non_dominated"]
