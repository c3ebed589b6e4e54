"""Dimensions: what one hyperparameter may be, and on what it depends.

Every dimension maps its values to and from the unit interval, so that drawing, modelling and measuring importance need
to know nothing else about it. `options` lists its separate values, where it has some.
"""

from __future__ import annotations

from fallline.engine.tune.dimensions.boolean import Boolean
from fallline.engine.tune.dimensions.categorical import Categorical
from fallline.engine.tune.dimensions.checks import same
from fallline.engine.tune.dimensions.fixed import Fixed
from fallline.engine.tune.dimensions.float import Float
from fallline.engine.tune.dimensions.int import Int
from fallline.engine.tune.dimensions.ordinal import Ordinal

Dimension = Float | Int | Categorical | Ordinal | Boolean | Fixed
KINDS: dict[str, type[Float | Int | Categorical | Ordinal | Boolean | Fixed]] = {
    "float": Float,
    "int": Int,
    "categorical": Categorical,
    "ordinal": Ordinal,
    "boolean": Boolean,
    "fixed": Fixed,
}
"""Every kind of dimension, by the word for it in plain data."""

__all__ = ["KINDS", "Boolean", "Categorical", "Dimension", "Fixed", "Float", "Int", "Ordinal", "same"]
