"""The first number that is not finite: the step is computed again with every operation watched.

What is found is the first operation whose inputs are all finite and whose output is not, and the layer it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


@dataclass(frozen=True)
class Finding:
    """Where finiteness was lost.

    Attributes:
        part: in which part of the step: what came in, the weights, the way forward, the loss, the way back.
        layer: name of the layer, or of the weight; empty where there is none.
        operation: torch's name of the operation; empty where none was found.
        value: ``inf`` or ``nan``.
        largest: size of the largest number that the operation read, or the largest finite weight.
    """

    part: Literal["data", "weights", "forward", "loss", "backward"]
    layer: str
    operation: str
    value: Literal["inf", "nan"]
    largest: float


CAUSES = {
    "log": "the logarithm of zero or less",
    "log2": "the logarithm of zero or less",
    "log10": "the logarithm of zero or less",
    "log1p": "the logarithm of zero or less",
    "div": "a division by zero or an overflow",
    "reciprocal": "a division by zero",
    "rsqrt": "a division by zero",
    "sqrt": "the root of a negative number",
    "exp": "an exponential that overflows",
    "expm1": "an exponential that overflows",
    "pow": "a power that overflows, or a root of a negative number",
}
"""Operation → what it means when it gives no finite number from finite ones; every other one overflows."""

BACKWARD_CAUSES = {"div": "the slope of a root, logarithm or quotient at zero", "mul": CAUSES["div"]}


def cause(finding: Finding) -> str:
    """Returns in words what happened."""
    if finding.part == "backward" and finding.operation in BACKWARD_CAUSES:
        return BACKWARD_CAUSES[finding.operation]
    known = CAUSES.get(finding.operation)
    return known or ("an overflow" if finding.value == "inf" else "an operation that has no value")


def autopsy(module: nn.Module, criterion: Callable[[Tensor, Tensor], Tensor], x: Tensor, y: Tensor) -> Finding:
    """Computes a batch's loss and gradient again, and returns where the first number stopped being finite."""
    for values in (x, y):
        if values.is_floating_point() and not bool(torch.isfinite(values).all()):
            return Finding("data", "", "", _kind(values), _largest([values]))
    for name, each in module.named_parameters():
        if not bool(torch.isfinite(each).all()):
            return Finding("weights", name, "", _kind(each), _largest([each]))
    watch = _Watch()
    with torch.enable_grad(), _layers(module, watch), watch:
        z = module(x)
        watch.part, watch.layer = "loss", ""
        loss = criterion(z, y)
        if watch.found is None and bool(torch.isfinite(loss)):
            watch.part = "backward"
            module.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch has no types here
    found = watch.found or Finding("backward", "", "", "nan", 0.0)
    return _with_layer(found, module) if found.part == "backward" else found


class _Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch has no types here
    """Sees every operation, and keeps the first that loses finiteness."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # as above
        self.part: Literal["forward", "loss", "backward"] = "forward"
        self.layer = ""
        self.found: Finding | None = None

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        del types
        result = func(*args, **(kwargs or {}))
        if self.found is None:
            outputs = _numbers(result)
            bad = next((each for each in outputs if not bool(torch.isfinite(each).all())), None)
            inputs = _numbers((args, kwargs or {}))
            name = str(func.overloadpacket.__name__).strip("_")
            drawn = name.startswith(("empty", "new_empty"))  # memory that nothing has been written to yet
            meant = name in {"full", "full_like", "scalar_tensor", "masked_fill", "fill", "zeros_like"}
            if bad is not None and not drawn and not meant and all(bool(torch.isfinite(i).all()) for i in inputs):
                self.found = Finding(self.part, self.layer, name, _kind(bad), _largest(inputs))
        return result


@contextmanager
def _layers(module: nn.Module, watch: _Watch) -> Iterator[None]:
    """Tells the watch which layer is at work."""
    handles, stack = [], [""]

    def enter(name: str) -> Callable[..., None]:
        def hook(*_: Any) -> None:
            stack.append(name)
            watch.layer = name

        return hook

    def leave(*_: Any) -> None:
        stack.pop()
        watch.layer = stack[-1]

    for name, each in module.named_modules():
        if name:
            handles += [each.register_forward_pre_hook(enter(name)), each.register_forward_hook(leave)]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _with_layer(found: Finding, module: nn.Module) -> Finding:
    """Names the last layer whose gradient is not finite: the way back reached it first."""
    bad = [
        name
        for name, each in module.named_parameters()
        if each.grad is not None and not bool(torch.isfinite(each.grad).all())
    ]
    layer = bad[-1].rpartition(".")[0] if bad else ""
    return Finding(found.part, layer, found.operation, found.value, found.largest)


def _numbers(tree: Any) -> list[Tensor]:
    return [each for each in tree_leaves(tree) if isinstance(each, Tensor) and each.is_floating_point()]


def _kind(values: Tensor) -> Literal["inf", "nan"]:
    return "nan" if bool(torch.isnan(values).any()) else "inf"


def _largest(tensors: list[Tensor]) -> float:
    plain = [each.detach() for each in tensors]
    sizes = [float(each[torch.isfinite(each)].abs().max()) for each in plain if bool(torch.isfinite(each).any())]
    return max(sizes, default=0.0)
