"""Six optimizers walking down Rosenbrock's valley: the map and the losses of the gallery."""

from __future__ import annotations

import numpy as np

from fallline.figures import Axis, DataTable, Field, Figure, Line, Points, Rule


def rosenbrock(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Rosenbrock (1960): a curved valley with its lowest point at (1, 1)."""
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def slope(w: np.ndarray) -> np.ndarray:
    """The gradient of `rosenbrock`."""
    x, y = w
    return np.array([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)])


def walk(optimizer: str, steps: int = 300) -> np.ndarray:
    """Follows an optimizer over Rosenbrock's valley; shape (steps + 1, 2)."""
    w, v, s = np.array([-1.4, 2.2]), np.zeros(2), np.zeros(2)
    path = [w]
    for t in range(1, steps + 1):
        ahead = w + 0.9 * v if optimizer == "nesterov" else w
        g = slope(ahead)
        if optimizer == "gd":
            w = w - 0.0007 * g
        elif optimizer in {"momentum", "nesterov"}:
            v = 0.9 * v - 0.00025 * g
            w = w + v
        elif optimizer == "adagrad":
            s = s + g * g
            w = w - 0.5 * g / np.sqrt(s + 1e-8)
        elif optimizer == "rmsprop":
            s = 0.9 * s + 0.1 * g * g
            w = w - 0.02 * g / np.sqrt(s + 1e-8)
        else:
            v, s = 0.9 * v + 0.1 * g, 0.999 * s + 0.001 * g * g
            w = w - 0.06 * (v / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
        path.append(w)
    return np.array(path)


NAMES = {
    "gd": "GD",
    "momentum": "Momentum",
    "nesterov": "Nesterov",
    "adagrad": "AdaGrad",
    "rmsprop": "RMSProp",
    "adam": "Adam",
}


def relief(n: int = 121) -> Field:
    """Rosenbrock's valley on a grid."""
    x, y = np.meshgrid(np.linspace(-2, 2, n), np.linspace(-1, 3, n))
    values = tuple(float(v) for v in rosenbrock(x, y).ravel())
    return Field((-2.0, 2.0), (-1.0, 3.0), n, n, values, log=True, label="loss", key=f"rosenbrock-{n}")


def descent_map() -> Figure:
    """Six trails over one valley, a start that can be dragged, and the minimum."""
    trails, rows = [], []
    for role, label in NAMES.items():
        path = walk(role)
        trails.append(Line(tuple(map(float, path[:, 0])), tuple(map(float, path[:, 1])), role, label, trail=True))
        rows.append((label, float(path[-1, 0]), float(path[-1, 1]), float(rosenbrock(*path[-1]))))
    start = Points((-1.4,), (2.2,), "accent", "start", size=6, handle="start")
    minimum = Points((1.0,), (1.0,), "ink", "minimum", size=5, hollow=True)
    return Figure(
        id="descent-map",
        title="Six optimizers on Rosenbrock's valley",
        x=Axis("weight", symbol="w₁"),
        y=Axis("weight", symbol="w₂"),
        marks=(relief(), minimum, *trails, start),
        alt="Contour map of Rosenbrock's valley; six trails of 300 steps from (−1.4, 2.2). Adam ends nearest (1, 1).",
        table=DataTable(("optimizer", "w₁", "w₂", "loss"), tuple(rows)),
        steps=300,
        aspect=1.3,
    )


def losses() -> Figure:
    """The loss of the same six trails, on a log axis."""
    lines, rows = [], []
    for role, label in NAMES.items():
        loss = [float(rosenbrock(*w)) for w in walk(role)]
        lines.append(Line(tuple(map(float, range(301))), tuple(loss), role, label, trail=True))
        rows.extend((label, step, loss[step]) for step in range(0, 301, 50))
    return Figure(
        id="descent-loss",
        title="Loss by step",
        x=Axis("step"),
        y=Axis("loss", scale="log"),
        marks=(*lines, Rule(0.1, "y", "good", "goal 0.1")),
        alt="Loss on a log axis over 300 steps for six optimizers.",
        table=DataTable(("optimizer", "step", "loss"), tuple(rows)),
        steps=300,
    )


def touched() -> Figure:
    """A curve with its tangent at every step of a descent."""
    at = [1.8]
    for _ in range(11):
        at.append(at[-1] - 0.1 * 2 * at[-1])
    ends = [(edge, place**2 + 2 * place * (edge - place)) for place in at for edge in (-2.0, 2.0)]
    x = tuple(-2.0 + 0.1 * place for place in range(41))
    return Figure(
        id="touched",
        title="A curve and its tangent",
        x=Axis("w", low=-2.0, high=2.0),
        y=Axis("loss", low=0.0, high=4.0),
        marks=(
            Line(x, tuple(each**2 for each in x), "ink", "w²"),
            Line(tuple(a for a, _ in ends), tuple(b for _, b in ends), "gd", trail=True, frame=2),
            Line(tuple(at), tuple(each**2 for each in at), "gd", "Gradient descent", trail=True, dots=True),
        ),
        alt="Each step goes down the tangent.",
        table=DataTable(("step", "w"), tuple(enumerate(at))),
        steps=11,
    )
