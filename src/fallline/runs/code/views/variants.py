"""View ``variants`` shown as code: the smallest exported file under a budget."""

from __future__ import annotations

from fallline.runs.code.views.reading import view_script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.views import VariantsViewSpec

BODY = """\
variants = result["compress"]["variants"]
fitting = [
    variant
    for variant in variants
    if variant["size"] <= {size!r}
    and variant["latency_us"] <= {latency!r}
    and variant["log_loss"] - variants[0]["log_loss"] <= {rise!r}
]
smallest = min(fitting, key=lambda v: (v["size"], v["log_loss"]), default=None)
print("Fitting:", "; ".join(variant["name"] for variant in fitting))
print("Pick:", smallest and smallest["name"])"""


def show_variants(spec: Spec, record: Record | None) -> str:
    """Returns the choice among the exported files as a script."""
    del record
    assert isinstance(spec, VariantsViewSpec)  # noqa: S101 - the registry goes by kind
    body = BODY.format(size=1000 * spec.size_kb, latency=spec.latency_us, rise=spec.log_loss_rise)
    return view_script(spec.record, "The exported files of a Record, under a budget", [], body)
