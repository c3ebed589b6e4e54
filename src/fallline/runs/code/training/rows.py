"""The rows of a training as source: loaded or drawn, and set apart, as the run does it."""

from __future__ import annotations

import inspect

from fallline.core.errors import DataError
from fallline.engine.data.sets import SETS, planar
from fallline.engine.data.sets.line import COLUMNS, CONDITION
from fallline.runs.spec.train import TrainSpec

STREAM = '''\
def stream(name):
    """Returns the draws of the run for one purpose: PCG64, seeded by SHA-256."""
    digest = hashlib.sha256(f"{seed}\\x1fstr:train\\x1fstr:{{name}}".encode()).digest()
    seeds = np.random.SeedSequence(np.frombuffer(digest, "<u4").tolist())
    return np.random.Generator(np.random.PCG64(seeds))'''

STRATIFIED = '''\
def stratified(y, share, rng):
    """Draws a share of each class; True for the rows that were drawn."""
    count, sizes = int(len(y) * share + 0.5), np.bincount(y)
    exact = sizes * (count / len(y))
    quota = np.floor(exact).astype(int)
    quota[np.argsort(-(exact - quota), kind="stable")[: count - quota.sum()]] += 1
    drawn = [rng.permutation(np.flatnonzero(y == c))[:q] for c, q in enumerate(quota)]
    return np.isin(np.arange(len(y)), np.concatenate(drawn))'''

DIGITS = """\
bunch = load_digits()
images = (bunch.images[:, None] / 16).astype(np.float32)
chosen = np.sort(rng.permutation(len(images))[:{rows}])
x, y = images[chosen], bunch.target[chosen]{noise}
rest = np.flatnonzero(~stratified(y, 0.2, rng))
held = stratified(y[rest], 0.2 / (1 - 0.2), rng)
train, validation = rest[~held], rest[held]"""

MNIST1D = """\
made = make_dataset(get_dataset_args())
seen = np.sort(rng.permutation(4000)[:{rows}])
x, y = made["x"][seen, None].astype(np.float32), made["y"][seen]{noise}
held = stratified(y, 0.2, rng)
train, validation = np.flatnonzero(~held), np.flatnonzero(held)"""

PLANAR = """\
y = np.arange({rows}) % 2
x = ({name}(y, rng) + {noise!r} * rng.standard_normal(({rows}, 2))).astype(np.float32)
held = stratified(y, 0.25, rng)
train, validation = np.flatnonzero(~held), np.flatnonzero(held)"""

LINE = """\
x = rng.standard_normal(({rows}, {columns})) * np.geomspace(1, {condition!r}**-0.5, {columns})
y = x @ rng.standard_normal({columns}) + {noise!r} * rng.standard_normal({rows})
x, y = x.astype(np.float32), y[:, None].astype(np.float32)
held = np.isin(np.arange({rows}), rng.permutation({rows})[: int({rows} * 0.2 + 0.5)])
train, validation = np.flatnonzero(~held), np.flatnonzero(held)"""

NOISE = "\nx += rng.normal(0, {noise!r}, x.shape).astype(np.float32)"


def row_lines(spec: TrainSpec) -> tuple[list[str], list[list[str]], list[str]]:
    """Returns what is imported, the functions, and the lines that give x, y, train and validation.

    Raises:
        DataError: rows that no short script gives.
    """
    if spec.data is not None or spec.set.name == "text":
        raise DataError("Only trainings on the named sets of numbers are shown as code: not on text, not on a table.")
    known = SETS[spec.set.name]
    rows = known.rows if spec.set.rows is None else spec.set.rows
    noise = known.noise if spec.set.noise is None else spec.set.noise
    functions, imports = [STREAM.format(seed=spec.seed).splitlines()], []
    if known.name != "line":
        functions.append(STRATIFIED.splitlines())
    if known.name in {"digits", "mnist1d"}:
        loader = {"digits": "sklearn.datasets import load_digits"}
        loader["mnist1d"] = "mnist1d.data import get_dataset_args, make_dataset"
        imports.append(f"from {loader[known.name]}")
        more = NOISE.format(noise=noise) if noise else ""
        text = {"digits": DIGITS, "mnist1d": MNIST1D}[known.name].format(rows=rows, noise=more)
    elif known.name == "line":
        text = LINE.format(rows=rows, columns=COLUMNS, condition=CONDITION, noise=noise)
    else:
        functions.append(_shape(known.name))
        text = PLANAR.format(name=known.name, rows=rows, noise=noise)
    return imports, functions, ['rng = stream("data")', *text.splitlines()]


def _shape(name: str) -> list[str]:
    """The function that draws a shape, without its types."""
    lines = inspect.getsource(getattr(planar, name)).splitlines()
    lines[0] = f"def {name}(y, rng):"
    return lines
