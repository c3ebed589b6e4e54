"""Games: two players who train against each other, what they make, and how much their field turns."""

from __future__ import annotations

from fallline.engine.games.coverage import Coverage, coverage
from fallline.engine.games.distance import Distance, energy_distance
from fallline.engine.games.latents import LATENTS
from fallline.engine.games.losses import GAME_LOSSES
from fallline.engine.games.match import Match, Moment, Setting, play
from fallline.engine.games.rotation import Rotation, rotation, turning
from fallline.engine.games.sources import SOURCES, Source, drawn

__all__ = [
    "GAME_LOSSES",
    "LATENTS",
    "SOURCES",
    "Coverage",
    "Distance",
    "Match",
    "Moment",
    "Rotation",
    "Setting",
    "Source",
    "coverage",
    "drawn",
    "energy_distance",
    "play",
    "rotation",
    "turning",
]
