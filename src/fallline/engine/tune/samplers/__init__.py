"""Samplers: who suggests the next trial."""

from __future__ import annotations

from fallline.engine.tune.samplers.grid import Grid
from fallline.engine.tune.samplers.random import Random
from fallline.engine.tune.samplers.sampler import Sampler

SAMPLERS: dict[str, Sampler] = {"random": Random(), "grid": Grid()}
"""The samplers of our own; those of other tools are in `fallline.peers`."""

__all__ = ["SAMPLERS", "Grid", "Random", "Sampler"]
