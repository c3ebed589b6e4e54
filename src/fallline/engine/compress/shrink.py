"""Smaller variants of one exported model, each with the sentence that says what was done, or why nothing could be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fallline.engine.compress.graph import to_onnx
from fallline.engine.data.encode import Encoding
from fallline.engine.train import Model, PerceptronModel, TreesModel

Quantise = Callable[[bytes], bytes]
PAYS = 0.9
"""A variant in float16 is offered when its file is at most this share of the full one."""
CUTS = (2, 4)
"""Boosting is cut to its first 1/2 and 1/4 of the trees."""
_NONE: Mapping[str, Quantise] = {}


@dataclass(frozen=True)
class Variant:
    """One file that could be served.

    Attributes:
        name: ``fp32``, ``fp16``, the name of a quantiser, or the number of trees.
        data: the ONNX file; None where the variant does not apply.
        note: what was done, or why it does not apply.
    """

    name: str
    data: bytes | None
    note: str

    @property
    def size(self) -> int | None:
        """Bytes of the file."""
        return None if self.data is None else len(self.data)


def variants(
    encoding: Encoding,
    model: Model,
    calibration: tuple[float, float] | None = None,
    quantisers: Mapping[str, Quantise] = _NONE,
) -> tuple[Variant, ...]:
    """Returns the full file and everything smaller that can be made of it.

    What a variant costs in score, decisions and money is not known here: it is measured on rows, by whoever has them.

    Args:
        encoding: the one that the model was fitted with.
        model: of any family.
        calibration: (a, b) on the log odds.
        quantisers: name such as ``int8 dynamic`` → full file → quantised file, from `fallline.peers.onnxruntime`.

    Returns:
        ``fp32`` first, then ``fp16``, the quantised ones, and fewer trees.
    """
    full = to_onnx(encoding, model, calibration)
    found = [Variant("fp32", full, "Every number is a float32, as it was trained.")]
    found.append(_half(encoding, model, calibration, len(full)))
    for name, quantise in quantisers.items():
        found.append(_quantised(name, quantise, model, full))
    if isinstance(model, TreesModel):
        found += [_cut(encoding, model, calibration, model.trees // part) for part in CUTS if model.trees >= 2 * part]
    return tuple(found)


def _half(encoding: Encoding, model: Model, calibration: tuple[float, float] | None, full: int) -> Variant:
    """Keeps a net's weights in float16 where that pays."""
    if not isinstance(model, PerceptronModel):
        why = "a graph's trees keep float32" if isinstance(model, TreesModel) else "it has too few weights to matter"
        return Variant("fp16", None, f"Float16 does not apply: {why}.")
    data = to_onnx(encoding, model, calibration, half=True)
    if len(data) > PAYS * full:
        sentence = f"Float16 does not pay: {len(data):,} bytes in place of {full:,}, most of which is the encoding."
        return Variant("fp16", None, sentence)
    return Variant("fp16", data, "Weights are kept in float16 and widened when the file is opened; speed is the same.")


def _quantised(name: str, quantise: Quantise, model: Model, full: bytes) -> Variant:
    """Quantises a net; other families have no products of matrices to quantise."""
    if isinstance(model, TreesModel):
        return Variant(name, None, "int8 does not apply to trees: they compare and add, and multiply no matrices.")
    if not isinstance(model, PerceptronModel):
        return Variant(name, None, "int8 does not apply to logistic regression: one short product is not worth it.")
    return Variant(name, quantise(full), "The products of the net run in int8; the encoding stays in float32.")


def _cut(encoding: Encoding, model: TreesModel, calibration: tuple[float, float] | None, trees: int) -> Variant:
    """Stops boosting earlier."""
    data = to_onnx(encoding, model.first(trees), calibration)
    return Variant(f"{trees} trees", data, f"The first {trees} of {model.trees} trees: boosting stopped earlier.")
