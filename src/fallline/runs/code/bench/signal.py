"""The signal through a deep net shown as code: forward and backward pass in PyTorch."""

from __future__ import annotations

from fallline.engine.nets import ACTIVATIONS
from fallline.engine.nets.signal import FLAT
from fallline.runs.code.bench.draws import generator_lines
from fallline.runs.code.layout import comment, docstring, script, source
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.bench import SignalSpec

DEVIATIONS = {
    "zero": "0.0",
    "small-normal": "0.01",
    "large-normal": "1.0",
    "xavier": "(2 / (WIDTH + WIDTH)) ** 0.5",
    "he": "(2 / WIDTH) ** 0.5",
}
"""Initialisation → standard deviation of its weights."""

FUNCTIONS = {
    "tanh": "torch.tanh",
    "relu": "torch.relu",
    "sigmoid": "torch.sigmoid",
    "gelu": "torch.nn.functional.gelu",
}

DRAWS = """\
inputs = torch.from_numpy(rng.standard_normal((SAMPLES, WIDTH)))
weights = rng.standard_normal((LAYERS, WIDTH, WIDTH), dtype=np.float32)
gradient = torch.from_numpy(rng.standard_normal((SAMPLES, WIDTH)))"""

PASSES = '''\
def size(values):
    """Returns the root mean square."""
    return values.square().mean().sqrt().item()


def signal(deviation):
    """Sends samples forward and a gradient back; yields every layer's numbers."""
    x, layers = inputs, []
    for drawn in torch.from_numpy(weights).double():
        weight = (deviation * drawn).requires_grad_()
        z = x @ weight
        z.retain_grad()
        x = activation(z)
        layers.append((weight, z, x))
    x.backward(gradient)
    for weight, z, x in layers:
        z_alone = z.detach().requires_grad_()
        (slope,) = torch.autograd.grad(activation(z_alone).sum(), z_alone)
        flat = slope.abs() < {flat!r}
        yield {{
            "activation_mean": x.mean().item(),
            "activation_std": x.std(correction=0).item(),
            "idle": {idle}.double().mean().item(),
            "gradient_norm": size(z.grad),
            "weight_gradient_norm": size(weight.grad / SAMPLES),
        }}'''

ORDER = "One line for each initialisation and quantity: the layers from the first to the last."

REPORT = """\
for name, deviation in INITIALISATIONS.items():
    layers = list(signal(deviation))
    for quantity in layers[0]:
        print(name, quantity, *(layer[quantity] for layer in layers))"""


def show_signal(spec: Spec, record: Record | None) -> str:
    """Returns both first passes as a script; a Record says nothing that the Spec does not."""
    del record
    assert isinstance(spec, SignalSpec)  # noqa: S101 - the registry goes by kind
    unit = ACTIVATIONS[spec.activation]
    idle = "flat" if unit.saturates else "flat.all(dim=0)"
    names = list(dict.fromkeys([spec.first, spec.second]))
    return script(
        docstring(f"{spec.title or 'Signal through depth'}: a deep net's first pass, in PyTorch."),
        [
            "import hashlib",
            "",
            "import numpy as np",
            "import torch",
            "",
            f"LAYERS, WIDTH, SAMPLES = {spec.layers}, {spec.width}, {spec.samples}",
            "INITIALISATIONS = {",
            *(f"    {source(name)}: {DEVIATIONS[name]}," for name in names),
            "}",
            f"activation = {FUNCTIONS[spec.activation]}",
            "",
            *generator_lines(spec.seed, "signal", "net"),
            *DRAWS.splitlines(),
        ],
        PASSES.format(flat=FLAT * unit.steepest, idle=idle).splitlines(),
        [*comment(ORDER), *REPORT.splitlines()],
    )
