"""The named workloads, and what a Spec's workload comes to when everything it leaves open is filled in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fallline.core.choice import lookup, nearest
from fallline.core.errors import SpecError
from fallline.runs.spec.race import RaceSpec, WorkloadSpec


@dataclass(frozen=True)
class Workload:
    """A workload with nothing left open.

    Attributes:
        title: for people.
        net: a named net; empty where it is code.
        options: of the net.
        data: named rows, or ``table``.
        batch: rows of a step; 0 takes all.
        steps: of a run.
        noise: standard deviation of the noise on each coordinate of each gradient.
        loss: None finds it from the targets.
        target: None takes it from the references.
        code: ``file.py:function``; empty where the net has a name.
        lesson: what it is there to show; empty for the user's own.
    """

    title: str
    net: str
    data: str
    options: tuple[tuple[str, Any], ...] = ()
    batch: int = 32
    steps: int = 200
    noise: float = 0.0
    loss: str | None = None
    target: float | None = None
    code: str = ""
    lesson: str = ""


def _variants(name: str, workload: Workload, *, noise: float, small: int) -> dict[str, Workload]:
    """A workload, the same with noisy gradients, and the same with small batches."""
    noisy = replace(workload, title=f"{workload.title}, noisy gradients", noise=noise)
    few = replace(workload, title=f"{workload.title}, batches of {small}", batch=small)
    return {name: workload, f"{name}-noisy": noisy, f"{name}-small": few}


def _widths(*widths: int) -> tuple[tuple[str, Any], ...]:
    return (("widths", widths),)


DRAWN = (("initialiser", "xavier"),)
"""A start of its own for each seed, where the net's own would be zero for all."""

WORKLOADS: dict[str, Workload] = {
    **_variants(
        "quadratic",
        Workload("Ill-conditioned quadratic", "linear", "bowl", DRAWN, batch=0, lesson="curvatures along the axes"),
        noise=0.05,
        small=4,
    ),
    **_variants(
        "turned-quadratic",
        Workload(
            "Ill-conditioned quadratic, turned",
            "linear",
            "turned-bowl",
            DRAWN,
            batch=0,
            lesson="the same curvatures, but across the axes: a rate per coordinate helps less",
        ),
        noise=0.05,
        small=4,
    ),
    **_variants(
        "logistic",
        Workload("Logistic regression, breast cancer", "logistic", "breast-cancer", DRAWN, batch=0, lesson="convex"),
        noise=0.05,
        small=4,
    ),
    **_variants("mlp-digits", Workload("Perceptron, digits", "mlp", "digits", _widths(32)), noise=0.03, small=4),
    **_variants(
        "cnn-digits",
        Workload("Convolutional net, digits", "cnn", "digits", _widths(6, 12), batch=16, steps=100),
        noise=0.03,
        small=4,
    ),
    **_variants("mlp-mnist1d", Workload("Perceptron, MNIST-1D", "mlp", "mnist1d", _widths(32)), noise=0.03, small=4),
    **_variants(
        "cnn-mnist1d",
        Workload("Convolutional net, MNIST-1D", "cnn", "mnist1d", _widths(8, 16), steps=120),
        noise=0.03,
        small=4,
    ),
    **_variants(
        "gru-text", Workload("Gated units, text", "gru", "text", _widths(16), batch=8, steps=60), noise=0.01, small=2
    ),
    **_variants(
        "mlp-churn",
        Workload("Perceptron, customer churn", "mlp", "churn", _widths(16), batch=64, lesson="a real table"),
        noise=0.02,
        small=8,
    ),
}
"""Name → workload: each also with noisy gradients and with small batches."""


def workload_of(spec: RaceSpec, key: str) -> Workload:
    """Fills in what the Spec leaves open.

    Raises:
        SpecError: an unknown base, or neither net nor code nor data.
    """
    path, given = f"workloads.{key}", spec.workloads[key]
    if given.base is not None:
        start = lookup(given.base, WORKLOADS, f"{path}.base")
    elif key in WORKLOADS:
        start = WORKLOADS[key]
    elif given.net is None and given.code is None:
        close = nearest(key, WORKLOADS)
        hint = f"Did you mean {close!r}?" if close else f"Give it a net, or take one of {', '.join(WORKLOADS)}."
        raise SpecError(path, key, "a named workload, nor does it name a net", hint)
    else:
        start = Workload(key, "", "", lesson="")
    return _checked(_filled(start, given), spec, path)


def _filled(start: Workload, given: WorkloadSpec) -> Workload:
    fields = ("title", "net", "data", "batch", "steps", "noise", "loss", "target", "code")
    changes = {name: getattr(given, name) for name in fields if getattr(given, name) is not None}
    if given.options is not None:
        changes["options"] = tuple(sorted(given.options.items()))
    elif given.net is not None and given.net != start.net:
        changes["options"] = ()
    if given.code is not None:
        changes |= {"net": "", "options": ()}
    return replace(start, **changes)


def _checked(workload: Workload, spec: RaceSpec, path: str) -> Workload:
    from fallline.engine.nets import Net  # after the cheap checks: a race alone needs it
    from fallline.runs.sources.rows import ROWS

    if not workload.data:
        raise SpecError(f"{path}.data", None, "the name of rows to learn from", f"Known: {', '.join(ROWS)}, table.")
    if workload.data == "table" and spec.data is None:
        raise SpecError(f"{path}.data", "table", "there: the Spec has no [data]", 'Add [data] with source = "file".')
    if workload.data != "table":
        lookup(workload.data, ROWS, f"{path}.data")
    if workload.net:
        try:
            Net(workload.net, dict(workload.options))
        except SpecError as error:
            where = error.path.replace("net", "options", 1) if "." in error.path else error.path
            raise SpecError(f"{path}.{where}", error.value.strip("'"), error.expected, error.hint) from None
    return workload
