"""Surfaces: losses over two weights that one can see. One file per family; a descent compiles what it needs."""

from __future__ import annotations

from fallline.engine.surfaces.ackley import ACKLEY
from fallline.engine.surfaces.beale import BEALE
from fallline.engine.surfaces.camel import THREE_HUMP_CAMEL
from fallline.engine.surfaces.curvature import curvature_at, largest_stable_rate
from fallline.engine.surfaces.field import field
from fallline.engine.surfaces.himmelblau import HIMMELBLAU
from fallline.engine.surfaces.plateau import PLATEAU
from fallline.engine.surfaces.quadratics import BOWL, NOISY_BOWL, RAVINE
from fallline.engine.surfaces.rastrigin import RASTRIGIN
from fallline.engine.surfaces.rosenbrock import ROSENBROCK
from fallline.engine.surfaces.saddles import MONKEY_SADDLE, SADDLE
from fallline.engine.surfaces.styblinski_tang import STYBLINSKI_TANG
from fallline.engine.surfaces.surface import Minimum, RateRange, Source, Surface

SURFACES: dict[str, Surface] = {
    surface.name: surface
    for surface in (
        BOWL,
        RAVINE,
        ROSENBROCK,
        HIMMELBLAU,
        BEALE,
        SADDLE,
        MONKEY_SADDLE,
        PLATEAU,
        THREE_HUMP_CAMEL,
        STYBLINSKI_TANG,
        ACKLEY,
        RASTRIGIN,
        NOISY_BOWL,
    )
}

__all__ = [
    "SURFACES",
    "Minimum",
    "RateRange",
    "Source",
    "Surface",
    "curvature_at",
    "field",
    "largest_stable_rate",
]
