"""Figures of stage compress: the variants by size and what they lose."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, DataTable, Figure, Points
from fallline.figures.wording import number


def compress_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns size against log loss for each exported variant."""
    variants = part["variants"]
    chosen = part["service"]["variant"]
    names = tuple(
        f"{v['name']}: {v['size'] / 1000:.1f} kB, log loss {number(v['log_loss'], 4)}, "
        f"agrees on {100 * v['agreement']:.2f} %"
        for v in variants
    )
    marks = [
        Points((v["size"] / 1000,), (v["log_loss"],), "link", v["name"], (name,), size=5)
        for v, name in zip(variants, names, strict=True)
    ]
    pick = next(v for v in variants if v["name"] == chosen)
    marks.append(Points((pick["size"] / 1000,), (pick["log_loss"],), "accent", size=9, hollow=True))
    columns = ("variant", "bytes", "log loss", "agreement", "profit lost per 1,000", "cost model µs", "parity")
    rows = tuple(
        (v["name"], v["size"], v["log_loss"], v["agreement"], v["profit_lost_per_1000"], v["latency_us"], v["parity"])
        for v in variants
    )
    return (
        Figure(
            id="compress-variants",
            title="Each exported file: size and what it loses",
            x=Axis("file", "kB"),
            y=Axis("test log loss"),
            marks=tuple(marks),
            alt="; ".join(names) + ".",
            table=DataTable(columns, rows),
            caption=part["sentence"],
            aspect=1.8,
        ),
    )
