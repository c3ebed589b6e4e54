"""Stage ``race``: runs every block, every trial a checkpoint, and hands the numbers to the summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fallline.core.errors import SpecError
from fallline.core.event import EventKind
from fallline.core.rng import generator
from fallline.engine.nets import Net
from fallline.engine.optim import SGD
from fallline.engine.train.race import Member, Problem
from fallline.peers.lanes import LANES, missing
from fallline.runs.race.block import Block, run_block
from fallline.runs.race.code import CodeNet
from fallline.runs.race.rates import grid
from fallline.runs.race.summary import summary
from fallline.runs.sources.rows import ROWS, table_rows
from fallline.runs.spec.race import RaceSpec
from fallline.runs.spec.workloads import WORKLOADS, Workload, workload_of
from fallline.runs.stage import Context, Output


def race(context: Context) -> Output:
    """Runs the race; goes on from the trials of an interrupted one as if nothing had happened."""
    spec = context.spec
    assert isinstance(spec, RaceSpec)  # noqa: S101 - only this kind has this stage
    absent = [sentence for lane in spec.lanes if (sentence := missing(lane)) is not None]
    lanes: list[str] = [lane for lane in spec.lanes if missing(lane) is None]
    if not lanes:
        raise SpecError("lanes", spec.lanes, "a list with a lane whose tool is installed", absent[0])
    ordered = sorted(spec.workloads, key=lambda key: (key in WORKLOADS, [*WORKLOADS, key].index(key)))
    workloads = {key: workload_of(spec, key) for key in ordered}  # one's own first
    problems = {key: problem_of(context, key, workload) for key, workload in workloads.items()}
    blocks = _blocks(spec, lanes, problems)
    results = dict(_finished(blocks, context.checkpoints))
    _run(context, [block for block in blocks if block.name not in results], len(blocks), results)
    part = summary(spec, lanes, workloads, problems, blocks, results)
    part["missing"] = absent
    seconds = {block.name: results[block.name]["seconds"] for block in blocks}
    return Output(part, {"run_seconds": seconds}, warnings=absent)


def _blocks(spec: RaceSpec, lanes: list[str], problems: Mapping[str, Problem]) -> list[Block]:
    """Every block; workloads innermost, so that the time left can be told from the blocks done so far."""
    made = {name: LANES[name]() for name in lanes}
    return [
        Block(
            key,
            lane,
            optimizer,
            problem,
            grid(optimizer, spec.rates, spec.per_decade),
            spec.tuning_seeds,
            spec.seeds,
            spec.seed,
        )
        for optimizer in spec.optimizers
        for lane in lanes
        if optimizer in made[lane].optimizers()
        for key, problem in problems.items()
        if made[lane].trains(problem)
    ]


def _finished(blocks: list[Block], checkpoints: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields the blocks of which an interrupted run left every trial; of any other no trial counts."""
    for block in blocks:
        trials = [checkpoints.get(f"trial/{name}") for name in block.trials()]
        ended = checkpoints.get(f"block/{block.name}")
        if ended is not None and all(trial is not None for trial in trials):
            yield block.name, {**ended, "trials": trials}


def _run(context: Context, blocks: list[Block], total: int, results: dict[str, dict[str, Any]]) -> None:
    """Runs blocks side by side, tells how far it is, and keeps each trial."""
    began, before = context.clock(), len(results)

    def waiting() -> None:
        done = len(results)
        context.progress(done, total, _left(context.clock() - began, done - before, total - done))

    for block, result in zip(blocks, context.executor.each(run_block, blocks, waiting), strict=True):
        results[block.name] = result
        for name, trial in zip(block.trials(), result["trials"], strict=True):
            context.emit(EventKind.CHECKPOINT, name=f"trial/{name}", payload=trial)
        rest = {key: value for key, value in result.items() if key != "trials"}
        context.emit(EventKind.CHECKPOINT, name=f"block/{block.name}", payload=rest)


def _left(seconds: float, done: int, remaining: int) -> str:
    """Says how long it will take.

    >>> _left(60.0, 10, 20), _left(1.0, 0, 20)
    ('about 2 min left', 'running the first workloads')
    """
    if done == 0:
        return "running the first workloads"
    left = seconds / done * remaining
    return f"about {left:.0f} s left" if left < 90 else f"about {left / 60:.0f} min left"


def problem_of(context: Context, key: str, workload: Workload) -> Problem:
    """Loads a workload's rows and builds its net.

    Raises:
        SpecError: the net cannot read these rows.
        Unavailable: a table's package is not installed.
    """
    rng = generator(context.spec.seed, "race", "rows", workload.data)
    data = table_rows(context.data().table, rng, "table") if workload.data == "table" else ROWS[workload.data](rng)
    path = f"workloads.{key}"
    if workload.code:
        source = context.read_code(workload.code, f"{path}.code")
        net: Net | CodeNet = CodeNet(source, workload.code.rpartition(":")[2], f"{path}.code")
    else:
        net = Net(workload.net, dict(workload.options))
    batch = workload.batch if workload.batch < len(data.train) else 0
    problem = Problem(net, data, workload.loss, batch, workload.noise, workload.steps)
    try:
        _try(problem)
    except SpecError as error:
        place = error.path if error.path.startswith(path) else f"{path}.{error.path}".rstrip(".")
        raise SpecError(place, error.value.strip("'"), error.expected, error.hint) from None
    return problem


def _try(problem: Problem) -> None:
    """Takes one look with the net, so that a mistake is said before the race and not in its middle.

    Raises:
        SpecError: net, rows and loss do not fit each other.
    """
    from fallline.engine.train.race.follow import first_loss  # brings torch

    try:
        first_loss(problem, problem.recipe(SGD(), Member(0.1, 0)))
    except (RuntimeError, TypeError, ValueError, IndexError) as error:
        data = problem.data
        expected = f"a net that reads rows of shape {data.shape} and gives {data.outputs} numbers for each"
        name = getattr(problem.net, "name", "")
        raise SpecError("code", name, expected, f"{type(error).__name__}: {error}.") from error
