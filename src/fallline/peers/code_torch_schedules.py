"""PyTorch as source: a learning-rate schedule of ``torch.optim.lr_scheduler``, by torch's own names.

Where torch has a schedule with our definition, it is that one; every other is a ``LambdaLR`` over a plain function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fallline.engine.schedules import SCHEDULES, Composite, ReduceOnPlateau, Schedule
from fallline.peers.code_schedules import factor_line, factor_of, settings_of
from fallline.peers.code_torch import Call, Expression

Rate = float | Expression
Steps = int | Expression


def scheduler(made: Schedule, rate: Rate, steps: int) -> Call | None:
    """Returns any schedule, those made of others included; None for a constant rate.

    Args:
        made: the schedule.
        rate: the base rate.
        steps: how many steps it is stretched over, ≥ 2.
    """
    if isinstance(made, Composite):
        return _lambda(factor_of(made, steps))
    return schedule(made.name, rate, settings_of(made), steps)


def schedule(name: str, rate: Rate, params: Mapping[str, Any], steps: Steps) -> Call | None:
    """Returns a schedule of ``torch.optim.lr_scheduler`` and its arguments; None for a constant rate.

    Args:
        name: as in a Spec; of a schedule that is made of no other.
        rate: the base rate.
        params: its settings by our names; those not named keep our defaults.
        steps: how many steps it is stretched over, ≥ 2 where it is a number.

    >>> schedule("cosine", 0.1, {}, 150)
    ('CosineAnnealingLR', {'T_max': 150})
    """
    if name == "constant":
        return None
    settings = {**settings_of(SCHEDULES[name]()), **params}
    own = OWN[name](rate, settings, steps) if name in OWN else None
    return own or _lambda(factor_line(name, settings, steps))


def plateau(made: ReduceOnPlateau, rates: Sequence[float]) -> Call | None:
    """Returns torch's ReduceLROnPlateau and its arguments; None where nothing would ever be lowered.

    Args:
        made: the settings.
        rates: the base rate of each group of weights.

    >>> plateau(ReduceOnPlateau(gamma=0.5, patience=2), [0.1])
    ('ReduceLROnPlateau', {'factor': 0.5, 'patience': 2, 'eps': 0})
    """
    if made.gamma == 1.0:
        return None
    changed: dict[str, Any] = {"factor": made.gamma, "patience": made.patience}
    changed |= {"mode": "max"} if made.upward else {}
    changed |= {"threshold": made.threshold} if made.threshold != 1e-4 else {}
    changed |= {"threshold_mode": "abs"} if made.absolute else {}
    changed |= {"cooldown": made.cooldown} if made.cooldown else {}
    lowest = [made.floor * rate for rate in rates]
    changed |= {"min_lr": lowest[0] if len(lowest) == 1 else lowest} if made.floor else {}
    return "ReduceLROnPlateau", {**changed, "eps": 0}  # by default a drop of less than 1e-8 is none


def suited(name: str, steps: Expression) -> dict[str, Any]:
    """Returns the settings that suit a run whose length is known only when the script runs, as `Schedule.suited` does.

    Args:
        name: as in a Spec.
        steps: source of the number of steps.
    """
    by_length: dict[str, dict[str, str]] = {
        "step": {"every": "-(-{} // 3)", "gamma": "0.2"},
        "multi_step": {"milestones": "[-(-{0} // 2), -(-3 * {0} // 4)]"},
        "exponential": {"gamma": "0.01 ** (1 / {})"},
        "inverse_time": {"half": "{} / 10"},
        "warm_restarts": {"first": "-(-{} // 7)"},
        "triangular": {"up": "-(-{} // 6)", "down": "-(-{} // 6)"},
        "noam": {"warmup": "-(-{} // 10)"},
    }
    return {key: Expression(text.format(steps.text)) for key, text in by_length.get(name, {}).items()}


def _lambda(factor: str) -> Call:
    return "LambdaLR", {"lr_lambda": Expression(factor)}


def _step(rate: Rate, given: Mapping[str, Any], steps: Steps) -> Call:
    del rate, steps
    return "StepLR", {"step_size": given["every"], "gamma": given["gamma"]}


def _multi_step(rate: Rate, given: Mapping[str, Any], steps: Steps) -> Call:
    del rate, steps
    found = given["milestones"]
    milestones = found if isinstance(found, Expression) else [int(step) for step in found]
    return "MultiStepLR", {"milestones": milestones, "gamma": given["gamma"]}


def _exponential(rate: Rate, given: Mapping[str, Any], steps: Steps) -> Call:
    del rate, steps
    return "ExponentialLR", {"gamma": given["gamma"]}


def _polynomial(rate: Rate, given: Mapping[str, Any], steps: Steps) -> Call | None:
    del rate
    return ("PolynomialLR", {"total_iters": steps, "power": given["power"]}) if given["floor"] == 0 else None


def _cosine(rate: Rate, given: Mapping[str, Any], steps: Steps) -> Call:
    return "CosineAnnealingLR", {"T_max": steps, **_lowest(rate, given["floor"])}


def _warm_restarts(rate: Rate, given: Mapping[str, Any], steps: Steps) -> Call | None:
    """Torch's own takes whole factors alone, and restarts at the full rate."""
    del steps
    if given["shrink"] != 1 or given["multiply"] % 1 or isinstance(rate, Expression):
        return None
    cycles = {"T_0": given["first"], "T_mult": int(given["multiply"])}
    return "CosineAnnealingWarmRestarts", {**cycles, **_lowest(rate, given["floor"])}


def _one_cycle(rate: Rate, given: Mapping[str, Any], steps: Steps) -> Call | None:
    """Torch's own, but where a phase has no steps: there it divides by zero, or goes backwards."""
    rise = given["rise"]
    if isinstance(steps, int) and (rise == 1 or rise * steps - 1 == 0 or (given["phases"] == 3 and rise >= 0.5)):
        return None
    own = {"pct_start": rise, "div_factor": given["divide"], "final_div_factor": given["final"]}
    usual = {"pct_start": 0.3, "div_factor": 25.0, "final_div_factor": 1e4}
    changed: dict[str, Any] = {key: value for key, value in own.items() if value != usual[key]}
    changed |= {"anneal_strategy": "linear"} if given["linear"] else {}
    changed |= {"three_phase": True} if given["phases"] == 3 else {}
    return "OneCycleLR", {"max_lr": rate, "total_steps": steps, **changed, "cycle_momentum": False}


def _triangular(rate: Rate, given: Mapping[str, Any], steps: Steps) -> Call | None:
    """Torch's three modes are three choices of two of our settings."""
    del steps
    shrink, gamma = given["shrink"], given["gamma"]
    if isinstance(rate, Expression) or (shrink, gamma == 1) not in {(1, True), (1, False), (0.5, True)}:
        return None
    mode = {"mode": "triangular2"} if shrink == 0.5 else {} if gamma == 1 else {"mode": "exp_range", "gamma": gamma}
    sides = {"step_size_up": given["up"], "step_size_down": given["down"]}
    return "CyclicLR", {"base_lr": given["low"] * rate, "max_lr": rate, **sides, **mode, "cycle_momentum": False}


def _lowest(rate: Rate, floor: float) -> dict[str, Any]:
    return {} if isinstance(rate, Expression) or not floor else {"eta_min": floor * rate}


OWN: dict[str, Callable[[Rate, Mapping[str, Any], Steps], Call | None]] = {
    "step": _step,
    "multi_step": _multi_step,
    "exponential": _exponential,
    "polynomial": _polynomial,
    "cosine": _cosine,
    "warm_restarts": _warm_restarts,
    "one_cycle": _one_cycle,
    "triangular": _triangular,
}
"""Schedule → torch's own; None where its definition does not reach the settings."""
