"""Options around an optimizer as PyTorch source: what stands between ``backward`` and ``step``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fallline.peers.code_torch import OPTIMIZERS, optimizer
from fallline.peers.code_torch_classes import own
from fallline.peers.code_torch_whole import WHOLE_CLASSES
from fallline.peers.expression import Call, Expression

UPHILL = '''\
def look_uphill(params, rho, loss):
    """Leaves the gradient at w + rho g/|g| in place of the one at w.

    SAM (Foret and others, 2021), which torch.optim does not have.
    """
    params = [*params]
    length = torch.nn.utils.get_total_norm([weight.grad for weight in params])
    if length == 0:
        return
    here = [weight.detach().clone() for weight in params]
    with torch.no_grad():
        for weight in params:
            weight.add_(weight.grad, alpha=float(rho / length))
    slopes = torch.autograd.grad(loss(), params, materialize_grads=True)
    with torch.no_grad():
        for weight, start, slope in zip(params, here, slopes, strict=True):
            weight.copy_(start)
            weight.grad = slope'''
"""What `Around.before` calls where SAM is among the options."""

RARELY = '''\
def rarely(factor, every, steps):
    """Returns the factor of the last of every so many steps."""
    return lambda n: factor(min(every * n + every - 1, steps))'''
"""What the schedule of an optimizer calls that steps once in so many gradients."""

COUPLED = {name for name, (kind, _, _) in OPTIMIZERS.items() if kind not in {"AdamW", "Adafactor", "Muon"}}
"""Optimizers whose ``weight_decay`` is L2 regularisation."""
DECOUPLING = {"adam", "amsgrad", "nadam", "radam"}
"""Optimizers that have an argument which decouples it."""


@dataclass(frozen=True)
class Around:
    """An optimizer with its options, as source.

    Attributes:
        call: the optimizer and its arguments.
        before: lines between the gradient and the step; they name `weights`, ``optimizer`` and ``loss``.
        every: gradients to a step.
        kept: decay of the mean of weights; 0 where there is none.
        asks: whether the step, or a line before it, calls ``loss``.
    """

    call: Call
    before: tuple[str, ...] = ()
    every: int = 1
    kept: float = 0.0
    asks: bool = False


def around(
    name: str,
    rate: float | Expression,
    params: Mapping[str, Any],
    options: Mapping[str, float],
    weights: str,
    *,
    driven: bool = False,
) -> Around:
    """Returns an optimizer with options around it.

    Args:
        name: of the optimizer, as in a Spec.
        rate: the base rate.
        params: its other hyperparameters by our names.
        options: by our names.
        weights: source of what iterates over the weights.
        driven: whether its own decay is changed on the way, so that an option's stays apart.

    Raises:
        SpecError: an optimizer that is not written.

    >>> around("adam", 0.1, {}, {"decay": 0.01, "clip_global_norm": 1.0}, "net.parameters()").before
    ('torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)',)
    """
    left, given = dict(options), dict(params)
    inside = given.pop("rho", 0.05) if name == "sam" else None
    name = "momentum" if name == "sam" else name
    if "l2" in left and name in COUPLED and inside is None and not driven:
        given["decay"] = given.get("decay", 0.0) + left.pop("l2")
    decoupled = "decay" in left and name in DECOUPLING and "decay" not in given and not driven
    if decoupled:
        given["decay"] = left.pop("decay")
    kind, arguments = _call(name, rate, given)
    arguments |= {"decoupled_weight_decay": True} if decoupled else {}
    before = [line for key in ORDER if key in left for line in _lines(key, left[key], weights)]
    before += [] if inside is None else _lines("sam", inside, weights)
    asks = any("loss" in line for line in before) or asking(name)
    return Around((kind, arguments), tuple(before), int(left.get("accumulate", 1)), left.get("ema", 0.0), asks)


def asking(name: str) -> bool:
    """Whether an optimizer calls for the loss at its step."""
    return name in WHOLE_CLASSES and name != "prodigy"


def _call(name: str, rate: float | Expression, params: Mapping[str, Any]) -> Call:
    """The optimizer; L-BFGS without a search is torch's own, one step at a call."""
    if name == "lbfgs" and params.get("search") == 0:
        once = {"max_iter": 1, "tolerance_grad": 0, "tolerance_change": 0}
        return "torch.optim.LBFGS", {"lr": rate, **once, "history_size": int(params.get("history", 10))}
    # Torch rounds Muon's steps to bfloat16, and takes nothing but matrices.
    return own(name, rate, params) if name == "muon" else optimizer(name, rate, params)


ORDER = ("sam", "clip_global_norm", "clip_norm", "clip_value", "decay", "l2")
"""In which order a gradient meets what is written between ``backward`` and ``step``."""


def _lines(name: str, value: float, weights: str) -> list[str]:
    """One option."""
    if name == "sam":
        return [f"look_uphill({weights}, {value!r}, loss)"] if value else []
    if name == "clip_global_norm":
        return [f"torch.nn.utils.clip_grad_norm_({weights}, {value!r})"]
    if name == "clip_value":
        return [f"torch.nn.utils.clip_grad_value_({weights}, {value!r})"]
    head = f"for weight in {weights}:"
    if name == "clip_norm":
        return [head, f"    torch.nn.utils.clip_grad_norm_(weight, {value!r})"]
    if name == "l2":
        return [head, f"    weight.grad.add_(weight.detach(), alpha={value!r})"]
    shrink = f'        weight.mul_(1 - optimizer.param_groups[0]["lr"] * {value!r})'
    return ["with torch.no_grad():", f"    {head}", shrink]
