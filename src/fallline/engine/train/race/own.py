"""Our own optimizers as a lane of the race, in either dialect."""

from __future__ import annotations

from collections.abc import Sequence

from fallline.engine.optim import Dialect, Elementwise, optimizers_of
from fallline.engine.train.race.lane import Curve
from fallline.engine.train.race.member import Member
from fallline.engine.train.race.problem import Problem

TITLES = {"torch": "Fall Line (torch)", "keras": "Fall Line (Keras)"}


class OwnLane:
    """Fall Line's optimizers; where kernels know the net, all members of a run are trained together.

    Args:
        dialect: whose formulas and defaults.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.name = f"fallline-{dialect}"
        self.title = TITLES[dialect]
        self._optimizers = optimizers_of(dialect)

    def optimizers(self) -> tuple[str, ...]:
        """All of the dialect; the loop answers those that ask for more than a gradient."""
        return tuple(self._optimizers)

    def trains(self, problem: Problem) -> bool:
        """Any net that torch can differentiate."""
        del problem
        return True

    def run(self, problem: Problem, optimizer: str, members: Sequence[Member]) -> list[Curve]:
        """Trains the members together where that is quicker, else one after another; the curves are the same."""
        from fallline.engine.train.race.crowd import follow_all, together  # torch: only those who race need it
        from fallline.engine.train.race.follow import follow  # as above

        chosen = self._optimizers[optimizer]()
        if isinstance(chosen, Elementwise) and together(problem, chosen, members):
            return follow_all(problem, chosen, members)
        return [follow(problem, chosen, member) for member in members]

    def remembers(self, problem: Problem, optimizer: str) -> float:
        """Counts the memories of a fresh state."""
        from fallline.engine.train.race.follow import start  # as above

        chosen = self._optimizers[optimizer]()
        weights = tuple(
            weight.detach() for weight in start(problem, problem.recipe(chosen, Member(0.1, 0))).parameters()
        )
        memories = chosen.init(weights).memories
        kept = sum(layer.numel() for memory in memories for layer in memory)
        return float(kept / sum(weight.numel() for weight in weights))
