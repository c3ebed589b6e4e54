"""The coefficients of the cost model: times one-row predictions of many graphs and fits microseconds to counted work.

Run it on the reference machine and copy the coefficients into `fallline.engine.compress.cost`. Everywhere else it says
how far the formula is from this machine.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import numpy as np
from scipy.optimize import nnls
from scipy.stats import spearmanr

from benchmarks import Figure
from benchmarks.measure import median
from fallline.core.rng import generator
from fallline.engine.compress.cost import COEFFICIENTS, cost, work
from fallline.engine.compress.graph import to_onnx
from fallline.engine.data.encode import Encoding
from fallline.engine.data.encode_number import NumberCode
from fallline.engine.data.encode_words import FlagCode, LevelsCode
from fallline.engine.train import FAMILIES, Model
from fallline.peers import onnxruntime as ort

CALLS = 50
"""Calls of one graph in a row; the clock is read around each."""
TABLES = ((2, 0, 0, 0), (20, 0, 0, 0), (60, 0, 0, 0), (0, 12, 0, 0), (0, 0, 12, 4), (3, 6, 10, 3), (10, 20, 20, 8))
"""Numbers, booleans, categories and levels of each."""


def encodings() -> Iterator[Encoding]:
    """Yields narrow and wide tables of numbers, booleans and categories."""
    for numbers, flags, categories, levels in TABLES:
        yield Encoding(
            "linear",
            (
                *(NumberCode(f"n{each}", 0.1, -3.0, 3.0, 0.2, 1.1, indicator=each % 3 == 0) for each in range(numbers)),
                *(FlagCode(f"f{each}", "No", "Yes", 0.25) for each in range(flags)),
                *(
                    LevelsCode(
                        f"c{each}", tuple(f"level {each} {level}" for level in range(levels)), pooled=each % 5 == 0
                    )
                    for each in range(categories)
                ),
            ),
        )


def models(width: int) -> Iterator[tuple[str, Model]]:
    """Yields models of every family and many sizes, fitted to noise: only their shape matters here."""
    rng = generator(0, "cost", width)
    matrix = rng.normal(size=(3000, width)).astype(np.float32)
    labels = (rng.random(3000) < 0.4).astype(np.int8)
    yield "logistic", FAMILIES["logistic"].fit(matrix, labels, {}, rng)[0]
    for trees, leaves in itertools.product((20, 100, 400), (3, 15)):
        params: dict[str, object] = {"rounds": trees, "leaves": leaves, "min_child": 1}
        yield f"boosting {trees}×{leaves}", FAMILIES["boosting"].fit(matrix, labels, params, rng)[0]
    for layers, units in itertools.product((1, 2, 4, 8), (16, 64, 256)):
        params = {"layers": layers, "width": units, "epochs": 1}
        yield f"mlp {layers}×{units}", FAMILIES["mlp"].fit(matrix, labels, params, rng)[0]


def row(encoding: Encoding) -> dict[str, list[object]]:
    """Returns one row that every encoding here reads."""
    values: dict[str, list[object]] = {}
    for code in encoding.codes:
        word = code.levels[-1] if isinstance(code, LevelsCode) else "Yes"
        values[code.source] = [0.5] if isinstance(code, NumberCode) else [word]
    return values


def figures(quick: bool) -> list[Figure]:
    """Times every graph, interleaved, and compares with the formula and with a fit made here."""
    names, counted, told, calls = [], [], [], []
    for encoding in encodings():
        for name, model in models(encoding.width):
            opened = ort.session(to_onnx(encoding, model))
            calls.append((opened, ort.feed(ort.inputs(opened), row(encoding))))
            names.append(f"{name}, {len(encoding.codes)} columns")
            counted.append(list(work(encoding, model).values()))
            told.append(cost(encoding, model).microseconds)
    seen: list[list[float]] = [[] for _ in calls]
    for _ in range(3 if quick else 60):
        for place, (opened, fed) in enumerate(calls):
            seen[place].append(ort.time_one_row(opened, fed, CALLS, time.perf_counter)[0])
    took = np.array([median(each) for each in seen])
    amounts, formula = np.array(counted), np.array(told)
    fitted, _ = nnls(amounts / took[:, None], np.ones(len(took)))
    off, own = np.abs(formula / took - 1.0), np.abs(amounts @ fitted / took - 1.0)
    worst = int(own.argmax())
    against = f"{len(took)} graphs timed here"
    return [
        Figure("rank correlation of the formula with time", float(spearmanr(formula, took)[0]), "", ">= 0.9", against),
        Figure("relative error of the formula, median", float(np.median(off)), "", "", against),
        Figure("relative error of a fit made here, median", float(np.median(own)), "", "<= 0.15", against),
        Figure("relative error of a fit made here, worst", float(own[worst]), "", "", names[worst]),
        *(
            Figure(f"coefficient {kind}", float(value), "µs", "", f"{COEFFICIENTS[kind]} in the formula")
            for kind, value in zip(COEFFICIENTS, fitted, strict=True)
        ),
    ]
