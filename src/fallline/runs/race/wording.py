"""Shares and lists as the advice writes them."""

from __future__ import annotations

from collections.abc import Sequence


def per_cent(value: float) -> str:
    """Writes a share as per cent, with as many digits as it needs to be more than zero.

    >>> per_cent(0.5), per_cent(0.0014), per_cent(2.5)
    ('50 %', '0.14 %', '250 %')
    """
    percent = 100.0 * value
    return f"{percent:.0f} %" if percent >= 10 or percent == 0 else f"{percent:.2g} %"


def listed(names: Sequence[str]) -> str:
    """Joins names as a sentence does.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
