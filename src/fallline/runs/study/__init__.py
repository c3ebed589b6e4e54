"""Studies: a search over one's own objective, asked and told, or run to its end on this machine."""

from __future__ import annotations

from fallline.runs.study.asked import AskedTrial, Pruned
from fallline.runs.study.search import Best, optimize
from fallline.runs.study.study import Study

__all__ = ["AskedTrial", "Best", "Pruned", "Study", "optimize"]
