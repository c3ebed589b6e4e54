"""Whether a module of torch is a perceptron, so that the kernels can train it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from fallline.core.errors import SpecError
from fallline.engine.train.population.member import Member
from fallline.engine.train.population.perceptron import Layers, Perceptron


def _leaky(module: nn.Module) -> bool:
    return isinstance(module, nn.LeakyReLU) and module.negative_slope == 0.01


NAMES: dict[str, Callable[[nn.Module], bool]] = {
    "relu": lambda module: type(module) is nn.ReLU,
    "tanh": lambda module: type(module) is nn.Tanh,
    "sigmoid": lambda module: type(module) is nn.Sigmoid,
    "silu": lambda module: type(module) is nn.SiLU,
    "gelu": lambda module: isinstance(module, nn.GELU) and module.approximate == "none",
    "elu": lambda module: isinstance(module, nn.ELU) and module.alpha == 1.0,
    "leaky-relu": _leaky,
}
"""Activation → whether a module is it, settings included."""


def _flat(module: nn.Module) -> Iterator[nn.Module]:
    """The parts of nested sequences, those left out that do nothing."""
    if type(module) is nn.Sequential:
        for part in module:
            yield from _flat(part)
    elif type(module) is not nn.Identity:
        yield module


def _watched(module: nn.Module) -> bool:
    """Whether hooks look on: what they see or change, kernels would not."""
    return any(part._forward_hooks or part._forward_pre_hooks or part._backward_hooks for part in module.modules())  # noqa: SLF001 - torch has no other way to ask


def perceptron_of(module: nn.Module) -> Perceptron | None:
    """Returns the perceptron that a module is; None for any other.

    It is one if it is a sequence of fully connected layers with biases, all of them learning, each but the last
    followed by at most one known activation; flattening may come first.

    >>> perceptron_of(nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2)))
    Perceptron(sizes=(4, 3, 2), activation=('tanh',))
    >>> perceptron_of(nn.Sequential(nn.Linear(4, 3), nn.Dropout(), nn.Linear(3, 2))) is None
    True
    """
    parts = list(_flat(module))
    if parts and type(parts[0]) is nn.Flatten and parts[0].start_dim == 1 and parts[0].end_dim == -1:
        parts = parts[1:]
    if not parts or _watched(module) or len({id(part) for part in parts}) < len(parts):
        return None
    sizes: list[int] = []
    activations: list[str] = []
    for part in parts:
        if type(part) is nn.Linear:
            if part.bias is None or not (part.weight.requires_grad and part.bias.requires_grad):
                return None
            if len(sizes) > len(activations) + 1:
                activations.append("identity")
            sizes += [part.out_features] if sizes else [part.in_features, part.out_features]
            continue
        name = next((name for name, is_it in NAMES.items() if is_it(part)), None)
        if name is None or len(sizes) != len(activations) + 2:
            return None
        activations.append(name)
    return Perceptron(tuple(sizes), tuple(activations)) if len(activations) == len(sizes) - 2 else None


def layers_of(module: nn.Module) -> Layers:
    """Returns the weights (inputs, outputs) and biases of its fully connected layers."""
    linear = [part for part in module.modules() if isinstance(part, nn.Linear)]
    return tuple((part.weight.detach().numpy().T.copy(), part.bias.detach().numpy().copy()) for part in linear)


@dataclass(frozen=True, eq=False)
class Recognised:
    """A module that turned out to be a perceptron.

    Attributes:
        make: gives a member's first module, by its seed.
    """

    make: Callable[[int], nn.Module]

    def layers(self, member: Member) -> Layers:
        """Returns a member's first weights: its own, in the order of the module, or those of its module.

        Raises:
            SpecError: its own have another shape.
        """
        module = self.make(member.seed)
        if member.weights is None:
            return layers_of(module)
        given = [np.asarray(part) for part in member.weights]
        shapes = [tuple(part.shape) for part in module.parameters()]
        if [part.shape for part in given] != shapes:
            raise SpecError("weights", [part.shape for part in given], f"parameters of shapes {shapes}")
        return tuple((weights.T, biases) for weights, biases in zip(given[::2], given[1::2], strict=True))

    def module(self, layers: Layers) -> nn.Module:
        """Returns a module with these weights, for evaluation."""
        twin = copy.deepcopy(self.make(0)).to(torch.from_numpy(layers[0][0]).dtype)
        linear = [part for part in twin.modules() if isinstance(part, nn.Linear)]
        with torch.no_grad():
            for part, (weights, biases) in zip(linear, layers, strict=True):
                part.weight.copy_(torch.from_numpy(weights.T.copy()))
                part.bias.copy_(torch.from_numpy(biases))
        return twin.eval()
