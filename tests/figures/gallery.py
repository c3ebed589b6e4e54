"""The gallery: one figure of every kind the course draws, from real arithmetic; the tests of all renderers share it."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from fallline.figures import Axis, Band, Bars, DataTable, Field, Figure, Graph, Line, Points, Rule, Text
from tests.figures.areas import areas
from tests.figures.descents import descent_map, losses, touched


def calibration() -> Figure:
    """A calibration curve with its bins' intervals."""
    said = (0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95)
    seen = (0.04, 0.12, 0.27, 0.39, 0.44, 0.58, 0.61, 0.72, 0.88, 0.93)
    error = (0.02, 0.03, 0.04, 0.05, 0.06, 0.06, 0.06, 0.05, 0.04, 0.03)
    return Figure(
        id="calibration",
        title="Calibration on 1,409 test rows",
        x=Axis("predicted probability", low=0, high=1),
        y=Axis("observed share", low=0, high=1),
        marks=(
            Line((0.0, 1.0), (0.0, 1.0), "muted", "perfect"),
            Line(said, seen, "boosting"),
            Points(said, seen, "boosting", "boosting", names=tuple(f"bin {i + 1}" for i in range(10)), y_error=error),
        ),
        alt="The curve stays within 0.05 of the diagonal.",
        table=DataTable(("predicted", "observed", "half-width"), tuple(zip(said, seen, error, strict=True))),
        equal=True,
    )


def pareto() -> Figure:
    """A cloud of trials and their front."""
    rng = np.random.default_rng(4)
    cost = np.exp(rng.normal(1.2, 0.8, 160))
    gain = 0.72 + 0.2 * (1 - np.exp(-cost / 4)) - np.abs(rng.normal(0, 0.03, 160))
    order = np.argsort(cost)
    front, best = [], -math.inf
    for index in order:
        if gain[index] > best:
            best = float(gain[index])
            front.append(int(index))
    fx, fy = tuple(float(cost[i]) for i in front), tuple(float(gain[i]) for i in front)
    return Figure(
        id="pareto",
        title="Accuracy against latency, 160 trials",
        x=Axis("latency", unit="ms", scale="log"),
        y=Axis("balanced accuracy"),
        marks=(
            Points(tuple(map(float, cost)), tuple(map(float, gain)), "muted", size=3, hollow=True),
            Line(fx, fy, "fallline", "Pareto front", step=True),
            Points(
                fx,
                fy,
                "fallline",
                names=tuple(f"trial {i}" for i in front),
                links=tuple(f"/records/{i}" for i in front),
                size=5,
            ),
            Text(fx[1], 0.95, "better ↖", "muted"),
        ),
        alt=f"{len(front)} of 160 trials are on the front, from {fx[0]:.2g} ms to {fx[-1]:.2g} ms.",
        table=DataTable(("trial", "latency (ms)", "balanced accuracy"), tuple(zip(front, fx, fy, strict=True))),
    )


def waterfall() -> Figure:
    """One prediction, taken apart."""
    names = (
        "base rate",
        "contract: month-to-month",
        "tenure: 2 months",
        "fiber optic",
        "tech support: no",
        "monthly charges",
        "prediction",
    )
    shifts = (0.14, 0.11, 0.08, 0.05, -0.03)
    ends, starts, at = [0.27], [0.0], 0.27
    for shift in shifts:
        starts.append(at)
        at += shift
        ends.append(at)
    starts.append(0.0)
    ends.append(at)
    roles = ("muted", *("bad" if shift > 0 else "good" for shift in shifts), "ink")
    return Figure(
        id="waterfall",
        title="Why this customer is likely to leave",
        x=Axis("probability of churn"),
        y=Axis("", scale="category", categories=names[::-1]),
        marks=(
            Bars(
                tuple(float(6 - i) for i in range(7)),
                tuple(ends),
                "ink",
                roles=roles,
                horizontal=True,
                starts=tuple(starts),
            ),
        ),
        alt="From a base rate of 0.27 to a prediction of 0.62; the contract adds most.",
        table=DataTable(("feature", "from", "to"), tuple(zip(names, starts, ends, strict=True))),
    )


def profit() -> Figure:
    """Profit by threshold, with the threshold to drag and what the budget forbids."""
    x = tuple(i / 100 for i in range(1, 100))
    y = tuple(60_000 * math.exp(-(((t - 0.31) / 0.28) ** 2)) - 22_000 * t for t in x)
    low, high = tuple(v - 4_000 for v in y), tuple(v + 4_000 for v in y)
    return Figure(
        id="profit",
        title="Profit by decision threshold",
        x=Axis("threshold", symbol="τ", low=0, high=1),
        y=Axis("profit", unit="€ a year"),
        marks=(
            Band(x, low, high, "boosting", "95 % interval, 2,000 resamples"),
            Line(x, y, "boosting", "boosting", faint=True),
            Rule(0.08, "x", "bad", "over budget", half="below"),
            Rule(0.31, "x", "accent", "threshold", handle="threshold"),
        ),
        alt="Profit is highest, about 53,000 € a year, at a threshold near 0.29.",
        table=DataTable(("threshold", "profit"), tuple(zip(x, y, strict=True))),
    )


def histogram() -> Figure:
    """Two histograms on one axis."""
    rng = np.random.default_rng(1)
    marks, rows = [], []
    for role, label, middle in (("logistic", "stayed", 0.25), ("boosting", "left", 0.6)):
        counts, edges = np.histogram(np.clip(rng.normal(middle, 0.14, 700), 0, 1), 25, (0, 1))
        at = tuple(float(a) for a in (edges[:-1] + edges[1:]) / 2)
        marks.append(Bars(at, tuple(map(float, counts)), role, label, width=0.036))
        rows.extend((label, a, int(c)) for a, c in zip(at, counts, strict=True))
    return Figure(
        id="histogram",
        title="Scores of those who stayed and those who left",
        x=Axis("predicted probability"),
        y=Axis("customers"),
        marks=tuple(marks),
        alt="Scores of those who left are centred at 0.6, of those who stayed at 0.25.",
        table=DataTable(("group", "score", "customers"), tuple(rows)),
    )


def network() -> Figure:
    """A small network with weights of both signs."""
    layers = (3, 4, 4, 1)
    x = tuple(float(i) for i, n in enumerate(layers) for _ in range(n))
    y = tuple(float(j - (n - 1) / 2) for n in layers for j in range(n))
    names = tuple(f"{'xhho'[i]}{'₁₂₃₄'[j]}" for i, n in enumerate(layers) for j in range(n))
    starts = [sum(layers[:i]) for i in range(len(layers))]
    edges = tuple(
        (starts[i] + a, starts[i + 1] + b) for i in range(3) for a in range(layers[i]) for b in range(layers[i + 1])
    )
    weights = tuple(float(w) for w in np.random.default_rng(2).normal(0, 1, len(edges)))
    return Figure(
        id="network",
        title="A network of two hidden layers",
        x=Axis(""),
        y=Axis(""),
        marks=(Graph(x, y, names, edges, "ink", weights),),
        alt="Three inputs, two hidden layers of four, one output; dashed edges carry negative weights.",
        table=DataTable(
            ("from", "to", "weight"), tuple((names[a], names[b], w) for (a, b), w in zip(edges, weights, strict=True))
        ),
    )


def pipeline() -> Figure:
    """The stages of a capstone."""
    names = ("data", "search", "pick", "check", "explain", "deploy")
    return Figure(
        id="pipeline",
        title="From a table to a served model",
        x=Axis(""),
        y=Axis(""),
        marks=(
            Graph(
                (0.0, 1.0, 2.0, 3.0, 3.0, 4.0),
                (0.0, 0.0, 0.0, 0.5, -0.5, 0.0),
                names,
                ((0, 1), (1, 2), (2, 3), (2, 4), (3, 5), (4, 5)),
                "accent",
            ),
        ),
        alt="Data, search, pick; then check and explain side by side; then deploy.",
        table=DataTable(("stage",), tuple((name,) for name in names)),
        aspect=3.2,
    )


def seeds() -> Figure:
    """Best value so far, median and spread over seeds."""
    rng = np.random.default_rng(3)
    marks, rows = [], []
    trials = tuple(float(i) for i in range(1, 61))
    for role, label, rate in (
        ("random", "random", 0.035),
        ("optuna", "TPE (Optuna)", 0.06),
        ("fallline", "TPE (Fall Line)", 0.065),
    ):
        runs = np.array(
            [
                0.18 + 0.12 * np.minimum.accumulate(np.exp(-rate * np.arange(60)) + rng.normal(0, 0.08, 60))
                for _ in range(20)
            ]
        )
        low, middle, high = (tuple(map(float, np.quantile(runs, q, axis=0))) for q in (0.1, 0.5, 0.9))
        marks += [Band(trials, low, high, role), Line(trials, middle, role, label, step=True)]
        rows.extend((label, int(t), m) for t, m in zip(trials, middle, strict=True))
    return Figure(
        id="seeds",
        title="Best validation loss so far: median and 80 % of 20 seeds",
        x=Axis("trial"),
        y=Axis("log loss"),
        marks=tuple(marks),
        alt="Both TPE searches reach 0.19 in half as many trials as random search.",
        table=DataTable(("sampler", "trial", "median"), tuple(rows)),
    )


def interaction() -> Figure:
    """A coloured map with zero marked."""
    x, y = np.meshgrid(np.linspace(0, 72, 61), np.linspace(20, 120, 61))
    values = tuple(float(v) for v in (0.4 * np.tanh((y - 70) / 25) - 0.5 * np.tanh((x - 20) / 15)).ravel())
    return Figure(
        id="interaction",
        title="Effect of tenure and charges together",
        x=Axis("tenure", unit="months"),
        y=Axis("monthly charges", unit="$"),
        marks=(Field((0.0, 72.0), (20.0, 120.0), 61, 61, values, palette="diverging", label="log-odds"),),
        alt="New customers with high charges are pushed towards leaving, long-standing ones away from it.",
        table=DataTable(("tenure", "charges", "log-odds"), ((0, 120, 0.83), (72, 20, -0.88))),
    )


def forest() -> Figure:
    """Upright bars with intervals and long names."""
    names = ("logistic regression", "boosting", "multilayer perceptron", "majority class")
    values, low, high = (0.842, 0.861, 0.838, 0.5), (0.83, 0.85, 0.82, 0.5), (0.853, 0.871, 0.855, 0.5)
    return Figure(
        id="families",
        title="AUC by model family",
        x=Axis("", scale="category", categories=names),
        y=Axis("AUC"),
        marks=(
            Bars(
                (0.0, 1.0, 2.0, 3.0),
                values,
                "ink",
                roles=("logistic", "boosting", "mlp", "baseline"),
                low=low,
                high=high,
            ),
        ),
        alt="Boosting has the highest AUC, 0.861 with an interval of 0.85 to 0.871.",
        table=DataTable(("family", "AUC", "low", "high"), tuple(zip(names, values, low, high, strict=True))),
    )


GALLERY: dict[str, Callable[[], Figure]] = {
    "touched": touched,
    "descent-map": descent_map,
    "descent-loss": losses,
    "calibration": calibration,
    "pareto": pareto,
    "waterfall": waterfall,
    "profit": profit,
    "histogram": histogram,
    "network": network,
    "pipeline": pipeline,
    "seeds": seeds,
    "interaction": interaction,
    "families": forest,
    "areas": areas,
}
"""Id → how the figure is made."""
