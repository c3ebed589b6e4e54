"""View ``front`` shown as code: the Pareto front of a Record's candidates and the pick, in NumPy."""

from __future__ import annotations

from fallline.runs.code.layout import source
from fallline.runs.code.views.reading import view_script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.views import FrontViewSpec

BODY = """\
points = result["tradeoff"]["points"]
limits = {{"latency_us": {latency}, "fairness_gap": {fairness}}}

# The front: points that no other equals or beats in everything and beats in something.
signs = {{"profit_per_1000": -1, "latency_us": 1, "fairness_gap": 1, "reading": 1}}
known = [name for name in signs if all(point[name] is not None for point in points)]
costs = np.array([[signs[name] * point[name] for name in known] for point in points])
no_worse = (costs[:, None] <= costs).all(axis=2)
better = (costs[:, None] < costs).any(axis=2)
front = ~(no_worse & better).any(axis=0)

feasible = [
    point
    for point in points
    if all(point[name] is None or point[name] <= limits[name] for name in limits)
]
pool = feasible or points
best = max(pool, key=lambda point: point["profit_per_1000"])
{rule}
names = [point["name"] for point, on in zip(points, front, strict=True) if on]
print("On the front:", "; ".join(names))
print("Feasible:", len(feasible))
print("Pick:", pick["name"])"""

RULES = {
    "best profit": "pick = best",
    "simplest within one standard error": '''\


def level(point):
    """Says whether a mean paired difference of profit is within its standard error."""
    behind = np.array(best["fold_profits"]) - np.array(point["fold_profits"])
    return behind.mean() <= behind.std(ddof=1) / np.sqrt(len(behind))


def plainness(point):
    """Returns what the simplest has least of."""
    profit = -point["profit_per_1000"]
    return point["reading"], point["latency_us"], profit, point["name"]


pick = min(filter(level, pool), key=plainness)''',
}
"""Rule → lines that make the pick."""


def show_front(spec: Spec, record: Record | None) -> str:
    """Returns the trade-off under one's own limits as a script."""
    del record
    assert isinstance(spec, FrontViewSpec)  # noqa: S101 - the registry goes by kind
    body = BODY.format(latency=source(spec.latency_us), fairness=source(spec.fairness_gap), rule=RULES[spec.rule])
    return view_script(spec.record, "The front of a Record's candidates", ["import numpy as np"], body, "NumPy")
