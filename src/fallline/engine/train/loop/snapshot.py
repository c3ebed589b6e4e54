"""A snapshot: all that a training needs to go on bit for bit, as a value and as bytes (safetensors, never pickle)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from safetensors.torch import load, save
from torch import Tensor

from fallline.core.errors import DataError

FORM = "fallline-snapshot-1"


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Where a training is.

    Attributes:
        step: steps taken.
        tree: plain data and tensors: weights and buffers, the optimizer's state, the order of the rows and the place in
            it, random streams, everything noted so far, and the best weights.
    """

    step: int
    tree: dict[str, Any]

    def to_bytes(self) -> bytes:
        """Returns it as a safetensors file."""
        tensors: dict[str, Tensor] = {}
        text = json.dumps({"step": self.step, "tree": _packed(self.tree, tensors)})
        content: bytes = save(tensors, metadata={"form": FORM, "tree": text})
        return content

    @staticmethod
    def from_bytes(content: bytes) -> Snapshot:
        """Reads what `to_bytes` wrote.

        Raises:
            DataError: the bytes are something else.
        """
        try:
            size = int.from_bytes(content[:8], "little")
            about = json.loads(content[8 : 8 + size])["__metadata__"]
            known = about["form"] == FORM
            plain = json.loads(about["tree"])
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(f"These bytes are no snapshot of a training: {error}.") from None
        if not known:
            raise DataError(f"This snapshot has the form {about['form']!r}, and {FORM!r} is what can be read here.")
        return Snapshot(plain["step"], _unpacked(plain["tree"], load(content)))


def _packed(value: Any, tensors: dict[str, Tensor]) -> Any:
    """Plain JSON, each tensor replaced by its number."""
    if isinstance(value, np.ndarray):
        return {"array": _packed(torch.from_numpy(value), tensors)["tensor"]}
    if isinstance(value, Tensor):
        name = f"t{len(tensors)}"
        tensors[name] = value.detach().cpu().contiguous().clone()
        return {"tensor": name}
    if isinstance(value, dict):  # pairs, since torch's own states have numbers as keys
        return {"pairs": [[key, _packed(each, tensors)] for key, each in value.items()]}
    if isinstance(value, tuple):
        return {"tuple": [_packed(each, tensors) for each in value]}
    if isinstance(value, list):
        return [_packed(each, tensors) for each in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise DataError(f"A snapshot cannot hold a {type(value).__name__}: expected tensors and plain data.")


def _unpacked(value: Any, tensors: dict[str, Tensor]) -> Any:
    if isinstance(value, list):
        return [_unpacked(each, tensors) for each in value]
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    if kind == "pairs":
        return {key: _unpacked(each, tensors) for key, each in inner}
    if kind == "tuple":
        return tuple(_unpacked(each, tensors) for each in inner)
    return tensors[inner] if kind == "tensor" else tensors[inner].numpy()


def copied(value: Any) -> Any:
    """Returns a tree whose tensors nobody else holds."""
    if isinstance(value, Tensor):
        return value.detach().clone()
    if isinstance(value, dict):
        return {key: copied(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(copied(each) for each in value)
    return value
