"""Descent shown as code in Keras: where the race is run in Keras' dialect."""

from __future__ import annotations

import re

from fallline.core.errors import SpecError
from fallline.engine.descent import Noise
from fallline.engine.schedules import FeedbackSchedule, Schedule
from fallline.engine.surfaces import Surface
from fallline.peers.code_keras_schedules import FACTORS, OWN, in_double, schedule
from fallline.peers.code_schedules import factor_of, functions, imported, named_factor
from fallline.peers.code_torch_options import RARELY
from fallline.peers.expression import Expression
from fallline.peers.keras_names import optimizer, options
from fallline.runs.bench.plane import start_of
from fallline.runs.code.bench.draws import generator_lines
from fallline.runs.code.bench.surface import surface_lines
from fallline.runs.code.layout import call, docstring, keywords, script, source
from fallline.runs.spec.descent import DescentSpec, RunnerSpec
from fallline.runs.spec.loss import noise_of
from fallline.runs.spec.names import pace_of
from fallline.runs.spec.schedules import build_schedule

LOOP = '''\
def descend(optimizer):
    """Returns the path down the surface; it ends 1,000 half-widths off the map."""
    w = keras.Variable(np.array(START), dtype="float64")
    optimizer = optimizer()
    optimizer.build([w])
    path = [w.numpy().tolist()]
    for {step} in range(STEPS):
        with tf.GradientTape() as tape:
            loss = {surface}(*tf.unstack(w.value))
        optimizer.apply([tape.gradient(loss, w.value){noise}])
{record}
            break
    return path'''
HERE = """\
        path.append(w.numpy().tolist())
        if max(abs(w.numpy() - MIDDLE) / HALF) > 1000:"""
MEAN = """\
        here = w.numpy()
        optimizer.finalize_variable_values([w])  # the mean, where one is kept
        path.append(w.numpy().tolist())
        w.assign(here)
        if max(abs(np.array(path[-1]) - MIDDLE) / HALF) > 1000:"""
AVERAGE = """\
        here = judged(optimizer, w)
        path.append(here.tolist())
        if max(abs(here - MIDDLE) / HALF) > 1000:"""
"""What a loop records: where the weights are, or the mean of weights, by which who keeps one is judged."""

JUDGED = '''\
def judged(optimizer, w):
    """Returns the mean that is kept, the average of a schedule-free optimizer, or w."""
    here = w.numpy()
    if optimizer.use_ema:
        optimizer.finalize_variable_values([w])
        mean = w.numpy()
        w.assign(here)
        return mean
    if isinstance(optimizer, keras.optimizers.ScheduleFreeAdamW):
        z = next(each for each in optimizer.variables if "momentum" in each.path)
        beta = float(np.float32(optimizer.beta_1))
        return (here - (1 - beta) * z.numpy()) / beta
    return here'''

REPORT = """\
for name, optimizer in RACE.items():
    path = descend(optimizer)
    loss = float({surface}(*tf.constant(path[-1], "float64")))
    print(f"{{name}}: loss {{loss!r}} at {{path[-1]}} after {{len(path) - 1}} steps")"""

RENAMED = {
    **{f"torch.{name}": f"tf.math.{name}" for name in ("expm1", "log", "log1p")},
    "torch.tensor": "np.array",
    "w @ MATRIX @ w": "tf.reduce_sum(w * tf.linalg.matvec(MATRIX, w))",
}
"""Torch's functions that TensorFlow calls by another name; all others have one in common."""


def show_in_keras(spec: DescentSpec, surface: Surface) -> str:
    """Returns the race as a script in Keras on TensorFlow.

    Args:
        spec: of which all who race are in Keras' dialect.
        surface: its surface.

    Raises:
        SpecError: some are in torch's dialect, or the noise is more than Gaussian.
    """
    racing = {key: entry for key, entry in spec.optimizers.items() if entry.on}
    for key, entry in racing.items():
        if entry.dialect != "keras":
            hint = "A script is written in one tool: switch the others off."
            raise SpecError(f"optimizers.{key}.dialect", entry.dialect, "keras, like another's in this race", hint)
    for key in racing:
        made = pace_of(spec, key)
        if not isinstance(made, Schedule):
            said = made.name if isinstance(made, FeedbackSchedule) else "a plan"
            expected = "a schedule that is known ahead and drives the rate alone, in a script in Keras"
            raise SpecError(f"optimizers.{key}.schedule", said, expected, "In torch's dialect it is shown.")
    if spec.rows is not None:
        raise SpecError("rows", spec.rows.loss, "left out in a script in Keras", "In torch's dialect it is shown.")
    noise = noise_of(spec, surface)
    if isinstance(noise, Noise):
        raise SpecError("noisy", spec.noisy and spec.noisy.kind, "noise that a script in Keras draws", "Use `noise`.")
    lines, names = surface_lines(surface)
    entries = [_entry(spec, key, entry) for key, entry in racing.items()]
    before, race = ([line for entry in entries for line in entry[part]] for part in (0, 1))
    written = "\n".join([*before, *race])
    who = "one optimizer" if len(racing) == 1 else f"{len(racing)} optimizers from one start"
    gradient = " + NOISE[step]" if noise else ""
    averaged, mean = "ScheduleFree" in written, any("ema" in entry.options for entry in racing.values())
    return script(
        docstring(f"{spec.title or surface.title}: {who}, in Keras."),
        [*_imports(written, names, noise=noise > 0), *_constants(spec, surface, noise)],
        [_renamed(line) for line in lines],
        *functions(written),
        *([RARELY.splitlines()] if "rarely(" in written else []),
        *([FACTORS.splitlines()] if "Factors(" in written else []),
        JUDGED.splitlines() if averaged else [],
        _loop(surface, gradient, AVERAGE if averaged else MEAN if mean else HERE),
        [*before, "RACE = {", *race, "}", *REPORT.format(surface=surface.name).splitlines()],
    )


def _loop(surface: Surface, gradient: str, record: str) -> list[str]:
    text = LOOP.replace("{record}", record).replace("{step}", "step" if gradient else "_")
    return text.replace("{surface}", surface.name).replace("{noise}", gradient).splitlines()


def _renamed(line: str) -> str:
    """A line of the surface's formula with TensorFlow's names."""
    for name, other in RENAMED.items():
        line = re.sub(rf"{re.escape(name)}\b", other, line)
    return line.replace("torch.", "tf.")


def _imports(written: str, names: list[str], *, noise: bool) -> list[str]:
    needed = imported(written)
    used = sorted({*names, *needed.get("math", [])})
    own = sorted({name for name in OWN if re.search(rf"\b{name}\(", written)})
    return [
        *(["import hashlib"] if noise else []),
        *(["from bisect import bisect"] if "bisect" in needed else []),
        "from functools import partial",
        *([f"from math import {', '.join(used)}"] if used else []),
        "",
        "import keras",
        "import numpy as np",
        "import tensorflow as tf",
        *([f"from keras.optimizers.schedules import {', '.join(own)}"] if own else []),
        "",
        'keras.config.set_floatx("float64")  # weights, and the rate that Keras keeps',
        "",
    ]


def _constants(spec: DescentSpec, surface: Surface, noise: float) -> list[str]:
    middle = [0.5 * (low + high) for low, high in surface.domain]
    half = [0.5 * (high - low) for low, high in surface.domain]
    lines = [
        f"START, STEPS = {tuple(map(float, start_of(spec, surface)))!r}, {spec.steps}",
        f"MIDDLE, HALF = np.array({middle!r}), np.array({half!r})",
    ]
    if noise:
        scale = "" if noise == 1.0 else f"{noise!r} * "
        lines += ["", *generator_lines(spec.seed, "descent", "noise")]
        lines += [f"NOISE = {scale}rng.standard_normal((STEPS, {surface.dimension}))"]
    return lines


def _entry(spec: DescentSpec, key: str, entry: RunnerSpec) -> tuple[list[str], list[str]]:
    """The lines that name a factor, and those of the race, the rate a schedule of Keras where it has one."""
    made, rate = build_schedule(entry.schedule or spec.schedule), entry.rate
    every, found = int(entry.options.get("accumulate", 1)), schedule(made, rate, spec.steps)
    before, factor = [], "factor_" + re.sub(r"\W", "_", key)
    if found is not None and (every > 1 or found[0] == "Factors"):
        before = named_factor(factor, made, spec.steps)
        if every > 1:  # a step has the rate of its last gradient, and Keras counts steps
            before = call("rarely", [factor_of(made, spec.steps), str(every), "STEPS"], before=f"{factor} = ")
        found = ("Factors", {"rate": rate, "factor": Expression(factor), "steps": Expression("STEPS")})
    found = None if found is None else in_double(found)
    written = rate if found is None else Expression(f"{found[0]}({', '.join(keywords(found[1]))})")
    name, arguments = optimizer(entry.optimizer or key, written, dict(entry.params))
    lines = call("partial", [name, *keywords({**arguments, **options(entry.options)})], 1, f"{source(key)}: ", ",")
    return before, lines
