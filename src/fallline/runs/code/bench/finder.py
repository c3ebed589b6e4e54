"""A learning-rate finder as a script: the same sweeps in PyTorch, and what is read off them."""

from __future__ import annotations

from fallline.engine.train.finder.optimizers import arguments_of
from fallline.peers.code_torch_net import torch_net
from fallline.runs.code.layout import call, docstring, keywords, script
from fallline.runs.code.training.facts import facts_of
from fallline.runs.code.training.rows import rows_of
from fallline.runs.code.training.torch_loop import TorchLoop
from fallline.runs.code.training.torch_script import LOSSES
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.finder import FinderSpec, training_of
from fallline.runs.spec.train import built_optimizer

BATCHES = '''\
def batches(draw):
    """Yields the rows of one batch after another, shuffled anew in each pass."""
    while True:
        yield from torch.randperm(len(train), generator=draw).split({batch})'''

SWEEP = '''\
def sweep(net, seed):
    """Takes a step at each rate; returns the smoothed loss before each."""
    draw = torch.Generator().manual_seed(seed)
    torch.manual_seed(int(torch.randint(2**62, (1,), generator=draw)))  # of dropout
{optimizer}
    smoothed, mean = [], 0.0
    for step, (rate, rows) in enumerate(zip(rates, batches(draw), strict=False)):
        optimizer.param_groups[0]["lr"] = float(rate)
        optimizer.zero_grad()
        loss = {loss}
        loss.backward()
        optimizer.step()
        mean = {smoothing!r} * mean + (1 - {smoothing!r}) * loss.item()
        smoothed.append(mean / (1 - {smoothing!r} ** (step + 1)))
        lowest = min(smoothed)
        if not smoothed[-1] <= lowest + {over!r} * abs(lowest):  # it blew up
            break
    return np.array([each for each in smoothed if np.isfinite(each)])'''

READ = """\
head, tail = {head}, 5  # smoothing has not settled there; the loss is on its way out
for number in range({seeds}):
    losses = sweep(copy.deepcopy(net), {seed} + number)
    print(f"sweep {{number + 1}}: last {{losses[-1]!r}} at {{rates[len(losses) - 1]:.6g}}")
    seen, inner = rates[head : len(losses) - tail], losses[head:-tail]
    if len(inner) >= 8:
        low = seen[np.argmin(inner)] / 10
        steep = seen[np.argmin(np.diff(inner) / np.diff(np.log(seen)))]
        print(f"minimum over ten {{low:.9g}}, steepest {{steep:.9g}}")"""


def show_finder(spec: Spec, record: Record | None) -> str:
    """Returns the sweeps as a script, with two of the rules."""
    del record
    assert isinstance(spec, FinderSpec)  # noqa: S101 - the registry goes by kind
    training = training_of(spec)
    facts = facts_of(training)
    rows = rows_of(training, facts)
    assert facts.plan is not None  # noqa: S101 - a finder has a named net
    carried, net = torch_net(facts.plan)
    kind, told = arguments_of(built_optimizer(training))
    made = call(f"torch.optim.{kind}", ["net.parameters()", *keywords(told)], indent=1, before="optimizer = ")
    swept = SWEEP.format(
        optimizer="\n".join(made),
        loss=TorchLoop(facts).loss("net", "x[rows]", "y[rows]"),
        smoothing=spec.smoothing,
        over=spec.blow_up - 1.0,
    )
    return script(
        docstring(spec.title or f"The learning rate of {spec.optimizer.name} on {spec.set.name}: sweeps in PyTorch."),
        ["import copy", "import hashlib", "", "import numpy as np", "import torch", *rows.imports],
        *rows.functions,
        *carried,
        BATCHES.format(batch=facts.batch).splitlines(),
        swept.splitlines(),
        [
            *rows.lines,
            "x, y = torch.from_numpy(x[train]), torch.from_numpy(y[train])"
            + (".float()[:, None]" if facts.loss == "log_loss" else ""),
            *net,
            f"criterion = torch.nn.{LOSSES[facts.loss]}()",
            f"rates = np.geomspace({spec.low!r}, {spec.high!r}, {spec.steps})",
            *READ.format(head=int(spec.steps * 0.1), seeds=spec.seeds, seed=spec.seed).splitlines(),
        ],
    )
