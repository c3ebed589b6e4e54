"""Descent shown as code: the race in PyTorch, on the surface's own formula."""

from __future__ import annotations

from fallline.core.errors import SpecError
from fallline.engine.descent import AlphaStable, Gaussian, HeavyTailed, Noise
from fallline.engine.surfaces import Surface
from fallline.peers.code_schedules import functions, imported
from fallline.peers.code_torch_classes import classes
from fallline.peers.code_torch_options import RARELY, UPHILL
from fallline.peers.code_torch_whole import whole_imports
from fallline.runs.bench.plane import start_of
from fallline.runs.code.bench.descent_entry import Entry, entry_of
from fallline.runs.code.bench.descent_keras import show_in_keras
from fallline.runs.code.bench.descent_loop import Loop
from fallline.runs.code.bench.descent_rows import met, rows_of
from fallline.runs.code.bench.draws import generator_lines
from fallline.runs.code.bench.surface import surface_lines
from fallline.runs.code.layout import WIDTH, block, docstring, script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.descent import DescentSpec
from fallline.runs.spec.loss import check_start, noise_name, noise_of, surface_of
from fallline.runs.spec.schedules import build_plan


def show_descent(spec: Spec, record: Record | None) -> str:
    """Returns the race as a script; a Record says nothing that the Spec does not."""
    del record
    assert isinstance(spec, DescentSpec)  # noqa: S101 - the registry goes by kind
    rows = None if spec.rows is None else rows_of(spec)
    surface = surface_of(spec) if rows is None else rows.surface
    check_start(spec, surface)
    if any(entry.dialect == "keras" for entry in spec.optimizers.values() if entry.on):
        return show_in_keras(spec, surface)
    function, names = surface_lines(surface) if rows is None else (rows.function, [])
    race = [entry_of(spec, key, entry) for key, entry in spec.optimizers.items() if entry.on]
    noise = noise_of(spec, surface)
    draws, seen = _met(spec, noise)
    loop = _loop(surface, race, seen, noisy=not seen and (isinstance(noise, Noise) or noise > 0))
    named, scheduled = bool(loop.brings), loop.scheduled
    carried = classes("\n".join([*loop.lines(), repr(race)]))
    who = "one optimizer" if len(race) == 1 else f"{len(race)} optimizers from one start"
    return script(
        docstring(f"{spec.title or surface.title}: {who}, in PyTorch."),
        [
            *_imports(race, names, carried, [] if rows is None else rows.imports, draws, noise=bool(loop.noise)),
            "",
            "torch.set_default_dtype(torch.float64)",
            "",
            *_map(spec, surface),
            *(["", *rows.table, "X, Y = torch.from_numpy(X), torch.from_numpy(Y)"] if rows else []),
            *(["", *draws] if draws else _noise(noise, spec.seed, surface.dimension)),
        ],
        function,
        *functions(_scheduling(race, draws)),
        *([RARELY.splitlines()] if "rarely(" in repr(race) else []),
        *carried,
        *_adjusting(race, loop),
        loop.lines(),
        [
            "RACE = {",
            *(line for entry in race for line in entry.lines(scheduled=scheduled, named=named)),
            "}",
            *loop.report(),
        ],
    )


def _scheduling(race: list[Entry], draws: list[str]) -> str:
    """All source in which a factor of a schedule may stand."""
    return "\n".join([repr([(entry.scheduler, entry.driving) for entry in race]), *draws])


def _met(spec: DescentSpec, noise: Noise | float) -> tuple[list[str], str]:
    """What each step sees of the rows of a table."""
    plan = build_plan(spec.plan) if spec.plan else None
    batch = plan.batch if plan and "batch" in plan.drives else None
    flips = spec.rows is not None and spec.rows.loss == "logistic"
    return met(noise, spec.seed, batch, spec.steps, flips=flips)


def _loop(surface: Surface, race: list[Entry], seen: str, *, noisy: bool) -> Loop:
    """What the loop has to do, all who race together."""
    asks = any(entry.asks for entry in race)
    return Loop(
        surface=surface.name,
        noise="NOISE[step]" if noisy else "",
        loss=seen or (f"{surface.name}(*w) + NOISE[step] @ w" if noisy and asks else ""),
        scheduled=any(entry.scheduler is not None for entry in race),
        asks=asks,
        brings=frozenset(name for entry in race for name in entry.brings),
    )


def _adjusting(race: list[Entry], loop: Loop) -> list[list[str]]:
    """What stands between gradient and step, a function for each who has something there."""
    uphill = [UPHILL.splitlines()] if "look_uphill" in repr(race) else []
    return [*uphill, *(lines for entry in race for lines in entry.functions(asks=loop.asks))]


def _imports(
    race: list[Entry],
    names: list[str],
    carried: list[list[str]],
    tables: list[str],
    draws: list[str],
    *,
    noise: bool,
) -> list[str]:
    schedules = sorted({entry.scheduler[0] for entry in race if entry.scheduler})
    needed, needs = imported(_scheduling(race, draws)), whole_imports(carried)
    noise = noise or bool(draws)
    names = sorted({*names, *needed.get("math", [])})
    standard = ["import hashlib"] if noise or "hashlib" in needs else []
    standard += ["from bisect import bisect"] if "bisect" in needed else []
    standard += ["from functools import partial"]
    standard += [f"from math import {', '.join(names)}"] if names else []
    third = ["import numpy as np"] if noise or tables or "np" in needs else []
    third += [*(line for line in tables if line.startswith("import")), "import torch"]
    third += [line for line in tables if line.startswith("from")]
    vectors = sorted(name for name in needs if name.endswith("vector") or name.startswith("vector"))
    third += [f"from torch.nn.utils import {', '.join(vectors)}"] if vectors else []
    if any(entry.scheduler is None for entry in race) and schedules:
        schedules = sorted({*schedules, "LambdaLR"})
    third += block("from torch.optim.lr_scheduler import ", schedules, "") if schedules else []
    return [*standard, "", *third]


def _map(spec: DescentSpec, surface: Surface) -> list[str]:
    """Where it starts, how long it is, and the map that it must not leave."""
    start = f"START, STEPS = {tuple(map(float, start_of(spec, surface)))!r}, {spec.steps}"
    sides = surface.domain
    middle, half = [0.5 * (low + high) for low, high in sides], [0.5 * (high - low) for low, high in sides]
    line = f"MIDDLE, HALF = torch.tensor({middle!r}), torch.tensor({half!r})"
    if len(line) <= WIDTH:
        return [start, line]
    parts = (("MIDDLE", middle), ("HALF", half))
    return [
        start,
        *(part for name, each in parts for part in block(f"{name} = torch.tensor([", [*map(repr, each)], "])")),
    ]


def _noise(noise: Noise | float, seed: int, dimension: int) -> list[str]:
    """The very draws of the run: the generator that belongs to the seed and the name of the draw."""
    if not noise:
        return []
    if isinstance(noise, HeavyTailed):
        draws = f"{noise.scale!r} * rng.standard_t({noise.degrees!r}, (STEPS, {dimension}))"
    elif isinstance(noise, AlphaStable):
        return ["", *generator_lines(seed, "descent", "noise"), *_stable(noise, dimension)]
    elif isinstance(noise, Noise) and not isinstance(noise, Gaussian):
        raise SpecError("noisy.kind", noise_name(noise), "noise that a script without the table can draw")
    else:
        level = noise.scale if isinstance(noise, Gaussian) else noise
        draws = f"{'' if level == 1.0 else f'{level!r} * '}rng.standard_normal((STEPS, {dimension}))"
    return ["", *generator_lines(seed, "descent", "noise"), f"NOISE = torch.from_numpy({draws})"]


def _stable(noise: AlphaStable, dimension: int) -> list[str]:
    """The draws of Chambers, Mallows and Stuck (1976)."""
    return [
        f"ALPHA, SHAPE = {noise.alpha!r}, (STEPS, {dimension})",
        "angle = rng.uniform(-np.pi / 2, np.pi / 2, SHAPE)",
        "spread = np.cos((1 - ALPHA) * angle) / rng.standard_exponential(SHAPE)",
        f"draws = {noise.scale!r} * np.sin(ALPHA * angle) / np.cos(angle) ** (1 / ALPHA)",
        "draws *= spread ** ((1 - ALPHA) / ALPHA)",
        "NOISE = torch.from_numpy(draws.clip(-1e300, 1e300))",
    ]
