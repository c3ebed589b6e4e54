"""Keras as source: a learning-rate schedule of ``keras.optimizers.schedules``, by Keras' own names.

Where Keras has a schedule with our definition, it is that one; every other is `FACTORS`, a schedule that looks the
factor of each step up in a table.
"""

from __future__ import annotations

from typing import Any

from fallline.engine.schedules import Composite, ReduceOnPlateau, Schedule
from fallline.peers.code_schedules import factor_of, settings_of
from fallline.peers.expression import Call, Expression

OWN = (
    "CosineDecay", "CosineDecayRestarts", "ExponentialDecay", "InverseTimeDecay", "PiecewiseConstantDecay",
    "PolynomialDecay",
)  # fmt: skip
"""What ``keras.optimizers.schedules`` has."""

FACTORS = '''\
class Factors(keras.optimizers.schedules.LearningRateSchedule):
    """The rate times a factor for every step, looked up in a table."""

    def __init__(self, rate, factor, steps):
        rates = [rate * factor(t) for t in range(steps)]
        self.rates = keras.ops.convert_to_tensor(np.array(rates))

    def __call__(self, step):
        return keras.ops.take(self.rates, keras.ops.cast(step, "int32"))'''
"""What `schedule` refers to where it says ``Factors``."""


def schedule(made: Schedule, rate: float, steps: int) -> Call | None:
    """Returns a schedule of Keras and its arguments; None for a constant rate.

    Args:
        made: any schedule, those made of others included.
        rate: the base rate.
        steps: how many steps it is stretched over, ≥ 1.

    >>> from fallline.engine.schedules import Cosine
    >>> schedule(Cosine(floor=0.1), 0.3, 150)
    ('CosineDecay', {'initial_learning_rate': 0.3, 'decay_steps': 150, 'alpha': 0.1})
    """
    if made.name == "constant":
        return None
    own = None if isinstance(made, Composite) else _own(made.name, settings_of(made), rate, steps)
    if own is None:
        return "Factors", {"rate": rate, "factor": Expression(factor_of(made, steps)), "steps": steps}
    name, arguments = own
    first = {} if name == "PiecewiseConstantDecay" else {"initial_learning_rate": rate}
    return name, {**first, **arguments}


def in_double(made: Call) -> Call:
    """Returns a schedule whose numbers TensorFlow takes in double precision; of a plain number it takes single.

    >>> in_double(("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 9}))
    ('CosineDecay', {'initial_learning_rate': np.float64(0.1), 'decay_steps': 9})
    """
    name, given = made
    changed = {"initial_learning_rate": "np.float64({!r})", "values": "np.array({!r})"}
    return name, {key: Expression(changed[key].format(each)) if key in changed else each for key, each in given.items()}


PLATEAU = '''\
class Plateau:
    """Lowers the rate once the loss has stopped falling by a share of the lowest.

    keras.callbacks.ReduceLROnPlateau goes by a difference, and not by a share.
    """

    def __init__(self, optimizer, factor, patience, threshold, cooldown, lowest, sign):
        self.optimizer, self.factor, self.lowest = optimizer, factor, lowest
        self.patience, self.cooldown, self.sign = patience, cooldown, sign
        self.threshold, self.best, self.bad, self.wait = threshold, None, 0, 0

    def on_epoch_end(self, epoch, logs):
        loss, self.bad = self.sign * logs["val_loss"], self.bad + 1
        if self.best is None or loss > self.best + self.threshold * abs(self.best):
            self.best, self.bad = loss, 0
        if self.wait > 0:
            self.wait, self.bad = self.wait - 1, 0
        if self.bad > self.patience:
            rate = float(self.optimizer.learning_rate) * self.factor
            self.optimizer.learning_rate = max(rate, self.lowest)
            self.wait, self.bad = self.cooldown, 0'''
"""What `plateau` refers to where it says ``Plateau``."""


def plateau(made: ReduceOnPlateau, rate: float) -> Call:
    """Returns Keras' ReduceLROnPlateau and its arguments, or those of `PLATEAU` where the threshold is a share.

    Keras counts a look more before a drop, and a look less after one.

    Args:
        made: the settings.
        rate: the base rate.

    >>> from fallline.engine.schedules import ReduceOnPlateau
    >>> plateau(ReduceOnPlateau(patience=2, threshold=0.01, absolute=1), 0.1)[1]
    {'factor': 0.1, 'patience': 3, 'min_delta': 0.01, 'cooldown': 0, 'min_lr': 0.0}
    """
    lowest = made.floor * rate
    if made.gamma < 1 and (made.absolute or not made.threshold):
        cooldown = made.cooldown + 1 if made.cooldown else 0
        given = {"factor": made.gamma, "patience": made.patience + 1, "min_delta": made.threshold, "cooldown": cooldown}
        mode = {"mode": "max"} if made.upward else {}
        return "keras.callbacks.ReduceLROnPlateau", {**given, "min_lr": lowest, **mode}
    shared = {"factor": made.gamma, "patience": made.patience, "threshold": made.threshold, "cooldown": made.cooldown}
    return "Plateau", {**shared, "lowest": lowest, "sign": 1 if made.upward else -1}


def _own(name: str, given: dict[str, Any], rate: float, steps: int) -> Call | None:
    """Keras' schedule under our definition, without the first rate; None where it has none."""
    every, gamma, floor = given.get("every"), given.get("gamma", 0.0), given.get("floor", 0.0)
    found: dict[str, Call] = {
        "step": ("ExponentialDecay", {"decay_steps": every, "decay_rate": gamma, "staircase": True}),
        "exponential": ("ExponentialDecay", {"decay_steps": 1, "decay_rate": gamma}),
        "cosine": ("CosineDecay", {"decay_steps": steps, "alpha": floor}),
        "polynomial": (
            "PolynomialDecay",
            {"decay_steps": steps, "end_learning_rate": floor * rate, "power": given.get("power")},
        ),
    }
    if name == "multi_step":  # a boundary is the last step before a drop, a milestone the first after it
        values = [rate * gamma**drop for drop in range(len(given["milestones"]) + 1)]
        boundaries = [int(step) - 1 for step in given["milestones"]]
        return "PiecewiseConstantDecay", {"boundaries": boundaries, "values": values}
    if name == "inverse_time" and given["power"] == 1:
        return "InverseTimeDecay", {"decay_steps": given["half"], "decay_rate": 1.0}
    if name == "warm_restarts" and given["multiply"] == 1:  # longer cycles begin late there, by a rounding
        more = {"t_mul": 1.0, "m_mul": given["shrink"], "alpha": floor}
        return "CosineDecayRestarts", {"first_decay_steps": given["first"], **more}
    return found.get(name)
