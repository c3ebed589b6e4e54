"""The optimizers of Keras: one of the Keras dialect as the class of ``keras.optimizers`` that it describes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fallline.core.errors import SpecError
from fallline.engine.optim import Optimizer
from fallline.peers import keras_names
from fallline.peers.expression import Call


def keras_call(optimizer: Optimizer, rate: float) -> Call:
    """Returns the class and the arguments of an optimizer of the Keras dialect.

    Raises:
        SpecError: it is of the torch dialect, or Keras has no such optimizer.
    """
    if optimizer.dialect != "keras":
        hint = (
            f"Take optimizer({optimizer.name!r}, dialect='keras')." if optimizer.name in keras_names.OPTIMIZERS else ""
        )
        raise SpecError("optimizer", optimizer.name, "an optimizer of the Keras dialect", hint)
    given = {parameter.name: getattr(optimizer, parameter.name) for parameter in optimizer.parameters}
    if not given.get("decay", 1.0):
        del given["decay"]  # which Keras calls None
    return keras_names.optimizer(optimizer.name, rate, given)


def keras_optimizer(optimizer: Optimizer | Callable[[Any], Any], rate: float, variables: Any) -> Any:
    """Makes Keras' optimizer.

    Args:
        optimizer: one of the Keras dialect, or what makes a ``keras.optimizers.Optimizer`` of variables.
        rate: the first one; each step sets its own.
        variables: what it is to change.
    """
    import keras  # 4 s with TensorFlow, and whoever shows a Spec as code needs only the names

    if isinstance(optimizer, Optimizer):
        name, arguments = keras_call(optimizer, rate)
        made = getattr(keras.optimizers, name.rpartition(".")[2])(**arguments)
    else:
        made = optimizer(variables)
    if not isinstance(made, keras.optimizers.Optimizer):
        raise SpecError("optimizer", type(made).__name__, "what makes a keras.optimizers.Optimizer of variables")
    return made
