"""Samplers: who suggests the next trial."""

from __future__ import annotations

from fallline.engine.tune.samplers.fallline import FallLine
from fallline.engine.tune.samplers.gaussian_process import GaussianProcessSampler
from fallline.engine.tune.samplers.grid import Grid
from fallline.engine.tune.samplers.quasi_random import LatinHypercube, Sobol
from fallline.engine.tune.samplers.random import Random
from fallline.engine.tune.samplers.sampler import Sampler
from fallline.engine.tune.samplers.tpe import Tpe

SAMPLERS: dict[str, Sampler] = {
    "fallline": FallLine(),
    "random": Random(),
    "grid": Grid(),
    "sobol": Sobol(),
    "latin_hypercube": LatinHypercube(),
    "tpe": Tpe(),
    "gp": GaussianProcessSampler(),
}
"""The samplers of our own; those of other tools are in `fallline.peers`."""

__all__ = [
    "SAMPLERS",
    "FallLine",
    "GaussianProcessSampler",
    "Grid",
    "LatinHypercube",
    "Random",
    "Sampler",
    "Sobol",
    "Tpe",
]
