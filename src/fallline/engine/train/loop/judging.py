"""What a verdict is computed from, once a training has ended in any backend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from torch import Tensor, nn

from fallline.engine.train.loop.autopsy import Finding
from fallline.engine.train.loop.criteria import Criterion
from fallline.engine.train.loop.notes import Notes
from fallline.engine.train.loop.probes import dead_units, sharpness
from fallline.engine.train.loop.recipe import Recipe
from fallline.engine.train.loop.verdict import Case


@dataclass(frozen=True, eq=False)
class Subject:
    """The net at its end, as torch computes it, with some rows to look at.

    Attributes:
        module: with its last weights.
        criterion: its loss.
        x: some training rows.
        y: what is to be said of them.
        first: the weights that it started from.
        stable: curvature → largest stable rate, or None where no formula is known.
        aside: lends the net a random stream that nobody else draws from.
    """

    module: nn.Module
    criterion: Criterion
    x: Tensor
    y: Tensor
    first: Mapping[str, Tensor]
    stable: Callable[[float], float | None]
    aside: Callable[[], AbstractContextManager[None]]

    def limit(self) -> tuple[float, float] | None:
        """Returns the sharpness where the net started, and the largest rate that is stable there."""
        if self.stable(1.0) is None:
            return None
        now = {key: each.detach().clone() for key, each in self.module.state_dict().items()}
        self.module.load_state_dict(self.first)
        with self.aside():
            sharp = sharpness(self.module, self.criterion, self.x, self.y)
        self.module.load_state_dict(now)
        stable = self.stable(sharp) if sharp > 0 else None
        return None if stable is None else (sharp, stable)

    def dead(self) -> list[tuple[str, int, int]]:
        """Returns the units that no row reaches, layer by layer."""
        with self.aside():
            return dead_units(self.module, self.x)


def case_of(notes: Notes, recipe: Recipe, per_epoch: int, title: str, broken: Finding | None, net: Subject) -> Case:
    """Puts together what the verdict asks for."""
    return Case(
        notes=notes,
        per_epoch=per_epoch,
        patience=recipe.patience,
        noisy=per_epoch > 1 or recipe.noise > 0,
        title=title,
        broken=broken,
        limit=net.limit,
        dead=net.dead,
    )
