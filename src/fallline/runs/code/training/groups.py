"""Groups of weights with settings of their own, as PyTorch source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fallline.core.errors import DataError, SpecError
from fallline.engine.optim.options import Group
from fallline.peers.code_torch_options import Around, around
from fallline.runs.code.layout import block, source
from fallline.runs.code.training.facts import Facts
from fallline.runs.spec.train import GroupSpec, TrainSpec


@dataclass(frozen=True)
class Grouped:
    """How an optimizer is given the weights.

    Attributes:
        source: what it is given.
        before: the lines before.
        factors: on the rate, of each group.
        driven: source of the groups whose momentum and decay a plan drives.
    """

    source: str = "net.parameters()"
    before: Sequence[str] = ()
    factors: Sequence[float] = (1.0,)
    driven: str = "optimizer.param_groups"


def grouped_lines(spec: TrainSpec, facts: Facts, once: Around) -> Grouped:
    """Returns the groups of a Spec; all weights as one where it has none.

    Raises:
        DataError: they go by the names in a person's own net, which only a run knows.
        SpecError: a group that has no weight.
    """
    groups = spec.optimizer.groups
    if not groups:
        return Grouped()
    if facts.plan is None:
        raise DataError("Groups in a net of one's own go by names that only a run knows: they are not shown as code.")
    weights = facts.plan.weights
    ours = [name for name, _ in weights]
    for place, group in enumerate(groups):
        for entry in group.layers:
            if not any(Group((entry,)).has(index, name) for index, name in enumerate(ours)):
                raise SpecError(f"optimizer.groups.{place}.layers", entry, f"one of {', '.join(ours)}")
    layers = {name: number for number, (name, _) in enumerate(facts.plan.layers)}
    homes = [_home(groups, index, name) for index, name in enumerate(ours)]
    lines = ["weights = dict(net.named_parameters())", "groups = ["]
    for home in range(-1, len(groups)):
        names = [_torch_name(name, layers) for name, own in zip(ours, homes, strict=True) if own == home]
        more = [f'        "{key}": {source(value)},' for key, value in _settings(spec, facts, once, home).items()]
        chosen = block("for name in [", [source(name) for name in names], "]", 3)
        lines += ["    {", '        "params": [', "            weights[name]", *chosen, "        ],", *more, "    },"]
    fixed = [place for place, group in enumerate(groups, start=1) if {"momentum", "beta1", "decay"} & {*group.params}]
    free = [0, *(place for place in range(1, len(groups) + 1) if place not in fixed)]
    driven = f"[optimizer.param_groups[place] for place in {free}]" if fixed else "optimizer.param_groups"
    return Grouped("groups", [*lines, "]"], (1.0, *(group.factor for group in groups)), driven)


def _home(groups: Sequence[GroupSpec], index: int, name: str) -> int:
    """Which group has a weight; −1 for none."""
    return next((place for place, group in enumerate(groups) if Group(group.layers).has(index, name)), -1)


def _torch_name(name: str, layers: dict[str, int]) -> str:
    """Torch counts the layers of a Sequential."""
    layer, _, rest = name.partition(".")
    return f"{layers[layer]}.{rest}"


def _settings(spec: TrainSpec, facts: Facts, once: Around, home: int) -> dict[str, object]:
    """What is different for a group, by torch's names."""
    if home < 0:
        return {}
    group, chosen = spec.optimizer.groups[home], spec.optimizer
    own = around(
        chosen.name, facts.rate, {**chosen.params, **group.params}, chosen.options, "", driven="decay" in facts.drives
    )
    changed: dict[str, object] = {"lr": group.factor * facts.rate} if group.factor != 1 else {}
    return changed | {key: value for key, value in own.call[1].items() if once.call[1].get(key) != value}
