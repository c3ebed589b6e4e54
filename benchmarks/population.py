"""The population engine against the best plain torch loop: one core against one core, interleaved, medians.

The plain loop trains one net: autograd, fused Adam, batches gathered by index. Ours trains K of them; what is compared
is the CPU time of one member's step, which others on the machine disturb less than the wall's. Every path is measured
at K = 1, 8, 32 and 128. The measurement runs in a process of its own, whose environment pins all libraries to one
thread before they are imported.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure
from benchmarks.measure import median, ratio, settled, spent, spread

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
SIZES = (1, 8, 32, 128)
ROWS, BATCH, PLAIN_STEPS = 1792, 64, 40
AGAINST = "torch's plain loop with fused Adam, one thread each, interleaved, CPU time"
TARGETS = {("perceptron 64-32-10", 128): 20.0, ("MLP 64-32-10 as any module", 32): 5.0, ("tiny CNN", 32): 1.5}
NEVER_BELOW = 0.95
WITHIN = 0.05
"""How well a ratio is to be known: the half width of its interval."""


def figures(quick: bool) -> list[Figure]:
    """Measures every path, then the first use in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.population", "quick" if quick else "full"]
    done = subprocess.run(command, stdout=subprocess.PIPE, env=_environment(), text=True, check=True)
    found = [Figure(*each) for each in json.loads(done.stdout)]
    return found + first_use(quick)


def _environment() -> dict[str, str]:
    import os

    return os.environ | ONE_THREAD


def first_use(quick: bool) -> list[Figure]:
    """Seconds from the start of a process to the first step of a population, with kernels compiled before and not."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**ONE_THREAD, "NUMBA_CACHE_DIR": folder}
        command = [sys.executable, "-m", "benchmarks.population", "first"]
        fresh = spent(command, environment=environment).seconds
        again = [spent(command, environment=environment).seconds for _ in range(1 if quick else 7)]
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir(exist_ok=True)
    about = "a new process: imports, MLP 64-32-10, Adam, K = 8, ten steps"
    return [
        Figure("first use, kernels cached", median(again), "s", "<= 2", about),
        Figure("first use, kernels not cached", fresh, "s", "<= 20", about),
    ]


def first() -> None:
    """What a first use does."""
    import numpy as np

    from fallline.engine.train.population import Member, Perceptron, population

    x = np.random.default_rng(0).standard_normal((256, 64))
    members = [Member(seed=seed) for seed in range(8)]
    population(Perceptron((64, 32, 10)), (x, np.arange(256) % 10), members, steps=10).advance()


def measured(quick: bool) -> list[tuple[Any, ...]]:
    """Measures every path at every K; the fields of the figures."""
    import torch

    torch.set_num_threads(1)
    found: list[tuple[Any, ...]] = []
    for name, (net, torch_net, shape) in paths().items():
        plain = plain_loop(torch_net, shape)
        for members in SIZES:
            target = TARGETS.get((name, members), NEVER_BELOW)
            # what kernels and plain loop do alone, and the promises: the other sizes need the time of a whole run
            if quick and target == NEVER_BELOW and members != (1 if name.startswith("perceptron") else 32):
                continue
            found.append(figure(name, net, (plain, shape), members, target, quick=quick, clock=time.process_time))
        if name.startswith("perceptron") or quick:
            continue
        target = TARGETS.get((name, 32), NEVER_BELOW)
        found.append(figure(f"{name}, no clock", net, (plain, shape), 32, target, quick=quick, clock=None))
    return found


def figure(
    name: str,
    net: Any,
    against: tuple[Callable[[], None], tuple[int, ...]],
    members: int,
    target: float,
    *,
    quick: bool,
    clock: Callable[[], float] | None,
) -> tuple[Any, ...]:
    """Measures one path at one K; the fields of a figure."""
    speed, known, micro, how = speed_up(net, *against, members, quick=quick, clock=clock)
    detail = f"± {100 * known:.0f} %; {AGAINST}: {micro[1]:.1f} µs against {micro[0]:.0f}. {how}"
    return f"{name}, K = {members}", speed, "×", f">= {target:g}", detail


def paths() -> dict[str, tuple[Any, Callable[[], Any], tuple[int, ...]]]:
    """Name → what the population is given, what the plain loop trains, and the shape of a row."""
    from torch import nn

    from fallline.engine.train.population import Perceptron

    def mlp() -> nn.Module:
        return nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))

    class AnyModule(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.last = nn.Linear(64, 32), nn.Linear(32, 10)

        def forward(self, x: Any) -> Any:
            return self.last(self.first(x).relu())

    def large() -> nn.Module:
        return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))

    class LargeModule(AnyModule):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.last = nn.Linear(784, 128), nn.Linear(128, 10)

    def cnn() -> nn.Module:
        looks = (nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        more = (nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        return nn.Sequential(*looks, *more, nn.Flatten(), nn.Linear(64, 10))

    return {
        "perceptron 64-32-10": (Perceptron((64, 32, 10)), mlp, (64,)),
        "MLP 64-32-10 as any module": (AnyModule, mlp, (64,)),
        "tiny CNN": (cnn, cnn, (1, 8, 8)),
        "perceptron 784-128-10": (Perceptron((784, 128, 10)), large, (784,)),
        "MLP 784-128-10 as any module": (LargeModule, large, (784,)),
    }


def rows(shape: tuple[int, ...]) -> tuple[Any, Any]:
    """Rows of a shape, and classes."""
    import numpy as np

    rng = np.random.default_rng(0)
    return rng.standard_normal((ROWS, *shape)), rng.integers(0, 10, ROWS)


def plain_loop(make: Callable[[], Any], shape: tuple[int, ...]) -> Callable[[], None]:
    """Returns what takes `PLAIN_STEPS` steps of the loop that a person writes in torch."""
    import torch

    x, y = rows(shape)
    inputs, targets = torch.tensor(x, dtype=torch.float32), torch.tensor(y)
    module = make()
    optimizer = torch.optim.Adam(module.parameters(), lr=1e-3, fused=True)
    order = torch.randperm(ROWS)

    def run() -> None:
        for step in range(PLAIN_STEPS):
            chosen = order[step % (ROWS // BATCH) * BATCH :][:BATCH]
            optimizer.zero_grad(set_to_none=True)
            loss = torch.nn.functional.cross_entropy(module(inputs[chosen]), targets[chosen])
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()

    return run


def speed_up(
    net: Any,
    plain: Callable[[], None],
    shape: tuple[int, ...],
    members: int,
    *,
    quick: bool,
    clock: Callable[[], float] | None,
) -> tuple[float, float, tuple[float, float], str]:
    """Returns how often our step fits into the plain one, how well that is known, both in µs, and how ours is done."""
    from fallline.engine.train.population import Member, Population, population

    crowd = [Member(rate=1e-4 * (1 + seed), seed=seed) for seed in range(members)]
    began = population(net, rows(shape), crowd, steps=100_000, clock=clock).advance(2)
    once = time.process_time()
    now: Population = began.advance(10)
    # as many steps as take about as long as the plain loop's, so that both meet the same load
    budget = 0.03 if quick else 0.15
    steps = max(10, min(2000, int(10 * budget / (time.process_time() - once))))
    state = {"now": now}

    def ours() -> None:
        state["now"] = state["now"].advance(steps)

    least, seconds = (9, 3.0) if quick else (15, 30.0)
    pair, candidates = ("plain", "ours"), {"ours": ours, "plain": plain}
    taken = settled(candidates, pair, within=WITHIN, least=least, seconds=seconds, clock=time.process_time)
    scaled = {"plain": [each / PLAIN_STEPS for each in taken["plain"]]}
    scaled["ours"] = [each / steps / members for each in taken["ours"]]
    micro = (median(scaled["plain"]) * 1e6, median(scaled["ours"]) * 1e6)
    return ratio(scaled, *pair), spread(taken, *pair), micro, now.sentence


if __name__ == "__main__":
    if sys.argv[1] == "first":
        first()
    else:
        print(json.dumps(measured(sys.argv[1] == "quick")))
