"""What a plan drives besides the rate, as PyTorch source: momentum and decay of the groups, step by step."""

from __future__ import annotations

from typing import Any

from fallline.core.errors import SpecError
from fallline.engine.optim import Optimizer
from fallline.engine.schedules import Plan
from fallline.peers.code_schedules import named_factor

OWN = {"adabelief", "lion", "ftrl", "schedule_free", "lamb", "muon", "prodigy", "sophia"}
"""Optimizers that are classes of a script, whose groups have our names."""


def driven_lines(optimizer: Optimizer, plan: Plan, steps: int, groups: str) -> tuple[list[str], list[str]]:
    """Returns the lines before a loop, which name the factors, and those before each step, which set the values.

    Args:
        optimizer: without options around it.
        plan: what drives it.
        steps: how many there are.
        groups: source of the groups that are driven.

    Raises:
        SpecError: the optimizer has nothing that the plan could drive.

    >>> from fallline.engine.optim import Adam
    >>> from fallline.engine.schedules import Exponential
    >>> driven_lines(Adam(), Plan(momentum=Exponential(0.9)), 9, "optimizer.param_groups")[1]
    ['for group in optimizer.param_groups:', '    group["betas"] = 0.9 * momentum(step), 0.999']
    """
    named = [name for name in ("momentum", "decay") if name in plan.drives]
    factors = [line for name in named for line in named_factor(name, getattr(plan, name), steps)]
    setting = [f"    {_setting(optimizer, name)}" for name in named]
    return factors, [f"for group in {groups}:", *setting] if setting else []


def _setting(optimizer: Any, name: str) -> str:
    key = next((key for key in ({"momentum": ("momentum", "beta1")}.get(name, (name,))) if hasattr(optimizer, key)), "")
    if not key:
        raise SpecError("plan", name, f"something that {optimizer.title} has")
    value = f"{getattr(optimizer, key)!r} * {name}(step)"
    if optimizer.name in OWN:
        return f'group["{key}"] = {value}'
    if key == "beta1":
        return f'group["betas"] = {value}, {optimizer.beta2!r}'
    return f'group["{"weight_decay" if key == "decay" else key}"] = {value}'
