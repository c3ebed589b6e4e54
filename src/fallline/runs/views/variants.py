"""View ``variants``: which exported file keeps to a budget of size, time and loss."""

from __future__ import annotations

from typing import Any

from fallline.runs.record import Record
from fallline.runs.spec.views import VariantsViewSpec
from fallline.runs.stage import Context, Output


def variants(context: Context) -> Output:
    """Takes the smallest variant that keeps to the budget; measured times are the Record's, and are not compared."""
    spec = context.spec
    assert isinstance(spec, VariantsViewSpec)  # noqa: S101 - only this kind has this stage
    record = context.read_record(spec.record)
    kept = record.part("compress")
    full = kept["variants"][0]
    rows = [
        {
            **variant,
            "rise": variant["log_loss"] - full["log_loss"],
            "gain": full["log_loss"] - variant["log_loss"],
            "differs": 1 - variant["agreement"],
            "fits": variant["size"] <= 1000 * spec.size_kb
            and variant["latency_us"] <= spec.latency_us
            and variant["log_loss"] - full["log_loss"] <= spec.log_loss_rise,
        }
        for variant in kept["variants"]
    ]
    fitting = [row for row in rows if row["fits"]]
    pick = min(fitting, key=lambda row: (row["size"], row["log_loss"]), default=None)
    part: dict[str, Any] = {
        "variants": rows,
        "full": full["name"],
        "error": record.part("check")["metrics"]["log_loss"]["error"],
        "count": len(rows),
        "fitting": len(fitting),
        "pick": pick["name"] if pick else None,
        "service": {"variant": pick["name"] if pick else full["name"]},
        **_measured(record, pick or full, full),
        "chosen": pick,
        "smallest": min(rows, key=lambda row: row["size"]),
        "saved": 1 - (pick or full)["size"] / full["size"],
        "notes": list(dict.fromkeys(kept["notes"])),
        "currency": record.part("frame")["currency"],
    }
    part["sentence"] = _sentence(rows, full, pick)
    return Output(part)


def _measured(record: Record, pick: dict[str, Any], full: dict[str, Any]) -> dict[str, Any]:
    """What the files took for one row when the Record was made: shown, and deciding nothing."""
    times = record.observed["compress"].get("variants", {})
    return {
        "measured": times,
        "pick_p50_us": times.get(pick["name"], {}).get("p50_us"),
        "full_p50_us": times.get(full["name"], {}).get("p50_us"),
        "measured_int8": times.get("int8 dynamic", {}).get("p50_us"),
    }


def _sentence(rows: list[dict[str, Any]], full: dict[str, Any], pick: dict[str, Any] | None) -> str:
    if pick is None:
        smallest = min(rows, key=lambda row: row["size"])
        return (
            f"None of the {len(rows)} files keeps to this budget. The smallest, {smallest['name']}, takes "
            f"{smallest['size'] / 1000:.1f} kB and raises the log loss by {smallest['rise']:.4f}."
        )
    if pick["name"] == full["name"]:
        return f"Only the full file, {full['size'] / 1000:.1f} kB, keeps to this budget."
    return (
        f"{pick['name']} keeps to this budget: {pick['size'] / 1000:.1f} kB instead of {full['size'] / 1000:.1f} kB, "
        f"log loss {pick['rise']:+.4f}, the same decision on {100 * pick['agreement']:.2f} % of the test rows."
    ).replace("-", "−")
