"""Compiling ahead of the first visitor."""

from __future__ import annotations

from collections.abc import Iterable

from fallline.engine.descent.descend import descend
from fallline.engine.optim import KERAS_OPTIMIZERS, OPTIMIZERS, Elementwise, Optimizer
from fallline.engine.schedules import Constant
from fallline.engine.surfaces import SURFACES, Surface


def warm(
    surfaces: Iterable[Surface] = tuple(SURFACES.values()),
    optimizers: Iterable[type[Optimizer]] = (*OPTIMIZERS.values(), *KERAS_OPTIMIZERS.values()),
) -> None:
    """Compiles every kernel, or loads it from the cache: seconds the first time on a machine, then below one.

    Args:
        surfaces: whose values and gradients.
        optimizers: whose steps; only elementwise ones are compiled.
    """
    from fallline.engine.descent.kernels import gradient_kernel, value_kernel  # Numba: see descend
    from fallline.engine.descent.step_kernels import judge_kernel, step_kernel

    for kind in optimizers:
        if issubclass(kind, Elementwise):
            step_kernel(kind)
            judge_kernel(kind)
    for surface in surfaces:
        value_kernel(surface)
        gradient_kernel(surface)
    bowl = SURFACES["bowl"]
    descend(bowl, OPTIMIZERS["gd"](), Constant(), rate=0.1, start=bowl.start, steps=8)
