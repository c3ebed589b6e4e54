"""The data of a training as tensors where it is computed, with label noise if asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fallline.core.rng import generator
from fallline.engine.data.sets import Data
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
        taught = noisy_labels(data, recipe)
        validation = (_on(data.x[data.validation], recipe, device), _on(data.y[data.validation], recipe, device))
        return Tensors(_on(data.x[data.train], recipe, device), _on(taught, recipe, device), validation)


def noisy_labels(data: Data, recipe: Recipe) -> NDArray[Any]:
    """Returns what is said of the training rows, with the recipe's label noise.

    Of classes and tokens a share is replaced by another one, each as likely; to the numbers of a regression, noise of
    that standard deviation is added. The draws are those of ``generator(seed, "train", "labels")``.
    """
    labels = data.y[data.train]
    if recipe.label_noise == 0.0:
        return labels
    rng = generator(recipe.seed, "train", "labels")
    if data.task == "regression":
        return np.asarray(labels + (recipe.label_noise * rng.standard_normal(labels.shape)).astype(labels.dtype))
    kinds = data.vocabulary or data.classes
    wrong = rng.random(labels.shape) < recipe.label_noise
    return np.where(wrong, (labels + rng.integers(1, kinds, size=labels.shape)) % kinds, labels)


def _on(values: NDArray[Any], recipe: Recipe, device: torch.device) -> Tensor:
    tensor = torch.from_numpy(np.array(values))
    return tensor.to(device, getattr(torch, recipe.precision) if tensor.is_floating_point() else None)
