"""Settings of their own for some layers: another rate, another decay, by index or by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, ClassVar

from fallline.core.errors import SpecError
from fallline.engine.optim.layers import layers_of
from fallline.engine.optim.optimizer import Optimizer
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.probe import Probe
from fallline.engine.optim.state import State
from fallline.engine.optim.wrapper import Wrapper


@dataclass(frozen=True)
class Group:
    """What is different for some layers.

    Attributes:
        layers: their indices, or patterns for their names, such as ``*.bias``.
        factor: what their rate is multiplied by; 0 freezes them.
        settings: their own hyperparameters by name, such as ``{"decay": 0.0}``.
    """

    layers: tuple[int | str, ...]
    factor: float = 1.0
    settings: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0.0 <= self.factor < float("inf"):
            raise SpecError("factor", self.factor, "a finite number of at least 0")

    def has(self, index: int, name: str) -> bool:
        """Whether a layer is in the group."""
        return any(entry == index if isinstance(entry, int) else fnmatchcase(name, entry) for entry in self.layers)


@dataclass(frozen=True)
class Groups(Wrapper):
    """Moves each layer as its group says: the first group that has it, or the optimizer as it is.

    Each group's layers move by themselves, so a limit on all of them, such as clipping by global norm, goes around the
    groups and not inside.

    Attributes:
        base: the optimizer inside.
        groups: what is different for whom.
        names: of the layers, in order; needed where groups go by name.
    """

    groups: tuple[Group, ...] = ()
    names: tuple[str, ...] = ()

    name: ClassVar[str] = "groups"
    title: ClassVar[str] = "Settings by layer"
    formula: ClassVar[str] = r"\eta_l = f_l\,\eta"
    source: ClassVar[tuple[str, int]] = ("You, Gitman and Ginsburg", 2017)
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    limit: ClassVar[str] = ""
    keeps: ClassVar[frozenset[str]] = frozenset({"limit"})

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.base.scope == "whole":
            hint = "Put what looks at all layers around the groups, or use an optimizer that looks at each by itself."
            raise SpecError("base", self.base.title, "an optimizer that moves layers one by one", hint)
        for group in self.groups:
            self._own(group)

    def over(self, names: Sequence[str]) -> Groups:
        """Returns the same groups for layers of these names."""
        return replace(self, names=tuple(names))

    def init(self, w: Any) -> State:
        """Returns the state before the first step, one for each layer.

        Raises:
            SpecError: a group names a layer that is not there.
        """
        layers = layers_of(w)
        for group in self.groups:
            for entry in group.layers:
                one = Group((entry,))
                if not any(one.has(index, self._name(index)) for index in range(len(layers))):
                    known = ", ".join(self.names) or f"0 to {len(layers) - 1}; names are not known here"
                    raise SpecError("layers", entry, "a layer", f"There are: {known}.")
        return State(0, inner=tuple(self._of(index)[0].init(layer) for index, layer in enumerate(layers)))

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """Moves every layer by its own settings; nobody inside asks anything of the probe."""
        del probe
        moved = []
        for index, (layer, slope) in enumerate(zip(layers_of(w), layers_of(g), strict=True)):
            inside, factor = self._of(index)
            moved.append(inside.step(layer, slope, state.inner[index], factor * rate))
        new = tuple(pair[0] for pair in moved)
        return (new if isinstance(w, tuple) else new[0]), State(state.t + 1, inner=tuple(pair[1] for pair in moved))

    def judged(self, w: Any, state: State) -> Any:
        """Returns what each layer is judged by."""
        found = tuple(self._of(index)[0].judged(layer, state.inner[index]) for index, layer in enumerate(layers_of(w)))
        return found if isinstance(w, tuple) else found[0]

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns None: each group has its own."""
        del curvature
        return None

    def _name(self, index: int) -> str:
        return self.names[index] if index < len(self.names) else ""

    def _of(self, index: int) -> tuple[Optimizer, float]:
        """The optimizer of a layer and the factor on its rate."""
        for group in self.groups:
            if group.has(index, self._name(index)):
                return self._own(group), group.factor
        return self.base, 1.0

    def _own(self, group: Group) -> Optimizer:
        known = [parameter.name for parameter in self.base.parameters]
        for key, value in group.settings.items():
            if key not in known:
                raise SpecError(key, value, f"a parameter of {self.base.title}", f"It has: {', '.join(known)}.")
        return replace(self.base, **group.settings)


def with_names(optimizer: Optimizer, names: Sequence[str]) -> Optimizer:
    """Returns an optimizer whose groups, wherever they are inside, know the names of the layers."""
    if isinstance(optimizer, Groups):
        return optimizer.over(names)
    return replace(optimizer, base=with_names(optimizer.base, names)) if isinstance(optimizer, Wrapper) else optimizer
