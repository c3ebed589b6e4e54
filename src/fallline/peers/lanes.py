"""The lanes by name, and which of them this machine has."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec

from fallline.engine.train.race import Lane
from fallline.engine.train.race.own import OwnLane
from fallline.peers.keras_lane import KerasLane
from fallline.peers.torch_lane import TorchLane

LANES: dict[str, Callable[[], Lane]] = {
    "torch": TorchLane,
    "keras": KerasLane,
    "fallline-torch": partial(OwnLane, "torch"),
    "fallline-keras": partial(OwnLane, "keras"),
}
"""Name → what makes the lane."""
NEEDS: dict[str, tuple[str, ...]] = {"torch": ("torch",), "keras": ("keras", "tensorflow")}
"""Lane → modules it imports when it trains; ours use torch's gradients."""
INSTALL = {"torch": "pip install 'fallline[torch]'", "keras": "pip install 'fallline[keras]'"}


def missing(lane: str) -> str | None:
    """Returns why a lane cannot run here, as a sentence; None where it can."""
    tool = "keras" if lane == "keras" else "torch"
    if all(find_spec(module) is not None for module in NEEDS[tool]):
        return None
    title = LANES[lane]().title
    return f"The lane {title} is left out: {' and '.join(NEEDS[tool])} not installed here. {INSTALL[tool]} adds it."
