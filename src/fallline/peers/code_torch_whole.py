"""Optimizers that see all weights as one vector, as short classes in PyTorch: torch has none of them, or not so."""

from __future__ import annotations

import re

FLAT = '''\
def flat(tensors):
    """Returns all elements as one vector."""
    return torch.cat([each.reshape(-1) for each in tensors])'''

BEND = '''\
def hessian_times(vector, loss, params):
    """Returns the Hessian times a vector: the slope of the gradient along it."""
    with torch.enable_grad():
        kept = {"create_graph": True, "materialize_grads": True}
        slope = flat(torch.autograd.grad(loss(), params, **kept))
        return flat(torch.autograd.grad(slope @ vector, params, materialize_grads=True))'''

SEARCH = '''\
def backtrack(loss, params, along, fall, stride, halvings):
    """Halves a step until the loss falls by a share of what the slope promises.

    Armijo's rule (1966), which torch.optim does not have.
    """
    start, here = parameters_to_vector(params), loss()
    for _ in range(halvings + 1):
        vector_to_parameters(start + stride * along, params)
        if loss() <= here + 1e-4 * stride * fall:
            return stride
        stride = stride / 2
    vector_to_parameters(start, params)
    return 0.0'''

SIGNS = '''\
def signs(seed, t, place, weight):
    """Draws random signs: PCG64, seeded by SHA-256 of seed, step and place."""
    name = f"{seed}\\x1fstr:sophia\\x1fint:{t}\\x1fint:{place}".encode()
    words = np.frombuffer(hashlib.sha256(name).digest(), "<u4").tolist()
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(words)))
    bits = rng.integers(0, 2, size=tuple(weight.shape))
    return torch.from_numpy(2.0 * bits - 1.0).to(weight)'''

LBFGS = '''\
class LBFGS(torch.optim.Optimizer):
    """L-BFGS with backtracking (Nocedal and Wright, 2006, 7.4).

    torch.optim.LBFGS takes its steps unsearched, or searches by Wolfe's conditions.
    """

    def __init__(self, params, lr, history=10, search=20):
        super().__init__(params, {"lr": lr})
        self.history, self.search = history, search
        self.pairs, self.last, self.gone = [], None, None

    @torch.no_grad()
    def step(self, loss):
        params, lr = self.param_groups[0]["params"], self.param_groups[0]["lr"]
        slope = flat(weight.grad for weight in params)
        if self.last is not None:
            change = slope - self.last
            if change @ self.gone > torch.finfo(change.dtype).eps * change @ change:
                self.pairs = [*self.pairs, (self.gone, change)][-self.history :]
        along, shares = -slope, []
        for gone, change in reversed(self.pairs):
            shares.append(gone @ along / (change @ gone))
            along = along - shares[-1] * change
        if self.pairs:
            gone, change = self.pairs[-1]
            along = along * (change @ gone / (change @ change))
        for gone, change in self.pairs:
            share = shares.pop() - change @ along / (change @ gone)
            along = along + share * gone
        if self.last is None:
            lr = lr * min(1.0, float(1 / slope.abs().sum()))
        fall, stride = slope @ along, 0.0
        if fall < 0:
            stride = backtrack(loss, params, along, fall, lr, self.search)
        if stride == 0:
            self.pairs = []
        self.last, self.gone = slope, stride * along'''

NEWTON = '''\
class NewtonCG(torch.optim.Optimizer):
    """Newton's step by conjugate gradients (Nocedal and Wright, 2006, 7.1)."""

    def __init__(self, params, lr, inner=50, tolerance=0.5, search=60):
        super().__init__(params, {"lr": lr})
        self.inner, self.tolerance, self.search = inner, tolerance, search

    @torch.no_grad()
    def step(self, loss):
        params, lr = self.param_groups[0]["params"], self.param_groups[0]["lr"]
        slope = flat(weight.grad for weight in params)
        along = self.solve(slope, loss, params)
        fall = slope @ along
        if fall < 0:
            backtrack(loss, params, along, fall, lr, self.search)

    def solve(self, slope, loss, params):
        """Solves H x = -g, as exactly as is worth it, until curvature is negative."""
        length = slope.norm()
        enough = min(self.tolerance, length.sqrt()) * length
        found, left, aim = torch.zeros_like(slope), slope, -slope
        energy = length**2
        for turn in range(self.inner):
            if energy == 0:
                break
            bent = hessian_times(aim, loss, params)
            curvature = aim @ bent
            if not curvature > 0:
                return aim if turn == 0 else found
            stride = energy / curvature
            found, left = found + stride * aim, left + stride * bent
            before, energy = energy, left @ left
            if energy.sqrt() <= enough:
                break
            aim = energy / before * aim - left
        return found'''

SOPHIA = '''\
class Sophia(torch.optim.Optimizer):
    """Sophia-H (Liu and others, 2024): sees the Hessian along random signs."""

    def __init__(
        self, params, lr, beta1=0.96, beta2=0.99, gamma=0.01, epsilon=1e-12, every=10,
        seed=0, decay=0.0,
    ):
        own = {"beta1": beta1, "beta2": beta2, "gamma": gamma, "epsilon": epsilon}
        own |= {"every": every, "seed": seed, "decay": decay}
        super().__init__(params, {"lr": lr, **own})
        self.t, self.m, self.h = 0, 0.0, 0.0

    @torch.no_grad()
    def step(self, loss):
        group = self.param_groups[0]
        params = group["params"]
        lr, beta1, beta2, gamma, epsilon, every, seed, decay = (
            group[name] for name in self.defaults
        )
        slope = flat(weight.grad for weight in params)
        self.m = beta1 * self.m + (1 - beta1) * slope
        if self.t % every == 0:
            u = flat(signs(seed, self.t, place, w) for place, w in enumerate(params))
            seen = u * hessian_times(u, loss, params)
            self.h = beta2 * self.h + (1 - beta2) * seen
        step = (self.m / (gamma * self.h).clamp(min=epsilon)).clamp(-1, 1)
        weights = parameters_to_vector(params) * (1 - lr * decay) - lr * step
        vector_to_parameters(weights, params)
        self.t += 1'''

PRODIGY = '''\
class Prodigy(torch.optim.Optimizer):
    """Prodigy (Mishchenko and Defazio, 2024)."""

    def __init__(
        self, params, lr, beta1=0.9, beta2=0.999, epsilon=1e-8, guess=1e-6, decay=0.0
    ):
        own = {"beta1": beta1, "beta2": beta2, "epsilon": epsilon, "decay": decay}
        super().__init__(params, {"lr": lr, **own})
        self.start = parameters_to_vector(self.param_groups[0]["params"]).detach()
        self.d, self.r, self.s, self.m, self.v = guess, 0, 0, 0, 0

    @torch.no_grad()
    def step(self, closure=None):
        group = self.param_groups[0]
        params = group["params"]
        lr, beta1, beta2, epsilon, decay = (group[name] for name in self.defaults)
        w, slope = parameters_to_vector(params), flat(each.grad for each in params)
        d, slow = self.d, beta2**0.5
        gain = (1 - slow) * lr * d**2
        self.r = slow * self.r + gain * slope @ (self.start - w)
        self.s = slow * self.s + gain * slope
        self.m = beta1 * self.m + (1 - beta1) * d * slope
        self.v = beta2 * self.v + (1 - beta2) * d**2 * slope**2
        step = self.m / (self.v.sqrt() + d * epsilon)
        vector_to_parameters(w * (1 - lr * d * decay) - lr * d * step, params)
        length = self.s.abs().sum()
        self.d = max(d, float(self.r / length)) if length > 0 else d'''

WHOLE_CLASSES = {"lbfgs": "LBFGS", "newton_cg": "NewtonCG", "sophia": "Sophia", "prodigy": "Prodigy"}
"""Optimizer → its class here."""
COUNTS = {"history", "search", "inner", "every", "seed"}
"""Hyperparameters that count something."""

PARTS: dict[str, str] = {
    "flat": FLAT,
    "hessian_times": BEND,
    "backtrack": SEARCH,
    "signs": SIGNS,
    "LBFGS": LBFGS,
    "NewtonCG": NEWTON,
    "Sophia": SOPHIA,
    "Prodigy": PRODIGY,
}
"""Name → function or class, those that are called before those that call them."""

IMPORTS: dict[str, str] = {
    "parameters_to_vector": "torch.nn.utils",
    "vector_to_parameters": "torch.nn.utils",
    "hashlib": "",
    "np": "numpy",
}
"""What the parts use of other modules."""


def whole_classes(source: str) -> list[list[str]]:
    """Returns the parts that a source names, and those that they name in turn, as lines each.

    >>> [lines[0] for lines in whole_classes("NewtonCG(params, lr=1.0)")][:2]
    ['def flat(tensors):', 'def hessian_times(vector, loss, params):']
    """
    text, used = source, set()
    for name in reversed(PARTS):
        named = rf"(?<![.\w]){name}" + (r"\b" if name[0].isupper() else r"\(")
        if re.search(named, text):
            used.add(name)
            text += PARTS[name]
    return [PARTS[name].splitlines() for name in PARTS if name in used]


def whole_imports(lines: list[list[str]]) -> set[str]:
    """Returns what the parts need: ``hashlib``, ``np`` and names of ``torch.nn.utils``."""
    text = "\n".join(line for part in lines for line in part)
    return {name for name in IMPORTS if re.search(rf"\b{name}\b", text)}
