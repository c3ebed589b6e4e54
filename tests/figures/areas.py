"""Areas by class over a relief, for the gallery."""

from __future__ import annotations

import numpy as np

from fallline.figures import Axis, DataTable, Field, Figure, Points, Regions


def areas() -> Figure:
    """Three classes of starts over a relief, one of them by its label alone, and cells of no class."""
    side = 48
    x, y = np.meshgrid(np.linspace(-2, 2, side), np.linspace(-1, 3, side))
    codes = np.where(x**2 + y**2 < 1.5, 0, np.where(np.sin(3 * x) > y - 1, 1, 2))
    cells = "".join("abc"[code] for code in codes.ravel())[: side * side - 40] + "." * 40
    heights = tuple(round(float(value), 4) for value in ((x**2 - 1) ** 2 + y**2).ravel())
    names = ("ends left", "ends right", "leaves the map")
    return Figure(
        id="areas",
        title="Where each start ends",
        x=Axis("w₁", low=-2, high=2),
        y=Axis("w₂", low=-1, high=3),
        marks=(
            Field((-2.0, 2.0), (-1.0, 3.0), side, side, heights, label="loss"),
            Regions((-2.0, 2.0), (-1.0, 3.0), side, side, cells, ("basin-1", "basin-2", "bad"), names),
            Points((-1.0,), (0.0,), "ink", "41 %"),
            Points((1.0,), (0.0,), "ink", "nobody", hollow=True),
        ),
        alt="Most starts end left.",
        table=DataTable(("fate", "share"), tuple((name, float((codes == k).mean())) for k, name in enumerate(names))),
    )
