"""What a script of a training has to know of the rows, the net and the steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fallline.core.errors import DataError
from fallline.core.rng import generator
from fallline.engine.nets import Architecture, Inputs, Net, Outputs
from fallline.engine.schedules import FeedbackSchedule, Plan, Schedule
from fallline.runs.sources.load import load
from fallline.runs.sources.spec import Named
from fallline.runs.spec.train import TrainSpec
from fallline.runs.training.rows import data_of_table
from fallline.runs.training.stage import recipe_of

if TYPE_CHECKING:
    from fallline.engine.data.sets import Data


@dataclass(frozen=True)
class Facts:
    """What the numbers of a script hang on.

    Attributes:
        task: what is to be said.
        plan: the net; None for a person's own.
        kinds: classes or tokens; 0 for numbers.
        loss: name of the loss.
        optimizer: as the backend means it, with its options.
        rate: the base rate.
        schedule: what multiplies it.
        taught: rows that teach.
        batch: rows of a step.
        per_epoch: steps of an epoch.
        total: steps of the run.
        look: steps between two looks.
    """

    task: str
    plan: Architecture | None
    kinds: int
    loss: str
    optimizer: Any
    rate: float
    schedule: Schedule | FeedbackSchedule | Plan
    taught: int
    batch: int
    per_epoch: int
    total: int
    look: int

    @property
    def by_epoch(self) -> bool:
        """Whether the loop goes by whole epochs, with a look after each."""
        return self.look == self.per_epoch and self.total % self.per_epoch == 0 and "batch" not in self.drives

    @property
    def drives(self) -> tuple[str, ...]:
        """What a plan changes from step to step."""
        return self.schedule.drives if isinstance(self.schedule, Plan) else ()


def facts_of(spec: TrainSpec) -> Facts:
    """Looks at the rows and the net.

    Raises:
        DataError: the columns of the table are not known before a run.
        SpecError: net and rows do not fit.
    """
    data, recipe = _data(spec), recipe_of(spec)
    net = Net(spec.net.name, spec.net.options)
    outputs = Outputs(data.outputs, each=data.task == "tokens")
    rate: float = recipe.optimizer.rate if recipe.rate is None else recipe.rate  # type: ignore[union-attr]  # one of ours
    return Facts(
        task=data.task,
        plan=None if spec.code else net.architecture(Inputs(data.shape, data.vocabulary), outputs),
        kinds=data.vocabulary or data.classes,
        loss=recipe.loss_name(data),
        optimizer=recipe.optimizer,
        rate=rate,
        schedule=recipe.schedule,
        taught=len(data.train),
        batch=recipe.rows(data),
        per_epoch=recipe.per_epoch(data),
        total=recipe.total(data),
        look=recipe.look or recipe.per_epoch(data),
    )


def _data(spec: TrainSpec) -> Data:
    from fallline.engine.data.sets import load_set  # digits bring scikit-learn, a second

    rng = generator(spec.seed, "train", "data")
    if spec.data is None:
        return load_set(spec.set.name, rng, spec.set.rows, spec.set.noise)
    if not isinstance(spec.data, Named):
        raise DataError(
            "What the columns of a table of one's own are is found out by a run, whose Record does not list them: a "
            "training on it is not shown as code; one on a table known by name is."
        )
    return data_of_table(load(spec.data).table, rng)
