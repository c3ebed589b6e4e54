"""A tiny net shown as code: the same points and first weights in PyTorch, its rows in an order of torch's own."""

from __future__ import annotations

import inspect
import re
from itertools import pairwise

from fallline.engine.data.plane import HEAPS, PLANES, RADIUS, SIDE
from fallline.engine.nets.initialisations import INITIALISERS
from fallline.engine.train.tiny.features import FEATURES
from fallline.peers.code_torch import optimizer
from fallline.peers.code_torch_classes import classes
from fallline.runs.bench.tiny_data import ROWS, ground_of
from fallline.runs.code.bench.draws import generator_lines
from fallline.runs.code.layout import block, call, comment, docstring, keywords, script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.tiny_net import TinyNetSpec

UNITS = {
    "tanh": "Tanh", "relu": "ReLU", "sigmoid": "Sigmoid", "gelu": "GELU", "elu": "ELU", "silu": "SiLU",
    "leaky-relu": "LeakyReLU", "identity": "Identity",
}  # fmt: skip
CRITERIA = {
    "cross_entropy": "CrossEntropyLoss",
    "log_loss": "BCEWithLogitsLoss",
    "squared": "MSELoss",
    "absolute": "L1Loss",
    "huber": "HuberLoss",
}
DEVIATIONS = {
    "zero": "0.0",
    "small-normal": "0.01",
    "large-normal": "1.0",
    "xavier": "(2 / (rows + columns)) ** 0.5",
    "he": "(2 / rows) ** 0.5",
    "lecun": "(1 / rows) ** 0.5",
    "torch": "(1 / (3 * rows)) ** 0.5",
}
"""Initialisation, without its law → standard deviation of its weights."""

TABLE = """\
table = np.loadtxt(StringIO(TABLE), delimiter="{mark}", dtype=str, skiprows={skip})
points = table[:, :2].astype(float)
low, high = points.min(axis=0), points.max(axis=0)
points = 5 * (2 * points - low - high) / (high - low)"""

TRAINING = """\
train, wanted = inputs[taught], targets[taught]
for _ in range(EPOCHS):
    for rows in torch.randperm(len(train)).split(BATCH):
        optimizer.zero_grad()
        loss = criterion(net(train[rows]), wanted[rows]){penalty}
        loss.backward()
        optimizer.step()

with torch.no_grad():
    said = net(inputs)[~taught]
    print("Test loss:", criterion(said, targets[~taught]).item())
    print("{name}:", {error})"""


def show_tiny_net(spec: Spec, record: Record | None) -> str:
    """Returns setting A as a script; a Record says nothing that the Spec does not."""
    del record
    assert isinstance(spec, TinyNetSpec)  # noqa: S101 - the registry goes by kind
    ground, entry = ground_of(spec), spec.a
    loss = ground.problem.loss(entry.loss)
    sizes = [len(spec.features.on), *entry.hidden, ground.problem.outputs(loss)]
    name, arguments = optimizer(entry.optimizer, entry.rate, {})
    batch = min(entry.batch, int(ground.problem.taught.sum()))
    where = "a table" if spec.data == "table" else f"points of {PLANES[spec.data].title!r}"
    return script(
        docstring(f"{spec.title or 'A tiny net'}: {'-'.join(map(str, sizes))} on {where}, in PyTorch."),
        [
            "import hashlib",
            *(["from io import StringIO"] if spec.data == "table" else []),
            "",
            "import numpy as np",
            "import torch",
            "from torch import nn",
            "",
            f"EPOCHS, BATCH = {spec.epochs}, {batch}",
            *_given(spec),
        ],
        *_drawing(spec),
        *classes(f"{name}("),
        [
            *generator_lines(spec.seed, "tiny-net", "points"),
            *_points(spec, len(ground.problem.points), int(ground.problem.taught.sum())),
            "x1, x2 = points.T",
            *_inputs(spec.features.on),
            *_targets(ground.problem.classes, loss),
            "",
            *_net(sizes, entry.activation),
            *_weights(spec.seed, entry.initialisation),
            "",
            f"criterion = nn.{CRITERIA[loss]}()",
            *call(name, ["net.parameters()", *keywords(arguments)], before="optimizer = "),
            f"torch.manual_seed({spec.seed})",
            *_training(spec, ground.problem.classes, loss),
        ],
    )


def _given(spec: TinyNetSpec) -> list[str]:
    """The pasted table, or the constants of what draws the points."""
    if spec.data == "table":
        return ["", 'TABLE = """\\', *spec.table.strip().replace("\\", "/").replace('"', "'").splitlines(), '"""']
    body = inspect.getsource(PLANES[spec.data].draw)
    heaps = ["HEAPS = [", *(f"    {heap!r}," for heap in HEAPS), "]"] if "HEAPS" in body else []
    known = {"RADIUS": RADIUS, "SIDE": SIDE}
    return [*(f"{name} = {value}" for name, value in known.items() if name in body), *heaps]


def _drawing(spec: TinyNetSpec) -> list[list[str]]:
    """The very function that draws the points, without its types."""
    if spec.data == "table":
        return []
    lines = inspect.getsource(PLANES[spec.data].draw).rstrip().splitlines()
    return [[re.sub(r"\(.*\) ->.*:$", "(rows, noise, classes, rng):", lines[0]), *lines[1:]]]


def _points(spec: TinyNetSpec, rows: int, taught: int) -> list[str]:
    marks = [f"taught = np.zeros({rows}, dtype=bool)", f"taught[rng.permutation({rows})[:{taught}]] = True"]
    if spec.data != "table":
        return [f"points, labels = {spec.data}({ROWS}, {spec.noise!r}, {spec.classes}, rng)", *marks]
    first = next(line for line in spec.table.splitlines() if line.strip())
    mark = next((each for each in ("\t", ";") if each in first), ",")
    named = not re.match(r"\s*[-+.\d]", first)
    labels = (
        "_, labels = np.unique(table[:, 2], return_inverse=True)"
        if ground_of(spec).classes
        else "labels = table[:, 2].astype(float)"
    )
    scale = [] if ground_of(spec).classes else ["labels = 2 * (labels - labels.min()) / np.ptp(labels) - 1"]
    read = TABLE.format(mark="\\t" if mark == "\t" else mark, skip=int(named)).splitlines()
    return [*read, labels, *scale, *marks]


def _inputs(features: tuple[str, ...]) -> list[str]:
    columns = [FEATURES[name].source for name in features]
    made = block("inputs = np.column_stack([", columns, "]).astype(np.float32)")
    return [*made, "inputs = torch.from_numpy(inputs)"]


def _targets(count: int, loss: str) -> list[str]:
    if count == 0:
        return ["targets = torch.tensor(labels, dtype=torch.float32)[:, None]"]
    if loss == "cross_entropy":
        return ["targets = torch.tensor(labels)"]
    columns = "labels[:, None] == 1" if count == 2 else f"labels[:, None] == np.arange({count})"
    made = [f"targets = torch.tensor({columns}).float()"]
    return made if loss == "log_loss" else [*made, "targets = 2 * targets - 1"]


def _net(sizes: list[int], activation: str) -> list[str]:
    layers: list[str] = []
    for place, (before, after) in enumerate(pairwise(sizes)):
        layers += [f"nn.{UNITS[activation]}()"] if place else []
        layers.append(f"nn.Linear({before}, {after})")
    return block("net = nn.Sequential(", layers, ")")


def _weights(seed: int, initialisation: str) -> list[str]:
    law = INITIALISERS[initialisation].law
    head = ["for layer in net[::2]:", "    nn.init.zeros_(layer.bias)"]
    if law == "orthogonal":
        return [*head, "    nn.init.orthogonal_(layer.weight)"]
    size = DEVIATIONS[initialisation.removesuffix("-uniform")]
    if law == "zero":
        return [*head, "    nn.init.zeros_(layer.weight)"]
    draw = "rng.standard_normal((rows, columns))"
    if law == "uniform":
        draw = "3**0.5 * rng.uniform(-1.0, 1.0, (rows, columns))"
    return [
        *generator_lines(seed, "tiny", "weights"),
        *head,
        "    rows, columns = layer.in_features, layer.out_features",
        f"    drawn = {draw}",
        f"    drawn *= {size}",
        "    layer.weight.data = torch.tensor(drawn.T, dtype=torch.float32)",
    ]


def _training(spec: TinyNetSpec, count: int, loss: str) -> list[str]:
    entry = spec.a
    rule = {"l1": "weight.abs().sum()", "l2": "weight.square().sum() / 2"}.get(entry.penalty)
    penalty = f" + {entry.strength!r} * penalty()" if rule else ""
    if count == 0:
        name, error = "Test error", "(said - targets[~taught]).square().mean().sqrt().item()"
    else:
        told = "(said[:, 0] > 0)" if count == 2 and loss != "cross_entropy" else "said.argmax(dim=1)"
        name, error = "Test points wrong", "wrong.float().mean().item()"
        extra = [f"    wrong = {told} != torch.tensor(labels)[~taught]"]
    lines = TRAINING.format(penalty=penalty, name=name, error=error).splitlines()
    if count:
        lines[-1:-1] = extra
    if rule is None:
        return lines
    return [
        "",
        "",
        "def penalty():",
        "    matrices = [layer.weight for layer in net[::2]]",
        f"    return sum({rule} for weight in matrices)",
        "",
        "",
        *comment("The penalty spares the biases."),
        *lines,
    ]
