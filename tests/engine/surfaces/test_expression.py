"""Expressions: what is read, what is refused and where, and the calculus against torch."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fallline.core.errors import SpecError
from fallline.engine.surfaces import expression_surface
from fallline.engine.surfaces.functions import FUNCTIONS
from fallline.engine.surfaces.parse import parse
from fallline.engine.surfaces.program import Program
from fallline.engine.surfaces.tokens import ExpressionError

NAMES = {name: getattr(math, name) for name in ("pi", "tau", "e")} | {"torch": torch}


def _torch(text: str, at: list[float]) -> Any:
    """The expression in torch, from the Python that it is written as."""
    formula = parse(text)
    w = torch.tensor(at[: formula.program.dimension], dtype=torch.float64)
    code = compile(formula.torch, "formula", "eval")

    def value(point: torch.Tensor) -> torch.Tensor:
        names = dict(zip(formula.variables, point.unbind(), strict=True)) if "w1" not in formula.variables else {}
        return torch.as_tensor(eval(code, {**NAMES, **names, "w": point}))  # noqa: S307 - our own text, in a test

    return value, w


SAMPLES = [
    "x^2 + 10*sin(y)",
    "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2",
    "exp(-x^2 - y^2)^2/(1 + x^4)",
    "x^3*y^-2 - sqrt(x + 2)*log(y + 3)",
    "max(x, y*z) - min(x, 0.5) + abs(z)",
    "2^x + x^y + (x*y)^1.5",
    "tan(x)/cosh(y) + tanh(x*y)*sinh(x)",
    "asin(x/2) + acos(y/3) + atan(x*y) + log1p(x*x) + expm1(y)",
    "log2(x + 1)*log10(y + 2) - ln(x + y)",
    "relu(x - 0.2)*sigmoid(3y) + softplus(x*y - 4)",
    "-x^2 - -y",
    "w1*w2 - w3/(w1 - 2) + cos(pi*w4)^3",
    "1/2x + 3(x + 1)(y - 1)",
    "(x + y)² + (x − y)³ · 2",
    "x^16 + x^-7 + 3^2^0.5*x",
    "cos(pi)^2*x + e^x/tau",
]


@pytest.mark.parametrize("text", SAMPLES)
def test_value_slope_and_curvature_agree_with_torch(text: str) -> None:
    """What is computed here is what torch's autograd computes from the same text."""
    function, w = _torch(text, [0.7, 0.4, 1.3, -0.6])
    program, point = parse(text).program, w.tolist()
    assert float(program.value(*point)) == pytest.approx(float(function(w)), rel=1e-14, abs=1e-15)
    slope = torch.autograd.functional.jacobian(function, w).numpy()
    assert np.allclose([float(part) for part in program.gradient(*point)], slope, rtol=1e-12, atol=1e-13)
    bend = torch.autograd.functional.hessian(function, w).numpy()[np.triu_indices(len(point))]
    assert np.allclose([float(part) for part in program.hessian(*point)], bend, rtol=1e-11, atol=1e-12)


LEAVES = st.sampled_from(["x", "y", "0.5", "2", "3", "pi"])


def _grown(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    functions = st.sampled_from(["sin", "cos", "exp", "tanh", "atan", "sigmoid", "softplus", "abs", "sqrt", "log"])
    joins = st.sampled_from([" + ", "-", "*", "/"])
    return st.one_of(
        st.builds("({}{}{})".format, parts, joins, parts),
        st.builds("{}({})".format, functions, parts),
        st.builds("({})^{}".format, parts, st.sampled_from(["2", "3", "-1", "0.5", "5"])),
        st.builds("-{}".format, parts),
    )


EXPRESSIONS = st.recursive(LEAVES, _grown, max_leaves=12)


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS, st.floats(0.3, 1.7), st.floats(0.3, 1.7))
def test_any_expression_has_the_slope_that_torch_gives_it(text: str, x: float, y: float) -> None:
    """Grown from the grammar at random: NumPy's rules give torch's numbers wherever those are numbers."""
    text = f"{text} + x*y"
    function, w = _torch(text, [x, y])
    slope = torch.autograd.functional.jacobian(function, w).numpy()
    assume(np.isfinite(slope).all() and np.abs(slope).max() < 1e8)
    surface = parse(text, dimension=2).program
    ours = np.array([float(part) for part in surface.gradient(x, y)])
    assert np.allclose(ours, slope, rtol=1e-7, atol=1e-7)


REFUSED = [
    ("x^2 + sn(y)", 7, "sin"),
    ("x +", 4, "the end"),
    ("(x + 1", 7, "column 1"),
    ("x)", 2, "operator"),
    ("x y", 3, "Write a *"),
    ("x(2)", 1, "no function"),
    ("sin x", 1, "brackets"),
    ("max(x)", 6, "two numbers"),
    ("sin(x, y)", 6, "no more"),
    ("x; import os", 2, "';'"),
    ("__import__('os').system('ls')", 12, "formula"),
    ("x.__class__", 2, "'.'"),
    ("lambda: x", 7, "':'"),
    ("x^2 = 3", 5, "right-hand side"),
    ("[x for x in y]", 1, "round brackets"),
    ("|x|", 1, "abs"),
    ("", 1, "the end"),
    ("1 + 1", 1, "no variable"),
    ("x + w1", 5, "not both"),
    ("w0 + w1", 1, "w0"),
    ("w101", 1, "w100"),
    ("reciprocal(x)", 1, "nothing known"),
    ("x^x^x^x^x", 8, "tower"),
    ("x^1e9", 2, "1000"),
    ("x^(1e300*1e300)", 2, "1000"),
    ("(" * 100 + "x" + ")" * 100, 65, "deeper"),
    ("-" * 100 + "x", 65, "deeper"),
    ("x+" * 1000 + "x", 2001, "2,000"),
    ("𝑥^2", 1, "no formula"),
    ("x\0", 2, "no formula"),
    ("eval", 1, "nothing known"),
]


@pytest.mark.parametrize(("text", "column", "words"), REFUSED, ids=[text[:20] for text, _, _ in REFUSED])
def test_a_mistake_is_pointed_at(text: str, column: int, words: str) -> None:
    """The error names the column at which the expression stops making sense, and what to do."""
    with pytest.raises(ExpressionError) as raised:
        parse(text)
    assert raised.value.column == column, raised.value
    assert words in str(raised.value), raised.value
    assert len(str(raised.value)) < 300


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=120) | st.text(alphabet="xyzw0123456789.e+-*/^(), sincogpqrtab_", max_size=120))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    """No text raises anything but our own error, and what is read computes without raising."""
    program = _read(text)
    if program is None:
        return
    point = [0.3] * program.dimension
    with np.errstate(all="ignore"):
        assert np.ndim(program.value(*point)) == 0
        assert len(program.gradient(*point)) == program.dimension


def _read(text: str) -> Program | None:
    """The program, or None where it was refused with a column inside the text."""
    try:
        return parse(text).program
    except ExpressionError as error:
        if not 1 <= error.column <= len(text) + 1:
            raise
        return None


def test_an_error_travels_with_its_column() -> None:
    """From a worker process it arrives as it was."""
    with pytest.raises(ExpressionError) as raised:
        parse("x + sn(y)")
    again = copy.copy(raised.value)  # by the same way as between processes: __reduce__
    assert (str(again), again.column) == (str(raised.value), 5)


def test_a_formula_that_is_no_number_anywhere_is_refused() -> None:
    """Zero by zero, though a variable might have been there."""
    with pytest.raises(ExpressionError, match="no number"):
        parse("0/0", dimension=1)


def test_operators_bind_as_in_the_field() -> None:
    """Powers before signs before products before sums; powers from the right, the rest from the left."""
    known = {
        "-2^2 + 0x": -4.0,
        "2^3^2 + 0x": 512.0,
        "2^-1 + 0x": 0.5,
        "8/4/2 + 0x": 1.0,
        "8 - 4 - 2 + 0x": 2.0,
        "1/2x": 1.5,
        "2(x)(x)": 18.0,
        "3x²": 27.0,
        "-x^2": -9.0,
        "(-x)^2": 9.0,
        "2**3 + 0*x": 8.0,
    }
    for text, value in known.items():
        assert float(parse(text).program.value(3.0)) == value, text


def test_equal_parts_are_computed_once() -> None:
    """A square that stands twice is one step of the program."""
    once, twice = parse("sin(x*y)"), parse("sin(x*y) + sin(x*y)*2")
    assert len(twice.program.steps) == len(once.program.steps) + 2


def test_every_function_can_be_written() -> None:
    """All but the reciprocal, which a quotient makes."""
    for name in FUNCTIONS:
        if name != "reciprocal":
            assert parse(f"{name}(0.5*x)").program.dimension == 1


def test_a_formula_becomes_a_surface_with_its_minima() -> None:
    """The minima of a double well are found where calculus puts them, and its curvature is told from a bowl's."""
    well = expression_surface("(x^2 - 1)^2 + 3y^2", domain=((-2, 2), (-1, 1)))
    assert [minimum.at for minimum in well.minima] == [(-1.0, 0.0), (1.0, 0.0)]
    assert (well.quadratic, well.minima_are, well.bottomless) == (False, "found", False)
    bowl = expression_surface("w1^2 + 2w2^2 + 3w3^2 + w1*w2")
    assert (bowl.quadratic, bowl.dimension) == (True, 3)
    assert expression_surface("x^3 - x", domain=((-1, 2),)).minima[0].at == pytest.approx((3**-0.5,), abs=1e-12)


def test_a_start_is_chosen_where_the_formula_is_a_number() -> None:
    """Half the domain of a logarithm is out of bounds; a formula without any value is refused."""
    surface = expression_surface("log(x) + 1/x", domain=((-5, 5),))
    assert surface.start[0] > 0
    with pytest.raises(SpecError, match="value somewhere"):
        expression_surface("log(-1 - x^2)")


@pytest.mark.parametrize("domain", [((0, 1),), ((0, 1), (1, 0)), ((0, 1), (0, math.inf))])
def test_a_domain_that_does_not_fit_is_refused(domain: Any) -> None:
    """As many sides as variables, each from low to high."""
    with pytest.raises(SpecError, match=r"domain|expression"):
        expression_surface("x^2 + y^2", domain=domain)
