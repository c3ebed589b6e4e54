"""Questions on framing: several candidates, one goal, two limits."""

from __future__ import annotations

import numpy as np

from fallline.course.generators.generator import Generator, Params, Settings, apart, shown, whole

LETTERS = ("a", "b", "c", "d")


def draw_models(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """Four models, a limit on latency and one on the fairness gap; the most accurate model breaks a limit."""
    latency_limit, gap_limit = 5 * whole(rng, ranges["latency"]), shown(float(rng.uniform(*ranges["gap"])), 1)
    drawn: Params = {"latency_limit": latency_limit, "gap_limit": gap_limit}
    accuracy: dict[str, float] = {}
    feasible: dict[str, bool] = {}
    for letter in LETTERS:
        quality = round(float(rng.uniform(82.0, 94.0)), 1)
        latency = max(1, round(float(rng.uniform(0.3, 1.9)) * latency_limit))
        gap = round(float(rng.uniform(0.2, 1.9)) * gap_limit, 3)
        if abs(latency - latency_limit) < 2 or abs(gap - gap_limit) < 0.06 * gap_limit:
            return None
        fast, fair = latency < latency_limit, gap < gap_limit
        accuracy[letter], feasible[letter] = quality, fast and fair
        drawn |= {f"{letter}_accuracy": quality, f"{letter}_latency": latency, f"{letter}_gap": gap}
        drawn |= {f"{letter}_fast": fast, f"{letter}_fair": fair, f"{letter}_ok": fast and fair}
    top = max(LETTERS, key=accuracy.__getitem__)
    count = sum(feasible.values())
    if len(set(accuracy.values())) < len(LETTERS) or feasible[top] or not 1 <= count <= 2:
        return None
    best = max((letter for letter in LETTERS if feasible[letter]), key=accuracy.__getitem__)
    return drawn | {"best": best.upper(), "top": top.upper(), "count": count}


def draw_price(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """Four models and a price for a millisecond and for the gap; the cheapest is not the most accurate."""
    per_ms, per_gap = shown(float(rng.uniform(*ranges["per_ms"])), 1), round(float(rng.uniform(*ranges["per_gap"])), 1)
    drawn: Params = {"per_ms": per_ms, "per_gap": per_gap}
    error: dict[str, float] = {}
    latency: dict[str, float] = {}
    gap: dict[str, float] = {}
    for letter in LETTERS:
        error[letter] = round(float(rng.uniform(0.05, 0.2)), 3)
        latency[letter], gap[letter] = whole(rng, (2, 60)), round(float(rng.uniform(0.01, 0.12)), 2)
        drawn |= {f"{letter}_error": error[letter], f"{letter}_latency": latency[letter], f"{letter}_gap": gap[letter]}
    cost = {each: error[each] + per_ms * latency[each] + per_gap * gap[each] for each in LETTERS}
    first, second = sorted(LETTERS, key=cost.__getitem__)[:2]
    lowest = [min(LETTERS, key=values.__getitem__) for values in (error, latency, gap)]
    tied = any(len(set(values.values())) < len(LETTERS) for values in (error, latency, gap))
    if tied or not apart(cost[first], cost[second], 0.06) or first == lowest[0]:
        return None
    accurate, fastest, fairest = (letter.upper() for letter in lowest)
    drawn |= {f"{letter}_cost": shown(cost[letter], 4) for letter in LETTERS}
    return drawn | {"best": first.upper(), "accurate": accurate, "fastest": fastest, "fairest": fairest}


MODELS = Generator(
    name="framing.models",
    about="Four models a to d with _accuracy, _latency, _gap, _fast, _fair, _ok, two limits; best, top, count.",
    ranges={"latency": (2, 20), "gap": (0.03, 0.12)},
    draw=draw_models,
)
PRICE = Generator(
    name="framing.price",
    about="Four models a to d with _error, _latency, _gap, _cost, prices per_ms and per_gap; best, accurate, fastest, "
    "fairest.",
    ranges={"per_ms": (0.002, 0.02), "per_gap": (0.5, 4.0)},
    draw=draw_price,
)
