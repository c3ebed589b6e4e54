"""Metrics: numbers that say how good probabilities and decisions are, each with its uncertainty."""

from __future__ import annotations

from fallline.engine.metrics.bootstrap import Interval, Method, bootstrap, by_rows, paired_bootstrap, resample_counts
from fallline.engine.metrics.brier import brier
from fallline.engine.metrics.calibrate import Platt, platt
from fallline.engine.metrics.calibration import (
    CalibrationCurve,
    CalibrationLine,
    calibration_curve,
    calibration_line,
    expected_calibration_error,
    wilson,
)
from fallline.engine.metrics.confusion import Confusion, accuracy, confusion, f1
from fallline.engine.metrics.groups import GroupMetrics, GroupRates, group_codes, group_metrics
from fallline.engine.metrics.log_loss import log_loss, log_loss_rows
from fallline.engine.metrics.metric import Direction, Metric
from fallline.engine.metrics.ranking import pr_auc, roc_auc
from fallline.engine.metrics.sigmoid import logit
from fallline.engine.metrics.weighted import WeightedMetric

METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("log_loss", "Log loss", "minimize", log_loss, "How surprised the probabilities are by the labels."),
        Metric("brier", "Brier score", "minimize", brier, "Mean squared error of the probabilities."),
        Metric("roc_auc", "ROC AUC", "maximize", roc_auc, "Chance that a positive scores above a negative."),
        Metric("pr_auc", "Average precision", "maximize", pr_auc, "Precision averaged over the recall steps."),
        Metric("accuracy", "Accuracy", "maximize", accuracy, "Share of rows decided rightly at one half."),
        Metric("f1", "F1", "maximize", f1, "Harmonic mean of precision and recall at one half."),
    )
}
"""Every metric that a Spec can name."""

__all__ = [
    "METRICS",
    "CalibrationCurve",
    "CalibrationLine",
    "Confusion",
    "Direction",
    "GroupMetrics",
    "GroupRates",
    "Interval",
    "Method",
    "Metric",
    "Platt",
    "WeightedMetric",
    "accuracy",
    "bootstrap",
    "brier",
    "by_rows",
    "calibration_curve",
    "calibration_line",
    "confusion",
    "expected_calibration_error",
    "f1",
    "group_codes",
    "group_metrics",
    "log_loss",
    "log_loss_rows",
    "logit",
    "paired_bootstrap",
    "platt",
    "pr_auc",
    "resample_counts",
    "roc_auc",
    "wilson",
]
