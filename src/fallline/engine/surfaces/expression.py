"""A surface from an expression: a person's own, or one of the field's written as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from fallline.core.errors import SpecError
from fallline.engine.surfaces.critical import CriticalKind, critical_points
from fallline.engine.surfaces.curvature import curvature_at
from fallline.engine.surfaces.field import spread
from fallline.engine.surfaces.machine import block_of
from fallline.engine.surfaces.parse import Formula, parse
from fallline.engine.surfaces.surface import Array, Minimum, RateRange, Source, Surface

OWN = Source("written here", 2026)
WIDE = (-5.0, 5.0)
MOST_FOUND = 64
MOST_STARTS = 512
"""Starts of the search for minima, times the weights: a step over more of them costs more."""
FEW_WEIGHTS = 10
FEW_STEPS = 100
"""Up to so many weights and operations, minima are searched for: within a second."""

Domain = tuple[tuple[float, float], ...]


def expression_surface(
    text: str,
    *,
    domain: Sequence[tuple[float, float]] | None = None,
    start: Sequence[float] | None = None,
    dimension: int | None = None,
) -> Surface:
    """Returns a person's own formula as a surface, with exact slope and curvature; its minima are searched for.

    Args:
        text: in x, y, z or in w1, w2, …, as in ``x^2 + 10*sin(y)``.
        domain: one (low, high) for each variable; None takes −5 to 5.
        start: where a descent starts; None takes a point off the middle.
        dimension: how many variables; None for as many as the formula names.

    Raises:
        ExpressionError: the formula cannot be read: with the column.
        SpecError: a domain or start that does not fit.

    >>> surface = expression_surface("x^4 - 2x^2 + y^2")
    >>> [minimum.at for minimum in surface.minima]
    [(-1.0, 0.0), (1.0, 0.0)]
    """
    wanted = dimension if dimension is not None else len(domain) if domain is not None else None
    formula = parse(text, dimension=wanted)
    sides = _sides(domain, formula.program.dimension)
    bare = written(
        "expression",
        text,
        formula=formula,
        title=text if len(text) <= 60 else text[:59] + "…",
        source=OWN,
        domain=sides,
        start=tuple(0.5 * (low + high) for low, high in sides),
        rate=RateRange(1e-3, 1.0, 1e-2),
    )
    placed = replace(bare, start=_start(bare, start), minima_are="found")
    small = placed.dimension <= FEW_WEIGHTS and len(formula.program.steps) <= FEW_STEPS
    found = _minima(placed) if small else ()
    return replace(placed, minima=found, rate=_rates(placed), quadratic=_is_quadratic(placed))


def written(
    name: str,
    text: str,
    *,
    title: str,
    source: Source,
    domain: Domain,
    start: tuple[float, ...],
    rate: RateRange,
    minima: tuple[Minimum, ...] = (),
    levels: Literal["linear", "log"] = "linear",
    quadratic: bool = False,
    tex: str = "",
    formula: Formula | None = None,
) -> Surface:
    """Returns a surface whose rules are an expression; nothing about it is searched for.

    Args:
        name: its key.
        text: the expression.
        title: as a person reads it.
        source: author and year.
        domain: one (low, high) for each variable.
        start: where a descent starts.
        rate: rates worth offering.
        minima: the known ones, the lowest first.
        levels: how contours are best spaced.
        quadratic: whether the curvature is the same everywhere.
        tex: the right-hand side, where it is better written by hand.
        formula: the expression, where it has been read already.
    """
    read = formula or parse(text, dimension=len(domain), most=200_000)
    left = ", ".join(read.variables) if len(domain) <= 3 else "w"
    return Surface(
        name=name,
        title=title,
        formula=f"f({left}) = {tex or read.tex}",
        source=source,
        domain=domain,
        start=start,
        minima=minima,
        value_rule=read.program.value,
        gradient_rule=read.program.gradient,
        hessian_rule=read.program.hessian,
        levels=levels,
        rate=rate,
        quadratic=quadratic,
        expression=text,
        block=block_of(read.program),
    )


def _sides(domain: Sequence[tuple[float, float]] | None, dimension: int) -> Domain:
    if domain is None:
        return (WIDE,) * dimension
    sides = tuple((float(low), float(high)) for low, high in domain)
    if len(sides) != dimension:
        raise SpecError("domain", list(domain), f"{dimension} pairs, one for each variable")
    for low, high in sides:
        if not (np.isfinite(low) and np.isfinite(high) and low < high and high - low < 1e9):
            raise SpecError("domain", (low, high), "a pair of finite numbers, the lower first")
    return sides


def _start(surface: Surface, start: Sequence[float] | None) -> tuple[float, ...]:
    """The start asked for, or the first of a few points at which the loss and its slope are numbers."""
    if start is not None:
        return tuple(float(each) for each in start)
    low, high = np.array(surface.domain).T
    shares = np.where(np.arange(surface.dimension) % 2 == 0, 0.15, 0.8)
    points = np.concatenate([(low + shares * (high - low))[None], spread(surface, 255)])
    with np.errstate(all="ignore"):
        good = np.isfinite(surface.value(points)) & np.isfinite(surface.gradient(points)).all(axis=-1)
    if not good.any():
        hint = "Give a domain on which the formula is a number."
        raise SpecError("expression", surface.expression, "a formula with a value somewhere on its domain", hint)
    return tuple(points[int(np.argmax(good))].tolist())


def _minima(surface: Surface) -> tuple[Minimum, ...]:
    points = critical_points(surface, MOST_STARTS // max(surface.dimension, 2))
    lowest = [point for point in points if point.kind == CriticalKind.MINIMUM]
    return tuple(Minimum(_rounded(surface, point.at), point.value) for point in lowest[:MOST_FOUND])


def _rounded(surface: Surface, at: tuple[float, ...]) -> tuple[float, ...]:
    """A point found by a search is exact to about 1e-14: (1 − 2e-16, 3e-17) is (1, 0) if the slope vanishes there."""
    best = at
    for j, each in enumerate(at):
        neat = (*best[:j], round(each, 9) + 0.0, *best[j + 1 :])
        if np.abs(surface.gradient(neat)).max() <= np.abs(surface.gradient(best)).max():
            best = neat
    return best


def _is_quadratic(surface: Surface) -> bool:
    """Whether the Hessian is the same at points spread over the domain, to rounding."""
    with np.errstate(all="ignore"):
        hessians = surface.hessian(spread(surface, 16))
    return bool(np.isfinite(hessians).all() and np.ptp(hessians, axis=0).max() <= 1e-12 * np.abs(hessians).max())


def _rates(surface: Surface) -> RateRange:
    """Rates around the limit of the median curvature: a thousandth of 2/λ, a tenth, and one and a half of it."""
    with np.errstate(all="ignore"):
        spectra = np.abs(curvature_at(surface, _sample(surface)))[:, -1]
    usable = spectra[np.isfinite(spectra) & (spectra > 0.0)]
    limit = min(max(2.0 / float(np.median(usable)) if usable.size else 1.0, 1e-9), 1e3)
    low, high, default = (float(f"{share * limit:.2g}") for share in (1e-3, 1.5, 0.1))
    return RateRange(low, high, default)


def _sample(surface: Surface) -> Array:
    return np.concatenate([np.array([surface.start]), spread(surface, 63 if surface.dimension <= FEW_WEIGHTS else 3)])
