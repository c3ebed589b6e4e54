"""Small Specs that answer at once: a deep net's first pass, and a Gaussian process that chooses its next point."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.runs.spec.base import PlainName, Spec


class SignalSpec(Spec):
    """A deep net's first forward and backward pass under two initialisations, before a single step.

    Attributes:
        layers: depth.
        width: units per layer.
        activation: its name.
        first: one initialisation.
        second: the other.
        samples: rows of the standard normal input.
    """

    kind: Literal["signal"] = "signal"
    layers: Annotated[int, Field(ge=2, le=100)] = 30
    width: Annotated[int, Field(ge=8, le=512)] = 128
    activation: PlainName = "tanh"
    first: PlainName = "small-normal"
    second: PlainName = "xavier"
    samples: Annotated[int, Field(ge=16, le=1024)] = 128


class NextPointSpec(Spec):
    """A Gaussian process on one dimension, and where an acquisition function looks next.

    Attributes:
        objective: the hidden function: ``two-valleys``, ``needle``, ``noisy-slope``.
        evaluations: how many points have been tried; the first three are fixed, each further one was chosen.
        acquisition: who chooses.
        explore: weight of uncertainty (κ of the lower confidence bound, ξ of the improvement).
        length: length scale of the kernel: how far apart two points still tell of each other.
        noise: standard deviation of an evaluation.
    """

    kind: Literal["next-point"] = "next-point"
    objective: Literal["two-valleys", "needle", "noisy-slope"] = "two-valleys"
    evaluations: Annotated[int, Field(ge=3, le=15)] = 4
    acquisition: Literal["ei", "pi", "lcb"] = "ei"
    explore: Annotated[float, Field(ge=0, le=10)] = 0.1
    length: Annotated[float, Field(ge=0.01, le=2)] = 0.12
    noise: Annotated[float, Field(ge=0, le=1)] = 0.0
