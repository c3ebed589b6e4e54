"""The race: optimizers on workloads, over seeds, each tuned with the same budget, in several tools."""

from __future__ import annotations

from fallline.runs.spec.workloads import WORKLOADS

__all__ = ["WORKLOADS"]
