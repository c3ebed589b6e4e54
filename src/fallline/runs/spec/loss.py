"""What a descent Spec descends, and under which noise: named, a member of a family, or a formula."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from typing import Any

from fallline.core.choice import lookup, nearest
from fallline.core.errors import SpecError
from fallline.engine.descent import NOISES, LabelNoise, MiniBatch, Noise
from fallline.engine.descent.noise import rows_of
from fallline.engine.surfaces import ROW_LOSSES, SURFACES, Surface, expression_surface, family
from fallline.engine.surfaces.parse import parse
from fallline.runs.spec.descent import DescentSpec

KEPT = 128
"""Formulas whose surfaces are kept at hand: a slider moved ten times reads its formula once."""


def surface_of(spec: DescentSpec) -> Surface:
    """Returns the surface that a Spec names or writes.

    Raises:
        SpecError: an unknown name, a formula that cannot be read, or a domain that does not fit.
    """
    if spec.expression is not None:
        return _written(spec.expression, spec.domain or (spec.reach and ((-spec.reach, spec.reach),)) or None)
    for name in ("domain", "reach"):
        if getattr(spec, name) is not None:
            raise SpecError(name, getattr(spec, name), "used: a named surface has its own domain", "Leave it out.")
    settings = {} if spec.shape is None else spec.shape.model_dump(exclude_none=True)
    if settings:
        return _member(spec.surface, tuple(sorted(settings.items())))
    return lookup(spec.surface, SURFACES, "surface")


def noise_of(spec: DescentSpec, surface: Surface | None) -> Noise | float:
    """Returns the noise of a Spec: a kind, or a standard deviation; that of the surface where the Spec has none.

    Raises:
        SpecError: an unknown kind or setting, or a value outside its range.
    """
    if spec.noisy is None:
        return spec.noise or (surface.noise if surface is not None else 0.0)
    kind = lookup(spec.noisy.kind, NOISES, "noisy.kind")
    known = {field.name: field.type for field in fields(kind)}
    settings: dict[str, Any] = {}
    for key, value in spec.noisy.params.items():
        if key not in known:
            close = nearest(key, known)
            hint = f"Did you mean {close!r}?" if close else f"It has: {', '.join(known)}."
            raise SpecError("noisy.params", key, f"a setting of {spec.noisy.kind}", hint)
        whole = known[key] in {"int", "bool"}
        if whole and not float(value).is_integer():
            raise SpecError(f"noisy.params.{key}", value, "a whole number")
        settings[key] = bool(value) if known[key] == "bool" else int(value) if whole else value
    return kind(**settings)


def noise_name(noise: Noise) -> str:
    """Returns the name of a kind of noise, as in `NOISES`."""
    return next(name for name, kind in NOISES.items() if isinstance(noise, kind))


def check_loss(spec: DescentSpec) -> None:
    """Refuses a Spec whose surface, start and noise do not fit together.

    Raises:
        SpecError: which, and what would fit.
    """
    if (spec.rows is None) != (spec.data is None):
        raise SpecError("rows" if spec.rows is None else "data", None, "there, and it must be", "Rows are of a table.")
    if spec.rows is not None:
        lookup(spec.rows.loss, ROW_LOSSES, "rows.loss")
        noise_of(spec, None)
        return  # the table is not loaded yet: the run itself looks at the rest
    surface = surface_of(spec)
    noise = noise_of(spec, surface)
    if isinstance(noise, MiniBatch | LabelNoise):
        rows_of(surface, spec.noisy.kind if spec.noisy else "")
    check_start(spec, surface)


def check_start(spec: DescentSpec, surface: Surface) -> None:
    """Refuses a start that has not one number for each weight.

    Raises:
        SpecError: with a start that would fit.
    """
    if spec.slice is not None and surface.dimension > 2 and len(spec.start) == 2:
        return  # a place in the plane that is drawn
    if len(spec.start) != surface.dimension:
        wanted = "one number" if surface.dimension == 1 else f"{surface.dimension} numbers, one for each weight"
        hint = f"{surface.title} may start at {[round(each, 6) for each in surface.start][:10]}."
        raise SpecError("start", list(spec.start), wanted, hint)


@lru_cache(maxsize=KEPT)
def _written(expression: str, domain: tuple[tuple[float, float], ...] | None) -> Surface:
    """A formula as a surface; one side given counts for every variable."""
    if domain is not None and len(domain) == 1:
        domain = domain * parse(expression).program.dimension
    return expression_surface(expression, domain=domain)


@lru_cache(maxsize=KEPT)
def _member(name: str, settings: tuple[tuple[str, float], ...]) -> Surface:
    return family(name, **dict(settings))
