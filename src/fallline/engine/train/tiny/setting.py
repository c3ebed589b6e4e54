"""How a tiny net is made and taught."""

from __future__ import annotations

from dataclasses import dataclass

from fallline.engine.optim import Elementwise, Optimizer


@dataclass(frozen=True)
class Setting:
    """How a tiny net is made and taught.

    Attributes:
        optimizer: with its hyperparameters.
        rate: η, > 0.
        hidden: units of each hidden layer; none makes a linear model.
        activation: of the hidden layers, a name in `UNITS`.
        initialisation: a name in `INITIALISERS`.
        loss: a name in the population's `LOSSES`.
        l1: weight of the penalty on the sizes of weights.
        l2: weight of the penalty on half their squares.
        batch: rows a step.
    """

    optimizer: Optimizer
    rate: float
    hidden: tuple[int, ...]
    activation: str
    initialisation: str
    loss: str
    l1: float = 0.0
    l2: float = 0.0
    batch: int = 10

    @property
    def compiled(self) -> bool:
        """Whether kernels train it."""
        return isinstance(self.optimizer, Elementwise)
