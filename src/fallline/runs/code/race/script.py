"""The winner of a workload as a script: net, optimizer at its rate, and a plain loop, in PyTorch or in Keras."""

from __future__ import annotations

from typing import Any, Literal

from fallline.core.rng import generator
from fallline.engine.nets import Inputs, Net, Outputs
from fallline.engine.optim import optimizers_of
from fallline.peers.code_torch import optimizer as torch_call
from fallline.peers.keras_optimizers import keras_call
from fallline.peers.lanes import LANES
from fallline.runs.code.layout import call, docstring, keywords, source
from fallline.runs.code.race.nets import can_be_written, keras_lines, torch_lines
from fallline.runs.race.rates import grid
from fallline.runs.race.titles import title_of
from fallline.runs.record import Record
from fallline.runs.sources.rows import ROWS
from fallline.runs.spec.base import Spec
from fallline.runs.spec.race import RaceSpec
from fallline.runs.spec.workloads import Workload, workload_of

Tool = Literal["torch", "keras"]
TITLES = {"torch": "PyTorch", "keras": "Keras"}
TORCH_LOSSES = {
    "cross_entropy": "nn.functional.cross_entropy(net(x).flatten(0, -2), y.flatten())",
    "log_loss": "nn.functional.binary_cross_entropy_with_logits(net(x)[:, 0], y.double())",
    "squared": "nn.functional.mse_loss(net(x), y)",
}
KERAS_LOSSES = {
    "cross_entropy": ("SparseCategoricalCrossentropy(from_logits=True)", "y"),
    "log_loss": ("BinaryCrossentropy(from_logits=True)", "y[:, None]"),
    "squared": ("MeanSquaredError()", "y"),
}
TASKS = {"regression": "squared", "binary": "log_loss"}
PLAIN = """\
import time

from fallline.runs.execute import Surroundings, execute
from fallline.runs.race.code import read_code
from fallline.runs.spec import load_spec

# A net or a table of one's own is raced by the same call as the command line makes.
spec = load_spec({tree})
record = execute(spec, Surroundings(clock=time.time, read_code=read_code))
print(record.part("race")["sentence"])
"""


def show_race(spec: Spec, record: Record | None) -> str:
    """Returns the winner of the first workload in PyTorch, or without a Record the first optimizer at a usual rate."""
    assert isinstance(spec, RaceSpec)  # noqa: S101 - the registry goes by kind
    part = None if record is None else record.part("race")
    return race_script(spec, part, next(iter(spec.workloads)), "torch")


def race_script(spec: RaceSpec, part: dict[str, Any] | None, key: str, tool: Tool) -> str:
    """Returns the run of the first judging seed of a workload's winner as a script.

    Args:
        spec: the race.
        part: what it found; None takes the first optimizer at a usual rate.
        key: the workload.
        tool: in whose words, and in whose lane the winner is sought.
    """
    workload = workload_of(spec, key)
    if not workload.net or workload.data == "table" or (workload.loss or "squared") not in TORCH_LOSSES:
        return PLAIN.format(tree=source(spec.to_tree()))
    data = ROWS[workload.data](generator(spec.seed, "race", "rows", workload.data))
    inputs, outputs = Inputs(data.shape, data.vocabulary), Outputs(data.outputs, each=data.task == "tokens")
    architecture = Net(workload.net, dict(workload.options)).architecture(inputs, outputs)
    if not can_be_written(architecture):
        return PLAIN.format(tree=source(spec.to_tree()))
    name, rate = _winner(spec, part, key, tool)
    loss = workload.loss or TASKS.get(data.task, "cross_entropy")
    first = f"{workload.title}: {title_of(name)} at rate {rate:g} in {TITLES[tool]}."
    said = docstring(first, ["The run of the race's first seed, in the tool's own words."])
    opening = [*said, "", *_imports(tool), "", *_start(spec, workload, key, tool)]
    if tool == "torch":
        body = [*torch_lines(architecture), *_torch(name, rate, loss, noisy=workload.noise > 0)]
    else:
        body = [*keras_lines(architecture), *_keras(name, rate, loss, noisy=workload.noise > 0)]
    return "\n".join([*opening, "", *body, ""])


def _winner(spec: RaceSpec, part: dict[str, Any] | None, key: str, tool: Tool) -> tuple[str, float]:
    entries = part["workloads"][key]["entries"].get(tool) if part is not None and key in part["workloads"] else None
    if part is not None and entries:
        name = part["workloads"][key]["winners"][tool]["lowest"] or next(iter(entries))
        return name, float(entries[name]["rate"])
    known = LANES[tool]().optimizers()
    name = next((each for each in spec.optimizers if each in known), "gd")
    rates = grid(name, spec.rates, spec.per_decade)
    return name, rates[(len(rates) - 1) // 2]


def _imports(tool: Tool) -> list[str]:
    tools = {
        "torch": ["import torch", "from torch import nn"],
        "keras": ["import keras", "import tensorflow as tf", "from keras import layers"],
    }
    return [
        *tools[tool],
        "",
        "# The rows, first weights and order of the race, so that the numbers are its; put your own in their place.",
        "from fallline.runs.race.start import start",
        "",
        "torch.set_default_dtype(torch.float64)" if tool == "torch" else 'keras.config.set_floatx("float64")',
    ]


def _start(spec: RaceSpec, workload: Workload, key: str, tool: Tool) -> list[str]:
    seed = int(generator(spec.seed, "race", key, "judge", 0).integers(2**53))
    net = source((workload.net, dict(workload.options)))
    given = {"batch": workload.batch, "steps": workload.steps, "noise": workload.noise, "tool": tool}
    arguments = [source(workload.data), str(spec.seed), net, str(seed), *keywords(given)]
    wrap = "torch.from_numpy" if tool == "torch" else "tf.constant"
    return [
        *call("start", arguments, before="race = "),
        f"x_train, y_train, x_held, y_held = ({wrap}(each) for each in race.rows)",
    ]


def _torch(name: str, rate: float, loss: str, *, noisy: bool) -> list[str]:
    kind, arguments = torch_call(name, rate, {})
    noise = [
        "    for weight, noise in zip(net.parameters(), race.noise[step]):",
        "        weight.grad += torch.from_numpy(noise)",
    ]
    return [
        "with torch.no_grad():",
        "    for weight, first in zip(net.parameters(), race.weights):",
        "        weight.copy_(torch.from_numpy(first))",
        *call(kind, ["net.parameters()", *keywords(arguments)], before="optimizer = "),
        "",
        "",
        "def loss_of(x, y):",
        f"    return {TORCH_LOSSES[loss]}",
        "",
        "",
        "for step, rows in enumerate(race.order):",
        "    optimizer.zero_grad()",
        "    loss_of(x_train[rows], y_train[rows]).backward()",
        *(noise if noisy else []),
        "    optimizer.step()",
        "",
        'print(f"held-out loss {loss_of(x_held, y_held).item()!r}")',
    ]


def _keras(name: str, rate: float, loss: str, *, noisy: bool) -> list[str]:
    kind, arguments = keras_call(optimizers_of("keras")[name](), rate)
    criterion, labels = KERAS_LOSSES[loss]
    noise = ["    gradients = [g + noise for g, noise in zip(gradients, race.noise[step])]"]
    return [
        "net.set_weights(race.weights)",
        *call(kind, keywords(arguments), before="optimizer = "),
        f"criterion = keras.losses.{criterion}",
        "",
        "",
        "def loss_of(x, y):",
        f"    return criterion({labels}, net(x))",
        "",
        "",
        "@tf.function(reduce_retracing=True)",
        "def gradients_of(x, y):",
        "    with tf.GradientTape() as tape:",
        "        loss = loss_of(x, y)",
        "    return [tf.convert_to_tensor(each) for each in tape.gradient(loss, net.trainable_variables)]",
        "",
        "",
        "for step, rows in enumerate(race.order):",
        "    gradients = gradients_of(tf.gather(x_train, rows), tf.gather(y_train, rows))",
        *(noise if noisy else []),
        "    optimizer.apply(gradients, net.trainable_variables)",
        "",
        'print(f"held-out loss {float(loss_of(x_held, y_held))!r}")',
    ]
