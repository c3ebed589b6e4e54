"""What an optimizer remembers can be written down and read back, bit for bit."""

from __future__ import annotations

import numpy as np
import torch

from fallline.engine.optim import State


def _same(one: State, other: State) -> bool:
    left, right = one.to_arrays(), other.to_arrays()
    kinds = all(left[key].dtype == right[key].dtype for key in left)
    return left.keys() == right.keys() and kinds and all(np.array_equal(left[key], right[key]) for key in left)


def test_a_state_comes_back_as_it_was() -> None:
    """Single arrays, layers, numbers and the states of wrapped optimizers keep their place, precision and bits."""
    inner = State(4, (np.array([[0.1, 1 / 3]], dtype=np.float32),), (1e-300, 0.1))
    many = tuple(np.full(2, float(i)) for i in range(12))
    state = State(7, (np.array([1.0, 2.0]), many), (0.5,), (inner, State(0)))
    back = State.from_arrays(state.to_arrays(), np.zeros(2))
    assert _same(state, back)
    assert back.t == 7
    assert back.numbers == (0.5,)
    assert isinstance(back.memories[1], tuple)
    assert [float(layer[0]) for layer in back.memories[1]] == [float(i) for i in range(12)]
    assert back.inner[0].memories[0].dtype == np.float32


def test_memories_come_back_in_the_library_of_the_weights() -> None:
    """Tensors go through arrays and come back as tensors that share no memory with the file."""
    state = State(1, (torch.tensor([0.1, 0.2], dtype=torch.float64), (torch.ones(2), torch.zeros(3))))
    arrays = state.to_arrays()
    back = State.from_arrays(arrays, (torch.zeros(1), torch.zeros(1)))
    assert isinstance(back.memories[0], torch.Tensor)
    assert torch.equal(back.memories[0], state.memories[0])
    assert torch.equal(back.memories[1][1], torch.zeros(3))
    arrays["memory.0"][:] = 9.0
    assert back.memories[0][0] == 0.1
