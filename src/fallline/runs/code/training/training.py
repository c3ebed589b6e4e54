"""A training shown as code: the loop in PyTorch or in Keras, over the same rows from the same start."""

from __future__ import annotations

from typing import Any

from fallline.core.errors import DataError
from fallline.core.rng import generator
from fallline.engine.nets import NETS, Architecture, Inputs, Net, Outputs
from fallline.engine.train.loop.losses import default_loss
from fallline.peers import code_torch, keras_names
from fallline.peers.code_schedules import factor_of, functions, imported
from fallline.peers.code_torch_schedules import scheduler
from fallline.runs.code.layout import call, docstring, keywords, script
from fallline.runs.code.training.net import keras_net, torch_net
from fallline.runs.code.training.rows import row_lines
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.schedules import build_schedule
from fallline.runs.spec.train import TrainSpec, built_optimizer

TORCH_LOSSES = {
    "cross_entropy": "CrossEntropyLoss", "log_loss": "BCEWithLogitsLoss", "squared": "MSELoss", "absolute": "L1Loss",
    "huber": "HuberLoss",
}  # fmt: skip
KERAS_LOSSES = {
    "cross_entropy": "SparseCategoricalCrossentropy(from_logits=True)",
    "log_loss": "BinaryCrossentropy(from_logits=True)",
    "squared": "MeanSquaredError()",
    "absolute": "MeanAbsoluteError()",
    "huber": "Huber()",
}

TORCH_LOOP = """\
order, best, kept = stream("order"), np.inf, 0
for epoch in range(1, {epochs} + 1):
    net.train()
    for rows in torch.from_numpy(order.permutation(len(train))).split({batch}):
        optimizer.zero_grad()
        loss = criterion(net(x[train][rows]), y[train][rows])
        loss.backward()
        optimizer.step(){stepped}
    net.eval()
    with torch.no_grad():
        held = criterion(net(x[validation]), y[validation]).item()
    if held < best:
        best, kept = held, epoch{patience}
print(f"last loss {{loss.item()!r}}, lowest validation loss {{best!r}} in epoch {{kept}}")"""

KERAS_LOOP = """\
order, best, kept = stream("order"), np.inf, 0
for epoch in range(1, {epochs} + 1):
    shuffled = order.permutation(len(train))
    for start in range(0, len(train), {batch}):
        rows = train[shuffled[start : start + {batch}]]{rate}
        loss = net.train_on_batch(x[rows], y[rows])
        net.reset_metrics()
    held = net.evaluate(x[validation], y[validation], batch_size=4096, verbose=0)
    if held < best:
        best, kept = held, epoch{patience}
print(f"last loss {{float(loss)!r}}, lowest validation loss {{best!r}} in epoch {{kept}}")"""

PATIENCE = """
    elif epoch - kept >= {patience}:
        break"""


def show_train(spec: Spec, record: Record | None) -> str:
    """Returns the training as a script in the tool of its backend.

    Raises:
        DataError: something that no short script says.
    """
    del record
    assert isinstance(spec, TrainSpec)  # noqa: S101 - the registry goes by kind
    odd = [name for name in ("code", "plan", "steps", "look", "noise", "label_noise") if getattr(spec, name)]
    if odd or spec.precision != "float32":
        raise DataError(f"Trainings with {', '.join(odd) or 'float64'} are not shown as code.")
    imports, shared, rows = row_lines(spec)
    task, shape, count, taught = _about(spec)
    plan = Net(spec.net.name, spec.net.options).architecture(Inputs(shape), Outputs(count))
    loss = spec.loss or default_loss(task)
    batch = taught if spec.batch == "full" else min(spec.batch, taught)
    steps = spec.epochs * -(-taught // batch)
    build = _torch if spec.backend == "torch" else _keras
    head, lines = build(spec, plan, loss, steps)
    told = PATIENCE.format(patience=spec.patience) if spec.patience else ""
    loop = lines.pop().format(epochs=spec.epochs, batch=batch, patience=told)
    return script(
        docstring(f"{spec.title or NETS[spec.net.name].title + ' on ' + spec.set.name}: trained in {head[0]}."),
        ["import hashlib", *head[1], "", *sorted(["import numpy as np", *head[2], *imports], key=_module)],
        *shared,
        *head[3],
        [*rows, *lines, *loop.splitlines()],
    )


def _about(spec: TrainSpec) -> tuple[Any, tuple[int, ...], int, int]:
    """Task, shape of a sample, outputs, and how many rows teach."""
    from fallline.engine.data.sets import load_set  # digits bring scikit-learn, a second

    data = load_set(spec.set.name, generator(spec.seed, "train", "data"), spec.set.rows, spec.set.noise)
    return data.task, data.shape, data.outputs, len(data.train)


Head = tuple[str, list[str], list[str], list[list[str]]]
"""Name of the tool, imports of the standard library, other imports, functions."""


def _torch(spec: TrainSpec, plan: Architecture, loss: str, steps: int) -> tuple[Head, list[str]]:
    rate = _rate(spec)
    name, arguments = code_torch.optimizer(spec.optimizer.name, rate, dict(spec.optimizer.params))
    if not name.startswith("torch.optim."):
        raise DataError(f"{spec.optimizer.name} is not in torch.optim; Keras may have it.")
    made = scheduler(build_schedule(spec.schedule), rate, steps)
    lines = [
        "x, y = torch.from_numpy(x), torch.from_numpy(y)" + (".float()[:, None]" if loss == "log_loss" else ""),
        *torch_net(plan),
        *call(name, ["net.parameters()", *keywords(arguments)], before="optimizer = "),
    ]
    head: Head = ("PyTorch", [], ["import torch"], [])
    if made is not None:
        source = repr(made)
        standard = [f"from {module} import {', '.join(names)}" for module, names in imported(source).items()]
        head = (
            "PyTorch",
            standard,
            ["import torch", f"from torch.optim.lr_scheduler import {made[0]}"],
            functions(source),
        )
        lines += call(made[0], ["optimizer", *keywords(made[1])], before="scheduler = ")
    seed = int(generator(spec.seed, "train", "dropout").integers(2**63))
    lines += [f"torch.manual_seed({seed})  # of dropout"] if spec.net.dropout else []
    lines.append(f"criterion = torch.nn.{TORCH_LOSSES[loss]}()")
    stepped = "\n        scheduler.step()" if made else ""
    return head, [*lines, TORCH_LOOP.replace("{stepped}", stepped)]


def _keras(spec: TrainSpec, plan: Architecture, loss: str, steps: int) -> tuple[Head, list[str]]:
    if spec.net.dropout:
        raise DataError("Dropout in Keras draws masks of its own; a training with it is shown in PyTorch alone.")
    rate = _rate(spec)
    name, arguments = keras_names.optimizer(spec.optimizer.name, rate, dict(spec.optimizer.params))
    built = build_schedule(spec.schedule)
    source = "" if built.name == "constant" else factor_of(built, steps)
    turned = any(layer.startswith("conv") for layer, _ in plan.layers)
    lines = ["x = np.moveaxis(x, 1, -1)"] if turned else []
    lines += ["y = y[:, None]"] if loss == "log_loss" else []
    lines += [*keras_net(plan), *call(name, keywords(arguments), before="optimizer = ")]
    lines.append(f"net.compile(optimizer, keras.losses.{KERAS_LOSSES[loss]})")
    lines += [f"factor = {source}"] if source else []
    now = f"\n        net.optimizer.learning_rate = {rate!r} * factor(int(net.optimizer.iterations))" if source else ""
    standard = [f"from {module} import {', '.join(names)}" for module, names in imported(source).items()]
    return ("Keras", standard, ["import keras"], functions(source)), [*lines, KERAS_LOOP.replace("{rate}", now)]


def _rate(spec: TrainSpec) -> float:
    own: float = type(built_optimizer(spec)).rate
    return own if spec.optimizer.rate is None else spec.optimizer.rate


def _module(line: str) -> tuple[bool, str]:
    """Whole modules first, then what is taken from them."""
    return line.startswith("from"), line.split()[1]
