"""A diagnosis: the name that the signs of a training give, and the sentence that proves it.

The judges are asked in order; the first who recognises the case names it. None of them knows which case it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fallline.engine.train.clinic.chart import Chart
from fallline.engine.train.clinic.patient import Patient
from fallline.engine.train.clinic.signs import Signs

FLAT = 0.95
"""A quarter whose loss is at least this share of the one before has come to a halt."""
BOUNCING = 0.25
"""The same under noise, which makes that ratio uncertain; a training that is still travelling is far below it."""


@dataclass(frozen=True)
class Diagnosis:
    """What is the matter.

    Attributes:
        name: a key of `SICKNESSES`; ``well`` where the goal is reached, ``unnamed`` where no sign is clear.
        proof: the measurements that say so, in a sentence.
    """

    name: str
    proof: str


def diagnose(patient: Patient, chart: Chart, signs: Signs) -> Diagnosis:
    """Names what a training suffers from, by its chart and signs alone."""
    if not chart.broken and not chart.away and signs.loss <= patient.target:
        return Diagnosis("well", f"The loss stays at {_n(signs.loss)}, at or below the goal of {_n(patient.target)}.")
    for name, judge in JUDGES.items():
        proof = judge(chart, signs)
        if proof:
            return Diagnosis(name, proof)
    return Diagnosis(
        "unnamed",
        f"The loss ends at {_n(signs.loss)} and no sign stands out: the angle's cosine is {_c(signs.cosine)}, "
        f"rate times curvature {_n(signs.product)}.",
    )


def _nan(chart: Chart, _: Signs) -> str:
    if not chart.broken:
        return ""
    return (
        f"At step {chart.steps} the {chart.broken} is no finite number, and the loss had not grown a million times "
        "before: it did not run away, one computation overflowed."
    )


def _diverging(chart: Chart, signs: Signs) -> str:
    if not (chart.away or (signs.growth > 10.0 and signs.flat > 1.0)):
        return ""
    return (
        f"By step {chart.steps} the loss is {_n(signs.growth)} times the first one. Where it started, rate times "
        f"curvature was {_n(signs.first_product)}; above 2 a step leads further out."
    )


def _floor(_: Chart, signs: Signs) -> str:
    if not (signs.noise > 1.0 and signs.flat > BOUNCING and signs.left > 0.1):
        return ""
    return (
        f"The loss hardly falls any more, and the error of a batch is {_n(signs.noise)} times as large as the slope "
        "itself: steps follow the noise."
    )


def _stalled(_: Chart, signs: Signs) -> str:
    if not (signs.pull < 0.02 and signs.flat > FLAT):
        return ""
    return (
        f"The loss stands still, with hardly a slope to follow: changing all weights by 1 % would change it by "
        f"{_n(signs.pull)} %. The curvature is {_n(signs.curvature)}."
    )


def _early(_: Chart, signs: Signs) -> str:
    if not (signs.left < 0.02 and signs.flat > FLAT):
        return ""
    return (
        f"The loss stands still, and there is a slope: changing all weights by 1 % would change it by "
        f"{_n(signs.pull)} %. But the rate has come down to {_n(signs.left)} of its highest."
    )


def _oscillating(_: Chart, signs: Signs) -> str:
    if not signs.cosine < -0.5:
        return ""
    return (
        f"Each gradient points against the one before: the cosine between them is {_c(signs.cosine)}. "
        f"Rate times curvature is {signs.product:.3g}; at 2 a step ends as far beyond the valley as it began before it."
    )


def _slow(_: Chart, signs: Signs) -> str:
    if not (signs.cosine > 0.5 and 0.0 < signs.product < 0.1):
        return ""
    return (
        f"It falls smoothly, each gradient like the one before (cosine {_c(signs.cosine)}), and rate times curvature "
        f"is only {_n(signs.product)}: there is room up to 2."
    )


def _scaling(_: Chart, signs: Signs) -> str:
    if not (300.0 < signs.condition < float("inf") and 0.1 <= signs.product <= 2.0):
        return ""
    return (
        f"The steepest direction is {_n(signs.condition)} times as curved as the flattest, and rate times curvature is "
        f"already {_n(signs.product)}: no rate suits both."
    )


def _c(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _n(value: float) -> str:
    text = f"{value:.2g}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
    return f"−{text[1:]}" if text.startswith("-") else text


JUDGES: dict[str, Callable[[Chart, Signs], str]] = {
    "nan": _nan,
    "diverging": _diverging,
    "floor": _floor,
    "stalled": _stalled,
    "early": _early,
    "oscillating": _oscillating,
    "slow": _slow,
    "scaling": _scaling,
}
"""Name → what gives the proof, or nothing."""

SICKNESSES: tuple[str, ...] = tuple(JUDGES)
"""The eight names."""
