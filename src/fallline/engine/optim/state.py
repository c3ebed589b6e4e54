"""What an optimizer remembers between steps: a value of its own, that can be written down and read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class State:
    """What an optimizer remembers between steps.

    Attributes:
        t: steps taken.
        memories: for each thing remembered an array or tensor, or a tuple with one for each layer.
        numbers: what is remembered once for all weights, such as the distance that Prodigy has estimated.
        inner: states of the optimizers that this one wraps.
    """

    t: int
    memories: tuple[Any, ...] = ()
    numbers: tuple[float, ...] = ()
    inner: tuple[State, ...] = ()

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Returns the state as named arrays, ready for a file; nothing is rounded.

        >>> State(3, (np.zeros(2),), (0.5,)).to_arrays()
        {'t': array(3), 'numbers': array([0.5]), 'memory.0': array([0., 0.])}
        """
        found: dict[str, NDArray[Any]] = {"t": np.array(self.t), "numbers": np.array(self.numbers, dtype=np.float64)}
        for place, memory in enumerate(self.memories):
            parts = enumerate(memory) if isinstance(memory, tuple) else [("", memory)]
            for layer, part in parts:
                array = part.detach().cpu().numpy() if hasattr(part, "detach") else np.asarray(part)
                found[f"memory.{place}.{layer}".rstrip(".")] = array
        for place, state in enumerate(self.inner):
            found |= {f"inner.{place}.{key}": array for key, array in state.to_arrays().items()}
        return found

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], like: Any) -> State:
        """Reads back what `to_arrays` wrote: from there on, every step is bit for bit what it would have been.

        Args:
            arrays: the named arrays.
            like: the weights, or any of them: their library and device are those of the memories.
        """
        parts: dict[int, dict[str, Any]] = {}
        inner: dict[int, dict[str, NDArray[Any]]] = {}
        for key, array in arrays.items():
            kind, _, rest = key.partition(".")
            place, _, rest = rest.partition(".")
            if kind == "inner":
                inner.setdefault(int(place), {})[rest] = array
            elif kind == "memory":
                parts.setdefault(int(place), {})[rest] = _as(array, like)
        return cls(
            int(arrays["t"]),
            tuple(_memory(parts[place]) for place in sorted(parts)),
            tuple(float(number) for number in arrays["numbers"]),
            tuple(cls.from_arrays(inner[place], like) for place in sorted(inner)),
        )


def _as(array: NDArray[Any], like: Any) -> Any:
    """The array in the library of `like`, with memory of its own."""
    one = like[0] if isinstance(like, tuple) else like
    if not hasattr(one, "detach"):
        return np.array(array)
    import torch  # whoever holds a tensor has paid for the import

    return torch.from_numpy(np.array(array)).to(one.device)


def _memory(parts: dict[str, Any]) -> Any:
    return parts[""] if "" in parts else tuple(parts[str(layer)] for layer in range(len(parts)))
