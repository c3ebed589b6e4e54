"""Capstone shown as code: the run, stage by stage, in scikit-learn, LightGBM, PyTorch and Optuna."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fallline.engine.train import FAMILIES
from fallline.peers.code_optuna import PRUNERS, SAMPLERS, STEPWISE
from fallline.peers.code_schedules import functions
from fallline.runs.code.layout import block, comment, docstring, source
from fallline.runs.code.stages.encoding import encoder_of, encoding_lines
from fallline.runs.code.stages.families import Shown
from fallline.runs.code.stages.imports import imports
from fallline.runs.code.stages.split import STRATIFIED, STREAM, split_lines
from fallline.runs.code.stages.table import Columns, columns_of, table_lines
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.capstone import CapstoneSpec

LOSSES = {
    "log_loss": "log_loss(y, expit(z))",
    "brier": "brier_score_loss(y, expit(z))",
    "roc_auc": "-roc_auc_score(y, z)",
}
"""Metric of the search → what is minimised, from labels and log odds."""

FRAME = "# 1. Frame: the table, and which rows teach, which judge and which are the test."

VALIDATE = '''\
def fit_predict(family, params, rows, out, *name):
    """Fits on some rows, encoding included, and returns the log odds of others."""
    learner, encoding = FAMILIES[family]
    encoding = clone(encoding).fit(X.iloc[rows])
    x, x_out = (encoding.transform(X.iloc[i]).astype("float32") for i in (rows, out))
    return learner(x, y[rows], stream(*name), **params)(x_out).astype(float)


def cross_validate(family, params, *name):
    """Returns the log odds of all rows left out, and the log loss of each fold."""
    logits = [
        fit_predict(family, params, *fold, *name, "fold", number)
        for number, fold in enumerate(folds)
    ]
    each = zip(folds, logits, strict=True)
    return np.concatenate(logits), [log_loss(y[out], expit(z)) for (_, out), z in each]'''

UNPICKED = """4. Trade off: a run weighs profit, latency, fairness and how much there is to read. Here the families by
hand, as stage 2 trains them, compete by log loss."""

BEST = """\
lowest = np.inf
for family, params in BY_HAND:
    _, losses = cross_validate(family, params, "train", family)
    print(f"{family} by hand:", *losses)
    if np.mean(losses) < lowest:
        lowest, FAMILY, PARAMS = np.mean(losses), family, params"""

OBJECTIVE = '''\
def objective(trial):
    """Returns the mean loss of a trial over the folds."""
    family, params = suggest(trial)
    losses = []
    for number, (rows, out) in enumerate(folds):
        name = ("tune", "trial", trial.number, "fold", number)
        z = fit_predict(family, params, rows, out, *name)
        losses.append({loss}){pruned}
    return float(np.mean(losses))'''

PRUNED = """
        trial.report({reported}, number)
        if trial.should_prune():
            raise optuna.TrialPruned"""

CHECK = """\
# 5. Check: Platt's calibration on the rows that the folds left out, then the test rows.
logits, _ = cross_validate(FAMILY, PARAMS, "check", FAMILY)
held = y[np.concatenate([out for _, out in folds])]
positive, negative = held.sum(), (1 - held).sum()
target = np.where(held, (positive + 1) / (positive + 2), 1 / (negative + 2))
scores, weights = np.tile(logits, 2)[:, None], np.concatenate([target, 1 - target])
platt = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-9)
platt.fit(scores, np.repeat([1, 0], len(logits)), sample_weight=weights)
z = fit_predict(FAMILY, PARAMS, train, test, "check", FAMILY, "all")
p = platt.predict_proba(z[:, None])[:, 1]
print("Test log loss:", log_loss(y[test], p))"""

DECIDE = """\
act = p >= threshold
money = np.where(y[test], np.where(act, TP, FN), np.where(act, FP, TN))
print("Threshold:", threshold)
print("Profit per 1,000:", 1000 * money.mean())"""


def show_capstone(spec: Spec, record: Record | None) -> str:
    """Returns the run as a script; with a Record its pick is filled in, without one the families by hand compete.

    Raises:
        DataError: a person's own table of which no Record says what its columns are.
    """
    assert isinstance(spec, CapstoneSpec)  # noqa: S101 - the registry goes by kind
    pick = record.part("tradeoff")["pick"] if record is not None and "tradeoff" in record.result else None
    columns, shown = columns_of(spec, record), Shown(spec, pick)
    tools = {"logistic": "scikit-learn", "boosting": "LightGBM", "mlp": "PyTorch"}
    named = list(dict.fromkeys(["scikit-learn", *(tools[name] for name in shown.names)]))
    styles = {FAMILIES[name].style for name in shown.names}
    learners = "\n".join(line for lines in shown.learners() for line in lines)
    split = spec.frame.split.kind == "stratified" or "mlp" in shown.names
    parts: list[Sequence[str]] = [
        STREAM.splitlines(),
        STRATIFIED.splitlines() if split else [],
        [FRAME, *table_lines(spec.data, columns), *split_lines(spec)],
        ["# 2. Train: the encoding, fitted inside the fold, and the families.", *encoding_lines(columns, set(styles))],
        *functions(learners),
        *shown.learners(),
        _families(shown, columns),
        VALIDATE.splitlines(),
        [*_search(spec), *shown.suggestions()],
        _objective(spec),
        [*_study(spec), "", *_pick(spec, shown, pick), "", *CHECK.splitlines(), "", *_decide(spec, record)],
    ]
    text = "\n\n\n".join("\n".join(part) for part in parts if part)
    said = docstring(f"{spec.title or 'Capstone'}, in {', '.join(named)} and Optuna.")
    return "\n".join([*said, "", *imports(spec.data, text), "", *_head(spec, shown), "", "", text, ""])


def _head(spec: CapstoneSpec, shown: Shown) -> list[str]:
    payoff = spec.frame.payoff
    lines = [f"SEED = {spec.seed}", f"TP, FP, FN, TN = {payoff.tp!r}, {payoff.fp!r}, {payoff.fn!r}, {payoff.tn!r}"]
    return [*lines, "torch.set_num_threads(1)"] if "mlp" in shown.names else lines


def _families(shown: Shown, columns: Columns) -> list[str]:
    """The registry of the script: family → function and encoding."""
    made = {name: encoder_of(FAMILIES[name].style, columns) for name in shown.names}
    entries = [f"{source(name)}: ({name}, {encoder})" for name, encoder in made.items()]
    return block("FAMILIES = {", entries, "}", apart=True)


def _items(given: Mapping[str, Any]) -> list[str]:
    return [f"{source(name)}: {source(value)}" for name, value in given.items()]


def _search(spec: CapstoneSpec) -> list[str]:
    text = (
        "3. Tune: the same space over the same folds. Optuna draws from a stream of its own, one trial at a time, so "
    )
    text += "its trials are not those of the run."
    if spec.tune.sampler == "grid":
        text += " The run goes over a grid; Optuna's knows no parameter that depends on another."
    if spec.tune.sampler in {"fallline", "gp", "latin_hypercube"}:
        text += f" The run's sampler is {spec.tune.sampler}; this is the nearest that Optuna has for such a space."
    if spec.tune.pruner == "racing":
        text += " The run's pruner is a race by t test; Wilcoxon's, by ranks, is the nearest here."
    return comment(text)


def _objective(spec: CapstoneSpec) -> list[str]:
    loss = LOSSES[spec.tune.metric].replace("y,", "y[out],")
    reported = STEPWISE[spec.tune.pruner]
    pruned = PRUNED.format(reported=reported) if reported else ""
    return OBJECTIVE.replace("{loss}", loss).replace("{pruned}", pruned).splitlines()


def _study(spec: CapstoneSpec) -> list[str]:
    sampler = SAMPLERS[spec.tune.sampler].format(startup=spec.tune.startup)
    pruner = PRUNERS[spec.tune.pruner]
    lines = ["optuna.logging.set_verbosity(optuna.logging.WARNING)"]
    if "group=" in sampler or "Wilcoxon" in str(pruner):
        lines.append('warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)')
    given = [f"sampler=optuna.samplers.{sampler}", *([f"pruner=optuna.pruners.{pruner}"] if pruner else [])]
    lines += block("study = optuna.create_study(", given, ")", apart=True)
    return [
        *lines,
        f"study.optimize(objective, n_trials={spec.tune.trials})",
        'print("Best trial:", study.best_value, study.best_params)',
    ]


def _pick(spec: CapstoneSpec, shown: Shown, pick: Mapping[str, Any] | None) -> list[str]:
    """The choice that goes on: the Record's, or without one the best by hand."""
    if pick is None:
        return [*comment(UNPICKED), "BY_HAND = [", *_by_hand(spec, shown), "]", *BEST.splitlines()]
    number = pick["name"].removeprefix("trial ")
    path = ["tune", "trial", int(number)] if number.isdigit() else ["train", pick["family"]]
    name = ", ".join(source(part) for part in path)
    return [
        *comment(f"4. Trade off: what the run picked of the front of {', '.join(spec.tradeoff.objectives)}."),
        f"FAMILY = {source(pick['family'])}",
        *block("PARAMS = {", _items(shown.arguments(pick["family"], pick["params"])), "}"),
        f"_, losses = cross_validate(FAMILY, PARAMS, {name})",
        'print("Fold losses:", *losses)',
    ]


def _by_hand(spec: CapstoneSpec, shown: Shown) -> list[str]:
    lines = []
    for choice in spec.train.families:
        given = shown.arguments(choice.family, FAMILIES[choice.family].complete(choice.params))
        lines += block(f"({source(choice.family)}, {{", _items(given), "}),", 1)
    return lines


def _decide(spec: CapstoneSpec, record: Record | None) -> list[str]:
    """Elkan's threshold, unless the Spec fixes one, or the run moved it."""
    payoff, found = spec.frame.payoff, (record.result if record is not None else {}).get("decide")
    if spec.decide.threshold is not None:
        lines = ["# 6. Decide: at the threshold that is asked for.", f"threshold = {spec.decide.threshold!r}"]
    elif found and found["moved"]:
        lines = ["# 6. Decide: the run moved the threshold from Elkan's (2001), by the rows left out."]
        lines.append(f"threshold = {found['threshold']!r}")
    elif payoff.fp >= payoff.tn:
        lines = ["# 6. Decide: acting never loses, so act on everyone.", "threshold = 0.0"]
    else:
        lines = ["# 6. Decide: act where acting is worth more than leaving alone (Elkan, 2001)."]
        lines.append("threshold = (TN - FP) / (TP - FN + TN - FP)")
    return [*lines, *DECIDE.splitlines()]
