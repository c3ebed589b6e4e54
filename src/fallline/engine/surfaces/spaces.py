"""Surfaces over more than two weights, where no map can be drawn."""

from __future__ import annotations

from dataclasses import replace

from fallline.engine.surfaces.expression import written
from fallline.engine.surfaces.families import rosenbrock, trid
from fallline.engine.surfaces.quadratic_form import bowl
from fallline.engine.surfaces.surface import Minimum, RateRange, Source

POWELL = written(
    "powell", "(w1 + 10w2)^2 + 5(w3 - w4)^2 + (w2 - 2w3)^4 + 10(w1 - w4)^4", title="Powell's singular function",
    source=Source("Powell", 1962), domain=((-4.0, 5.0),) * 4, start=(3.0, -1.0, 0.0, 1.0),
    minima=(Minimum((0.0,) * 4, 0.0),), rate=RateRange(1e-5, 0.01, 1e-3), levels="log",
)  # fmt: skip

WOOD = written(
    "wood",
    "100(w2 - w1^2)^2 + (1 - w1)^2 + 90(w4 - w3^2)^2 + (1 - w3)^2"
    " + 10.1((w2 - 1)^2 + (w4 - 1)^2) + 19.8(w2 - 1)*(w4 - 1)",
    title="Wood", source=Source("Colville", 1968), domain=((-4.0, 4.0),) * 4, start=(-3.0, -1.0, -3.0, -1.0),
    minima=(Minimum((1.0,) * 4, 0.0),), rate=RateRange(1e-6, 1e-3, 1e-4), levels="log",
)  # fmt: skip

ROSENBROCK_10 = rosenbrock(10)
TRID_6 = trid(6)
STIFF_BOWL = replace(bowl(10, condition=1000.0, rotation=20.0), name="stiff_bowl")
TILTED_RAVINE = replace(
    bowl(2, condition=200.0, rotation=30.0), name="tilted_ravine", title="Tilted ravine (condition number 200)"
)
