"""View ``study`` shown as code: the trials of a Record as a study of Optuna."""

from __future__ import annotations

from fallline.runs.code.layout import source
from fallline.runs.code.views.reading import view_script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.views import StudyViewSpec

BODY = """\
optuna.logging.set_verbosity(optuna.logging.WARNING)
states = optuna.trial.TrialState
study = optuna.create_study()
for trial in result["tune"]["trials"][:{trials}]:
{filtered}    done = trial["state"] == "complete"
    made = optuna.trial.create_trial(
        state=states.COMPLETE if done else states.PRUNED,
        value=trial["value"] if done else None,
        intermediate_values=dict(enumerate(trial["fold_losses"])),
        user_attrs={{name: trial[name] for name in ("number", "family", "params")}},
    )
    study.add_trial(made)
print(f"{{len(study.trials)}} trials, best {{study.best_value!r}}")
print("Best trial:", study.best_trial.user_attrs)"""

FILTERED = """\
    if trial["family"] != {family}:
        continue
"""


def show_study(spec: Spec, record: Record | None) -> str:
    """Returns the search up to a trial as a script."""
    del record
    assert isinstance(spec, StudyViewSpec)  # noqa: S101 - the registry goes by kind
    filtered = "" if spec.family == "all" else FILTERED.format(family=source(spec.family))
    body = BODY.format(trials=spec.trials, filtered=filtered)
    return view_script(spec.record, "The search of a Record", ["import optuna"], body, "Optuna")
