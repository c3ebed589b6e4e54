"""The ways in which torch gives the gradients of several members: traced together, traced alone, or the plain loop.

`torch.func` differentiates and vectorises over members; what it does is traced once into a list of operations, so that
its own work, several times that of a small net, is not done again at each step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad_and_value, vmap
from torch.fx.experimental.proxy_tensor import make_fx
from torch.fx.graph import CodeGen
from torch.nn import functional

from fallline.engine.train.population.layout import Layout

Criterion = Callable[[Tensor, Tensor], Tensor]

CRITERIA: dict[str, Criterion] = {
    # The classes come as rows with a single 1: picking by index costs more, forward and back, than a product.
    "cross_entropy": lambda z, y: -(functional.log_softmax(z, -1) * y).sum() / z.shape[:-1].numel(),
    "log_loss": functional.binary_cross_entropy_with_logits,
    "squared": functional.mse_loss,
    "absolute": functional.l1_loss,
    "huber": functional.huber_loss,
}
"""Name of a loss → ``(outputs, targets) → mean``."""

Losses = Callable[[tuple[Tensor, ...], Tensor, Tensor], Tensor]
"""``(weights part by part (B, …), x (n, …), y (n, …)) → losses (B,)``."""

IDLE = frozenset({torch.ops.aten.permute.default, torch.ops.aten.expand.default, torch.ops.aten.view.default})
"""Operations that may change nothing at all."""


@dataclass(frozen=True, eq=False)
class Subject:
    """A module, its layout and its loss.

    Attributes:
        module: in training mode; its own weights are not used.
        layout: its own.
        loss: a name in `CRITERIA`.
    """

    module: nn.Module
    layout: Layout
    loss: str

    def loss_at(self, weights: tuple[Tensor, ...], x: Tensor, y: Tensor) -> Tensor:
        """Returns the mean loss of a batch at these weights."""
        state = dict(zip((name for name, _ in self.layout.parameters), weights, strict=True))
        return CRITERIA[self.loss](functional_call(self.module, state, (x,)), y)


@dataclass(frozen=True, eq=False)
class Gradients:
    """A traced gradient.

    Attributes:
        replay: ``(*weights part by part (B, …), x (B, n, …), y (B, n, …)) → *gradients part by part, losses (B,)``; of
            one member alone, all without the B.
        written: bytes that its operations write, of the whole block.
    """

    replay: Callable[..., Any]
    written: int

    def __call__(self, weights: tuple[Tensor, ...], x: Tensor, y: Tensor) -> tuple[Sequence[Tensor], Tensor]:
        """Returns gradients part by part, and losses."""
        *parts, loss = self.replay(*weights, x, y)
        return parts, loss


def trace(net: Subject, block: int, weights: tuple[Tensor, ...], x: Tensor, y: Tensor) -> Gradients:
    """Traces the gradients of a block of members, of the shape of this example.

    Args:
        net: the module.
        block: how many members together; 1 leaves the vectorising out.
        weights: part by part, each (block, …).
        x: shape (block, n, …).
        y: shape (block, n, …).

    Raises:
        Exception: whatever torch raises about what it cannot trace or vectorise.
    """

    def loss(weights: tuple[Tensor, ...], x: Tensor, y: Tensor) -> Tensor:
        return net.loss_at(weights, x, y)  # a method would be traced with itself as an argument

    function: Any = grad_and_value(loss)
    if block > 1:
        return _lean(make_fx(vmap(function))(weights, x, y))
    return _lean(make_fx(function)(tuple(each[0] for each in weights), x[0], y[0]))


def trace_looks(net: Subject, block: int, weights: tuple[Tensor, ...], x: Tensor, y: Tensor) -> Losses:
    """Traces the losses of members on the same rows, in evaluation.

    Args:
        net: the module.
        block: how many members together.
        weights: part by part, each (block, …).
        x: shape (n, …).
        y: shape (n, …).
    """
    net.module.eval()
    try:

        def loss(weights: tuple[Tensor, ...], x: Tensor, y: Tensor) -> Tensor:
            return net.loss_at(weights, x, y)  # as above

        function: Any = vmap(loss, in_dims=(0, None, None)) if block > 1 else loss
        replay = _replayed(make_fx(function)(weights if block > 1 else tuple(each[0] for each in weights), x, y))
    finally:
        net.module.train()
    if block > 1:
        return lambda weights, x, y: replay(*weights, x, y)[0]
    return lambda weights, x, y: replay(*(each[0] for each in weights), x, y)[0]


def _replayed(graph: Any) -> Callable[..., Any]:
    """Leaves out operations that give back what they were given, and the packing of arguments."""
    for node in graph.graph.nodes:
        shape = node.meta.get("val")
        if node.op == "call_function" and node.target in IDLE and shape is not None:
            before = node.args[0].meta.get("val")
            if before is not None and before.shape == shape.shape and before.stride() == shape.stride():
                node.replace_all_uses_with(node.args[0])
    graph.graph.eliminate_dead_code()
    graph.graph.set_codegen(CodeGen())
    graph.recompile()
    replay: Callable[..., Any] = graph.forward
    return replay


def _lean(graph: Any) -> Gradients:
    """A traced gradient without what does nothing."""
    replay = _replayed(graph)
    values = [node.meta.get("val") for node in graph.graph.nodes if node.op == "call_function"]
    written = sum(each.numel() * each.element_size() for each in values if isinstance(each, Tensor))
    return Gradients(replay, written)


def reason_against(net: Subject, x: Tensor) -> str:
    """Says why members cannot be traced, in a sentence; empty where nothing speaks against it.

    A trial on one batch: whoever moves torch's random state draws (dropout), whoever changes its buffers remembers
    (batch normalisation).
    """
    buffers = {name: each.clone() for name, each in net.module.named_buffers()}
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        before = torch.get_rng_state()
        net.module(x)
        drew = not torch.equal(before, torch.get_rng_state())
    moved = [name for name, each in net.module.named_buffers() if not torch.equal(each, buffers[name])]
    for name, each in net.module.named_buffers():
        each.copy_(buffers[name])
    if moved:
        return f"The module changes its buffer {moved[0]} as it runs, as batch normalisation does"
    if drew:
        return "The module draws random numbers as it runs, as dropout does"
    return ""
