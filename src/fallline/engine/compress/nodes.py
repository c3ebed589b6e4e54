"""The nodes and constants of a graph under construction, as plain values until the file is made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.engine.compress.inputs import INSIDE, Input

OPSET, ML_OPSET, IR = 17, 3, 8
"""Versions that ONNX Runtime has read since 1.12."""
ML = "ai.onnx.ml"


@dataclass
class Nodes:
    """Collects nodes; each method returns the name of what it adds.

    Attributes:
        nodes: (operator, inputs, output, domain, attributes).
        constants: name → array.
    """

    nodes: list[tuple[str, list[str], str, str, dict[str, Any]]] = field(default_factory=list)
    constants: dict[str, NDArray[Any]] = field(default_factory=dict)

    def add(self, operator: str, *inputs: str, domain: str = "", output: str = "", **attributes: Any) -> str:
        """Adds a node with one output."""
        name = output or f"{INSIDE}{operator.lower()}{len(self.nodes)}"
        self.nodes.append((operator, list(inputs), name, domain, attributes))
        return name

    def constant(self, values: Any, dtype: Any = np.float32) -> str:
        """Adds a constant."""
        name = f"{INSIDE}constant{len(self.constants)}"
        self.constants[name] = np.asarray(values, dtype=dtype)
        return name

    def joined(self, names: Sequence[str]) -> str:
        """Joins matrices of as many rows side by side."""
        return names[0] if len(names) == 1 else self.add("Concat", *names, axis=1)

    def picked(self, name: str, columns: Sequence[int]) -> str:
        """Picks columns of a matrix, in the order wanted."""
        return self.add("Gather", name, self.constant(columns, np.int64), axis=1)

    def as_float(self, name: str) -> str:
        """Turns truth values into 0 and 1."""
        return self.add("Cast", name, to=FLOAT)

    def finish(self, inputs: Sequence[Input], outputs: Sequence[str], about: Mapping[str, str]) -> bytes:
        """Makes the file: checks the graph and returns its bytes, the same for the same graph.

        Args:
            inputs: each of shape (n, 1).
            outputs: names of tensors of shape (n, 1).
            about: metadata that travels in the file.
        """
        import onnx  # 0.4 s of imports that a page which only reads Records does not need
        from onnx import TensorProto, helper, numpy_helper

        kinds = {"number": TensorProto.FLOAT, "date": TensorProto.FLOAT, "word": TensorProto.STRING}
        graph = helper.make_graph(
            [
                helper.make_node(operator, names, [output], name=output, domain=domain, **attributes)
                for operator, names, output, domain, attributes in self.nodes
            ],
            "fallline",
            [helper.make_tensor_value_info(each.name, kinds[each.kind], ["rows", 1]) for each in inputs],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows", 1]) for name in outputs],
            [numpy_helper.from_array(array, name) for name, array in self.constants.items()],
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(ML, ML_OPSET)]
        model = helper.make_model(graph, producer_name="fallline", opset_imports=opsets, ir_version=IR)
        helper.set_model_props(model, dict(about))
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))


FLOAT = 1
"""ONNX's number for float32."""
