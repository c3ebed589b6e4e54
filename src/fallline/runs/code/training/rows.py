"""The rows of a training as source: loaded or drawn, and set apart, as the run does it."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

from fallline.engine.data.sets import SETS, planar
from fallline.engine.data.sets.line import COLUMNS, CONDITION
from fallline.engine.data.sets.text import GRAMMAR, LENGTH, LETTERS
from fallline.runs.code.layout import block, source
from fallline.runs.code.stages.encoding import encoder_of, encoding_lines
from fallline.runs.code.stages.imports import imports
from fallline.runs.code.stages.table import columns_of_schema, table_lines
from fallline.runs.code.training.facts import Facts
from fallline.runs.sources.load import load
from fallline.runs.sources.spec import Named
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


TEXT = """\
written = ""
while len(written) < {rows} * {length} + 1:
    written += sentence(rng) + ". "
codes = [LETTERS.index(letter) for letter in written[: {rows} * {length} + 1]]
codes = np.array(codes){noise}
x, y = codes[:-1].reshape({rows}, {length}), codes[1:].reshape({rows}, {length})
train, validation = np.split(np.arange({rows}), [round({rows} * (1 - 0.2))])"""

TEXT_NOISE = """
wrong = rng.random(len(codes)) < {noise!r}
codes = np.where(wrong, rng.integers(len(LETTERS), size=len(codes)), codes)"""

SENTENCE = '''\
def sentence(rng, symbol="sentence"):
    """Draws what stands for a symbol, each alternative as likely."""
    if symbol not in GRAMMAR:
        return symbol
    chosen = GRAMMAR[symbol][int(rng.integers(len(GRAMMAR[symbol])))]
    return " ".join(sentence(rng, word) for word in chosen.split())'''

HOLDOUT = """\
held = np.isin(np.arange(len(y)), rng.permutation(len(y))[: int(len(y) * 0.2 + 0.5)])
train, validation = np.flatnonzero(~held), np.flatnonzero(held)"""

WRONG = """\
labels, taught = stream("labels"), y[train]
wrong = labels.random(taught.shape) < {noise!r}
others = (taught + labels.integers(1, {kinds}, size=taught.shape)) % {kinds}
y[train] = np.where(wrong, others, taught)"""
"""Replaces a share of the labels that teach by another one."""

SHIFTED = """\
labels = stream("labels")
y[train] += ({noise!r} * labels.standard_normal(y[train].shape)).astype(y.dtype)"""
"""Adds noise to the numbers that teach."""


@dataclass(frozen=True)
class Rows:
    """The rows of a training as source.

    Attributes:
        imports: lines that import tools.
        functions: each as lines.
        lines: that give x, y, train and validation.
    """

    imports: list[str]
    functions: list[list[str]]
    lines: list[str]


def rows_of(spec: TrainSpec, facts: Facts) -> Rows:
    """Returns what is imported, the functions, and the lines that give x, y, train and validation."""
    found = _set(spec) if spec.data is None else _table(spec, facts)
    more = []
    if spec.label_noise:
        text = SHIFTED if facts.task == "regression" else WRONG
        more = text.format(noise=spec.label_noise, kinds=facts.kinds).splitlines()
    if spec.precision == "float64" and facts.task != "tokens":
        more += ["x, y = x.astype(float), y.astype(float)" if facts.task == "regression" else "x = x.astype(float)"]
    functions = [STREAM.format(seed=spec.seed).splitlines(), *found.functions]
    return Rows(found.imports, functions, ['rng = stream("data")', *found.lines, *more])


def _table(spec: TrainSpec, facts: Facts) -> Rows:
    """A table known by name, encoded as for a net."""
    assert isinstance(spec.data, Named)  # noqa: S101 - others are refused where the facts are found
    columns = columns_of_schema(load(spec.data).table.schema.to_dict())
    goal = f"table[{source(columns.target)}]"
    lines = table_lines(spec.data, columns)
    if facts.task != "binary":
        lines = [line for line in lines if not line.startswith("y = ")]
    if facts.task == "regression":
        lines += [f"y = {goal}.to_numpy(float)"]
    if facts.task == "classes":
        lines += [f"y = np.unique({goal}.astype(str), return_inverse=True)[1]"]
    lines += HOLDOUT.splitlines() if facts.task == "regression" else PLANAR.splitlines()[2:]
    lines = [line.replace("0.25", "0.2") for line in lines]
    encoder = encoder_of("linear", columns)
    lines += [f"encoding = {encoder}.fit(X.iloc[train])", 'x = encoding.transform(X).astype("float32")']
    if facts.task == "regression":
        lines += ["y = (y - y[train].mean()) / y[train].std()", 'y = y[:, None].astype("float32")']
    functions = [encoding_lines(columns, {"linear"})]
    functions += [] if facts.task == "regression" else [STRATIFIED.splitlines()]
    text = "\n".join([*lines, *functions[0]])
    return Rows([line for line in imports(spec.data, text) if line], functions, lines)


def _set(spec: TrainSpec) -> Rows:
    """Rows known by name."""
    known = SETS[spec.set.name]
    rows = known.rows if spec.set.rows is None else spec.set.rows
    noise = known.noise if spec.set.noise is None else spec.set.noise
    if known.name == "text":
        more = TEXT_NOISE.format(noise=noise) if noise else ""
        text = TEXT.format(rows=rows, length=LENGTH, noise=more)
        entries = [f"{source(symbol)}: {source(found)}" for symbol, found in GRAMMAR.items()]
        grammar = block("GRAMMAR = {", entries, "}", apart=True)
        return Rows([], [[*grammar, f"LETTERS = {source(LETTERS)}"], SENTENCE.splitlines()], text.splitlines())
    if known.name == "line":
        text = LINE.format(rows=rows, columns=COLUMNS, condition=CONDITION, noise=noise)
        return Rows([], [], text.splitlines())
    functions = [STRATIFIED.splitlines()]
    if known.name in {"digits", "mnist1d"}:
        loader = {"digits": "sklearn.datasets import load_digits"}
        loader["mnist1d"] = "mnist1d.data import get_dataset_args, make_dataset"
        more = NOISE.format(noise=noise) if noise else ""
        text = {"digits": DIGITS, "mnist1d": MNIST1D}[known.name].format(rows=rows, noise=more)
        return Rows([f"from {loader[known.name]}"], functions, text.splitlines())
    functions.append(_shape(known.name))
    return Rows([], functions, PLANAR.format(name=known.name, rows=rows, noise=noise).splitlines())


def _shape(name: str) -> list[str]:
    """The function that draws a shape, without its types."""
    lines = inspect.getsource(getattr(planar, name)).splitlines()
    lines[0] = f"def {name}(y, rng):"
    return lines
