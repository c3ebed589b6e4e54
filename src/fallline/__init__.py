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
    from fallline.engine.descent import descend as descend

PUBLIC = {
    "descend": "fallline.engine.descent",
}
"""Name → the module that has it: imported when it is first asked for, so that ``import fallline`` costs nothing."""


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        raise AttributeError(f"module 'fallline' has no attribute {name!r}. It has: {', '.join(PUBLIC)}.")
    return getattr(import_module(PUBLIC[name]), name)


def __dir__() -> list[str]:
    return [*globals(), *PUBLIC]
