"""Reading an expression: a grammar written out by hand, so that nothing but arithmetic can ever come of it.

sum     = product { ("+" | "-") product }
product = sign { ("*" | "/" | nothing) sign }        nothing: after a number or a bracket, as in 2x or 3(x + 1)
sign    = { "+" | "-" } power
power   = atom [ "^" sign ]                            from the right: 2^3^2 is 2^9
atom    = number | constant | variable | function "(" sum { "," sum } ")" | "(" sum ")"
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from fallline.core.choice import nearest
from fallline.engine.surfaces.builder import Builder, Node
from fallline.engine.surfaces.functions import CONSTANTS, FUNCTIONS, SYNONYMS
from fallline.engine.surfaces.program import Program
from fallline.engine.surfaces.tokens import MOST_CHARACTERS, ExpressionError, Token, tokens
from fallline.engine.surfaces.writing import Piece, function, joined, number, power

DEEPEST = 64
"""Brackets, signs and powers inside one another."""
TALLEST = 3
"""Exponents upon exponents."""
LARGEST_EXPONENT = 1_000.0
MOST_VARIABLES = 100
LETTERS = ("x", "y", "z")
NUMBERED = re.compile(r"w_?([1-9]\d{0,3})")
PAIRS = ("max", "min")


@dataclass(frozen=True)
class Formula:
    """An expression that has been read.

    Attributes:
        program: what computes it.
        variables: as they are written, one for each coordinate.
        tex: the expression in TeX.
        torch: the expression in Python with torch.
    """

    program: Program
    variables: tuple[str, ...]
    tex: str
    torch: str


def parse(text: str, *, dimension: int | None = None, most: int = MOST_CHARACTERS) -> Formula:
    """Reads an expression in x, y, z or in w1, w2, ….

    Args:
        text: the expression, as in ``x^2 + 10*sin(y)``.
        dimension: how many variables there are; None for as many as it names.
        most: how many characters it may have.

    Raises:
        ExpressionError: with the column at which it stops making sense, what was expected, and a near name.

    >>> float(parse("x^2 + 10*sin(y)").program.value(3.0, 0.0))
    9.0
    """
    words = tokens(text, most)
    letters, count = _variables(text, words, dimension)
    reader = _Reader(text, words, letters, Builder(count))
    piece = reader.sum()
    reader.expect_end()
    if dimension is None and not any(_index(token.text) for token in words):
        raise ExpressionError(text, 1, "it names no variable: use x, y, z or w1, w2, …")
    if not math.isfinite(piece.node.number) and piece.node.constant:
        raise ExpressionError(text, 1, "it is no number anywhere")
    names = LETTERS[:count] if letters else tuple(f"w{j + 1}" for j in range(count))
    return Formula(reader.builder.program(piece.node), names, piece.tex, piece.torch)


def _variables(text: str, words: list[Token], dimension: int | None) -> tuple[bool, int]:
    """Whether the variables are letters, and how many there are."""
    letters = [token for token in words if token.text in LETTERS]
    numbered = [(token, int(match[1])) for token in words if (match := NUMBERED.fullmatch(token.text))]
    if letters and numbered:
        later = max(letters[0].column, numbered[0][0].column)
        raise ExpressionError(text, later, "letters and numbered weights meet: use x, y, z or w1, w2, …, not both")
    if numbered and (largest := max(numbered, key=lambda pair: pair[1]))[1] > MOST_VARIABLES:
        raise ExpressionError(text, largest[0].column, f"stands a weight beyond w{MOST_VARIABLES}")
    used = max([LETTERS.index(token.text) + 1 for token in letters] + [index for _, index in numbered], default=0)
    if dimension is not None and used > dimension:
        beyond = next(token for token in words if _index(token.text) == used)
        raise ExpressionError(text, beyond.column, f"stands {beyond.shown}, and there are {dimension} variables")
    count = dimension if dimension is not None else max(used, 1)
    return bool(letters) or (not numbered and count <= len(LETTERS)), count


def _index(name: str) -> int:
    """Which coordinate a name is, from 1; 0 for no variable."""
    if name in LETTERS:
        return LETTERS.index(name) + 1
    match = NUMBERED.fullmatch(name)
    return int(match[1]) if match else 0


class _Reader:
    """Goes through the words once, from the left, and builds as it reads."""

    def __init__(self, text: str, words: list[Token], letters: bool, builder: Builder) -> None:
        self.text, self.words, self.letters, self.builder = text, words, letters, builder
        self.place, self.depth, self.height = 0, 0, 0

    @property
    def now(self) -> Token:
        return self.words[self.place]

    def take(self) -> Token:
        token = self.now
        self.place += 1
        return token

    def sum(self) -> Piece:
        left = self.product()
        while self.now.text in {"+", "-"}:
            sign = self.take().text
            right = self.product()
            node = (self.builder.add if sign == "+" else self.builder.subtract)(left.node, right.node)
            left = joined(left, right, node, sign)
        return left

    def product(self) -> Piece:
        left = self.sign()
        while True:
            if self.now.text in {"*", "/"}:
                sign = self.take().text
            elif self._touches():
                sign = "*"
            else:
                return left
            right = self.sign()
            node = (self.builder.multiply if sign == "*" else self.builder.divide)(left.node, right.node)
            left = joined(left, right, node, sign)

    def _touches(self) -> bool:
        """Whether a factor follows without a sign: a name or a bracket after a number or a closing bracket."""
        before = self.words[self.place - 1]
        return (before.kind == "number" or before.text == ")") and (self.now.kind == "name" or self.now.text == "(")

    def sign(self) -> Piece:
        if self.now.text not in {"+", "-"}:
            return self.power()
        token = self.take()
        self._deeper(token)
        inner = self.sign()
        self.depth -= 1
        if token.text == "+":
            return inner
        node = self.builder.multiply(inner.node, Node(-1, -1.0))
        return joined(None, inner, node, "-")

    def power(self) -> Piece:
        base = self.atom()
        while self.now.text in {"²", "³"}:
            token = self.take()
            exponent = number("2" if token.text == "²" else "3")
            base = power(base, exponent, self.builder.power(base.node, exponent.node))
        if self.now.text != "^":
            return base
        token = self.take()
        self._deeper(token)
        self.height += 1
        if self.height > TALLEST:
            raise ExpressionError(self.text, token.column, f"begins a tower of more than {TALLEST} exponents")
        exponent = self.sign()
        self.height -= 1
        self.depth -= 1
        if exponent.node.constant and not abs(exponent.node.number) <= LARGEST_EXPONENT:
            raise ExpressionError(self.text, token.column, f"begins an exponent beyond {LARGEST_EXPONENT:g}")
        return power(base, exponent, self.builder.power(base.node, exponent.node))

    def atom(self) -> Piece:
        token = self.take() if self.now.kind != "end" else self.now
        if token.kind == "number":
            return number(token.text)
        if token.kind == "name":
            return self._name(token)
        if token.text == "(":
            self._deeper(token)
            inner = self.sum()
            self._close(token)
            self.depth -= 1
            return inner
        raise ExpressionError(self.text, token.column, f"stands {token.shown} where a number, a name or '(' should")

    def _name(self, token: Token) -> Piece:
        name, called = SYNONYMS.get(token.text, token.text), self.now.text == "("
        if _index(name):
            if called:
                hint = f"Write {token.text}*(…)."
                raise ExpressionError(self.text, token.column, f"{token.shown} is a variable and no function", hint)
            return self._variable(token)
        if name in CONSTANTS:
            value, tex = CONSTANTS[name]
            return Piece(Node(-1, value), tex, {"π": "pi"}.get(name, name), 9)
        if (name in FUNCTIONS and name != "reciprocal") or name in PAIRS:
            if not called:
                raise ExpressionError(self.text, token.column, f"the function {token.shown} lacks its brackets")
            return self._call(name)
        known = [*FUNCTIONS, *SYNONYMS, *CONSTANTS, *PAIRS, *(LETTERS if self.letters else ())]
        close = nearest(token.text, known)
        hint = f"Did you mean {close!r}?" if close else "Variables are x, y, z or w1, w2, …."
        raise ExpressionError(self.text, token.column, f"stands {token.shown}, which names nothing known", hint)

    def _variable(self, token: Token) -> Piece:
        index = _index(token.text)
        tex = token.text if self.letters else f"w_{{{index}}}"
        return Piece(Node(index - 1), tex, token.text if self.letters else f"w[{index - 1}]", 9)

    def _call(self, name: str) -> Piece:
        opening = self.take()
        self._deeper(opening)
        parts = [self.sum()]
        wanted = 2 if name in PAIRS else 1
        while self.now.text == "," and len(parts) < wanted:
            self.take()
            parts.append(self.sum())
        if len(parts) < wanted:
            raise ExpressionError(self.text, self.now.column, f"{name} takes two numbers and has one")
        if self.now.text == ",":
            raise ExpressionError(
                self.text, self.now.column, f"{name} takes {wanted} number{'s' * (wanted > 1)}, no more"
            )
        self._close(opening)
        self.depth -= 1
        nodes = [part.node for part in parts]
        node = self.builder.choose(name, *nodes) if name in PAIRS else self.builder.call(name, nodes[0])
        return function(name, parts, node)

    def _close(self, opening: Token) -> None:
        if self.now.text != ")":
            expected = f"stands {self.now.shown} where ')' should close the bracket of column {opening.column}"
            raise ExpressionError(self.text, self.now.column, expected)
        self.take()

    def _deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(self.text, token.column, f"it nests deeper than {DEEPEST}")

    def expect_end(self) -> None:
        """Refuses what follows a whole expression."""
        if self.now.kind != "end":
            hint = "Write a * between factors." if self.now.kind in {"name", "number"} or self.now.text == "(" else ""
            raise ExpressionError(self.text, self.now.column, f"stands {self.now.shown} where an operator should", hint)
