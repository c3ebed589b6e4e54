"""Colours by role: fixed on every page, always with a second channel (dash, marker, label).

Each role gives its colour on light and on dark paper, a dash pattern in pixels, and a marker. The stylesheet, the page
renderer, the SVG renderer and Plotly all read this dict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Marker = Literal["circle", "square", "triangle", "diamond", "cross", "plus", "star"]


@dataclass(frozen=True)
class Role:
    """How one role looks.

    Attributes:
        light: colour on light paper.
        dark: colour on dark paper.
        dash: on and off lengths in pixels; empty is solid.
        marker: shape of its points.
    """

    light: str
    dark: str
    dash: tuple[int, ...] = ()
    marker: Marker = "circle"


ROLES: dict[str, Role] = {
    "ink": Role("#1C2430", "#E8E6E1"),
    "muted": Role("#566072", "#A3ACBA", (4, 3)),
    "accent": Role("#B4400F", "#FF8A4C"),
    "link": Role("#0B5CAD", "#7DB7F5"),
    "good": Role("#2F7D32", "#7BD17F", (), "circle"),
    "warning": Role("#8A6D00", "#E8C547", (6, 3), "triangle"),
    "bad": Role("#B3261E", "#FF8A80", (2, 3), "cross"),
    "train": Role("#1C2430", "#E8E6E1", (6, 3), "square"),
    "validation": Role("#0B5CAD", "#7DB7F5", (), "circle"),
    "test": Role("#B4400F", "#FF8A4C", (2, 2), "diamond"),
    "saddle": Role("#566072", "#A3ACBA", (), "cross"),
    "maximum": Role("#566072", "#A3ACBA", (), "triangle"),
    "level": Role("#566072", "#A3ACBA", (), "diamond"),
    "gd": Role("#4A5568", "#B8C0CC", (), "circle"),
    "sgd": Role("#4A5568", "#B8C0CC", (5, 3), "square"),
    "sam": Role("#4A5568", "#B8C0CC", (2, 2), "star"),
    "momentum": Role("#0072B2", "#56B4E9", (8, 3), "square"),
    "muon": Role("#0072B2", "#56B4E9", (2, 3), "diamond"),
    "lion": Role("#0072B2", "#56B4E9", (12, 3, 2, 3), "triangle"),
    "nesterov": Role("#00857C", "#3CC8BC", (8, 3, 2, 3), "triangle"),
    "adagrad": Role("#8A6D00", "#E8C547", (3, 3), "diamond"),
    "adadelta": Role("#8A6D00", "#E8C547", (9, 3), "square"),
    "ftrl": Role("#8A6D00", "#E8C547", (9, 3, 2, 3), "plus"),
    "adafactor": Role("#8A6D00", "#E8C547", (), "triangle"),
    "rmsprop": Role("#A8447C", "#E79AC4", (6, 2, 2, 2), "plus"),
    "rmsprop_centered": Role("#A8447C", "#E79AC4", (2, 2), "circle"),
    "adam": Role("#C2410C", "#FF8A4C", (), "star"),
    "amsgrad": Role("#C2410C", "#FF8A4C", (8, 3), "square"),
    "adamax": Role("#C2410C", "#FF8A4C", (3, 3), "triangle"),
    "nadam": Role("#C2410C", "#FF8A4C", (5, 2, 5, 6), "diamond"),
    "radam": Role("#C2410C", "#FF8A4C", (14, 3), "plus"),
    "adamw": Role("#7C3AED", "#B79CF7", (10, 3), "cross"),
    "adabelief": Role("#7C3AED", "#B79CF7", (), "circle"),
    "lamb": Role("#7C3AED", "#B79CF7", (3, 3), "square"),
    "prodigy": Role("#7C3AED", "#B79CF7", (6, 2, 2, 2), "triangle"),
    "schedule_free": Role("#7C3AED", "#B79CF7", (2, 5), "diamond"),
    "second-order": Role("#2F7D32", "#7BD17F", (12, 3, 3, 3), "square"),
    "sophia": Role("#2F7D32", "#7BD17F", (3, 3), "star"),
    "lbfgs": Role("#2F7D32", "#7BD17F", (), "square"),
    "newton_cg": Role("#2F7D32", "#7BD17F", (9, 3), "triangle"),
    "basin-1": Role("#0072B2", "#56B4E9", (), "circle"),
    "basin-2": Role("#8A6D00", "#E8C547", (), "square"),
    "basin-3": Role("#00857C", "#3CC8BC", (), "triangle"),
    "basin-4": Role("#A8447C", "#E79AC4", (), "diamond"),
    "basin-5": Role("#7C3AED", "#B79CF7", (), "star"),
    "basin-6": Role("#7A4B2A", "#C99A78", (), "plus"),
    "class-1": Role("#0B5CAD", "#7DB7F5", (), "circle"),
    "class-2": Role("#B4400F", "#FF8A4C", (), "square"),
    "constant": Role("#4A5568", "#B8C0CC", (), "circle"),
    "step": Role("#0072B2", "#56B4E9", (8, 3), "square"),
    "exponential": Role("#00857C", "#3CC8BC", (3, 3), "triangle"),
    "cosine": Role("#C2410C", "#FF8A4C", (), "diamond"),
    "warmup_cosine": Role("#7C3AED", "#B79CF7", (10, 3), "plus"),
    "one_cycle": Role("#A8447C", "#E79AC4", (6, 2, 2, 2), "star"),
    "multi_step": Role("#0072B2", "#56B4E9", (4, 2), "triangle"),
    "inverse_time": Role("#00857C", "#3CC8BC", (8, 3, 2, 3), "square"),
    "polynomial": Role("#2F7D32", "#7BD17F", (), "square"),
    "warm_restarts": Role("#C2410C", "#FF8A4C", (6, 2, 2, 2), "star"),
    "warmup": Role("#7C3AED", "#B79CF7", (3, 3), "cross"),
    "one_cycle_momentum": Role("#A8447C", "#E79AC4", (2, 3), "diamond"),
    "flat_cosine": Role("#C2410C", "#FF8A4C", (10, 3), "circle"),
    "wsd": Role("#7C3AED", "#B79CF7", (6, 2, 2, 2), "square"),
    "triangular": Role("#8A6D00", "#E8C547", (), "triangle"),
    "noam": Role("#2F7D32", "#7BD17F", (8, 3), "plus"),
    "anneal_linear": Role("#4A5568", "#B8C0CC", (6, 3), "triangle"),
    "anneal_cosine": Role("#4A5568", "#B8C0CC", (3, 3), "diamond"),
    "anneal_exponential": Role("#4A5568", "#B8C0CC", (10, 3), "square"),
    "anneal_polynomial": Role("#4A5568", "#B8C0CC", (2, 3), "star"),
    "inverse": Role("#0072B2", "#56B4E9", (2, 3), "plus"),
    "sequence": Role("#8A6D00", "#E8C547", (10, 3, 3, 3), "circle"),
    "reduce_on_plateau": Role("#00857C", "#3CC8BC", (12, 3, 3, 3), "cross"),
    "full": Role("#1C2430", "#E8E6E1", (), "square"),
    "mini": Role("#B4400F", "#FF8A4C", (), "circle"),
    "one": Role("#0B5CAD", "#7DB7F5", (), "triangle"),
    "logistic": Role("#0072B2", "#56B4E9", (), "square"),
    "boosting": Role("#2F7D32", "#7BD17F", (8, 3), "triangle"),
    "mlp": Role("#A8447C", "#E79AC4", (3, 3), "diamond"),
    "forest": Role("#7A4B2A", "#C99A78", (6, 2), "circle"),
    "neighbours": Role("#7C3AED", "#B79CF7", (2, 3), "star"),
    "baseline": Role("#566072", "#A3ACBA", (2, 3), "cross"),
    "fallline": Role("#B4400F", "#FF8A4C", (), "circle"),
    "optuna": Role("#0072B2", "#56B4E9", (8, 3), "square"),
    "random": Role("#4A5568", "#B8C0CC", (3, 3), "cross"),
    "torch": Role("#C2410C", "#FF8A4C", (6, 3), "triangle"),
    "keras": Role("#7C3AED", "#B79CF7", (10, 3), "diamond"),
}
"""Role name → look: the page's own, parts of data, optimizers, basins, schedules, batches, model families, tools."""

PAPER = ("#FBFAF7", "#11151C")
RULE = ("#DAD7CF", "#2C3442")
