"""A training as a script in Keras on TensorFlow."""

from __future__ import annotations

import re

from fallline.core.errors import DataError
from fallline.core.rng import generator
from fallline.engine.nets.layer import Conv, Embedding
from fallline.engine.schedules import FeedbackSchedule, Plan, ReduceOnPlateau, Schedule
from fallline.peers import keras_names
from fallline.peers.code_keras_net import keras_net
from fallline.peers.code_keras_schedules import FACTORS, OWN, PLATEAU, in_double, plateau, schedule
from fallline.peers.code_schedules import named_factor
from fallline.peers.expression import Call, Expression
from fallline.runs.code.layout import call, keywords
from fallline.runs.code.training.facts import Facts
from fallline.runs.spec.train import TrainSpec

LOSSES = {
    "cross_entropy": "SparseCategoricalCrossentropy(from_logits=True)",
    "log_loss": "BinaryCrossentropy(from_logits=True)",
    "squared": "MeanSquaredError()",
    "absolute": "MeanAbsoluteError()",
    "huber": "Huber()",
}
OWN_STEP = '''\
@tf.function(reduce_retracing=True)
def train_on(x, y):
    """Takes a step; returns its loss."""
    with tf.GradientTape() as tape:
        loss = criterion(y, net(x, training=True))
    slopes = tape.gradient(loss, net.trainable_variables)
    # An embedding has a slope for each time that a row was read: they are added up.
    slopes = [tf.convert_to_tensor(slope) for slope in slopes]
    optimizer.apply(slopes, net.trainable_variables)
    return loss'''
"""The step of a net with an embedding, whose slopes Keras would square one by one."""

STEP = """\
loss = net.train_on_batch(x[rows], y[rows])
net.reset_metrics()"""
HELD = "held = net.evaluate(x[validation], y[validation], batch_size=4096, verbose=0)"
SAID = 'print(f"last loss {float(loss)!r}, lowest validation loss {best!r} in epoch '


def keras_script(spec: TrainSpec, facts: Facts) -> tuple[list[list[str]], list[str]]:
    """Returns the functions and classes of a training in Keras, and its lines after the rows.

    Raises:
        DataError: something that Keras does not drive.
    """
    others = [name for name in facts.drives if name in {"momentum", "decay"}]
    if others:
        raise DataError(
            f"Keras builds the {' and the '.join(others)} into the step that it compiles: a training whose plan drives "
            "it is shown in PyTorch alone."
        )
    if spec.noise:
        raise DataError("A training with noise in its gradient is shown in PyTorch alone.")
    assert facts.plan is not None  # noqa: S101 - nets of one's own are torch's
    seed = int(generator(spec.seed, "train", "dropout").integers(2**31))
    carried, net = keras_net(facts.plan, seed)
    scheduled, feedback = _scheduled(facts, double=spec.precision == "float64")
    rate = Expression("rate") if scheduled else facts.rate
    name, arguments = keras_names.optimizer(spec.optimizer.name, rate, dict(spec.optimizer.params))
    turned = any(isinstance(layer, Conv) for _, layer in facts.plan.layers)
    lines = ["x = np.moveaxis(x, 1, -1)"] if turned else []
    lines += ["y = y[:, None]"] if facts.loss == "log_loss" else []
    lines += [*net, *scheduled, *call(name, keywords(arguments), before="optimizer = ")]
    if _own_step(facts):
        lines.append(f"criterion = keras.losses.{LOSSES[facts.loss]}")
        carried += [OWN_STEP.splitlines()]
    else:
        lines.append(f"net.compile(optimizer, keras.losses.{LOSSES[facts.loss]})")
    lines += _plateau_lines(feedback)
    if isinstance(facts.schedule, Plan) and "batch" in facts.drives:
        lines += named_factor("batch", facts.schedule.batch, facts.total)
    lines += _loop(spec, facts, looks=feedback is not None)
    text = "\n".join(lines)
    carried += [FACTORS.splitlines()] if "Factors(" in text else []
    carried += [PLATEAU.splitlines()] if "Plateau(" in text.replace("ReduceLROnPlateau(", "") else []
    return carried, lines


def _scheduled(facts: Facts, *, double: bool) -> tuple[list[str], Call | None]:
    """The lines that make ``rate``, empty under a constant one; and what lowers it after a look."""
    made = facts.schedule.rate if isinstance(facts.schedule, Plan) else facts.schedule
    if isinstance(made, FeedbackSchedule):
        assert isinstance(made, ReduceOnPlateau)  # noqa: S101 - there is one
        return [], plateau(made, facts.rate)
    assert isinstance(made, Schedule)  # noqa: S101 - no other is left
    return rate_lines(made, facts.rate, facts.total, double=double), None


def rate_lines(made: Schedule, rate: float, steps: int, *, double: bool) -> list[str]:
    """Returns the lines that make ``rate`` a schedule of Keras; none under a constant rate."""
    found = schedule(made, rate, steps)
    if found is None:
        return []
    found = in_double(found) if double else found
    if found[0] != "Factors":
        return call(found[0], keywords(found[1]), before="rate = ")
    return [*named_factor("factor", made, steps), f"rate = Factors({rate!r}, factor, steps={steps})"]


def _plateau_lines(feedback: Call | None) -> list[str]:
    if feedback is None:
        return []
    name, given = feedback
    if name == "Plateau":
        return call(name, ["optimizer", *keywords(given)], before="plateau = ")
    return [*call(name, keywords(given), before="plateau = "), "plateau.set_model(net)", "plateau.on_train_begin()"]


def _own_step(facts: Facts) -> bool:
    return facts.plan is not None and any(isinstance(layer, Embedding) for _, layer in facts.plan.layers)


def _loop(spec: TrainSpec, facts: Facts, *, looks: bool) -> list[str]:
    """By epochs where it can be, by steps where a plan or a look wants it."""
    lower = ['plateau.on_epoch_end(0, {"val_loss": held})'] if looks else []
    step, held, indent = STEP.splitlines(), HELD, "    "
    if _own_step(facts):
        step = ["loss = train_on(x[rows], y[rows])"]
        held = "held = float(criterion(y[validation], net(x[validation], training=False)))"
    if facts.by_epoch:
        head = [
            'order, best, kept = stream("order"), np.inf, 0',
            f"for epoch in range(1, {facts.total // facts.per_epoch} + 1):",
            "    shuffled = order.permutation(len(train))",
            f"    for start in range(0, len(train), {facts.batch}):",
            f"        rows = train[shuffled[start : start + {facts.batch}]]",
            *(indent * 2 + line for line in step),
        ]
        look = [held, *lower, "if held < best:", "    best, kept = held, epoch"]
        look += [f"elif epoch - kept >= {spec.patience}:", "    break"] if spec.patience else []
        return [*head, *(indent + line for line in look), f'{SAID}{{kept}}")']
    size = f"max(int({facts.batch} * batch(step) + 0.5), 1)" if "batch" in facts.drives else str(facts.batch)
    look = [held, *lower, *(["waited += 1"] if spec.patience else []), "if held < best:"]
    look.append(f"    best, kept{', waited' if spec.patience else ''} = held, step + 1{', 0' if spec.patience else ''}")
    look += [f"elif waited >= {spec.patience}:", "    break"] if spec.patience else []
    return [
        'order, best, kept = stream("order"), np.inf, 0',
        "place, waited = len(train), 0" if spec.patience else "place = len(train)",
        f"for step in range({facts.total}):",
        "    if place >= len(train):",
        "        shuffled, place = order.permutation(len(train)), 0",
        f"    rows = train[shuffled[place : place + {size}]]",
        "    place += len(rows)",
        *(indent + line for line in step),
        f"    if (step + 1) % {facts.look} == 0 or step + 1 == {facts.total}:",
        *(indent * 2 + line for line in look),
        f'{SAID}{{kept / {facts.per_epoch}}}")',
    ]


def keras_imports(text: str) -> list[str]:
    """Returns the import lines of Keras that a script needs."""
    used = [name for name in OWN if re.search(rf"(?<![.\w]){name}\b", text)]
    tensorflow = ["import tensorflow as tf"] if "tf." in text else []
    return [
        "import keras",
        *tensorflow,
        *([f"from keras.optimizers.schedules import {', '.join(used)}"] if used else []),
    ]
