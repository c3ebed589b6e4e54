"""The heavy ball on a spectrum shown as code, in NumPy."""

from __future__ import annotations

from fallline.core.errors import SpecError
from fallline.runs.bench.net_spectrum import net_spectrum
from fallline.runs.code.layout import docstring, script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.momentum import MomentumSpec

BODY = """\
high, low = max(LAMBDA), min(LAMBDA)
alpha, beta = PLACE[0] / high, PLACE[1]

for lam in LAMBDA:
    roots = np.roots([1.0, -(1.0 + beta - alpha * lam), beta])
    print(f"lambda {lam:.4g}: keeps {max(abs(roots)):.6f} a step")

root = np.sqrt(high / low)
best = (2 / (np.sqrt(low) + np.sqrt(high))) ** 2 * high
print("best:", best, ((root - 1) / (root + 1)) ** 2)

error, speed = np.ones(len(LAMBDA)), np.zeros(len(LAMBDA))
for _ in range(STEPS):
    speed = beta * speed + np.array(LAMBDA) * error
    error = error - alpha * speed
print("errors:", error)"""


def show_momentum(spec: Spec, record: Record | None) -> str:
    """Returns the roots, the best α and β and the walk as a script, without noise."""
    del record
    if not isinstance(spec, MomentumSpec):
        raise SpecError("kind", spec.kind, "a momentum Spec")
    low, high = min(spec.low, spec.high), max(spec.low, spec.high)
    spaced = "linspace" if spec.spectrum == "even" else "geomspace"
    if spec.spectrum == "net":
        source = repr([float(f"{each:.6g}") for each in net_spectrum(spec.trained, spec.seed).curved])
    elif spec.spectrum == "typed":
        source = repr(list(spec.typed))
    else:
        source = f"np.{spaced}({low!r}, {high!r}, {spec.count}).tolist()"
    return script(
        docstring(f"{spec.title or 'Momentum'}: each eigenvector by itself, in NumPy."),
        ["import numpy as np", "", f"LAMBDA = {source}", f"PLACE, STEPS = {spec.place!r}, {spec.steps}", "",
         *BODY.splitlines()],
    )  # fmt: skip
