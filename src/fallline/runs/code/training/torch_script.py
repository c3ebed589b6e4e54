"""A training as a script in PyTorch: net, optimizer with all that goes around it, scheduler, loop."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fallline.core.rng import generator
from fallline.engine.nets.layer import Block, Norm
from fallline.engine.optim import Optimizer
from fallline.engine.optim.wrapper import Wrapper
from fallline.engine.schedules import FeedbackSchedule, Plan, Schedule
from fallline.peers.code_schedules import factor_of, named_factor
from fallline.peers.code_torch import Call, Expression
from fallline.peers.code_torch_classes import classes
from fallline.peers.code_torch_net import torch_net
from fallline.peers.code_torch_options import RARELY, UPHILL, Around, around
from fallline.peers.code_torch_plan import driven_lines
from fallline.peers.code_torch_schedules import plateau, scheduler
from fallline.runs.code.layout import call, keywords
from fallline.runs.code.training.facts import Facts
from fallline.runs.code.training.groups import Grouped, grouped_lines
from fallline.runs.code.training.torch_loop import TorchLoop
from fallline.runs.spec.train import TrainSpec

LOSSES = {
    "cross_entropy": "CrossEntropyLoss", "log_loss": "BCEWithLogitsLoss", "squared": "MSELoss", "absolute": "L1Loss",
    "huber": "HuberLoss",
}  # fmt: skip
ROWS = """\
x_train, y_train, x_held, y_held = map(
    torch.from_numpy, (x[train], y[train], x[validation], y[validation])
)"""


def torch_script(spec: TrainSpec, facts: Facts) -> tuple[list[list[str]], list[str]]:
    """Returns the functions and classes of a training in PyTorch, and its lines after the rows."""
    name = spec.optimizer.name
    rates = facts.schedule.rate if isinstance(facts.schedule, Plan) else facts.schedule
    once = around(
        name,
        facts.rate,
        spec.optimizer.params,
        spec.optimizer.options,
        "net.parameters()",
        driven="decay" in facts.drives,
    )
    groups = grouped_lines(spec, facts, once)
    made = _scheduler(facts, rates, once, groups)
    loop = _loop(spec, facts, once, groups, made)
    carried, net = _net(spec, facts)
    lines = [
        *(["y = y[:, None].astype(x.dtype)"] if facts.loss == "log_loss" else []),
        *ROWS.splitlines(),
        *net,
        *groups.before,
        *call(once.call[0], [groups.source, *keywords(once.call[1])], before="optimizer = "),
        *(call(made[0], ["optimizer", *keywords(made[1])], before="scheduler = ") if made else []),
        *_driving(facts, groups)[0],
        *_mean(once),
        *_dropout(spec),
        f"criterion = torch.nn.{LOSSES[facts.loss]}()",
        *loop.lines(),
    ]
    text = "\n".join(lines)
    more = [UPHILL.splitlines()] if "look_uphill" in text else []
    more += [RARELY.splitlines()] if "rarely(" in text else []
    more += [_asked(loop, facts)] if once.asks else []
    return [*carried, *classes(text), *more], lines


def _net(spec: TrainSpec, facts: Facts) -> tuple[list[list[str]], list[str]]:
    """The named net; or a person's own, from its file."""
    if facts.plan is not None:
        return torch_net(facts.plan)
    assert spec.code is not None  # noqa: S101 - there is no third
    path, _, name = spec.code.rpartition(":")
    seed = int(generator(spec.seed, "training", "weights").integers(2**63))
    double = ".double()" if spec.precision == "float64" else ""
    return [], [f"torch.manual_seed({seed})", f'net = runpy.run_path("{path}")["{name}"](){double}']


def _loop(spec: TrainSpec, facts: Facts, once: Around, groups: Grouped, made: Call | None) -> TorchLoop:
    sizes = f"max(int({facts.batch} * batch(step) + 0.5), 1)" if "batch" in facts.drives else ""
    looks = isinstance(facts.schedule, FeedbackSchedule)
    return TorchLoop(
        facts=facts,
        patience=spec.patience,
        before=once.before,
        every=once.every,
        asks=once.asks,
        masks=once.asks and (spec.code is not None or bool(spec.net.dropout)),
        mean=bool(once.kept),
        average=spec.optimizer.name == "schedule_free" and not once.kept,
        scheduled="" if made is None else "look" if looks else "step",
        batch=sizes,
        noise=spec.noise,
        driving=_driving(facts, groups)[1],
    )


def _driving(facts: Facts, groups: Grouped) -> tuple[list[str], list[str]]:
    """What a plan drives besides the rate: the factors, and what is set before each step."""
    if not isinstance(facts.schedule, Plan):
        return [], []
    factors, lines = driven_lines(core(facts.optimizer), facts.schedule, facts.total, groups.driven)
    if "batch" in facts.drives:
        factors = [*factors, *named_factor("batch", facts.schedule.batch, facts.total)]
    return factors, lines


def core(optimizer: Any) -> Optimizer:
    """Returns the optimizer inside all options; of SAM as one of the optimizers, what is inside it."""
    return optimizer.core if isinstance(optimizer, Wrapper) else optimizer


def _scheduler(facts: Facts, made: Any, once: Around, groups: Grouped) -> Call | None:
    """Torch's scheduler; under groups with rates of their own, or a step in several gradients, a factor for all."""
    if isinstance(made, FeedbackSchedule):
        return plateau(made, [facts.rate * factor for factor in groups.factors])  # type: ignore[arg-type]  # there is one
    assert isinstance(made, Schedule)  # noqa: S101 - no other is left
    if made.name == "constant":
        return None
    if once.every > 1:
        factor = f"rarely({factor_of(made, facts.total)}, {once.every}, {facts.total})"
        return "LambdaLR", {"lr_lambda": Expression(factor)}
    if any(factor != 1 for factor in groups.factors):
        return "LambdaLR", {"lr_lambda": Expression(factor_of(made, facts.total))}
    if facts.total == 1:
        return "LambdaLR", {"lr_lambda": Expression(factor_of(made, 1))}
    return scheduler(made, facts.rate, facts.total)


def _mean(once: Around) -> list[str]:
    if not once.kept:
        return []
    return [f"mean = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn({once.kept!r}))"]


def _dropout(spec: TrainSpec) -> list[str]:
    if spec.code is None and not spec.net.dropout:
        return []
    seed = int(generator(spec.seed, "train", "dropout").integers(2**63))
    return [f"torch.manual_seed({seed})  # of dropout"]


def _asked(loop: TorchLoop, facts: Facts) -> list[str]:
    """The loss as it is asked for again: the same rows, the same masks, and no change to what a norm has seen."""
    layers = [layer for _, layer in facts.plan.layers] if facts.plan else []
    normed = facts.plan is None or any(isinstance(layer, Norm) and layer.kind == "batch" for layer in layers)
    attends = any(isinstance(layer, Block) for layer in layers)
    lines = [f"def loss_at(rows{', masks' if loop.masks else ''}):"]
    lines.append('    """Returns the loss of a batch again, at the weights as they are."""')
    lines += ["    torch.set_rng_state(masks)"] if loop.masks else []
    if normed:
        lines.append("    buffers = {name: each.clone() for name, each in net.named_buffers()}")
        lines.append("    unseen = partial(torch.func.functional_call, net, buffers)")
        value = loop.loss("unseen", "(x_train[rows],)", "y_train[rows]")
    else:
        value = loop.loss("net", "x_train[rows]", "y_train[rows]")
    if attends:
        return [
            *lines,
            "    with sdpa_kernel(SDPBackend.MATH):  # fast attention has no second derivative",
            f"        return {value}",
        ]
    return [*lines, f"    return {value}"]


IMPORTS: Mapping[str, str] = {
    "AveragedModel": "torch.optim.swa_utils",
    "get_ema_multi_avg_fn": "torch.optim.swa_utils",
    "SDPBackend": "torch.nn.attention",
    "sdpa_kernel": "torch.nn.attention",
    "parameters_to_vector": "torch.nn.utils",
    "vector_to_parameters": "torch.nn.utils",
    **dict.fromkeys(
        (
            "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "CyclicLR", "ExponentialLR", "LambdaLR", "MultiStepLR",
            "OneCycleLR", "PolynomialLR", "ReduceLROnPlateau", "StepLR",
        ),
        "torch.optim.lr_scheduler",
    ),
}  # fmt: skip
"""Name → the module of torch that a script imports it from."""


def torch_imports(text: str) -> list[str]:
    """Returns the import lines of torch that a script needs."""
    found: dict[str, list[str]] = {}
    for name, module in IMPORTS.items():
        if re.search(rf"(?<![.\w]){name}\b", text):
            found.setdefault(module, []).append(name)
    return ["import torch", *(f"from {module} import {', '.join(sorted(found[module]))}" for module in sorted(found))]
