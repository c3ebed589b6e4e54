"""Curvature as an optimizer feels it: the largest eigenvalue of the preconditioned Hessian, by a few Lanczos steps.

A step on a quadratic with curvature λ is stable up to a rate of c/λ. For plain descent c is 2; momentum and Nesterov
change it (`largest_product`); an optimizer that divides by P sees the curvature of P^(−1/2) H P^(−1/2) (Cohen and
others, 2022, "Adaptive gradient methods at the edge of stability"). P is read from the optimizer's state as the coming
step will have it: a weight that has had no gradient yet would otherwise be divided by nothing. Nothing is known of
those that take the sign of a step or turn it; for them P is the identity, and `theory` says no. AdaGrad has no limit: a
step that is too long adds its slope to the sum that all later ones are divided by, until they are stable (Traoré and
Pauwels, 2021, "Sequential convergence of AdaGrad algorithm for smooth convex optimization").
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

LANCZOS = 10
"""Hessian-vector products; the largest eigenvalue is then known to a few per cent."""


def largest_product(optimizer: torch.optim.Optimizer) -> float:
    """Returns c, the largest stable rate times the largest preconditioned curvature; infinity where there is no limit.

    Args:
        optimizer: one of ``torch.optim``; its first group counts.

    >>> largest_product(torch.optim.SGD([torch.zeros(1)], lr=0.1, momentum=0.9))
    3.8
    """
    group = optimizer.param_groups[0]
    if isinstance(optimizer, torch.optim.Adagrad):
        return math.inf
    if "betas" in group:  # m is a mean of gradients: heavy ball with a rate of (1 − β₁)·η
        beta = float(group["betas"][0])
        nesterov = 1.0 + 2.0 * beta if isinstance(optimizer, torch.optim.NAdam) else 1.0
        return 2.0 * (1.0 + beta) / ((1.0 - beta) * nesterov)
    momentum = float(group.get("momentum", 0.0))
    if group.get("nesterov"):
        return 2.0 * (1.0 + momentum) / (1.0 + 2.0 * momentum)
    return 2.0 * (1.0 + momentum) / (1.0 - float(group.get("dampening", 0.0)) * (momentum > 0.0))


def theory(optimizer: torch.optim.Optimizer) -> bool:
    """Says whether the limit of this optimizer is known."""
    return isinstance(optimizer, (torch.optim.SGD, *_SQUARES))


def preconditioner(
    optimizer: torch.optim.Optimizer, parameters: Sequence[Tensor], gradients: Sequence[Tensor]
) -> list[Tensor] | None:
    """Returns what the optimizer divides the coming step by, one tensor a parameter; None for the identity.

    Args:
        optimizer: before the step.
        parameters: those it moves, in any order.
        gradients: of the coming step, one a parameter.
    """
    read = next((read for kind, read in _SQUARES.items() if isinstance(optimizer, kind)), None)
    if read is None:
        return None
    groups = {id(each): group for group in optimizer.param_groups for each in group["params"]}
    return [
        read(optimizer.state.get(each, {}), groups[id(each)], gradient.detach() ** 2)
        for each, gradient in zip(parameters, gradients, strict=True)
    ]


def sharpness(
    loss: Tensor,
    parameters: Sequence[Tensor],
    optimizer: torch.optim.Optimizer,
    generator: torch.Generator,
    moved: Sequence[Tensor] | None = None,
) -> float:
    """Returns the largest eigenvalue of P^(−1/2) H P^(−1/2), by Lanczos with full reorthogonalisation.

    Args:
        loss: a scalar with its graph, of one forward pass, so that dropout keeps its mask.
        parameters: the leaves that the Hessian is taken over.
        optimizer: before its step on this loss; it decides P.
        generator: where the first direction comes from, on the CPU.
        moved: what the optimizer moves, one for each of `parameters`, where these are copies.

    Returns:
        the eigenvalue; NaN where a product is no longer finite.

    Raises:
        RuntimeError: torch cannot differentiate the module twice.
    """
    gradients = torch.autograd.grad(loss, parameters, create_graph=True, allow_unused=True, materialize_grads=True)
    divide = preconditioner(optimizer, parameters if moved is None else moved, gradients)
    roots = None if divide is None else [torch.rsqrt(each) for each in divide]
    sizes = [each.numel() for each in parameters]

    def product(direction: Tensor) -> Tensor:
        pieces = [piece.view_as(p) for piece, p in zip(torch.split(direction, sizes), parameters, strict=True)]
        turned = pieces if roots is None else [r * piece for r, piece in zip(roots, pieces, strict=True)]
        if not any(each.requires_grad for each in gradients):  # a loss that is a plane: no curvature at all
            return torch.zeros_like(direction)
        back = torch.autograd.grad(
            gradients, parameters, turned, retain_graph=True, allow_unused=True, materialize_grads=True
        )
        scaled = back if roots is None else [r * piece for r, piece in zip(roots, back, strict=True)]
        return torch.cat([piece.reshape(-1) for piece in scaled])

    first = torch.randn(sum(sizes), generator=generator, dtype=torch.float64)
    return _lanczos(product, first.to(parameters[0]), min(LANCZOS, sum(sizes)))


def _lanczos(product: Callable[[Tensor], Tensor], start: Tensor, steps: int) -> float:
    basis = [start / start.norm()]
    diagonal: list[float] = []
    beside: list[float] = []
    for step in range(steps):
        image = product(basis[-1])
        diagonal.append(float(image @ basis[-1]))
        known = torch.stack(basis)
        rest = image - known.T @ (known @ image)
        length = float(rest.norm())
        if not (length > 1e-7 * max(abs(value) for value in diagonal)) or step == steps - 1:
            break  # the space is exhausted, or a number is none
        beside.append(length)
        basis.append(rest / length)
    small = torch.diag(torch.tensor(diagonal, dtype=torch.float64))
    beside = beside[: len(diagonal) - 1]
    if beside:
        small += torch.diag(torch.tensor(beside, dtype=torch.float64), 1)
        small += torch.diag(torch.tensor(beside, dtype=torch.float64), -1)
    return float(torch.linalg.eigvalsh(small)[-1]) if bool(torch.isfinite(small).all()) else float("nan")


def _adam(state: dict[str, Any], group: dict[str, Any], square: Tensor) -> Tensor:
    beta, step = float(group["betas"][1]), float(state.get("step", 0.0)) + 1.0
    mean: Tensor = beta * state.get("exp_avg_sq", torch.zeros_like(square)) + (1.0 - beta) * square
    if group.get("amsgrad"):
        mean = torch.maximum(mean, state.get("max_exp_avg_sq", mean))
    root: Tensor = (mean / (1.0 - beta**step)).sqrt()
    return root + float(group["eps"])


def _rmsprop(state: dict[str, Any], group: dict[str, Any], square: Tensor) -> Tensor:
    share = float(group["alpha"])
    mean: Tensor = share * state.get("square_avg", torch.zeros_like(square)) + (1.0 - share) * square
    if group["centered"]:  # the sign of the coming gradient is left out: it moves the mean by a hundredth
        mean = (mean - (share * state.get("grad_avg", torch.zeros_like(square))) ** 2).clamp(min=0.0)
    return mean.sqrt() + float(group["eps"])


def _adagrad(state: dict[str, Any], group: dict[str, Any], square: Tensor) -> Tensor:
    total: Tensor = state.get("sum", torch.zeros_like(square)) + square
    return total.sqrt() + float(group["eps"])


def _adamax(state: dict[str, Any], group: dict[str, Any], square: Tensor) -> Tensor:
    past = float(group["betas"][1]) * state.get("exp_inf", torch.zeros_like(square))
    return torch.maximum(past, square.sqrt()) + float(group["eps"])


Read = Callable[[dict[str, Any], dict[str, Any], Tensor], Tensor]
"""``(state, group, square of the coming gradient) → P`` of one parameter."""
_SQUARES: dict[type[torch.optim.Optimizer], Read] = {
    torch.optim.Adam: _adam,
    torch.optim.AdamW: _adam,
    torch.optim.NAdam: _adam,
    torch.optim.RAdam: _adam,
    torch.optim.RMSprop: _rmsprop,
    torch.optim.Adagrad: _adagrad,
    torch.optim.Adamax: _adamax,
}
"""Kind → what it divides by."""
