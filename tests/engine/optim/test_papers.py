"""Optimizers against their papers' pseudo-code, written out once more, and against theory."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fallline.engine.optim import (
    LAMB,
    AdaBelief,
    AMSGrad,
    Ftrl,
    Lion,
    NAdam,
    Optimizer,
    Prodigy,
    RAdam,
    ScheduleFree,
    Sophia,
)
from fallline.engine.optim.muon import orthogonal
from tests.engine.optim.landscape import Bowl, bowl, walk

Vector = NDArray[np.float64]
STEPS = 60


def paths(optimizer: Optimizer, rate: float, loss: Bowl, w: Vector) -> list[Vector]:
    """The optimizer's own path, point by point."""
    state, points = optimizer.init(w), []
    for _ in range(STEPS):
        w, state = optimizer.step(w, loss.gradient_at(w), state, rate, loss)
        points.append(w)
    return points


START = np.random.default_rng(3).normal(size=6)


def test_lion_is_the_papers() -> None:
    """Chen and others (2023), algorithm 2, with a decay."""
    loss, points, w, m = bowl(6), [], START, np.zeros(6)
    for _ in range(STEPS):
        g = loss.gradient_at(w)
        update = np.sign(0.9 * m + (1 - 0.9) * g)
        w = w - 0.01 * (update + 0.3 * w)
        m = 0.99 * m + (1 - 0.99) * g
        points.append(w)
    assert np.allclose(paths(Lion(decay=0.3), 0.01, loss, START), points, rtol=1e-12)


def test_lions_step_is_as_long_as_the_rate() -> None:
    """Every weight with a slope moves by the rate exactly, whatever the slope; one without stays."""
    w, g = np.zeros(4), np.array([1e-9, -1e9, 3.0, 0.0])
    new, _ = Lion().step(w, g, Lion().init(w), 0.25)
    assert new.tolist() == [-0.25, 0.25, -0.25, 0.0]


def test_adabelief_is_the_papers() -> None:
    """Zhuang and others (2020), algorithm 2."""
    loss, points, w, m, s = bowl(6), [], START, np.zeros(6), np.zeros(6)
    for t in range(1, STEPS + 1):
        g = loss.gradient_at(w)
        m = 0.9 * m + (1 - 0.9) * g
        s = 0.999 * s + (1 - 0.999) * (g - m) ** 2 + 1e-8
        w = w - 0.02 * (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
        points.append(w)
    assert np.allclose(paths(AdaBelief(epsilon=1e-8), 0.02, loss, START), points, rtol=1e-10)


def test_lamb_is_the_papers() -> None:
    """You and others (2020), algorithm 2, with φ left out, over two layers at once."""
    loss, rate, decay = bowl(6), 0.05, 0.1
    w = (START[:4].reshape(2, 2), START[4:])
    ours, state = w, LAMB(decay=decay).init(w)
    m, v = [np.zeros((2, 2)), np.zeros(2)], [np.zeros((2, 2)), np.zeros(2)]
    theirs = list(w)
    for t in range(1, STEPS + 1):
        ours, state = LAMB(decay=decay).step(ours, loss.gradient_at(ours), state, rate)
        for layer, g in enumerate(loss.gradient_at(tuple(theirs))):
            m[layer] = 0.9 * m[layer] + (1 - 0.9) * g
            v[layer] = 0.999 * v[layer] + (1 - 0.999) * g * g
            r = (m[layer] / (1 - 0.9**t)) / (np.sqrt(v[layer] / (1 - 0.999**t)) + 1e-6)
            x = r + decay * theirs[layer]
            theirs[layer] = theirs[layer] - rate * np.linalg.norm(theirs[layer]) / np.linalg.norm(x) * x
    for one, other in zip(ours, theirs, strict=True):
        assert np.allclose(one, other, rtol=1e-10)


def test_lamb_moves_a_layer_by_a_share_of_its_length() -> None:
    """The step of each layer is the rate times the length of its weights, whatever the gradient's."""
    w = (np.array([3.0, 4.0]), np.array([[0.3], [0.4]]))
    new, _ = LAMB().step(w, (np.array([1e6, 1.0]), np.array([[1e-3], [0.0]])), LAMB().init(w), 0.1)
    assert [float(np.linalg.norm(a - b)) for a, b in zip(new, w, strict=True)] == pytest.approx([0.5, 0.05])


def test_ftrl_is_the_papers_from_zero() -> None:
    """McMahan and others (2013), algorithm 1, with both penalties; from w = 0, where the paper starts."""
    loss, points = bowl(6), []
    z, n, w = np.zeros(6), np.zeros(6), np.zeros(6)
    alpha, beta, l1, l2 = 0.3, 1.0, 0.4, 0.2
    for _ in range(STEPS):
        g = loss.gradient_at(w)
        sigma = (np.sqrt(n + g * g) - np.sqrt(n)) / alpha
        z, n = z + g - sigma * w, n + g * g
        solved = -(z - np.sign(z) * l1) / ((beta + np.sqrt(n)) / alpha + l2)
        w = np.where(np.abs(z) <= l1, 0.0, solved)
        points.append(w)
    assert np.allclose(paths(Ftrl(beta, l1, l2), alpha, loss, np.zeros(6)), points, rtol=1e-10)
    assert sum(float(x) == 0.0 for point in points for x in point) > 3


def test_ftrl_starts_where_it_is_put() -> None:
    """Without slope it stays at its start, penalties or none; with a slope its first step is a damped AdaGrad's."""
    w = np.array([2.0, -3.0])
    for optimizer in (Ftrl(), Ftrl(l1=0.1, l2=0.5)):
        stays, _ = optimizer.step(w, np.zeros(2), optimizer.init(w), 0.1)
        assert np.allclose(stays, w, rtol=1e-14)
    moved, _ = Ftrl().step(w, np.array([4.0, -1.0]), Ftrl().init(w), 0.1)
    assert np.allclose(moved, w - 0.1 * np.array([4.0 / (1.0 + 4.0), -1.0 / (1.0 + 1.0)]), rtol=1e-14)


def test_schedule_free_is_the_papers_three_points() -> None:
    """Defazio and others (2024), algorithm 1, the three points kept apart; `judged` is the average x."""
    loss, optimizer, beta, rates = bowl(6), ScheduleFree(decay=0.1), 0.9, [0.01, 0.05, 0.02] * 20
    w, state = START, optimizer.init(START)
    x, z, v, total, top = START, START, np.zeros(6), 0.0, 0.0
    for t, rate in enumerate(rates, start=1):
        w, state = optimizer.step(w, loss.gradient_at(w), state, rate)
        y = (1 - beta) * z + beta * x
        g = loss.gradient_at(y)
        v = 0.999 * v + (1 - 0.999) * g * g
        z = z - rate * (g / (np.sqrt(v / (1 - 0.999**t)) + 1e-8) + 0.1 * y)
        top = max(top, rate)
        total += top**2
        x = (1 - top**2 / total) * x + top**2 / total * z
        assert np.allclose(optimizer.judged(w, state), x, rtol=1e-10, atol=1e-12)
        assert np.allclose(w, (1 - beta) * z + beta * x, rtol=1e-10, atol=1e-12)


def test_prodigy_is_the_papers() -> None:
    """Mishchenko and Defazio (2024), algorithm 4."""
    loss, points = bowl(6), []
    w, m, v, s, r, d = START, np.zeros(6), np.zeros(6), np.zeros(6), 0.0, 1e-6
    root = math.sqrt(0.999)
    for _ in range(STEPS):
        g = loss.gradient_at(w)
        m = 0.9 * m + (1 - 0.9) * d * g
        v = 0.999 * v + (1 - 0.999) * d**2 * g**2
        r = root * r + (1 - root) * d**2 * float(g @ (START - w))
        s = root * s + (1 - root) * d**2 * g
        after = max(d, r / float(np.abs(s).sum()))
        w = w - d * m / (np.sqrt(v) + d * 1e-8)
        d = after
        points.append(w)
    assert np.allclose(paths(Prodigy(), 1.0, loss, START), points, rtol=1e-9)


@pytest.mark.parametrize("far", [0.1, 1.0, 30.0])
def test_prodigy_finds_how_far_it_is(far: float) -> None:
    """On |w| in one dimension d grows from a millionth towards the distance, never beyond, and the loss falls."""
    w, optimizer = np.array([far]), Prodigy()
    state, guesses = optimizer.init(w), [1e-6]
    for _ in range(400):
        w, state = optimizer.step(w, np.sign(w), state, 1.0)
        guesses.append(state.numbers[0])
    assert all(a <= b <= far * (1 + 1e-9) for a, b in pairwise(guesses))
    assert guesses[-1] > 0.2 * far
    assert abs(float(w[0])) < 0.5 * far


def test_sophia_is_the_papers_where_the_hessian_is_diagonal() -> None:
    """Liu and others (2024), algorithm 3: there u ⊙ Hu with signs is the diagonal itself, whatever the signs."""
    curves = np.array([1.0, 10.0, 100.0, 0.0, -5.0, 3.0])
    loss = Bowl(np.diag(curves), np.zeros(6))
    optimizer = Sophia(every=3.0, gamma=0.05, decay=0.1)
    points, w, m, h = [], START, np.zeros(6), np.zeros(6)
    for t in range(STEPS):
        m = 0.96 * m + (1 - 0.96) * loss.gradient_at(w)
        if t % 3 == 0:
            h = 0.99 * h + (1 - 0.99) * curves
        w = w - 0.01 * 0.1 * w
        w = w - 0.01 * np.clip(m / np.maximum(0.05 * h, 1e-12), -1, 1)
        points.append(w)
    assert np.allclose(paths(optimizer, 0.01, loss, START), points, rtol=1e-10)


def test_sophias_looks_are_right_on_average() -> None:
    """Over many seeds the diagonal that it remembers after one look is (1 − β₂) times the Hessian's."""
    loss, seen = bowl(6), []
    for seed in range(400):
        optimizer = Sophia(seed=float(seed))
        _, state = optimizer.step(START, loss.gradient_at(START), optimizer.init(START), 0.01, loss)
        seen.append(state.memories[1] / (1.0 - optimizer.beta2))
    mean, spread = np.mean(seen, axis=0), np.std(seen, axis=0) / math.sqrt(len(seen))
    assert (np.abs(mean - np.diag(loss.hessian)) < 4.0 * spread).all()


def test_muons_step_turns_every_direction_equally_far() -> None:
    """Five rounds take singular values from a hundredth to one into 0.6 … 1.3, and keep the singular vectors."""
    draw = np.random.default_rng(0)
    left, _ = np.linalg.qr(draw.normal(size=(6, 4)))
    right, _ = np.linalg.qr(draw.normal(size=(4, 4)))
    for matrix in (left * np.geomspace(0.02, 1.0, 4) @ right.T, right @ (left * np.geomspace(0.02, 1.0, 4)).T):
        found = orthogonal(matrix, 5)
        values = np.linalg.svd(found, compute_uv=False)
        assert ((values > 0.6) & (values < 1.3)).all()
        u, _, vt = np.linalg.svd(matrix, full_matrices=False)
        turned = u.T @ found @ vt.T
        assert np.abs(turned - np.diag(np.diag(turned))).max() < 1e-9


def test_amsgrads_divisor_never_shrinks() -> None:
    """After one steep slope AMSGrad's memory stays; Reddi's own example, in which Adam drifts the wrong way."""
    optimizer, w = AMSGrad(beta1=0.0, beta2=0.1), np.array([0.0])
    state, tops = optimizer.init(w), []
    for t in range(90):
        g = np.array([1010.0 if t % 101 == 0 else -10.0])
        w, state = optimizer.step(w, g, state, 0.01)
        tops.append(float(state.memories[2][0]))
    assert all(a <= b for a, b in pairwise(tops))


def test_radam_begins_as_momentum() -> None:
    """For the first five steps under β₂ = 0.999 the divisor is not used: ten times the slope, ten times the step."""
    steps = []
    for scale in (1.0, 10.0):
        w, optimizer = np.zeros(1), RAdam()
        state, path = optimizer.init(w), []
        for _ in range(8):
            w, state = optimizer.step(w, np.array([scale]), state, 0.01)
            path.append(float(w[0]))
        steps.append(np.diff([0.0, *path]))
    ratios = steps[1] / steps[0]
    assert np.allclose(ratios[:5], 10.0)
    assert np.allclose(ratios[5:], 1.0, rtol=1e-6)


def test_nadam_remembers_the_product_of_its_momenta() -> None:
    """The third memory is Π μᵢ with μᵢ = β₁(1 − ½·0.96^(iψ))."""
    optimizer = NAdam(momentum_decay=1.0)
    _, state = walk(optimizer, bowl(6), START, 0.01, 7)
    expected = math.prod(0.9 * (1 - 0.5 * 0.96**i) for i in range(1, 8))
    memory: Any = state.memories[2]
    assert np.allclose(memory, expected, rtol=1e-14)
