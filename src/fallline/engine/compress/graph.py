"""The exported file: one ONNX graph from raw columns to a calibrated probability, with the encoding inside.

Whoever serves the file needs no Python, no encoder and no word of this project: a row of the table goes in as it is.
"""

from __future__ import annotations

import json
import math

from fallline.core.errors import DataError
from fallline.engine.compress.encoding_nodes import encoding_nodes
from fallline.engine.compress.inputs import OUTPUTS, inputs_of
from fallline.engine.compress.model_nodes import model_nodes
from fallline.engine.compress.nodes import Nodes
from fallline.engine.data.encode import Encoding
from fallline.engine.train import Model


def to_onnx(
    encoding: Encoding, model: Model, calibration: tuple[float, float] | None = None, *, half: bool = False
) -> bytes:
    """Exports an encoding, a model and a calibration as one graph.

    Inputs: one per raw column that the encoding uses, shape (n, 1); see `fallline.engine.compress.inputs`. Outputs:
    ``logit``, a · model + b, and ``probability``, its sigmoid, both float32 of shape (n, 1). The metadata holds the
    inputs under ``inputs`` (JSON) and the family under ``family``.

    Args:
        encoding: the one that the model was fitted with.
        model: of any family.
        calibration: (a, b) of Platt's scaling on the log odds; none when None.
        half: whether a net's weights are kept in float16; other families have none to halve.

    Returns:
        The file. The same arguments give the same bytes.

    Raises:
        DataError: the model does not read this encoding's matrix, or the calibration is not finite.
    """
    if model.width != encoding.width:
        raise DataError(
            f"The model reads {model.width} matrix columns and the encoding makes {encoding.width}: "
            "export a model with the encoding it was fitted with."
        )
    inputs, nodes = inputs_of(encoding), Nodes()
    logit = model_nodes(model, encoding_nodes(encoding, inputs, nodes), nodes, half=half)
    a, b = calibration or (1.0, 0.0)
    if not (math.isfinite(a) and math.isfinite(b)):
        raise DataError(f"A calibration of a = {a} and b = {b} is not finite: fit it again.")
    scaled = nodes.add("Mul", logit, nodes.constant(a))
    nodes.add("Add", scaled, nodes.constant(b), output="logit")
    nodes.add("Sigmoid", "logit", output="probability")
    about = {"family": model.family, "inputs": json.dumps([each.to_dict() for each in inputs], ensure_ascii=False)}
    return nodes.finish(inputs, OUTPUTS, about)
