"""Curvature as an optimizer feels it, against dense Hessians and the limits of stability themselves."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from fallline.engine.train.finder.curvature import largest_product, preconditioner, sharpness, theory

Make = Callable[[list[Tensor]], torch.optim.Optimizer]
CURVES = torch.tensor([0.3, 1.0, 2.0, 5.0], dtype=torch.float64)
KNOWN: dict[str, Make] = {
    "sgd": lambda p: torch.optim.SGD(p, lr=1.0),
    "heavy ball": lambda p: torch.optim.SGD(p, lr=1.0, momentum=0.9),
    "damped": lambda p: torch.optim.SGD(p, lr=1.0, momentum=0.8, dampening=0.5),
    "nesterov": lambda p: torch.optim.SGD(p, lr=1.0, momentum=0.9, nesterov=True),
}


def quadratic(w: Tensor) -> Tensor:
    """Half of Σ λᵢ wᵢ², the largest curvature 5."""
    return 0.5 * (CURVES * w**2).sum()


def grows(make: Make, rate: float) -> bool:
    """Whether 400 steps leave the minimum."""
    w = torch.ones(4, dtype=torch.float64, requires_grad=True)
    optimizer = make([w])
    optimizer.param_groups[0]["lr"] = rate
    for _ in range(400):
        optimizer.zero_grad()
        quadratic(w).backward()
        optimizer.step()
    return bool(w.detach().abs().max() > 1.0)


@pytest.mark.parametrize("name", KNOWN)
def test_the_limit_is_where_a_quadratic_is_left(name: str) -> None:
    """Two per cent below c/λmax torch's optimizer arrives, two per cent above it runs away."""
    w = torch.ones(4, dtype=torch.float64, requires_grad=True)
    optimizer = KNOWN[name]([w])
    found = sharpness(quadratic(w), [w], optimizer, torch.Generator().manual_seed(0))
    assert found == pytest.approx(5.0, rel=1e-9)
    limit = largest_product(optimizer) / found
    assert not grows(KNOWN[name], 0.98 * limit)
    assert grows(KNOWN[name], 1.02 * limit)


class Frozen(torch.optim.Optimizer):
    """Adam with a preconditioner that stands still: what the theory of the adaptive ones is about."""

    def __init__(self, params: list[Tensor], divide: Tensor) -> None:
        super().__init__(params, {"lr": 1.0})
        self.divide, self.m = divide, torch.zeros_like(divide)

    def step(self) -> None:  # type: ignore[override]
        """One step of a mean of gradients over P."""
        group = self.param_groups[0]
        w = group["params"][0]
        self.m = 0.9 * self.m + 0.1 * w.grad
        with torch.no_grad():
            w -= group["lr"] * self.m / self.divide


def test_adams_limit_is_that_of_its_preconditioned_curvature() -> None:
    """With P as Adam's state has it, and β₁ = 0.9, the limit is 38 over the largest eigenvalue of H/P."""
    w = torch.ones(4, dtype=torch.float64, requires_grad=True)
    adam = torch.optim.Adam([w], lr=1e-3)
    for _ in range(5):
        adam.zero_grad()
        quadratic(w).backward()
        adam.step()
    (gradient,) = torch.autograd.grad(quadratic(w), [w])
    divide = preconditioner(adam, [w], [gradient])
    assert divide is not None
    found = sharpness(quadratic(w), [w], adam, torch.Generator().manual_seed(0))
    assert found == pytest.approx(float((CURVES / divide[0]).max()), rel=1e-6)
    limit = largest_product(adam) / found
    assert largest_product(adam) == pytest.approx(38.0)
    assert not grows(lambda p: Frozen(p, divide[0]), 0.98 * limit)
    assert grows(lambda p: Frozen(p, divide[0]), 1.02 * limit)


@pytest.mark.parametrize(
    "make",
    [
        lambda p: torch.optim.Adam(p, amsgrad=True),
        torch.optim.AdamW,
        torch.optim.NAdam,
        torch.optim.RAdam,
        torch.optim.RMSprop,
        torch.optim.Adagrad,
        torch.optim.Adamax,
    ],
    ids=["amsgrad", "adamw", "nadam", "radam", "rmsprop", "adagrad", "adamax"],
)
def test_what_a_step_is_divided_by_is_read_as_the_step_will_have_it(make: Make) -> None:
    """P before a step, from state and gradient, is what torch's own state gives after it; the first step too."""
    w = torch.tensor([1.0, -2.0, 0.5, 3.0], dtype=torch.float64, requires_grad=True)
    optimizer = make([w])
    for _ in range(4):
        optimizer.zero_grad()
        quadratic(w).backward()
        assert w.grad is not None
        before = preconditioner(optimizer, [w], [w.grad])
        optimizer.step()
        assert before is not None
        state, group = optimizer.state[w], optimizer.param_groups[0]
        if "exp_inf" in state:
            after = state["exp_inf"]
        elif "sum" in state:
            after = state["sum"].sqrt() + group["eps"]
        elif "square_avg" in state:
            after = state["square_avg"].sqrt() + group["eps"]
        else:
            squares = state.get("max_exp_avg_sq", state["exp_avg_sq"])
            after = (squares / (1 - 0.999 ** float(state["step"]))).sqrt() + group["eps"]
        assert torch.allclose(before[0], after, rtol=1e-6, atol=1e-7)


def test_no_rate_drives_adagrad_away() -> None:
    """AdaGrad's c is infinity, and torch's own arrives at rates a thousand times what its first P would allow."""
    assert largest_product(torch.optim.Adagrad([torch.zeros(1)])) == math.inf
    assert not any(grows(lambda p: torch.optim.Adagrad(p, lr=1.0), rate) for rate in (0.1, 10.0, 1e3, 1e5))
    assert grows(lambda p: Frozen(p, CURVES), 45.0)  # with P as AdaGrad first has it, standing still


def test_the_sharpness_of_a_net_is_that_of_its_dense_hessian() -> None:
    """Ten Lanczos steps come within two per cent of the largest eigenvalue of the whole matrix, never above it."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.Linear(6, 2)).double()
    x, y = torch.randn(20, 3).double(), torch.randn(20, 2).double()
    names, parameters = zip(*net.named_parameters(), strict=True)
    sizes = [each.numel() for each in parameters]

    def loss_of(flat: Tensor) -> Tensor:
        pieces = [piece.view_as(p) for piece, p in zip(flat.split(sizes), parameters, strict=True)]
        return nn.functional.mse_loss(torch.func.functional_call(net, dict(zip(names, pieces, strict=True)), (x,)), y)

    flat = torch.cat([each.detach().reshape(-1) for each in parameters])
    dense = torch.linalg.eigvalsh(torch.autograd.functional.hessian(loss_of, flat))[-1]
    loss = nn.functional.mse_loss(net(x), y)
    sgd = torch.optim.SGD(parameters, lr=1.0)
    found = sharpness(loss, parameters, sgd, torch.Generator().manual_seed(1))
    assert 0.98 * float(dense) <= found <= float(dense) * (1 + 1e-9)


def test_a_plane_has_no_curvature() -> None:
    """A loss without second derivative gives 0, and an optimizer without theory says so."""
    w = torch.ones(3, requires_grad=True)
    sgd = torch.optim.SGD([w], lr=1.0)
    assert sharpness(w.sum(), [w], sgd, torch.Generator().manual_seed(0)) == 0.0
    assert theory(sgd)
    assert not theory(torch.optim.Rprop([w]))
    assert preconditioner(torch.optim.Rprop([w]), [w], [w]) is None
