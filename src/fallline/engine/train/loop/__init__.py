"""The training loop: any net, any optimizer, any schedule; every step noted, every end explained.

Torch is imported with `fallline.engine.train.loop.training`, not here: a Spec can name a recipe without it.
"""

from __future__ import annotations

from fallline.engine.train.loop.losses import LOSSES, Loss
from fallline.engine.train.loop.recipe import Recipe
from fallline.engine.train.loop.trace import Trace

__all__ = ["LOSSES", "Loss", "Recipe", "Trace"]
