"""Fall Line: the course *Machine Learning Optimization Strategies* as running software.

>>> import fallline as fl
>>> trace = fl.descend("ravine", "momentum", rate=0.02, steps=300)
>>> str(trace.ending.kind)
'converged'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fallline.engine.data.sets import SETS as SETS
    from fallline.engine.data.sets import data_of as data_of
    from fallline.engine.data.sets import load_set as load_set
    from fallline.engine.descent import descend as descend
    from fallline.engine.nets import NETS as NETS
    from fallline.engine.nets import Net as Net
    from fallline.engine.optim import OPTIMIZERS as OPTIMIZERS
    from fallline.engine.optim import optimizer as optimizer
    from fallline.engine.schedules import SCHEDULES as SCHEDULES
    from fallline.engine.train.finder.find import find_rate as find_rate
    from fallline.engine.train.finder.on_surface import find_rate_on as find_rate_on
    from fallline.engine.train.population import Member as Member
    from fallline.engine.train.population import Perceptron as Perceptron
    from fallline.engine.tune import Boolean as Boolean
    from fallline.engine.tune import Categorical as Categorical
    from fallline.engine.tune import Clause as Clause
    from fallline.engine.tune import Fixed as Fixed
    from fallline.engine.tune import Float as Float
    from fallline.engine.tune import Int as Int
    from fallline.engine.tune import Ordinal as Ordinal
    from fallline.engine.tune import Space as Space
    from fallline.peers.population import population as population
    from fallline.peers.training import train as train
    from fallline.runs.study import Pruned as Pruned
    from fallline.runs.study import Study as Study
    from fallline.runs.study import optimize as optimize

PUBLIC = {
    "Boolean": "fallline.engine.tune",
    "Categorical": "fallline.engine.tune",
    "Clause": "fallline.engine.tune",
    "Fixed": "fallline.engine.tune",
    "Float": "fallline.engine.tune",
    "Int": "fallline.engine.tune",
    "Member": "fallline.engine.train.population",
    "NETS": "fallline.engine.nets",
    "Net": "fallline.engine.nets",
    "OPTIMIZERS": "fallline.engine.optim",
    "Ordinal": "fallline.engine.tune",
    "Perceptron": "fallline.engine.train.population",
    "Pruned": "fallline.runs.study",
    "SCHEDULES": "fallline.engine.schedules",
    "SETS": "fallline.engine.data.sets",
    "Space": "fallline.engine.tune",
    "Study": "fallline.runs.study",
    "data_of": "fallline.engine.data.sets",
    "descend": "fallline.engine.descent",
    "find_rate": "fallline.engine.train.finder.find",
    "find_rate_on": "fallline.engine.train.finder.on_surface",
    "load_set": "fallline.engine.data.sets",
    "optimize": "fallline.runs.study",
    "optimizer": "fallline.engine.optim",
    "population": "fallline.peers.population",
    "train": "fallline.peers.training",
}
"""Name → the module that has it: imported when it is first asked for, so that ``import fallline`` costs nothing."""


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        raise AttributeError(f"module 'fallline' has no attribute {name!r}. It has: {', '.join(PUBLIC)}.")
    return getattr(import_module(PUBLIC[name]), name)


def __dir__() -> list[str]:
    return [*globals(), *PUBLIC]
