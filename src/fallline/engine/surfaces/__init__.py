"""Surfaces: losses over one, two or many weights. One file per family; a descent compiles what it needs."""

from __future__ import annotations

from fallline.engine.surfaces.ackley import ACKLEY
from fallline.engine.surfaces.beale import BEALE
from fallline.engine.surfaces.camel import THREE_HUMP_CAMEL
from fallline.engine.surfaces.critical import CriticalKind, CriticalPoint, critical_points
from fallline.engine.surfaces.curvature import curvature_at, largest_stable_rate
from fallline.engine.surfaces.empirical import empirical_surface
from fallline.engine.surfaces.expression import expression_surface
from fallline.engine.surfaces.families import FAMILIES, dixon_price, family, griewank, levy, schwefel, zakharov
from fallline.engine.surfaces.field import field, spread
from fallline.engine.surfaces.finite_sum import ROW_LOSSES, FiniteSum
from fallline.engine.surfaces.himmelblau import HIMMELBLAU
from fallline.engine.surfaces.lines import CUBE, CUBIC, DOUBLE_WELL, FORRESTER, QUARTIC, RECIPROCAL, SINE, SQUARE
from fallline.engine.surfaces.lipschitz import lipschitz_constant
from fallline.engine.surfaces.planes import (
    BOHACHEVSKY,
    BOOTH,
    BRANIN,
    CLIFF,
    EASOM,
    FREUDENSTEIN_ROTH,
    GOLDSTEIN_PRICE,
    MATYAS,
    MCCORMICK,
    MULLER_BROWN,
    PEAKS,
    SIX_HUMP_CAMEL,
)
from fallline.engine.surfaces.plateau import PLATEAU
from fallline.engine.surfaces.quadratics import BOWL, NOISY_BOWL, RAVINE
from fallline.engine.surfaces.rastrigin import RASTRIGIN
from fallline.engine.surfaces.rosenbrock import ROSENBROCK
from fallline.engine.surfaces.saddles import MONKEY_SADDLE, SADDLE
from fallline.engine.surfaces.spaces import POWELL, ROSENBROCK_10, STIFF_BOWL, TILTED_RAVINE, TRID_6, WOOD
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
        SQUARE,
        CUBE,
        SINE,
        RECIPROCAL,
        CUBIC,
        QUARTIC,
        DOUBLE_WELL,
        FORRESTER,
        BOOTH,
        MATYAS,
        TILTED_RAVINE,
        SIX_HUMP_CAMEL,
        GOLDSTEIN_PRICE,
        EASOM,
        MCCORMICK,
        CLIFF,
        BRANIN,
        BOHACHEVSKY,
        FREUDENSTEIN_ROTH,
        PEAKS,
        MULLER_BROWN,
        griewank(),
        levy(),
        schwefel(),
        zakharov(),
        dixon_price(),
        POWELL,
        WOOD,
        TRID_6,
        ROSENBROCK_10,
        STIFF_BOWL,
    )
}

__all__ = [
    "FAMILIES",
    "ROW_LOSSES",
    "SURFACES",
    "CriticalKind",
    "CriticalPoint",
    "FiniteSum",
    "Minimum",
    "RateRange",
    "Source",
    "Surface",
    "critical_points",
    "curvature_at",
    "empirical_surface",
    "expression_surface",
    "family",
    "field",
    "largest_stable_rate",
    "lipschitz_constant",
    "spread",
]
