"""Maths: LaTeX to MathML, which browsers set themselves; no script and no picture."""

from __future__ import annotations

from functools import lru_cache

from latex2mathml.converter import convert
from markupsafe import Markup


@lru_cache(maxsize=4096)
def mathml(latex: str, *, block: bool = False) -> Markup:
    r"""Turns LaTeX into MathML; what cannot be read is shown as it was written.

    >>> "<msub>" in mathml(r"w_t")
    True
    >>> 'display="block"' in mathml(r"\eta", block=True)
    True
    """
    try:
        made = convert(latex, display="block" if block else "inline")
    except Exception:  # noqa: BLE001 - the converter raises bare exceptions of many kinds on bad input
        return Markup("<code>{}</code>").format(latex)

    return Markup(made)  # noqa: S704 - the converter escapes what it writes
