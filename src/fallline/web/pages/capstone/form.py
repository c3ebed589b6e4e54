"""The capstone's form: what was typed, the Spec that it makes, and what each field is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from fallline.core.errors import SpecError
from fallline.runs.sources import Loaded


@dataclass(frozen=True)
class FormField:
    """One number on the form.

    Attributes:
        name: of the input.
        label: for people.
        path: its place in the Spec, so that a refusal is shown beside it.
        note: what it means.
    """

    name: str
    label: str
    path: str
    note: str


FIELDS = {
    "money": (
        FormField("tp", "Acted on, and it was positive", "frame.payoff.tp", "what a right call earns"),
        FormField("fp", "Acted on, and it was not", "frame.payoff.fp", "what a needless call costs, as a minus"),
        FormField("fn", "Left alone, and it was positive", "frame.payoff.fn", "what a missed one costs"),
        FormField("tn", "Left alone, and it was not", "frame.payoff.tn", "usually nothing"),
    ),
    "limits": (
        FormField("latency_us", "Latency, µs a row", "frame.constraints.latency_us", "by the cost model"),
        FormField("size_kb", "Size of the file, kB", "frame.constraints.size_kb", "of the exported model"),
        FormField("fairness_gap", "Fairness gap", "frame.constraints.fairness_gap", "0 to 1, between groups"),
    ),
    "search": (
        FormField("trials", "Trials", "tune.trials", "of the search over three families"),
        FormField("seed", "Seed", "seed", "the same seed gives the same result"),
    ),
}
"""Group → its fields."""


@dataclass(frozen=True)
class CapstoneForm:
    """What stands in the form, as text."""

    table: str = "telco_churn"
    upload: str = ""
    title: str = ""
    target: str = ""
    positive: str = ""
    sensitive: str = ""
    currency: str = "€"
    tp: str = "80"
    fp: str = "-20"
    fn: str = "0"
    tn: str = "0"
    latency_us: str = "200"
    size_kb: str = "500"
    fairness_gap: str = ""
    trials: str = "64"
    seed: str = "0"
    purpose: str = ""

    @staticmethod
    def read(given: Mapping[str, str]) -> CapstoneForm:
        """Reads what a browser sent; unknown names are left out, long texts are cut."""
        known = {field.name for field in fields(CapstoneForm)}
        return CapstoneForm(**{name: text[:1_000].strip() for name, text in given.items() if name in known})

    def filled(self, loaded: Loaded | None) -> CapstoneForm:
        """Returns the form with what the table tells: target, positive value, sensitive column, title."""
        if loaded is None:
            return self
        schema = loaded.table.schema
        return replace(
            self,
            title=self.title or loaded.title,
            target=self.target or schema.target or "",
            positive=self.positive or schema.positive or "",
            sensitive=self.sensitive or (schema.sensitive[0] if schema.sensitive else ""),
        )


def tree_of(form: CapstoneForm) -> dict[str, Any]:
    """Returns the Spec tree that a form means.

    Raises:
        SpecError: a field holds something that is no number; names its place.
    """
    data: dict[str, Any] = (
        {"source": "upload", "id": form.upload} if form.upload else {"source": "named", "name": form.table}
    )
    data |= {key: value for key in ("target", "positive") if (value := getattr(form, key))}
    numbers = {field.name: _number(field, getattr(form, field.name)) for group in FIELDS.values() for field in group}
    frame: dict[str, Any] = {
        "currency": form.currency,
        "payoff": {name: numbers[name] if numbers[name] is not None else 0.0 for name in ("tp", "fp", "fn", "tn")},
        "constraints": {name: numbers[name] for name in ("latency_us", "size_kb", "fairness_gap")},
    }
    if form.sensitive:
        frame["sensitive"] = form.sensitive
    whole = {name: _whole(numbers[name], default) for name, default in (("trials", 64), ("seed", 0))}
    return {
        "kind": "capstone",
        "title": form.title[:120],
        "seed": whole["seed"],
        "data": data,
        "frame": frame,
        "tune": {"trials": whole["trials"]},
        "report": {"purpose": form.purpose},
    }


def _number(field: FormField, text: str) -> float | None:
    if not text:
        return None
    try:
        return float(text.replace("−", "-").replace(",", "."))
    except ValueError:
        raise SpecError(field.path, text, "a number") from None


def _whole(value: float | None, default: int) -> int | float:
    """A whole number as such; another stays as it is, for the Spec to refuse with its place."""
    return default if value is None else int(value) if value == int(value) else value
