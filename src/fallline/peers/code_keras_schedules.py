"""Keras as source: a learning-rate schedule of ``keras.optimizers.schedules``, by Keras' own names.

Where Keras has a schedule with our definition, it is that one; every other is `FACTORS`, a schedule that looks the
factor of each step up in a table.
"""

from __future__ import annotations

from typing import Any

from fallline.engine.schedules import Composite, Schedule
from fallline.peers.code_schedules import factor_of, settings_of
from fallline.peers.expression import Call, Expression

FACTORS = '''\
class Factors(keras.optimizers.schedules.LearningRateSchedule):
    """The rate times a factor for every step, looked up in a table."""

    def __init__(self, rate, factor, steps):
        self.rates = keras.ops.convert_to_tensor([rate * factor(t) for t in range(steps)])

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
