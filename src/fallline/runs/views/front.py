"""View ``front``: the candidates of a Record weighed again, with one's own limits and rule."""

from __future__ import annotations

from fallline.runs.spec.capstone import TradeoffSpec
from fallline.runs.spec.views import FrontViewSpec
from fallline.runs.stage import Context, Output
from fallline.runs.stages.tradeoff import weigh

KEPT = (
    "name", "family", "params", "log_loss", "profit_per_1000", "profit_error", "fold_profits", "fairness_gap",
    "latency_us", "reading", "shape",
)  # fmt: skip


def front(context: Context) -> Output:
    """Picks again; the search itself is not repeated."""
    spec = context.spec
    assert isinstance(spec, FrontViewSpec)  # noqa: S101 - only this kind has this stage
    kept = context.read_record(spec.record).part("tradeoff")
    points = [{key: point[key] for key in KEPT} for point in kept["points"]]
    limits = {"latency_us": spec.latency_us, "fairness_gap": spec.fairness_gap, "size_kb": None}
    part = weigh(points, limits, TradeoffSpec(rule=spec.rule), kept["currency"])
    part["across"], part["up"] = spec.across, spec.up
    part["feasible"] = sum(point["feasible"] for point in part["points"])
    part["same_pick"] = part["pick"]["name"] == kept["pick"]["name"]
    part["first_pick"] = kept["pick"]["name"]
    return Output(part)
