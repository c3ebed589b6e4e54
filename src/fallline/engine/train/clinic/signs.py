"""Signs: what can be measured on a training, one number each, whatever is the matter with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fallline.engine.train.clinic.chart import Chart
from fallline.engine.train.clinic.patient import MODELS, Array, Patient
from fallline.engine.train.clinic.treatment import Treatment

LATE = 20
"""Angles that are looked at, at the end."""


@dataclass(frozen=True)
class Signs:
    """Measurements.

    Attributes:
        loss: at the end, above the lowest: the mean over the last tenth of the steps, the last five at least.
        growth: the last loss over the first.
        flat: the geometric mean of the losses of the last quarter over that of the quarter before; at 1 nothing happens
            any more.
        cosine: median over the last angles between a gradient and the one before it.
        pull: |gradient|·|weights| / loss: by what share the loss would change if the weights did.
        noise: how much larger the error of a batch is than the slope itself, late in the training; 0 for all rows.
        left: the last rate over the highest.
        curvature: the largest eigenvalue of the Hessian at the end.
        condition: that over the smallest; infinity where the smallest is none, up to rounding.
        product: the highest rate times the curvature; at 2 a step no longer shrinks the steepest direction.
        first_product: the first rate times the curvature at the start.
    """

    loss: float
    growth: float
    flat: float
    cosine: float
    pull: float
    noise: float
    left: float
    curvature: float
    condition: float
    product: float
    first_product: float


def measure(patient: Patient, treatment: Treatment, chart: Chart) -> Signs:
    """Measures a chart. A training that broke off is measured as far as it went."""
    losses, slopes = chart.losses, chart.slopes
    if not len(losses):  # the very first loss was no number
        return Signs(np.inf, np.inf, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, np.inf, 0.0, 0.0)
    quarter = max(len(losses) // 4, 1)
    late, before = losses[-quarter:], losses[-2 * quarter : -quarter]
    last = losses[-max(len(losses) // 10, 5) :].mean()
    bends = curvatures(patient, treatment, chart.end) if not chart.broken else np.zeros(1)
    first = curvatures(patient, treatment, patient.start * treatment.start)
    top, low = float(bends[-1]), float(bends[0])
    rates = chart.rates if len(chart.rates) else np.ones(1)
    size = float(np.sqrt(float(chart.end.astype(np.float64) @ chart.end.astype(np.float64))))
    return Signs(
        loss=float(last),
        growth=float(losses[-1] / losses[0]),
        flat=float(np.exp(np.log(late).mean() - np.log(before).mean())) if len(before) else 1.0,
        cosine=float(np.median(chart.cosines[-LATE:])) if len(chart.cosines) else 0.0,
        pull=float(slopes[-1] * size / losses[-1]) if np.isfinite(size) else 0.0,
        noise=_noise(chart, quarter) if 0 < treatment.batch < len(patient.labels) else 0.0,
        left=float(rates[-1] / rates.max()),
        curvature=top,
        condition=top / low if low > 1e-9 * top else float("inf"),
        product=float(rates.max()) * top,
        first_product=float(rates[0] * first[-1]),
    )


def curvatures(patient: Patient, treatment: Treatment, w: Array) -> Array:
    """Returns the eigenvalues of the Hessian, the smallest first; zeros where they cannot be told.

    From central differences of the exact gradient in float64, with a step of the cube root of its precision.
    """
    x, y = patient.rows(standardise=treatment.standardise)
    x, y, at = x.astype(np.float64), y.astype(np.float64), w.astype(np.float64)
    gradient = MODELS[patient.model].gradient
    rows = []
    with np.errstate(all="ignore"):  # far out, an exponential overflows
        for j in range(len(at)):
            step = np.zeros_like(at)
            step[j] = 6e-6 * max(1.0, abs(float(at[j])))
            rows.append((gradient(at + step, x, y) - gradient(at - step, x, y)) / (2.0 * step[j]))
    hessian = np.array(rows)
    if not np.isfinite(hessian).all():
        return np.zeros(len(at))
    return np.asarray(np.linalg.eigvalsh(0.5 * (hessian + hessian.T)))


def _noise(chart: Chart, quarter: int) -> float:
    """From lengths: the square of what was used is that of the slope and that of the error, on average."""
    count = min(quarter, len(chart.used))
    used, slope = chart.used[-count:], chart.slopes[: len(chart.used)][-count:]
    whole = float((slope * slope).mean()) if count else 0.0
    return float(np.sqrt(max(float((used * used).mean()) / whole - 1.0, 0.0))) if whole > 0.0 else 0.0
