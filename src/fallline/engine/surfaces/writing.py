"""Writing an expression: in TeX for the eye, and in Python for torch, while it is read."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from fallline.engine.surfaces.builder import Node
from fallline.engine.surfaces.functions import FUNCTIONS

SUM, PRODUCT, SIGN, POWER, ATOM = 1, 2, 3, 4, 9
"""How tightly a piece holds together."""


@dataclass(frozen=True)
class Piece:
    """A part of an expression, computed and written.

    Attributes:
        node: what it computes.
        tex: in TeX.
        torch: in Python with torch.
        rank: how tightly it holds together.
    """

    node: Node
    tex: str
    torch: str
    rank: int


def number(text: str) -> Piece:
    """Writes a number; a float in Python, so that torch divides and raises as ours does.

    >>> number("2").torch, number("1e-3").tex
    ('2.0', '10^{-3}')
    """
    value = float(text)
    mantissa, _, exponent = text.lower().partition("e")
    tex = text
    if exponent:
        tex = f"10^{{{int(exponent)}}}" if float(mantissa) == 1.0 else rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    return Piece(Node(-1, value), tex, repr(value), ATOM)


def joined(left: Piece | None, right: Piece, node: Node, sign: str) -> Piece:
    """Writes a sum, a difference, a product, a quotient or, without a left side, a minus sign."""
    if left is None:
        inner = _held(right, SIGN)
        return Piece(node, f"-{inner[0]}", f"-{inner[1]}", SIGN)
    rank = SUM if sign in "+-" else PRODUCT
    (left_tex, left_torch), (right_tex, right_torch) = _held(left, rank), _held(right, rank + (sign in "-/"))
    if right.rank == SIGN:
        right_tex, right_torch = rf"\left({right.tex}\right)", f"({right.torch})"
    if sign == "/":
        tex = rf"\frac{{{left.tex}}}{{{right.tex}}}"
    elif sign == "*":
        gap = (
            r" \cdot " if right_tex[:1].isdigit() else r"\," if right_tex[:1].isalpha() or right_tex[0] == "\\" else ""
        )
        tex = f"{left_tex}{gap}{right_tex}"
    else:
        tex = f"{left_tex} {sign} {right_tex}"
    if node.constant:
        return Piece(node, tex, _constant(node), rank)
    return Piece(node, tex, f"{left_torch} {sign} {right_torch}", rank)


def power(base: Piece, exponent: Piece, node: Node) -> Piece:
    """Writes a power."""
    tex, torch = _held(base, ATOM)
    held = exponent.torch if exponent.rank >= SIGN else f"({exponent.torch})"
    if node.constant:
        return Piece(node, f"{tex}^{{{exponent.tex}}}", _constant(node), POWER)
    return Piece(node, f"{tex}^{{{exponent.tex}}}", f"{torch} ** {held}", POWER)


def function(name: str, parts: list[Piece], node: Node) -> Piece:
    """Writes a function of one or two pieces."""
    inner, torch = ", ".join(part.tex for part in parts), ", ".join(part.torch for part in parts)
    if len(parts) == 2:
        if node.constant:
            return Piece(node, rf"\{name}\left({inner}\right)", _constant(node), ATOM)
        torch = ", ".join(f"torch.tensor({part.node.number!r})" if part.node.constant else part.torch for part in parts)
        return Piece(node, rf"\{name}\left({inner}\right)", f"torch.{name}imum({torch})", ATOM)
    known = FUNCTIONS[name]
    if node.constant:
        torch = _constant(node)
    pattern = "{0}" if node.constant else known.torch if "{0}" in known.torch else f"{known.torch}({{0}})"
    tex = {
        "sqrt": rf"\sqrt{{{inner}}}",
        "exp": f"e^{{{inner}}}",
        "abs": rf"\left|{inner}\right|",
        "relu": rf"\max\left(0, {inner}\right)",
    }.get(name, rf"{known.tex}\left({inner}\right)")
    return Piece(node, tex, pattern.replace("{0}", torch), POWER if name == "exp" else ATOM)


def _constant(node: Node) -> str:
    """A number that has been worked out: torch's functions take tensors alone, and Python does not divide by zero."""
    if not isfinite(node.number):
        return f'float("{node.number}")'
    return f"({node.number!r})" if node.number < 0.0 else repr(node.number)


def _held(piece: Piece, rank: int) -> tuple[str, str]:
    """A piece as part of something that holds together as tightly as `rank`."""
    if piece.rank >= rank:
        return piece.tex, piece.torch
    return rf"\left({piece.tex}\right)", f"({piece.torch})"
