"""Variants of the exported file: each runs, is smaller, and says close to the same; the rest say why not."""

from __future__ import annotations

from typing import Any

import numpy as np

from fallline.core.rng import generator
from fallline.engine.compress.inputs import raw_values
from fallline.engine.compress.shrink import Variant, variants
from fallline.engine.train import FAMILIES
from fallline.peers import onnxruntime as ort


def made(fitted: Any, model: Any = None) -> dict[str, Variant]:
    """Returns a model's variants by name."""
    values = raw_values(fitted.encoding, fitted.table, fitted.train[:500])
    quantisers = {"int8 dynamic": ort.int8_dynamic, "int8 static": lambda data: ort.int8_static(data, values)}
    found = variants(fitted.encoding, model or fitted.model, (0.9, 0.1), quantisers)
    return {variant.name: variant for variant in found}


def probabilities(fitted: Any, variant: Variant) -> Any:
    """Returns what a variant says of every customer."""
    assert variant.data is not None
    return ort.run(ort.session(variant.data), raw_values(fitted.encoding, fitted.table))


def test_a_net_shrinks(models: dict[str, Any]) -> None:
    """Float16 and both int8 variants of a net are smaller and agree with it on nearly every decision."""
    found = made(models["mlp"])
    full = probabilities(models["mlp"], found["fp32"])
    assert set(found) == {"fp32", "fp16", "int8 dynamic", "int8 static"}
    for name, off in (("fp16", 2e-3), ("int8 dynamic", 0.05), ("int8 static", 0.08)):
        variant = found[name]
        assert variant.size < found["fp32"].size
        got = probabilities(models["mlp"], variant)
        assert 0 < np.abs(got - full).max() < off
        assert ((got > 0.3) == (full > 0.3)).mean() > 0.98


def test_float16_says_when_it_does_not_pay(models: dict[str, Any]) -> None:
    """A net whose file is nearly all encoding is not halved, and the sentence gives both sizes."""
    fitted = models["mlp"]
    matrix = fitted.encoding.matrix(fitted.table, fitted.train)
    small, _ = FAMILIES["mlp"].fit(matrix, fitted.y[fitted.train], {"width": 4, "epochs": 1}, generator(0))
    variant = made(fitted, small)["fp16"]
    assert variant.data is None
    assert "does not pay" in variant.note
    assert variant.size is None


def test_trees_are_cut(models: dict[str, Any]) -> None:
    """Trees are cut to a half and a quarter, which predict what boosting would have said then; int8 does not apply."""
    fitted = models["boosting"]
    found = made(fitted)
    assert list(found) == ["fp32", "fp16", "int8 dynamic", "int8 static", "75 trees", "37 trees"]
    assert found["int8 static"].data is None
    assert found["fp16"].data is None
    assert "does not apply to trees" in found["int8 dynamic"].note
    matrix = fitted.encoding.matrix(fitted.table)
    for trees in (75, 37):
        expected = 1 / (1 + np.exp(-(0.9 * fitted.model.first(trees).logits(matrix) + 0.1)))
        np.testing.assert_allclose(probabilities(fitted, found[f"{trees} trees"]), expected, atol=1e-6)
        assert found[f"{trees} trees"].size < found["fp32"].size


def test_logistic_regression_has_nothing_to_shrink(models: dict[str, Any]) -> None:
    """Of logistic regression only the full file is made; each other variant says why not."""
    found = made(models["logistic"])
    assert [name for name, variant in found.items() if variant.data is not None] == ["fp32"]
    assert all("does not apply" in variant.note for name, variant in found.items() if name != "fp32")
