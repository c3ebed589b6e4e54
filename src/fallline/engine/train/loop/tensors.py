"""The data of a training as tensors where it is computed, with label noise if asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fallline.engine.data.sets import Data
from fallline.engine.train.loop.labels import noisy_labels
from fallline.engine.train.loop.recipe import Recipe


@dataclass(frozen=True, eq=False)
class Tensors:
    """Samples and what is to be said of them, training and validation rows apart.

    Attributes:
        x: rows that teach.
        y: what is said of them, label noise included.
        validation: x and y of the rows that choose, without noise.
    """

    x: Tensor
    y: Tensor
    validation: tuple[Tensor, Tensor]

    @staticmethod
    def of(data: Data, recipe: Recipe, device: torch.device) -> Tensors:
        """Copies the rows to a device, numbers in the recipe's precision."""
        kinds = 0 if data.task == "regression" else data.vocabulary or data.classes
        taught = noisy_labels(data.y[data.train], recipe.label_noise, recipe.seed, kinds)
        validation = (_on(data.x[data.validation], recipe, device), _on(data.y[data.validation], recipe, device))
        return Tensors(_on(data.x[data.train], recipe, device), _on(taught, recipe, device), validation)


def _on(values: NDArray[Any], recipe: Recipe, device: torch.device) -> Tensor:
    tensor = torch.from_numpy(np.array(values))
    return tensor.to(device, getattr(torch, recipe.precision) if tensor.is_floating_point() else None)
