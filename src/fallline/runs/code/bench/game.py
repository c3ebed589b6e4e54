"""A game shown as code: both players in PyTorch, the very draws in NumPy."""

from __future__ import annotations

from fallline.engine.games import SOURCES, drawn
from fallline.runs.bench.game import MEASURED
from fallline.runs.code.bench.draws import generator_lines
from fallline.runs.code.layout import docstring, script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.game import GameSpec, PlayerSpec

BATCH = 64
NETS = """\
def net(*sizes):
    layers = []
    for rows, columns in zip(sizes, sizes[1:], strict=False):
        linear = torch.nn.Linear(rows, columns, dtype=torch.float64)
        reach = np.sqrt(6 / (rows + columns))
        weights = first.uniform(-reach, reach, rows * columns).reshape(rows, columns)
        linear.weight.data = torch.from_numpy(weights.T.copy())
        linear.bias.data.zero_()
        layers += [linear, torch.nn.Tanh()]
    return torch.nn.Sequential(*layers[:-1])"""
SOURCE = """\
def real(rng, count):
    which = rng.integers(len(BEGIN), size=count)
    along = rng.random((count, 1))
    middle = BEGIN[which] * (1 - along) + END[which] * along
    return torch.from_numpy(middle + SPREAD * rng.standard_normal((count, 2)))"""
LATENT = {
    "uniform": "rng.uniform(-1, 1, (count, {n}))",
    "gaussian": "rng.standard_normal((count, {n}))",
}
LOSSES = {
    "log": ("softplus(-D(x)).mean() + softplus(D(G(z))).mean()", "softplus(-D(G(z))).mean()"),
    "minimax": ("softplus(-D(x)).mean() + softplus(D(G(z))).mean()", "-softplus(D(G(z))).mean()"),
    "squares": (
        "((D(x) - 1).square().mean() + D(G(z)).square().mean()) / 2",
        "(D(G(z)) - 1).square().mean() / 2",
    ),
}
OPTIMIZERS = {
    "gd": "torch.optim.SGD({w}, lr={rate!r})",
    "momentum": "torch.optim.SGD({w}, lr={rate!r}, momentum=0.9)",
    "rmsprop": "torch.optim.RMSprop({w}, lr={rate!r})",
    "adam": "torch.optim.Adam({w}, lr={rate!r}, betas=(0.5, 0.999))",
}
STEP = """\
def step(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()"""
BOTH = """\
def slopes(x, z):
    of_g = torch.autograd.grad(loss_g(z), list(G.parameters()))
    of_d = torch.autograd.grad(loss_d(x, z), list(D.parameters()))
    return of_g, of_d


def move(found):
    for player, slope in zip((G, D), found, strict=True):
        for w, each in zip(player.parameters(), slope, strict=True):
            w.grad = each
    opt_g.step()
    opt_d.step()"""
AHEAD = """\
def ahead(x, z):
    kept = [copy.deepcopy(each.state_dict()) for each in (G, D, opt_g, opt_d)]
    move(slopes(x, z))
    found = slopes(x, z)
    for each, state in zip((G, D, opt_g, opt_d), kept, strict=True):
        each.load_state_dict(state)
    return found"""


def show_game(spec: Spec, record: Record | None) -> str:
    """Returns the match as a script that prints the first points that G makes in the end."""
    del record
    assert isinstance(spec, GameSpec)  # noqa: S101 - the registry goes by kind
    kind, count = spec.latent.split("-")
    extra = spec.way == "extragradient" and spec.rounds > 0
    together = spec.way != "turns" and spec.rounds > 0
    source = drawn(spec.own) if spec.source == "own" else SOURCES[spec.source]
    return script(
        docstring(f"{spec.title or 'A game'}: a generator against a discriminator, in PyTorch."),
        [
            *(["import copy"] if extra else []),
            *["import hashlib", "", "import numpy as np", "import torch"],
            *(["from torch.nn.functional import softplus"] if spec.loss != "squares" else []),
            "",
            *_array("BEGIN", source.first.tolist()),
            *_array("END", source.last.tolist()),
            f"SPREAD, BATCH = {source.spread!r}, {BATCH}",
        ],
        _streams(spec.seed),
        NETS.splitlines(),
        SOURCE.splitlines(),
        ["def noise(rng, count):", f"    return torch.from_numpy({LATENT[kind].format(n=count)})"],
        _losses(spec),
        STEP.splitlines() if _steps_alone(spec) else [],
        BOTH.splitlines() if together else [],
        AHEAD.splitlines() if extra else [],
        [
            f"G = net({count}, {_sizes(spec.maker)}, 2)",
            f"D = net(2, {_sizes(spec.judge)}, 1)",
            f"opt_g = {OPTIMIZERS[spec.maker.optimizer].format(w='G.parameters()', rate=spec.maker.rate)}",
            f"opt_d = {OPTIMIZERS[spec.judge.optimizer].format(w='D.parameters()', rate=spec.judge.rate)}",
            *_rounds(spec, extra=extra),
            f"real(eyes, {MEASURED})",
            f"print(G(noise(eyes, {MEASURED}))[:3].tolist())",
        ],
    )


def _sizes(player: PlayerSpec) -> str:
    return ", ".join([str(player.units)] * player.layers)


def _array(name: str, rows: list[list[float]]) -> list[str]:
    return [f"{name} = np.array(", "    [", *(f"        [{x!r}, {y!r}]," for x, y in rows), "    ]", ")"]


def _streams(seed: int) -> list[str]:
    """Three streams: of the first weights, of the draws, and of the points that are looked at."""
    lines: list[str] = []
    for variable, path in (("first", "weights"), ("rng", "draws"), ("eyes", "eyes")):
        made = generator_lines(seed, "games", path)
        lines += [*(made[:1] if not lines else []), *made[1:3], made[3].replace("rng =", f"{variable} =", 1)]
    return lines


def _losses(spec: GameSpec) -> list[str]:
    of_d, of_g = LOSSES[spec.loss]
    head = ["def loss_d(x, z):"]
    if spec.penalty:
        head += [
            "    x = x.clone().requires_grad_()",
            "    slope = torch.autograd.grad(D(x).sum(), x, create_graph=True)[0]",
            f"    penalty = {spec.penalty!r} / 2 * slope.square().sum(dim=1).mean()",
            f"    return {of_d} + penalty",
        ]
    else:
        head += [f"    return {of_d}"]
    return [*head, "", "", "def loss_g(z):", f"    return {of_g}"]


def _steps_alone(spec: GameSpec) -> bool:
    """Whether somebody steps without the other."""
    turns = spec.rounds > 0 and (spec.way == "turns" or spec.judge_steps > 1)
    return turns or spec.judge_alone > 0 or spec.maker_alone > 0


def _rounds(spec: GameSpec, *, extra: bool) -> list[str]:
    draw = [
        "x = [real(rng, BATCH) for _ in range({k})]",
        "z = [noise(rng, BATCH) for _ in range({k} + 1)]",
    ]
    judge = ["for each in zip(x, z, strict=False):", "    step(opt_d, loss_d(*each))"]
    maker = ["step(opt_g, loss_g(z[-1]))"]
    rounds = [*judge, *maker]
    if spec.way != "turns":
        before = ["for each in zip(x[:-1], z, strict=False):", "    step(opt_d, loss_d(*each))"]
        rounds = before if spec.judge_steps > 1 else []
        rounds = [*rounds, f"move({'ahead' if extra else 'slopes'}(x[-1], z[-1]))"]
    lines: list[str] = []
    for count, body, k in (
        (spec.rounds, rounds, spec.judge_steps),
        (spec.judge_alone, judge, spec.judge_steps),
        (spec.maker_alone, maker, 1),
    ):
        if count:
            whole = [*(line.format(k=k) for line in draw), *body]
            lines += [f"for _ in range({count}):", *(f"    {line}" for line in whole)]
    return lines
