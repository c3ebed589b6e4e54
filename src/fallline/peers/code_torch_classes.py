"""Optimizers that torch does not have, as short classes in PyTorch; a script carries those that it uses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fallline.core.errors import SpecError
from fallline.peers.code_torch_whole import COUNTS, WHOLE_CLASSES, whole_classes
from fallline.peers.expression import Call, Expression

HEAD = '''\
class {name}(torch.optim.Optimizer):
    """{title}."""

    def __init__({signature}):
{defaults}
        super().__init__(params, {{"lr": lr, **own}})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            lr, {own} = map(group.get, self.defaults)
            for w in group["params"]:
                s = self.state[w]
                s["t"] = s.get("t", 0) + 1
'''

AVERAGE = '''
    @torch.no_grad()
    def eval(self):
        """Puts the average in place, by which it is judged."""
        for group in self.param_groups:
            for w in group["params"]:
                z = self.state[w].get("z", w)
                w.lerp_(z, 1 - 1 / group["beta1"])

    @torch.no_grad()
    def train(self):
        """Puts back where gradients are taken."""
        for group in self.param_groups:
            for w in group["params"]:
                z = self.state[w].get("z", w)
                w.lerp_(z, 1 - group["beta1"])'''
"""What Schedule-Free has besides a step; its authors' package calls them so too."""

BODIES: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    "adabelief": (
        "AdaBelief",
        "Zhuang and others, 2020",
        ("beta1=0.9", "beta2=0.999", "epsilon=1e-16", "decay=0.0"),
        """\
m = s.get("m", torch.zeros_like(w))
v = s.get("v", torch.zeros_like(w))
s["m"] = m = m + (1 - beta1) * (w.grad - m)
s["v"] = v = beta2 * v + (1 - beta2) * (w.grad - m) ** 2 + epsilon
scale = lr / (1 - beta1 ** s["t"])
root = (v / (1 - beta2 ** s["t"])).sqrt()
w.mul_(1 - lr * decay).sub_(scale * m / (root + epsilon))""",
    ),
    "lion": (
        "Lion",
        "Chen and others, 2023",
        ("beta1=0.9", "beta2=0.99", "decay=0.0"),
        """\
m = s.get("m", torch.zeros_like(w))
aim = beta1 * m + (1 - beta1) * w.grad
s["m"] = beta2 * m + (1 - beta2) * w.grad
w.mul_(1 - lr * decay).sub_(lr * aim.sign())""",
    ),
    "ftrl": (
        "FTRL",
        "McMahan and others, 2013",
        ("beta=1.0", "l1=0.0", "l2=0.0", "start=0.0"),
        """\
n = s.get("n", torch.full_like(w, start))
z = s.get("z", -w * ((beta + n.sqrt()) / lr + l2) - l1 * w.sign())
total = n + w.grad**2
z = z + w.grad - (total.sqrt() - n.sqrt()) / lr * w
s["n"], s["z"] = total, z
w.copy_((z.clamp(-l1, l1) - z) / ((beta + total.sqrt()) / lr + l2))""",
    ),
    "schedule_free": (
        "ScheduleFreeAdamW",
        "Defazio and others, 2024: w is y, where gradients are taken",
        ("beta1=0.9", "beta2=0.999", "epsilon=1e-8", "decay=0.0"),
        """\
z = s.get("z", w.clone())
v = s.get("v", torch.zeros_like(w))
s["top"] = max(s.get("top", 0.0), lr)
s["total"] = s.get("total", 0.0) + s["top"] ** 2
share = s["top"] ** 2 / s["total"]
s["v"] = v = beta2 * v + (1 - beta2) * w.grad**2
root = (v / (1 - beta2 ** s["t"])).sqrt()
step = lr * (w.grad / (root + epsilon) + decay * w)
w.add_(share * (z - w) + (beta1 * (1 - share) - 1) * step)
s["z"] = z - step""",
    ),
    "lamb": (
        "LAMB",
        "You and others, 2020",
        ("beta1=0.9", "beta2=0.999", "epsilon=1e-6", "decay=0.01"),
        """\
m = s.get("m", torch.zeros_like(w))
v = s.get("v", torch.zeros_like(w))
s["m"] = m = m + (1 - beta1) * (w.grad - m)
s["v"] = v = beta2 * v + (1 - beta2) * w.grad**2
root = (v / (1 - beta2 ** s["t"])).sqrt()
aim = m / (1 - beta1 ** s["t"]) / (root + epsilon) + decay * w
weights, length = w.norm(), aim.norm()
trust = weights / length if weights > 0 and length > 0 else 1.0
w.sub_(lr * trust * aim)""",
    ),
    "muon": (
        "Muon",
        "Jordan and others, 2024; torch.optim.Muon rounds to bfloat16",
        ("momentum=0.95", "nesterov=1", "rounds=5", "decay=0.1"),
        """\
m, zero = s.get("m", torch.zeros_like(w)), torch.zeros_like(w)
if w.dim() != 2:  # what is no matrix is moved by AdamW
    s["m"] = m = m + 0.1 * (w.grad - m)
    s["v"] = v = 0.999 * s.get("v", zero) + 0.001 * w.grad**2
    root = (v / (1 - 0.999 ** s["t"])).sqrt()
    aim = m / (1 - 0.9 ** s["t"]) / (root + 1e-8)
else:
    s["m"] = m = m + (1 - momentum) * (w.grad - m)
    aim = w.grad + momentum * (m - w.grad) if nesterov else m
    stretch = max(1, w.shape[0] / w.shape[1]) ** 0.5
    aim = stretch * orthogonalised(aim, rounds)
w.mul_(1 - lr * decay).sub_(lr * aim)""",
    ),
}
"""Name → class, source, arguments and the lines of a step for one tensor ``w`` with its state ``s``."""


ORTHOGONALISED = '''\
def orthogonalised(aim, rounds):
    """Returns nearly the nearest orthogonal matrix, by Newton and Schulz's rounds."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = aim.T if aim.shape[0] > aim.shape[1] else aim
    x = x / x.norm().clamp(min=1e-7)
    for _ in range(int(rounds)):
        gram = x @ x.T
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return x.T if aim.shape[0] > aim.shape[1] else x'''
"""What Muon calls for a matrix."""


def own(name: str, rate: float | Expression, params: Mapping[str, Any]) -> Call:
    """Returns a class of this module, or of `code_torch_whole`, and its arguments.

    Raises:
        SpecError: it is not written there.

    >>> own("lion", 0.1, {"beta1": 0.8})
    ('Lion', {'lr': 0.1, 'beta1': 0.8})
    """
    if name in WHOLE_CLASSES:
        whole = {key: int(value) if key in COUNTS else value for key, value in params.items()}
        return WHOLE_CLASSES[name], {"lr": rate, **whole}
    if name not in BODIES:
        raise SpecError("optimizer", name, "an optimizer that torch has or that fits a short class")
    return BODIES[name][0], {"lr": rate, **params}


def classes(source: str) -> list[list[str]]:
    """Returns the classes that a source names, and what these call, each as lines.

    Schedule-Free has its way to the average and back where the source goes it.
    """
    average = "optimizer.eval()" in source
    named = [body for body in BODIES.values() if re.search(rf"(?<![.\w]){body[0]}\b", source)]
    single = [_class(*body, average=average) for body in named]
    single = [*([ORTHOGONALISED.splitlines()] if BODIES["muon"] in named else []), *single]
    return [*single, *whole_classes(source)]


def _class(name: str, title: str, arguments: tuple[str, ...], body: str, *, average: bool) -> list[str]:
    names = [argument.split("=")[0] for argument in arguments]
    pairs, own = [f'"{each}": {each}' for each in names], ", ".join(names)
    defaults = f"        own = {{{', '.join(pairs)}}}"
    if len(defaults) > 88:
        defaults = f"        own = {{{', '.join(pairs[:2])}}}\n        own |= {{{', '.join(pairs[2:])}}}"
    signature = ", ".join(("self", "params", "lr", *arguments))
    if len(signature) > 70:
        signature = f"\n        {signature}\n    "
    head = HEAD.format(name=name, title=title, signature=signature, own=own, defaults=defaults)
    more = AVERAGE.splitlines() if average and name == "ScheduleFreeAdamW" else []
    return [*head.splitlines(), *(" " * 16 + line for line in body.splitlines()), *more]
