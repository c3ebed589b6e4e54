"""Spec kind ``tiny-net``: a small net on points of a plane, in one setting or in two on the same seeds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.core.choice import lookup
from fallline.core.errors import SpecError
from fallline.runs.sources.pasted import read_pasted
from fallline.runs.spec.base import PlainName, Spec, SpecModel

Units = Annotated[int, Field(ge=1, le=8)]
MOST_TABLE = 8_000
"""Characters of a pasted table: what an address can hold."""


class NetSettingSpec(SpecModel):
    """How a net is made and taught.

    Attributes:
        optimizer: its name.
        rate: the learning rate η.
        batch: rows a step.
        layers: how many hidden layers there are; none makes a linear model.
        units: of each hidden layer; those of layers that are not there do not count.
        activation: of the hidden layers.
        initialisation: of the weights.
        loss: what is minimised; where it needs classes and there are none, squares are.
        penalty: on the weights, not the biases.
        strength: of the penalty.
    """

    optimizer: PlainName = "gd"
    rate: Annotated[float, Field(gt=0, le=1e4)] = 0.03
    batch: Annotated[int, Field(ge=1, le=500)] = 10
    layers: Annotated[int, Field(ge=0, le=6)] = 2
    units: tuple[Units, Units, Units, Units, Units, Units] = (4, 2, 2, 2, 2, 2)
    activation: PlainName = "tanh"
    initialisation: PlainName = "xavier"
    loss: PlainName = "log_loss"
    penalty: Literal["none", "l1", "l2"] = "none"
    strength: Annotated[float, Field(ge=0, le=10)] = 0.0

    @property
    def hidden(self) -> tuple[int, ...]:
        """Units of the hidden layers that are there."""
        return self.units[: self.layers]


class FeaturesSpec(SpecModel):
    """What the net reads of a point; see `fallline.engine.train.tiny.FEATURES`."""

    x1: bool = True
    x2: bool = True
    x1_squared: bool = False
    x2_squared: bool = False
    x1_x2: bool = False
    sin_x1: bool = False
    sin_x2: bool = False

    @property
    def on(self) -> tuple[str, ...]:
        """Names of those that are read, in their order."""
        return tuple(name for name, read in self.model_dump().items() if read)


class TinyNetSpec(Spec):
    """A tiny net.

    Attributes:
        data: where the points come from; ``table`` is a pasted one.
        table: two columns of numbers and a label, as CSV.
        classes: of the points, where they have any.
        noise: from 0 to 0.5.
        share: of the points that teach; the others test.
        features: what the net reads of a point.
        epochs: how often every point is met.
        compare: whether the second setting is trained too.
        repeats: on how many seeds two settings are compared.
        a: the setting.
        b: the second setting.
    """

    kind: Literal["tiny-net"] = "tiny-net"
    data: Literal["circle", "xor", "gauss", "spiral", "slope", "hills", "table"] = "circle"
    table: Annotated[str, Field(max_length=MOST_TABLE)] = ""
    classes: Annotated[int, Field(ge=2, le=5)] = 2
    noise: Annotated[float, Field(ge=0, le=0.5)] = 0.0
    share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.5
    features: FeaturesSpec = FeaturesSpec()
    epochs: Annotated[int, Field(ge=1, le=1_000)] = 100
    compare: bool = False
    repeats: Annotated[int, Field(ge=2, le=15)] = 7
    a: NetSettingSpec = NetSettingSpec()
    b: NetSettingSpec = NetSettingSpec()


def check_tiny_net(spec: TinyNetSpec) -> None:
    """Refuses an unknown name, a net that reads nothing, and a table that cannot be read.

    Raises:
        SpecError: the path and the nearest known name; of a table the row and column.
    """
    from fallline.engine.nets.initialisations import INITIALISERS
    from fallline.engine.optim import OPTIMIZERS
    from fallline.engine.train.population.activations import UNITS
    from fallline.engine.train.population.losses import LOSSES

    if not spec.features.on:
        raise SpecError("features", [], "at least one feature that is on")
    for name, setting in (("a", spec.a), ("b", spec.b)):
        lookup(setting.optimizer, OPTIMIZERS, f"{name}.optimizer")
        lookup(setting.activation, UNITS, f"{name}.activation")
        lookup(setting.initialisation, INITIALISERS, f"{name}.initialisation")
        lookup(setting.loss, LOSSES, f"{name}.loss")
    if spec.data == "table" or spec.table.strip():
        read_pasted(spec.table)
