"""A sick training shown as code: its rows in NumPy, its training in PyTorch."""

from __future__ import annotations

import ast
import inspect
import textwrap

from fallline.runs.bench.sick_cases import CASES, patient
from fallline.runs.code.bench.draws import generator_lines
from fallline.runs.code.layout import docstring, script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.sick import SickSpec

LOSSES = {
    "line": ["return 0.5 * (x @ w - y).square().mean()"],
    "product": ["return 0.5 * (x[:, 0] * w[0] * w[1] - y).square().mean()"],
    "neuron": ["return 0.5 * (torch.sigmoid(x @ w) - y).square().mean()"],
    "chances": [
        "z = x @ w  # torch.nn.functional.softplus(z) would not overflow",
        "return (torch.log(1 + torch.exp(z)) - y * z).mean()",
    ],
}
"""Model → the body of its loss."""


def show_sick(spec: Spec, record: Record | None) -> str:
    """Returns the case and its treatment as a script that prints the loss above the lowest at the end."""
    del record
    assert isinstance(spec, SickSpec)  # noqa: S101 - the registry goes by kind
    case = CASES[spec.case]
    return script(
        docstring(f"{spec.title or 'A sick training'}: case {spec.case.upper()}, in PyTorch."),
        [
            *(["import hashlib", "", "import numpy as np", "import torch", ""]),
            *generator_lines(spec.seed, "sick", "rows"),
            f"STEPS, RATE, SPAN, WARMUP = {case.steps}, {spec.rate!r}, {spec.span}, {spec.warmup}",
            f"LOWEST = {patient(spec.case, spec.seed).best!r}  # the lowest loss that can be reached",
        ],
        _plain(case.draw),
        ["def loss(w, x, y):", *(f"    {line}" for line in LOSSES[case.model])],
        _factor(spec),
        _rows(spec),
        _loop(spec),
    )


def _plain(function: object) -> list[str]:
    """The function without its docstring and annotations."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]  # type: ignore[arg-type]
    assert isinstance(tree, ast.FunctionDef)  # noqa: S101 - a case draws by a plain function
    return ast.unparse(
        ast.FunctionDef(
            "rows",
            ast.arguments([], [ast.arg("rng")], None, [], [], None, []),
            tree.body[1:],
            [],
            None,
            lineno=1,
        )
    ).splitlines()


def _factor(spec: SickSpec) -> list[str]:
    shapes = {
        "constant": "1.0",
        "cosine": "0.5 * (1 + np.cos(np.pi * min(t, SPAN) / SPAN))",
        "exponential": "0.01 ** (t / SPAN)",
    }
    rise = "min((t + 1) / WARMUP, 1.0) * " if spec.warmup else ""
    return ["def factor(t):", f"    return {rise}{shapes[spec.schedule]}"]


def _rows(spec: SickSpec) -> list[str]:
    case = CASES[spec.case]
    kind = "float32" if case.single else "float64"
    scaled = [
        "spread = x.std(axis=0)",
        "x = np.where(spread > 0, (x - x.mean(axis=0)) / np.where(spread > 0, spread, 1), x)",
    ]
    return [
        "x, y = rows(rng)",
        *(scaled if spec.standardise else []),
        f"x, y = (torch.tensor(each, dtype=torch.{kind}) for each in (x, y))",
        f"w = torch.tensor([{', '.join(repr(each * spec.start) for each in case.start)}], dtype=torch.{kind})",
        "w.requires_grad_()",
    ]


def _loop(spec: SickSpec) -> list[str]:
    rows = len(patient(spec.case, spec.seed).labels)
    few = 0 < spec.batch < rows
    batches = [
        *generator_lines(spec.seed, "sick", "batches"),
        f"taken = rng.integers({rows}, size=(STEPS, {spec.batch}))",
    ]
    clip = [f"    torch.nn.utils.clip_grad_norm_([w], {spec.clip!r})"] if spec.clip else []
    return [
        *(batches if few else []),
        "optimizer = torch.optim.SGD([w], lr=RATE)",
        "schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)",
        f"for {'step' if few else '_'} in range(STEPS):",
        *(["    rows_now = torch.from_numpy(taken[step])"] if few else []),
        "    optimizer.zero_grad()",
        f"    {'loss(w, x[rows_now], y[rows_now])' if few else 'loss(w, x, y)'}.backward()",
        *clip,
        "    optimizer.step()",
        "    schedule.step()",
        'print("Loss above the lowest:", loss(w, x, y).item() - LOWEST)',
    ]
