"""A perceptron in PyTorch as source: a module, and a training loop that draws from one generator."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from fallline.engine.optim import OPTIMIZERS
from fallline.peers.code_torch import Call, Expression, optimizer
from fallline.peers.code_torch_classes import classes
from fallline.peers.code_torch_schedules import schedule, suited

WIDTH = 88
NET = '''\
class Net(torch.nn.Module):
    """A perceptron; weights by He's rule, or Xavier's under tanh and at the end."""

    def __init__(self, inputs, layers, width, activation, generator):
        super().__init__()
        self.activation = getattr(torch.nn.functional, activation)
        self.layers = torch.nn.ModuleList()
        for fan_in, fan_out in pairwise([inputs, *[width] * layers, 1]):
            layer, xavier = torch.nn.Linear(fan_in, fan_out), activation == "tanh"
            fan = fan_in + fan_out if xavier or len(self.layers) == layers else fan_in
            weight, bound = torch.empty(fan_in, fan_out), (6 / fan) ** 0.5
            weight.uniform_(-bound, bound, generator=generator)
            layer.weight.data, layer.bias.data = weight.T.clone(), torch.zeros(fan_out)
            self.layers.append(layer)

    def forward(self, x, masks=()):
        """Returns the log odds; the masks are those of dropout, one a hidden layer."""
        for layer, mask in zip_longest(self.layers[:-1], masks, fillvalue=1):
            x = self.activation(layer(x)) * mask
        return self.layers[-1](x).squeeze(1)'''
"""Weights are drawn input by input, as the run draws them, and not unit by unit as torch does."""

LEARNER = '''\
def mlp(x, y, rng, **params):
    """Fits a perceptron, stopped early by a tenth of its own training rows."""
    p = SimpleNamespace(**params)
    generator = torch.Generator().manual_seed(int(rng.integers(2**63)))
    inner = stratified(y, 0.1, rng)
    x, y = torch.from_numpy(x), torch.from_numpy(y).float()
    x_inner, y_inner, x, y = x[inner], y[inner], x[~inner], y[~inner]
    net = Net(x.shape[1], p.layers, p.width, p.activation, generator)
{made}
    criterion = torch.nn.BCEWithLogitsLoss()
    hidden = range(p.layers if p.dropout else 0)
    lowest, last, best = np.inf, 0, copy.deepcopy(net.state_dict())
    for epoch in range(p.epochs):
        order, size = torch.randperm(len(x), generator=generator), (len(x), p.width)
        kept = [torch.rand(size, generator=generator) >= p.dropout for _ in hidden]
        for rows in torch.arange(len(x)).split(p.batch):
            optimizer.zero_grad()
            z = net(x[order[rows]], [mask[rows] / (1 - p.dropout) for mask in kept])
            criterion(z, y[order[rows]]).backward()
            optimizer.step(){stepped}
        with torch.no_grad():
            loss = criterion(net(x_inner), y_inner).item()
        if loss < lowest:
            lowest, last, best = loss, epoch, copy.deepcopy(net.state_dict())
        elif epoch - last >= p.patience:
            break
    net.load_state_dict(best)
    return lambda x: net(torch.from_numpy(x)).detach().numpy()'''
"""The loop of the run: order and dropout are drawn anew each epoch, from the fit's own generator."""

UNSTOPPED = {
    "    inner = stratified(y, 0.1, rng)\n": (
        "    inner = np.zeros(len(y), dtype=bool)\n    if p.patience:\n        inner = stratified(y, 0.1, rng)\n"
    ),
    "        with torch.no_grad():\n": (
        "        if not p.patience:\n            best = net.state_dict()\n            continue\n"
        "        with torch.no_grad():\n"
    ),
}
"""What changes in the loop where a patience of 0 lets every epoch run."""


def perceptron_lines(every: Mapping[str, Sequence[Any]]) -> list[str]:
    """Returns the module and its training, for the values that a run may meet.

    Args:
        every: hyperparameter → each value that it has somewhere in the run.
    """
    text = LEARNER.replace("{made}", "\n".join(_made(every)))
    text = text.replace(
        "{stepped}", "" if list(every["schedule"]) == ["constant"] else "\n            scheduler.step()"
    )
    if 0 in every["patience"]:
        for before, after in UNSTOPPED.items():
            text = text.replace(before, after)
    own = [line for each in classes(text) for line in (*each, "", "")]
    return [*own, *NET.splitlines(), "", "", *text.splitlines()]


def arguments(params: Mapping[str, Any], every: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Returns the hyperparameters that the function of `perceptron_lines` takes."""
    fixed = {name for name in ("optimizer", "schedule") if len(every[name]) == 1}
    left_out = fixed | (set() if moving(every) else {"momentum"})
    return {name: value for name, value in params.items() if name not in left_out}


def moving(every: Mapping[str, Sequence[Any]]) -> bool:
    """Says whether an optimizer with momentum may be met."""
    return bool({"momentum", "nesterov"} & {*every["optimizer"]})


def _made(every: Mapping[str, Sequence[Any]]) -> list[str]:
    """The lines that make optimizer and scheduler."""
    lines = _one_of("optimizer", {name: _optimizer(name) for name in every["optimizer"]})
    made = {name: _schedule(name) for name in every["schedule"]}
    if all(call is None for call in made.values()):
        return lines
    flat = ("LambdaLR", {"lr_lambda": Expression("lambda _: 1.0")})
    steps = "    steps = p.epochs * -(-len(x) // p.batch)"
    calls = {name: _source(call or flat, "optimizer") for name, call in made.items()}
    return [*lines, steps, *_one_of("scheduler", calls, "schedule")]


def _one_of(name: str, calls: Mapping[str, str], key: str = "") -> list[str]:
    if len(calls) == 1:
        return _wrapped(f"    {name} = {next(iter(calls.values()))}")
    entries = [line for each, call in calls.items() for line in _wrapped(f'        "{each}": lambda: {call},')]
    return [f"    {name}s = {{", *entries, "    }", f"    {name} = {name}s[p.{key or name}]()"]


def _wrapped(line: str) -> list[str]:
    """Sets the arguments of a call apart where it is too long."""
    if len(line) <= WIDTH:
        return [line]
    edge, (head, _, rest) = " " * (len(line) - len(line.lstrip())), line.partition("(")
    arguments, _, tail = rest.rpartition(")")
    inside = textwrap.wrap(arguments, WIDTH, initial_indent=f"{edge}    ", subsequent_indent=f"{edge}    ")
    return [f"{head}(", *inside, f"{edge}){tail}"]


def _optimizer(name: str) -> str:
    decays = any(parameter.name == "decay" for parameter in OPTIMIZERS[name].parameters)
    given = {"decay": Expression("p.weight_decay")} if decays else {}
    if name in {"momentum", "nesterov"}:
        given["momentum"] = Expression("p.momentum")
    return _source(optimizer(name, Expression("p.rate"), given), "net.parameters()")


def _schedule(name: str) -> Call | None:
    """A schedule stretched over the whole fit, as the run stretches it."""
    steps = Expression("steps")
    return schedule(name, Expression("p.rate"), suited(name, steps), steps)


def _source(call: Call, first: str) -> str:
    name, given = call
    return f"{name}({', '.join([first, *(f'{key}={value!r}' for key, value in given.items())])})"
