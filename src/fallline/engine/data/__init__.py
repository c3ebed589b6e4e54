"""Tables: their schema, its inference, splits, encoding and profile."""

from __future__ import annotations

from collections.abc import Callable

from fallline.engine.data.splits import FOLDS, Split, grouped, holdout, stratified, time_ordered

SPLITS: dict[str, Callable[..., Split]] = {
    "holdout": holdout,
    "stratified": stratified,
    "grouped": grouped,
    "time": time_ordered,
}
"""How a test set may be held out, by name."""

__all__ = ["FOLDS", "SPLITS"]
