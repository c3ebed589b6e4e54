"""A named net as source: layers of PyTorch or Keras, and the first weights drawn as the run draws them."""

from __future__ import annotations

from fallline.core.errors import DataError
from fallline.engine.nets import Architecture
from fallline.engine.nets.layer import Activate, Conv, Dense, Dropout, Flatten, Layer, Norm, Pool

DEVIATIONS = {
    "zero": "0 * ",
    "small-normal": "0.01 * ",
    "large-normal": "",
    "xavier": "(2 / (fan_in + fan_out)) ** 0.5 * ",
    "he": "(2 / fan_in) ** 0.5 * ",
    "lecun": "fan_in**-0.5 * ",
}
"""Initialiser → what standard normal draws are multiplied by."""

UNITS = {"tanh": "Tanh", "relu": "ReLU", "sigmoid": "Sigmoid", "gelu": "GELU"}

TORCH_START = """\
rng = stream("weights")
with torch.no_grad():
    for weight in net.parameters():
        if weight.dim() > 1:
            fan_in, fan_out = weight[0].numel(), weight[:, 0].numel()
            drawn = {drawn}
            weight.copy_(torch.from_numpy(drawn))
    for layer in net:
        if getattr(layer, "bias", None) is not None:
            layer.bias.zero_()"""

KERAS_START = """\
rng = stream("weights")
for layer in net.layers:
    if hasattr(layer, "kernel"):
        *window, inputs, outputs = layer.kernel.shape
        shape = (outputs, inputs, *window)
        fan_in, fan_out = np.prod(shape[1:]), outputs * np.prod(window)
        weight = {drawn}
        layer.kernel.assign(np.moveaxis(weight, [0, 1], [-1, -2]))"""


def torch_net(plan: Architecture) -> list[str]:
    """Returns the lines that make ``net`` in PyTorch."""
    lines = [f"    torch.nn.{_torch_layer(layer)}," for _, layer in plan.layers]
    start = TORCH_START.format(drawn=_drawn(plan, "weight.shape")).splitlines()
    return ["net = torch.nn.Sequential(", *lines, ")", *_used(start)]


def keras_net(plan: Architecture) -> list[str]:
    """Returns the lines that make ``net`` in Keras; images have their channels last there."""
    convolved = any(isinstance(layer, Conv) for _, layer in plan.layers)
    shape = plan.inputs.shape
    inputs = (*shape[1:], shape[0]) if convolved else shape
    lines = [f"        keras.Input({inputs!r}),"]
    for _, layer in plan.layers:
        if isinstance(layer, Flatten) and convolved:
            lines.append(f"        keras.layers.Permute({(2, 1) if len(shape) == 2 else (3, 1, 2)!r}),")
        lines.append(f"        keras.layers.{_keras_layer(layer)},")
    start = KERAS_START.format(drawn=_drawn(plan, "shape")).splitlines()
    return ["net = keras.Sequential(", "    [", *lines, "    ]", ")", *_used(start)]


def _drawn(plan: Architecture, shape: str) -> str:
    if plan.initialiser.name not in DEVIATIONS:
        raise DataError(f"A start by {plan.initialiser.title} is not shown as code; {', '.join(DEVIATIONS)} are.")
    return f"{DEVIATIONS[plan.initialiser.name]}rng.standard_normal({shape})"


def _used(lines: list[str]) -> list[str]:
    """Leaves out the fans where no deviation asks for them."""
    text = "\n".join(lines)
    return [line for line in lines if not ("fan_in, fan_out =" in line and text.count("fan_in") == 1)]


def _torch_layer(layer: Layer) -> str:
    if isinstance(layer, Dense):
        return f"Linear({layer.inputs}, {layer.outputs})"
    if isinstance(layer, Conv):
        return f"Conv{layer.axes}d({layer.inputs}, {layer.outputs}, {layer.side}, padding={layer.side // 2})"
    if isinstance(layer, Norm):
        if layer.kind == "layer":
            return f"GroupNorm(1, {layer.features})" if layer.axes else f"LayerNorm({layer.features})"
        return f"BatchNorm{max(layer.axes, 1)}d({layer.features})"
    if isinstance(layer, Activate):
        return f"{UNITS[layer.name]}()"
    return _plain(layer, f"MaxPool{getattr(layer, 'axes', 1)}d(2)")


def _keras_layer(layer: Layer) -> str:
    if isinstance(layer, Dense):
        return f"Dense({layer.outputs})"
    if isinstance(layer, Conv):
        return f'Conv{layer.axes}D({layer.outputs}, {layer.side}, padding="same")'
    if isinstance(layer, Norm):
        if layer.kind == "layer":
            kind = "GroupNormalization(groups=1, " if layer.axes else "LayerNormalization("
            return f"{kind}epsilon=1e-5)"
        return "BatchNormalization(momentum=0.9, epsilon=1e-5)"
    if isinstance(layer, Activate):
        return f'Activation("{layer.name}")'
    return _plain(layer, f"MaxPooling{getattr(layer, 'axes', 1)}D(2)")


def _plain(layer: Layer, pool: str) -> str:
    """Layers that are written alike in both."""
    if isinstance(layer, Flatten):
        return "Flatten()"
    if isinstance(layer, Dropout):
        return f"Dropout({layer.share!r})"
    if isinstance(layer, Pool):
        return pool
    raise DataError("Recurrent nets and transformers are not shown as code yet; linear nets, MLPs and CNNs are.")
