"""A loss over the rows of a table as PyTorch source: the table, the linear model, and which rows a step sees."""

from __future__ import annotations

from dataclasses import dataclass

from fallline.core.errors import DataError
from fallline.engine.descent import LabelNoise, MiniBatch, Noise
from fallline.engine.schedules import Schedule
from fallline.engine.surfaces import Surface
from fallline.peers.code_schedules import factor_of
from fallline.runs.bench.rows import rows_surface
from fallline.runs.code.bench.draws import generator_lines
from fallline.runs.code.layout import block, source
from fallline.runs.code.stages.table import imports_of, named_lines
from fallline.runs.sources.load import load
from fallline.runs.sources.spec import Named
from fallline.runs.spec.descent import DescentSpec

LOSSES = {
    "squared": "torch.nn.functional.mse_loss(x @ w, y) / 2",
    "huber": "torch.nn.functional.huber_loss(x @ w, y, delta={width!r})",
    "logistic": "torch.nn.functional.binary_cross_entropy_with_logits(x @ w, y)",
}
"""Loss of one row → its mean, from rows ``x``, labels ``y`` and weights ``w``."""


@dataclass(frozen=True)
class Rows:
    """A loss over rows as source.

    Attributes:
        surface: the loss itself, to know its map.
        imports: of the table.
        table: lines that make ``X`` and ``Y``.
        function: the loss over some rows, and over all.
    """

    surface: Surface
    imports: list[str]
    table: list[str]
    function: list[str]


def rows_of(spec: DescentSpec) -> Rows:
    """Returns the loss of a Spec over a table known by name.

    Raises:
        DataError: the table is a person's own.
    """
    assert spec.rows is not None  # noqa: S101 - asked for only then
    if not isinstance(spec.data, Named):
        raise DataError(
            "How the words and numbers of a table of one's own are to be read is found out by a run, whose Record does "
            "not say it: a descent over it is not shown as code; one over a table known by name is."
        )
    table = load(spec.data).table
    surface = rows_surface(table, spec.rows)
    target, rows, schema = source(spec.rows.target), spec.rows, table.schema
    columns = block("X = table[[", [source(name) for name in rows.columns], "]].to_numpy(float)")
    if schema.column(rows.target).type == "number":
        labels = [f"Y = table[{target}].to_numpy(float)"]
    else:
        levels = sorted(schema.column(rows.target).levels)
        positive = schema.positive if schema.positive in levels else levels[1]
        labels = [f"Y = (table[{target}] == {source(positive)}).to_numpy(float)"]
        labels.append(f"Y[table[{target}].isna()] = np.nan")
    lines = [*named_lines(spec.data, rows.target), *columns, *labels]
    lines += ["whole = np.isfinite(X).all(axis=1) & np.isfinite(Y)", "X, Y = X[whole], Y[whole]"]
    lines += ["X = (X - X.mean(axis=0)) / X.std(axis=0)"] if rows.standard else []
    lines += ["X = np.column_stack([np.ones(len(X)), X])"] if rows.intercept else []
    ridge = f" + {rows.ridge / 2!r} * w @ w" if rows.ridge else ""
    function = [
        "def loss_over(w, x, y):",
        '    """Returns the mean loss of a linear model over rows."""',
        f"    return {LOSSES[rows.loss].format(width=rows.width)}{ridge}",
        "",
        "",
        f"def {surface.name}(*w):",
        "    return loss_over(torch.stack(w), X, Y)",
    ]
    return Rows(surface, imports_of(spec.data), lines, function)


def met(noise: Noise | float, seed: int, batch: Schedule | None, steps: int, *, flips: bool) -> tuple[list[str], str]:
    """Returns the lines that draw what each step sees of the rows, and the loss of step ``step`` at ``w``.

    Args:
        noise: of the descent.
        seed: of the Spec.
        batch: factor on the size of mini-batches.
        steps: how many.
        flips: whether wrong labels are flipped ones.

    Returns:
        nothing twice where a step sees all rows with their own labels.
    """
    if isinstance(noise, LabelNoise):
        return [
            *generator_lines(seed, "descent", "noise"),
            *_labels(noise, flips=flips),
        ], "loss_over(w, X, LABELS[step])"
    if not isinstance(noise, MiniBatch):
        return [], ""
    draws = generator_lines(seed, "descent", "noise")
    loss = "loss_over(w, X[ROWS[step]], Y[ROWS[step]])"
    if batch is not None:
        return [*draws, *_sized(noise, batch, steps)], loss
    size = noise.size
    if noise.replacement:
        return [*draws, f"ROWS = torch.from_numpy(rng.integers(len(Y), size=(STEPS, {size})))"], loss
    if not noise.epochs:
        lots = "lots = rng.random((STEPS, len(Y)))"
        chosen = f"lots.argpartition({size - 1}, axis=1)[:, :{size}]"
        return [*draws, lots, f"ROWS = torch.from_numpy({chosen})"], loss
    return [
        *draws,
        f"full = len(Y) // {size}  # a last, smaller batch is dropped",
        f"order = [rng.permutation(len(Y))[: full * {size}] for _ in range(-(-STEPS // full))]",
        f"ROWS = torch.from_numpy(np.concatenate(order).reshape(-1, {size}))",
    ], loss


def _labels(noise: LabelNoise, *, flips: bool) -> list[str]:
    """Labels that are wrong anew at every step: flipped ones of classes, errors of numbers."""
    if flips:
        flipped = f"flipped = rng.random((STEPS, len(Y))) < {noise.scale!r}"
        return [flipped, "LABELS = torch.where(torch.from_numpy(flipped), 1 - Y, Y)"]
    return [f"LABELS = Y + {noise.scale!r} * torch.from_numpy(rng.standard_normal((STEPS, len(Y))))"]


def _sized(noise: MiniBatch, batch: Schedule, steps: int) -> list[str]:
    """Batches that grow or shrink."""
    drawn = ["    ROWS.append(torch.from_numpy(rng.integers(len(Y), size=size)))"]
    if not noise.replacement:
        drawn = [
            "    lots = rng.random(len(Y))",
            "    ROWS.append(torch.from_numpy(lots.argpartition(size - 1)[:size]))",
        ]
    if not noise.replacement and noise.epochs:
        drawn = [
            "    order = order if len(order) >= size else rng.permutation(len(Y))",
            "    ROWS.append(torch.from_numpy(order[:size]))",
            "    order = order[size:]",
        ]
    return [
        "ROWS, order = [], []",
        "for step in range(STEPS):",
        f"    share = ({factor_of(batch, steps)})(step)",
        f"    size = min(max(int({noise.size} * share + 0.5), 1), len(Y))",
        *drawn,
    ]
