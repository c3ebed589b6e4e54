"""The learning-rate finder against brute force: the loss reached at each rule's rate, and at the best of many rates.

A task is a net, its data, a batch size and an optimizer. Brute force trains it from the same weights at every rate of
a logarithmic grid, with a constant rate and a fixed number of steps; a rule trains it at its own suggestion, over the
same orders of the batches. The figure of a rule is the share of the fall, from the first loss to the best of the grid,
that it misses: the median over the tasks, and the worst. A ratio of losses would say nothing where the best is 0. The
share of the curvature rule and the recommendation were chosen on ten other tasks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.datasets import load_digits, load_wine, make_friedman1
from torch import Tensor, nn

from benchmarks.figure import Figure
from fallline.engine.train.finder import RULES
from fallline.engine.train.finder.find import find_rate

Optimizer = Callable[[list[nn.Parameter]], torch.optim.Optimizer]
Data = tuple[Tensor, Tensor]
BUDGET = 200
LOWEST, HIGHEST, PER_DECADE = -5, 1, 4


@dataclass(frozen=True)
class Task:
    """What is trained.

    Attributes:
        name: for the figure's conditions.
        net: makes the net, from torch's own stream.
        data: inputs and targets.
        loss: of output and target.
        optimizer: of parameters.
        batch: rows of a step.
    """

    name: str
    net: Callable[[], nn.Module]
    data: Data
    loss: Callable[[Tensor, Tensor], Tensor]
    optimizer: Optimizer
    batch: int

    def batches(self, generator: torch.Generator) -> Iterator[Data]:
        """One pass over shuffled rows."""
        x, y = self.data
        for rows in torch.split(torch.randperm(len(x), generator=generator), self.batch):
            yield x[rows], y[rows]

    def made(self) -> nn.Module:
        """The net with the same first weights every time."""
        with torch.random.fork_rng():
            torch.manual_seed(1)
            return self.net()

    def reached(self, rate: float, seed: int) -> float:
        """The loss over all rows after the budget; infinity where the run is no longer a number."""
        net, order = self.made(), torch.Generator().manual_seed(1000 + seed)
        optimizer = self.optimizer(list(net.parameters()))
        for group in optimizer.param_groups:
            group["lr"] = rate
        done = 0
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            while done < BUDGET:
                for x, y in self.batches(order):
                    optimizer.zero_grad()
                    loss = self.loss(net(x), y)
                    loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
                    optimizer.step()
                    done += 1
                    if done == BUDGET or not math.isfinite(float(loss.detach())):
                        done = BUDGET
                        break
        with torch.no_grad():
            found = float(self.loss(net.eval()(self.data[0]), self.data[1]))
        return found if math.isfinite(found) else math.inf


def figures(quick: bool) -> list[Figure]:
    """Compares the rules."""
    threads, seeds = torch.get_num_threads(), 1 if quick else 3
    torch.set_num_threads(1)
    try:
        known = tasks()[::2] if quick else tasks()
        return told([compared(task, seeds, 2 if quick else PER_DECADE) for task in known], len(known), seeds)
    finally:
        torch.set_num_threads(threads)


def compared(task: Task, seeds: int, per_decade: int) -> dict[str, float]:
    """Returns rule → share of the attainable fall that it misses; below 0 where it beats the grid."""

    def median(rate: float) -> float:
        return float(np.median([task.reached(rate, seed) for seed in range(seeds)]))

    grid = np.logspace(LOWEST, HIGHEST, (HIGHEST - LOWEST) * per_decade + 1)
    first, best = median(0.0), min(median(float(rate)) for rate in grid)
    finding = find_rate(task.made(), task.batches, task.loss, task.optimizer, seeds=3)
    said = [*finding.suggestions, finding.middle]
    return {each.rule: 1.0 if each.rate is None else (median(each.rate) - best) / (first - best) for each in said}


def told(found: list[dict[str, float]], tasks: int, seeds: int) -> list[Figure]:
    """Returns median and worst of each rule."""
    conditions = f"{tasks} tasks, {BUDGET} steps, {seeds} orders of batches"
    lines = []
    for rule in [*RULES, "middle"]:
        missed = [each[rule] for each in found]
        title = RULES[rule].title if rule in RULES else "Middle of the rules"
        lines += [
            Figure(f"{title}: share of the fall missed, median", 100.0 * float(np.median(missed)), "%", "", conditions),
            Figure(f"{title}: share of the fall missed, worst", 100.0 * max(missed), "%", "", conditions),
        ]
    return lines


def tasks() -> list[Task]:
    """The tasks; none of them was looked at when the rules were chosen."""
    x, y = load_digits(return_X_y=True)
    digits, classes = torch.tensor(x / 16.0, dtype=torch.float32), torch.tensor(y)
    rng = np.random.default_rng(0)
    wrong = torch.tensor(np.where(rng.random(len(y)) < 0.2, rng.integers(0, 10, len(y)), y))
    wx, wy = load_wine(return_X_y=True)
    wine = torch.tensor((wx - wx.mean(0)) / wx.std(0), dtype=torch.float32), torch.tensor(wy)
    fx, fy = make_friedman1(600, noise=0.5, random_state=0)
    friedman = (
        torch.tensor(fx, dtype=torch.float32),
        torch.tensor(fy[:, None] / fy.std(), dtype=torch.float32),
    )
    cross, square, optim = nn.CrossEntropyLoss(), nn.MSELoss(), torch.optim
    return [
        Task("wine, softmax, Adam", lambda: nn.Linear(13, 3), wine, cross, optim.Adam, 16),
        Task(
            "digits, layer norm, Nesterov",
            lambda: nn.Sequential(nn.Linear(64, 48), nn.LayerNorm(48), nn.ReLU(), nn.Linear(48, 10)),
            (digits, classes),
            cross,
            lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
            64,
        ),
        Task("digits, six layers, AdamW", lambda: deep(6), (digits, classes), cross, optim.AdamW, 64),
        Task("friedman, MLP, Adam", lambda: wide(10, 1), friedman, square, optim.Adam, 32),
        Task("friedman, MLP, heavy ball", lambda: wide(10, 1), friedman, square, heavy, 32),
        Task("digits, wrong labels, Adam, batch 16", lambda: wide(64, 10), (digits, wrong), cross, optim.Adam, 16),
        Task("digits, six layers, RMSProp", lambda: deep(6), (digits, classes), cross, optim.RMSprop, 64),
        Task("digits, wrong labels, SGD", lambda: wide(64, 10), (digits, wrong), cross, optim.SGD, 32),
    ]


def heavy(parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
    """SGD with momentum."""
    return torch.optim.SGD(parameters, lr=0.1, momentum=0.9)


def wide(inputs: int, outputs: int) -> nn.Module:
    """One hidden layer."""
    return nn.Sequential(nn.Linear(inputs, 64), nn.ReLU(), nn.Linear(64, outputs))


def deep(layers: int) -> nn.Module:
    """So many hidden layers of 32 for digits."""
    hidden = [each for _ in range(layers - 1) for each in (nn.Linear(32, 32), nn.ReLU())]
    return nn.Sequential(nn.Linear(64, 32), nn.ReLU(), *hidden, nn.Linear(32, 10))
