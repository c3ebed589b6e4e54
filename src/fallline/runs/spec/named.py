"""An entry of a registry, named in a Spec with its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fallline.core.choice import lookup, nearest
from fallline.core.errors import SpecError


def build_named(registry: Any, name: str, params: dict[str, float], path: str, name_path: str) -> Any:
    """Builds an entry of a registry from its parameters.

    Raises:
        SpecError: the name or a parameter is unknown, or a value is outside its range.
    """
    kind = lookup(name, registry, name_path)
    known = [parameter.name for parameter in kind.parameters]
    for key in params:
        if key not in known:
            close = nearest(key, known)
            hint = f"Did you mean {close!r}?" if close else f"{name} has: {', '.join(known) or 'none'}."
            raise SpecError(f"{path}.params", key, f"a parameter of {name}", hint)
    try:
        return kind(**params)
    except SpecError as error:
        value = params.get(error.path, error.value)
        raise SpecError(f"{path}.params.{error.path}", value, error.expected, error.hint) from None


def built_options(base: Any, options: Mapping[str, float], path: str) -> Any:
    """Returns an optimizer with the options of a Spec around it.

    Raises:
        SpecError: an option is unknown, or its number is outside its range.
    """
    from fallline.engine.optim.options import OPTIONS, with_options  # as in names.py: not every Spec has optimizers

    for name, value in options.items():
        kind = lookup(name, OPTIONS, path)
        try:
            kind(base, **{kind.parameters[0].name: value})
        except SpecError as error:
            raise SpecError(f"{path}.{name}", value, error.expected, error.hint) from None
    return with_options(base, **options)
