"""Spec kind ``momentum``: the heavy ball on a spectrum of curvatures, by theory and measured."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.runs.spec.base import Spec

Curvature = Annotated[float, Field(ge=1e-6, le=1e6)]


class MomentumSpec(Spec):
    """The heavy ball on a quadratic with a given spectrum.

    Attributes:
        spectrum: curvatures evenly spaced, evenly in their logarithm, as written, or those of a net's Hessian.
        low: the smallest curvature of a spaced spectrum.
        high: the largest.
        count: how many.
        typed: the curvatures as written.
        trained: steps of training before the net's Hessian is taken.
        place: α·λmax, the rate in units of the largest curvature, and β.
        steps: drawn.
        noise: standard deviation of the noise in the slope along each eigenvector.
    """

    kind: Literal["momentum"] = "momentum"
    spectrum: Literal["even", "log", "typed", "net"] = "log"
    low: Curvature = 1.0
    high: Curvature = 100.0
    count: Annotated[int, Field(ge=2, le=40)] = 10
    typed: Annotated[tuple[Curvature, ...], Field(min_length=2, max_length=40)] = (1.0, 10.0, 100.0)
    trained: Literal[0, 10, 100, 1000] = 100
    place: tuple[Annotated[float, Field(gt=0, le=8)], Annotated[float, Field(ge=0, lt=1)]] = (1.0, 0.0)
    steps: Annotated[int, Field(ge=10, le=500)] = 150
    noise: Annotated[float, Field(ge=0, le=10)] = 0.0
