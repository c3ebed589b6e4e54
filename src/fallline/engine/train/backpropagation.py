"""Forward and backward pass of a perceptron, written out in torch tensors.

The passes are the chain rule by hand (Rumelhart, Hinton and Williams 1986) over one flat vector of parameters. For nets
this small autograd and one tensor per layer cost more than the arithmetic: written out, a fit takes about two thirds of
the time. The tests hold the gradient to autograd's.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

_backward: Any = torch.ops.aten
FORWARD: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": torch.relu_,
    "tanh": torch.tanh_,
    "elu": torch.nn.functional.elu_,
}
"""Activations, in place."""
BACKWARD: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "relu": lambda slope, out: _backward.threshold_backward(slope, out, 0),
    "tanh": _backward.tanh_backward,
    "elu": lambda slope, out: _backward.elu_backward(slope, 1.0, 1.0, 1.0, True, out),  # noqa: FBT003 - torch's order
}
"""Slope before the activation from the slope after it and the activation's output."""


class Network:
    """A perceptron whose parameters, and their gradient, are one flat tensor each.

    Attributes:
        flat: all weights and biases; ``flat.grad`` is their gradient.
        weights: views of `flat`, (inputs, outputs) per layer.
        biases: views of `flat`, (outputs,) per layer.
    """

    def __init__(self, sizes: Sequence[int], activation: str, generator: torch.Generator) -> None:
        """Draws weights by He's rule, or Xavier's under tanh and at the output; biases are 0.

        Args:
            sizes: units per layer, input and output included.
            activation: of the hidden layers.
            generator: where the weights come from.
        """
        self.activation = activation
        self.shapes = list(itertools.pairwise(sizes))
        self.flat = torch.zeros(sum(rows * columns + columns for rows, columns in self.shapes))
        self.flat.grad = torch.zeros_like(self.flat)
        self.weights, self.biases = self._views(self.flat)
        self._weight_grads, self._bias_grads = self._views(self.flat.grad)
        for place, (weight, (rows, columns)) in enumerate(zip(self.weights, self.shapes, strict=True)):
            he = activation != "tanh" and place < len(self.shapes) - 1
            bound = math.sqrt(6.0 / rows) if he else math.sqrt(6.0 / (rows + columns))
            weight.uniform_(-bound, bound, generator=generator)

    def _views(self, flat: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Returns the weight matrices and the biases inside a flat tensor."""
        weights, biases, place = [], [], 0
        for rows, columns in self.shapes:
            weights.append(flat[place : place + rows * columns].view(rows, columns))
            place += rows * columns
            biases.append(flat[place : place + columns])
            place += columns
        return weights, biases

    def logits(self, x: Tensor) -> Tensor:
        """Returns the output, shape (n, 1), without dropout."""
        f = FORWARD[self.activation]
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = f(torch.addmm(bias, x, weight))
        return torch.addmm(self.biases[-1], x, self.weights[-1])

    def loss(self, x: Tensor, y: Tensor) -> float:
        """Returns the mean log loss, without dropout."""
        return float(torch.nn.functional.binary_cross_entropy_with_logits(self.logits(x), y))

    def gradient(self, x: Tensor, y: Tensor, masks: Sequence[Tensor] = ()) -> None:
        """Writes the gradient of the mean log loss into ``flat.grad``.

        Args:
            x: rows, shape (n, inputs).
            y: 0 or 1, shape (n, 1).
            masks: dropout, one (n, units) per hidden layer, 0 or 1 / (1 − rate); none when empty.
        """
        f, back = FORWARD[self.activation], BACKWARD[self.activation]
        inputs, outputs = [x], []
        for place in range(len(self.weights) - 1):
            out = f(torch.addmm(self.biases[place], inputs[-1], self.weights[place]))
            outputs.append(out)
            inputs.append(out * masks[place] if masks else out)
        z = torch.addmm(self.biases[-1], inputs[-1], self.weights[-1])
        slope = z.sigmoid_().sub_(y).div_(len(x))
        for place in range(len(self.weights) - 1, -1, -1):
            torch.mm(inputs[place].t(), slope, out=self._weight_grads[place])
            torch.sum(slope, 0, out=self._bias_grads[place])
            if place:
                slope = torch.mm(slope, self.weights[place].t())
                if masks:
                    slope.mul_(masks[place - 1])
                slope = back(slope, outputs[place - 1])
