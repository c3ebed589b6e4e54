"""What a loop lets an optimizer ask, where a gradient is not enough."""

from __future__ import annotations

from typing import Any, Protocol


class Probe(Protocol):
    """The loss, as an optimizer may ask about it; under mini-batches all three answer for the batch of the step.

    An optimizer says in `needs` which of them it calls; a loop need not supply the others.
    """

    def value(self, w: Any) -> float:
        """Returns the loss at `w`."""
        ...

    def gradient_at(self, w: Any) -> Any:
        """Returns the gradient at `w`, in the structure of `w`."""
        ...

    def hvp(self, w: Any, v: Any) -> Any:
        """Returns the Hessian at `w` times `v`, in the structure of `w`."""
        ...
