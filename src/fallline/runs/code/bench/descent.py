"""Descent shown as code: the race in PyTorch, on the surface's own formula."""

from __future__ import annotations

from fallline.core.errors import SpecError
from fallline.engine.descent import Gaussian, HeavyTailed, Noise
from fallline.engine.surfaces import Surface
from fallline.peers.code_schedules import functions, imported
from fallline.peers.code_torch import Call, Expression, optimizer
from fallline.peers.code_torch_classes import classes
from fallline.peers.code_torch_schedules import scheduler
from fallline.runs.code.bench.descent_keras import show_in_keras
from fallline.runs.code.bench.draws import generator_lines
from fallline.runs.code.bench.surface import surface_lines
from fallline.runs.code.layout import block, call, docstring, keywords, script, source
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.descent import DescentSpec, RunnerSpec
from fallline.runs.spec.loss import noise_name, noise_of, surface_of
from fallline.runs.spec.schedules import build_schedule

LOOP = '''\
def descend(optimizer, scheduler):
    """Returns the path down the surface; it ends 1,000 half-widths off the map."""
    w = torch.tensor(START, requires_grad=True)
    optimizer = optimizer([w])
    scheduler = scheduler(optimizer)
    path = [w.tolist()]
    for _ in range(STEPS):
        optimizer.zero_grad()
        {surface}(*w).backward(){noise}
        optimizer.step()
        scheduler.step()
        path.append(w.tolist())
        if max(abs(w.detach() - MIDDLE) / HALF) > 1000:
            break
    return path'''

STEPPED = ("    scheduler = scheduler(optimizer)\n", "        scheduler.step()\n")

REPORT = """\
for name, {runner} in RACE.items():
    path = descend({stars}{runner})
    loss = {surface}(*torch.tensor(path[-1])).item()
    print(f"{{name}}: loss {{loss!r}} at {{path[-1]}} after {{len(path) - 1}} steps")"""


def show_descent(spec: Spec, record: Record | None) -> str:
    """Returns the race as a script; a Record says nothing that the Spec does not."""
    del record
    assert isinstance(spec, DescentSpec)  # noqa: S101 - the registry goes by kind
    if spec.rows is not None:
        raise SpecError("rows", spec.rows.loss, "a surface that a script without the table can write out")
    surface = surface_of(spec)
    if any(entry.dialect == "keras" for entry in spec.optimizers.values() if entry.on):
        return show_in_keras(spec, surface)
    function, names = surface_lines(surface)
    race = {key: _calls(spec, key, entry) for key, entry in spec.optimizers.items() if entry.on}
    noise = noise_of(spec, surface)
    noisy = isinstance(noise, Noise) or noise > 0
    scheduled = any(scheduler is not None for _, scheduler in race.values())
    who = "one optimizer" if len(race) == 1 else f"{len(race)} optimizers from one start"
    written = repr([*race.values()])
    report = {"runner": "runner", "stars": "*"} if scheduled else {"runner": "optimizer", "stars": ""}
    return script(
        docstring(f"{spec.title or surface.title}: {who}, in PyTorch."),
        [
            *_imports(race, names, noise=noisy),
            "",
            "torch.set_default_dtype(torch.float64)",
            "",
            f"START, STEPS = {tuple(map(float, spec.start))!r}, {spec.steps}",
            *_map(surface),
            *_noise(noise, spec.seed, surface.dimension),
        ],
        function,
        *functions(written),
        *classes(written),
        _loop(surface.name, noise=noisy, scheduled=scheduled),
        [
            "RACE = {",
            *(line for key, pair in race.items() for line in _entry(key, *pair, scheduled=scheduled)),
            "}",
            *REPORT.format(surface=surface.name, **report).splitlines(),
        ],
    )


def _calls(spec: DescentSpec, key: str, entry: RunnerSpec) -> tuple[Call, Call | None]:
    """The optimizer and the schedule of one who races; over a single step a schedule is a number."""
    if entry.options:
        hint = "In the Keras dialect, all that Keras has an argument for are."
        raise SpecError(f"optimizers.{key}.options", [*entry.options], "shown in PyTorch, which has no arguments", hint)
    made, rate, name, params = build_schedule(entry.schedule or spec.schedule), entry.rate, *_named(key, entry)
    if spec.steps == 1:
        return optimizer(name, rate * made.factor(0, 1), params), None
    return optimizer(name, rate, params), scheduler(made, rate, spec.steps)


def _named(key: str, entry: RunnerSpec) -> tuple[str, dict[str, float]]:
    """The optimizer by name; the weights of a surface are no matrix, so Muon moves them by AdamW."""
    name, params = entry.optimizer or key, dict(entry.params)
    return ("adamw", {"decay": params.get("decay", 0.1)}) if name == "muon" else (name, params)


def _imports(race: dict[str, tuple[Call, Call | None]], names: list[str], *, noise: bool) -> list[str]:
    schedules = sorted({scheduler[0] for _, scheduler in race.values() if scheduler})
    text = repr([scheduler for _, scheduler in race.values()])
    standard = ["import hashlib"] if noise else []
    needed = imported(text)
    names = sorted({*names, *needed.get("math", [])})
    standard += ["from bisect import bisect"] if "bisect" in needed else []
    standard += ["from functools import partial"]
    standard += [f"from math import {', '.join(names)}"] if names else []
    third = ["import numpy as np"] if noise else []
    third += ["import torch"]
    if any(scheduler is None for _, scheduler in race.values()) and schedules:
        schedules = sorted({*schedules, "LambdaLR"})
    third += block("from torch.optim.lr_scheduler import ", schedules, "") if schedules else []
    return [*standard, "", *third]


def _map(surface: Surface) -> list[str]:
    sides = surface.domain
    middle, half = [0.5 * (low + high) for low, high in sides], [0.5 * (high - low) for low, high in sides]
    return [f"MIDDLE, HALF = torch.tensor({middle!r}), torch.tensor({half!r})"]


def _noise(noise: Noise | float, seed: int, dimension: int) -> list[str]:
    """The very draws of the run: the generator that belongs to the seed and the name of the draw."""
    if not noise:
        return []
    if isinstance(noise, HeavyTailed):
        draws = f"{noise.scale!r} * rng.standard_t({noise.degrees!r}, (STEPS, {dimension}))"
    elif isinstance(noise, Noise) and not isinstance(noise, Gaussian):
        raise SpecError("noisy.kind", noise_name(noise), "noise that a script without the table can draw")
    else:
        level = noise.scale if isinstance(noise, Gaussian) else noise
        draws = f"{'' if level == 1.0 else f'{level!r} * '}rng.standard_normal((STEPS, {dimension}))"
    return ["", *generator_lines(seed, "descent", "noise"), f"NOISE = torch.from_numpy({draws})"]


def _loop(surface: str, *, noise: bool, scheduled: bool) -> list[str]:
    text = LOOP.replace("{surface}", surface)
    text = text.replace("{noise}", "\n        w.grad += NOISE[step]" if noise else "")
    if noise:
        text = text.replace("for _ in", "for step in")
    if not scheduled:
        text = text.replace("(optimizer, scheduler):", "(optimizer):")
        for line in STEPPED:
            text = text.replace(line, "")
    return text.splitlines()


def _entry(key: str, optimizer: Call, scheduler: Call | None, *, scheduled: bool) -> list[str]:
    """One line, or some, of the race."""
    if not scheduled:
        return call("partial", _partial(optimizer), 1, f"{source(key)}: ", ",")
    constant = ("LambdaLR", {"lr_lambda": Expression("lambda _: 1.0")})
    pair = [call("partial", _partial(made), 2, after=",") for made in (optimizer, scheduler or constant)]
    return [f"    {source(key)}: (", *pair[0], *pair[1], "    ),"]


def _partial(made: Call) -> list[str]:
    name, arguments = made
    return [name, *keywords(arguments)]
