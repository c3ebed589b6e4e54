"""Stage 5, check: can the pick be trusted. Calibration, intervals, the gap to new rows, leaks, the baseline."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.canonical import canonical
from fallline.engine.decide import elkan, profit_rows, total_profit
from fallline.engine.metrics import (
    METRICS,
    Interval,
    bootstrap,
    calibration_curve,
    calibration_line,
    log_loss,
    paired_bootstrap,
)
from fallline.engine.train import FAMILIES
from fallline.runs.stage import Context, Output
from fallline.runs.stages.fit import Fitted, fit_all, fit_fold
from fallline.runs.stages.frame import payoff_of
from fallline.runs.stages.leaks import leak_findings
from fallline.runs.stages.rows import Rows, rows_of

Floats = NDArray[np.float64]
SHOWN = ("log_loss", "brier", "roc_auc", "pr_auc")


def check(context: Context) -> Output:
    """Trains the pick and the logistic baseline on all training rows and looks at the rows they have not seen."""
    rows = rows_of(context)
    pick = context.parts["tradeoff"]["pick"]
    held = held_out(rows)
    context.progress(0, 3, "out-of-fold predictions of the pick")
    chosen, out = _trained(context, rows, pick["family"], pick["params"])
    context.progress(1, 3, "the logistic baseline")
    baseline, _ = _trained(context, rows, "logistic", FAMILIES["logistic"].complete({}))
    context.progress(2, 3, "bootstrap")
    test = rows.split.test
    y, chances, base = rows.y[test], chosen.probabilities(rows.table, test), baseline.probabilities(rows.table, test)
    calibrated_out = chosen.calibration.probabilities(out)
    part: dict[str, Any] = {
        "pick": pick["name"],
        "family": pick["family"],
        "level": rows.spec.check.level,
        "currency": rows.spec.frame.currency,
        "metrics": {name: _interval(context, rows, name, y, chances) for name in SHOWN},
        "baseline_metrics": {name: _interval(context, rows, name, y, base) for name in SHOWN},
        "calibration": _calibration(y, chances),
        "against_baseline": _against(context, rows, y, chances, base),
        "gap": _gap(context, rows, chosen.probabilities(rows.table, rows.split.train), calibrated_out, chances),
        "leaks": leak_findings(rows, chances),
        "platt": {"a": chosen.calibration.a, "b": chosen.calibration.b},
        "out_of_fold": {"rows": held.tolist(), "y": rows.y[held].tolist(), "p": _rounded(calibrated_out)},
        "test": {"rows": test.tolist(), "y": y.tolist(), "p": _rounded(chances), "baseline": _rounded(base)},
    }
    loss = part["metrics"]["log_loss"]
    part["sentence"] = (
        f"Test log loss {loss['estimate']:.4f} [{loss['low']:.4f}, {loss['high']:.4f}]. "
        f"{part['calibration']['sentence']} {part['against_baseline']['sentence']}"
    )
    artifact = context.keep("model.json", "application/json", canonical(chosen.to_dict()))
    part["model"] = artifact.sha256
    return Output(part, artifacts=(artifact,), warnings=[leak["sentence"] for leak in part["leaks"]])


def _trained(context: Context, rows: Rows, family: str, params: dict[str, Any]) -> tuple[Fitted, Floats]:
    """Returns the choice trained on all training rows, and its out-of-fold log-odds in the order of the folds."""
    task = partial(_fold, rows, family, params)
    out = np.concatenate(context.executor.map(task, range(len(rows.folds))))
    return fit_all(rows, family, params, out, rows.y[held_out(rows)]), out


def held_out(rows: Rows) -> NDArray[np.int64]:
    """Returns the rows that the folds leave out, fold by fold: the order of out-of-fold predictions."""
    return np.concatenate([fold.test for fold in rows.folds])


def _fold(rows: Rows, family: str, params: dict[str, Any], number: int) -> Floats:
    return fit_fold(rows, number, family, params)


def _interval(context: Context, rows: Rows, name: str, y: NDArray[np.int8], p: Floats) -> dict[str, float]:
    spec = rows.spec.check
    found = bootstrap(METRICS[name].function, (y, p), context.rng(name), spec.resamples, level=spec.level)
    return ends(found)


def ends(found: Interval, scale: float = 1.0) -> dict[str, float]:
    """Returns an interval as plain data, scaled."""
    return {
        "estimate": scale * float(found.estimate),
        "low": scale * float(found.low),
        "high": scale * float(found.high),
        "error": abs(scale) * float(found.error),
    }


def _calibration(y: NDArray[np.int8], p: Floats) -> dict[str, Any]:
    curve, line = calibration_curve(y, p), calibration_line(y, p)
    outside = int(((curve.predicted < curve.low) | (curve.predicted > curve.high)).sum())
    bins = len(curve.count)
    told = f"{bins - outside} of {bins} calibration bins hold the predicted value in their 95 % interval"
    slope = "" if line is None else f", slope {line.slope:.2f}"
    return {
        "curve": {name: getattr(curve, name).tolist() for name in ("predicted", "observed", "low", "high", "count")},
        "ece": float(curve.expected_error),
        "slope": None if line is None else line.slope,
        "intercept": None if line is None else line.intercept,
        "sentence": f"{told}{slope}, expected calibration error {curve.expected_error:.3f}.",
    }


def _against(context: Context, rows: Rows, y: NDArray[np.int8], p: Floats, base: Floats) -> dict[str, Any]:
    """The pick minus the logistic baseline, both at the threshold that the pay-offs give, on the same resamples."""
    spec, payoff = rows.spec.check, payoff_of(rows.spec)
    threshold = elkan(payoff).threshold
    ours, theirs = (profit_rows(y, chances, threshold, payoff) for chances in (p, base))
    rng = partial(context.rng, "against")
    money = paired_bootstrap(total_profit, (ours,), (theirs,), rng("profit"), spec.resamples, level=spec.level)
    loss = paired_bootstrap(log_loss, (y, p), (y, base), rng("loss"), spec.resamples, level=spec.level)
    found = ends(money, 1000 / len(y))
    currency = rows.spec.frame.currency
    if money.low == money.high == 0.0:
        sentence = "On every test row it decides as logistic regression with default hyperparameters does."
        return {"threshold": threshold, "profit_per_1000": found, "log_loss": ends(loss), "sentence": sentence}
    sure = (
        "the interval excludes zero" if money.excludes_zero else "the interval includes zero: they cannot be told apart"
    )
    return {
        "threshold": threshold,
        "profit_per_1000": found,
        "log_loss": ends(loss),
        "sentence": (
            f"Against logistic regression it earns {found['estimate']:+,.0f} {currency} per 1,000 "
            f"[{found['low']:+,.0f}, {found['high']:+,.0f}]; {sure}."
        ).replace("-", "−"),
    }


def _gap(context: Context, rows: Rows, seen_p: Floats, left_p: Floats, new_p: Floats) -> dict[str, Any]:
    train, test = rows.split.train, rows.split.test
    seen = _interval(context, rows, "log_loss", rows.y[train], seen_p)
    left = _interval(context, rows, "log_loss", rows.y[held_out(rows)], left_p)
    new = _interval(context, rows, "log_loss", rows.y[test], new_p)
    rise = left["estimate"] - seen["estimate"]
    inside = new["low"] <= left["estimate"] <= new["high"]
    verdict = "as the folds promised" if inside else "not what the folds promised"
    return {
        "train": seen,
        "validation": left,
        "test": new,
        "sentence": f"Log loss rises by {rise:.4f} from seen to left-out rows; on new rows it is {verdict}.",
    }


def _rounded(p: Floats) -> list[float]:
    """Nine decimals: enough for any decision, and half the size of the Record."""
    return [round(float(chance), 9) for chance in p]
