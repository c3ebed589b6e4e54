"""Stage 9, report: the verdict in a sentence and the model card, both computed from the parts before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fallline.runs.spec.capstone import CapstoneSpec
from fallline.runs.stage import Context, Output


def report(context: Context) -> Output:
    """Puts the evidence together; `fallline.figures.report` makes one HTML file of it."""
    spec = context.spec
    assert isinstance(spec, CapstoneSpec)  # noqa: S101 - only capstones have this stage
    parts = context.parts
    part: dict[str, Any] = {"verdict": verdict(parts), "card": _card(spec, parts)}
    return Output({**part, "sentence": "Model card and verdict written."})


def verdict(parts: Mapping[str, dict[str, Any]]) -> str:
    """Says what to do, what it earns, how sure that is, and what it costs to serve."""
    frame, check, decide, compress = (parts[name] for name in ("frame", "check", "decide", "compress"))
    currency, profit = frame["currency"], decide["profit"]
    name, best = max(frame["baselines"].items(), key=lambda item: item[1]["profit_per_1000"])
    service = next(item for item in compress["variants"] if item["name"] == compress["service"]["variant"])
    more = check["against_baseline"]["profit_per_1000"]
    worth = "worth it" if profit["low"] > best["profit_per_1000"] else "not shown to be worth it"
    better = (
        "better than logistic regression"
        if more["low"] > 0
        else "worse than logistic regression"
        if more["high"] < 0
        else "not to be told from logistic regression"
    )
    return (
        f"A model is {worth}: {check['family']} ({check['pick']}) at threshold {decide['threshold']:.2f} earns "
        f"{currency}{profit['estimate']:,.0f} per 1,000 [{profit['low']:,.0f}, {profit['high']:,.0f}], against "
        f"{currency}{best['profit_per_1000']:,.0f} when you {name}. It is {better} in profit, and takes "
        f"{service['size'] / 1000:.0f} kB and {service['latency_us']:.0f} µs a row by the cost model."
    )


def _card(spec: CapstoneSpec, parts: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The model card of Mitchell et al. (2019), its sections in their order."""
    frame, check, decide, compress = (parts[name] for name in ("frame", "check", "decide", "compress"))
    fairness = decide["fairness"]
    return {
        "model": {
            "family": check["family"],
            "chosen": check["pick"],
            "params": parts["tradeoff"]["pick"]["params"],
            "file": compress["service"]["variant"],
        },
        "use": {
            "purpose": spec.report.purpose,
            "not_for": spec.report.not_for,
            "contact": spec.report.contact,
        },
        "data": {
            "title": frame["title"],
            "licence": frame["licence"],
            "rows": frame["rows"],
            "train": frame["train"],
            "test": frame["test"],
            "target": f"{frame['target']} = {frame['positive']}",
            "base_rate": frame["base_rate"],
        },
        "metrics": check["metrics"],
        "fairness": None if fairness is None else fairness["sentence"],
        "caveats": [leak["sentence"] for leak in check["leaks"]] + _caveats(parts),
    }


def _caveats(parts: Mapping[str, dict[str, Any]]) -> list[str]:
    found = [
        "The money rests on the pay-offs of the Spec; ask again when they change.",
        "Test rows come from the same table as the training rows: drift after that is not in these intervals.",
    ]
    if parts["decide"]["fairness"] is None:
        found.append("No sensitive column was named, so nothing is known about fairness.")
    if not any(point["feasible"] for point in parts["tradeoff"]["points"]):
        found.append("No candidate kept to every limit of the Spec.")
    return found
