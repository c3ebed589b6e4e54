"""Which learning rates an optimizer may try: as many for every one, evenly spaced in logarithm about a usual one."""

from __future__ import annotations

USUAL: dict[str, float] = {
    "gd": 0.1,
    "sgd": 0.1,
    "momentum": 0.03,
    "nesterov": 0.03,
    "adagrad": 0.1,
    "adadelta": 1.0,
    "rmsprop": 0.005,
    "rmsprop_centered": 0.005,
    "adam": 0.01,
    "amsgrad": 0.01,
    "adamw": 0.01,
    "adamax": 0.02,
    "nadam": 0.01,
    "radam": 0.01,
    "adabelief": 0.003,
    "lion": 0.001,
    "lamb": 0.01,
    "adafactor": 0.01,
    "ftrl": 0.1,
    "prodigy": 1.0,
    "muon": 0.02,
    "schedule_free": 0.01,
    "sophia": 0.003,
}
"""Optimizer → the middle of its grid; the same in every lane, so that equal formulas meet equal rates.

Tools' own defaults are no middle: torch gives plain SGD 0.001 and Keras 0.01, a hundred and ten times too small for
most of the nets here.
"""
OTHERWISE = 0.01


def grid(optimizer: str, rates: int, per_decade: int) -> tuple[float, ...]:
    """Returns the rates, ascending.

    >>> [round(rate, 4) for rate in grid("gd", 5, 2)]
    [0.01, 0.0316, 0.1, 0.3162, 1.0]
    """
    middle = USUAL.get(optimizer, OTHERWISE)
    below = (rates - 1) // 2
    return tuple(float(f"{middle * 10 ** ((place - below) / per_decade):.6g}") for place in range(rates))
