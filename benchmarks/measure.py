"""Fair measurement on a shared machine: interleaved runs, medians, paired ratios; time and memory of a process.

What runs side by side meets the same load, so a ratio of paired runs says more than two averages taken apart
(Georges, Buytaert & Eeckhout, "Statistically rigorous Java performance evaluation", 2007).
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Seconds = dict[str, list[float]]


def interleaved(
    candidates: Mapping[str, Callable[[], object]],
    rounds: int,
    *,
    warm: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> Seconds:
    """Times each candidate once a round, in an order that turns by one each round.

    Args:
        candidates: name → what to run.
        rounds: how often each is timed, ≥ 1.
        warm: how often each runs first, untimed.
        clock: seconds; `time.process_time` for CPU time.

    Returns:
        name → its seconds, one per round, in the order of the rounds.

    >>> sorted(interleaved({"a": int, "b": float}, rounds=3))
    ['a', 'b']
    """
    if rounds < 1:
        raise ValueError(f"rounds: {rounds} is not at least 1.")
    names = list(candidates)
    seconds: Seconds = {name: [] for name in names}
    for candidate in candidates.values():
        for _ in range(warm):
            candidate()
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            began = clock()
            candidates[name]()
            seconds[name].append(clock() - began)
    return seconds


def median(values: Sequence[float]) -> float:
    """Returns the middle value; one slow run among many does not move it.

    >>> median([3.0, 1.0, 100.0])
    3.0
    """
    return float(statistics.median(values))


def percentile(values: Sequence[float], share: float) -> float:
    """Returns the value that `share` of the values do not exceed (nearest rank).

    >>> percentile(range(1, 101), 0.95)
    95.0
    """
    if not 0 < share <= 1:
        raise ValueError(f"share: {share} is not above 0 and at most 1.")
    ordered = sorted(values)
    return float(ordered[math.ceil(share * len(ordered) - 1e-9) - 1])


def ratio(seconds: Seconds, name: str, against: str) -> float:
    """Returns the median over rounds of one candidate's time divided by another's of the same round.

    >>> ratio({"ours": [2.0, 4.0, 9.0], "theirs": [1.0, 2.0, 1.0]}, "ours", "theirs")
    2.0
    """
    return median([ours / theirs for ours, theirs in zip(seconds[name], seconds[against], strict=True)])


def settled(
    candidates: Mapping[str, Callable[[], object]],
    pair: tuple[str, str],
    *,
    within: float,
    least: int,
    seconds: float,
    clock: Callable[[], float] = time.perf_counter,
) -> Seconds:
    """Times candidates in interleaved rounds until their ratio is known well enough, or the time is up.

    Args:
        candidates: name → what to run.
        pair: whose ratio is wanted.
        within: half the width of its 95 % interval, over the ratio, at which it is known.
        least: rounds at least; the interval is that of a median by order statistics, which needs six.
        seconds: by the wall, after which no round begins.
        clock: seconds of the candidates.
    """
    began = time.perf_counter()
    found = interleaved(candidates, least, clock=clock)
    while spread(found, *pair) > within and time.perf_counter() - began < seconds:
        for name, more in interleaved(candidates, 2, warm=0, clock=clock).items():
            found[name] += more
    return found


def spread(seconds: Seconds, name: str, against: str) -> float:
    """Returns half the width of the 95 % interval of a median ratio, over that ratio.

    The interval lies between the order statistics that a sign test cannot tell from the median (Thompson, 1936).

    >>> spread({"a": [9.0, 10.0, 11.0, 10.0, 10.0, 10.0], "b": [1.0] * 6}, "a", "b")
    0.1
    """
    ratios = sorted(ours / theirs for ours, theirs in zip(seconds[name], seconds[against], strict=True))
    count, outside, below = len(ratios), 0, 0.0
    while below + math.comb(count, outside) / 2.0**count <= 0.025:
        below += math.comb(count, outside) / 2.0**count
        outside += 1
    low, high = ratios[max(outside - 1, 0)], ratios[count - max(outside, 1)]
    return (high - low) / 2.0 / median(ratios)


@dataclass(frozen=True)
class Spent:
    """What a process took.

    Attributes:
        seconds: by the wall clock.
        cpu: user and system seconds, of the process and of the children it waited for.
        peak: largest resident memory in bytes: of the process, or of its largest child.
        code: its exit status.
        output: what it wrote to its standard output.
    """

    seconds: float
    cpu: float
    peak: int
    code: int
    output: str


# A process starts with its parent's peak memory on its account (Linux), so a small one of its own starts it.
WATCH = """
import json, os, resource, subprocess, sys, time
began = time.perf_counter()
code = subprocess.call(sys.argv[2:])
seconds = time.perf_counter() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
os.write(int(sys.argv[1]), json.dumps([seconds, used.ru_utime + used.ru_stime, used.ru_maxrss, code]).encode())
"""


def spent(
    command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Spent:
    """Runs a command to its end and says what it took.

    Args:
        command: the program and its arguments.
        environment: added to this process's own.
        cwd: where it runs.
    """
    reader, writer = os.pipe()
    watch = [sys.executable, "-I", "-S", "-c", WATCH, str(writer), *map(str, command)]
    with os.fdopen(reader, encoding="utf-8") as told:
        try:
            done = subprocess.run(
                watch,
                stdout=subprocess.PIPE,
                cwd=cwd,
                env=os.environ | dict(environment or {}),
                pass_fds=[writer],
                text=True,
                check=True,
            )
        finally:
            os.close(writer)
        seconds, cpu, peak, code = json.load(told)
    return Spent(seconds, cpu, peak * (1 if sys.platform == "darwin" else 1024), code, done.stdout)
