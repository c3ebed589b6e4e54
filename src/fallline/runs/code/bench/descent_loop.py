"""The loop of a descent in PyTorch: as plain as those who race allow."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULTS = {
    "adjust": "None", "drive": "None", "every": "1", "kept": "None", "average": "False", "looks": "False",
}  # fmt: skip
"""What a runner may bring besides optimizer and scheduler, and what it is where one brings nothing."""

REPORT = """\
for name, {runner} in RACE.items():
    path = descend({stars}{runner})
    loss = {loss}.item()
    print(f"{{name}}: loss {{loss!r}} at {{path[-1]}} after {{len(path) - 1}} steps")"""


@dataclass(frozen=True)
class Loop:
    """What a loop has to do.

    Attributes:
        surface: name of the function of the loss, which takes the weights one by one.
        noise: source of what each step adds to the gradient; empty where there is none.
        loss: source of the loss of step ``step`` at ``w``, where it is not the surface's; noise included.
        scheduled: whether each runner has a scheduler.
        asks: whether an optimizer, or a line before its step, calls for the loss.
        brings: which of `DEFAULTS` some runner brings.
    """

    surface: str
    noise: str = ""
    loss: str = ""
    scheduled: bool = False
    asks: bool = False
    brings: frozenset[str] = frozenset()

    @property
    def by_step(self) -> bool:
        """Whether the loss of a step is its own."""
        return bool(self.loss)

    def lines(self) -> list[str]:
        """Returns the loop as a function, and before it the loss of a step where somebody asks for it."""
        given = ["optimizer", *(["scheduler"] if self.scheduled else [])]
        given += [f"{name}={value}" for name, value in DEFAULTS.items() if name in self.brings]
        body = [
            "w = torch.tensor(START, requires_grad=True)",
            "optimizer = optimizer([w])",
            *(["scheduler = scheduler(optimizer)"] if self.scheduled else []),
            "path = [w.tolist()]",
            *(["mean = None"] if "kept" in self.brings else []),
            *(["loss = partial(loss_at, w)"] if self.asks and not self.by_step else []),
            f"for {'step' if self._counts else '_'} in range(STEPS):",
            *(f"    {line}" for line in [*self._gradient(), *self._step(), *self._record()]),
            "return path",
        ]
        return [
            *self._loss_lines(),
            f"def descend({', '.join(given)}):",
            '    """Returns the path down the surface; it ends 1,000 half-widths off the map."""',
            *(f"    {line}" for line in body),
        ]

    def report(self) -> list[str]:
        """Returns the lines that let everyone run, and say where each ended."""
        if self.brings:
            runner, stars = "runner", "**"
        else:
            runner, stars = ("runner", "*") if self.scheduled else ("optimizer", "")
        loss = f"{self.surface}(*torch.tensor(path[-1]))"
        return REPORT.format(runner=runner, stars=stars, loss=loss).splitlines()

    @property
    def _counts(self) -> bool:
        return bool(self.noise) or self.by_step or bool(self.brings & {"every", "drive"})

    def _loss_lines(self) -> list[str]:
        if not self.asks and not self.by_step:
            return []
        if self.by_step:
            said = '    """Returns the loss that a step sees; its gradient has the noise of the step."""'
            return ["def loss_at(w, step):", said, f"    return {self.loss}", "", ""]
        return ["def loss_at(w):", f"    return {self.surface}(*w)", "", ""]

    def _gradient(self) -> list[str]:
        first = [] if "every" in self.brings else ["optimizer.zero_grad()"]
        if self.asks:
            return [*(["loss = partial(loss_at, w, step)"] if self.by_step else []), *first, "loss().backward()"]
        if self.by_step:
            return [*first, "loss_at(w, step).backward()"]
        return [*first, f"{self.surface}(*w).backward()", *([f"w.grad += {self.noise}"] if self.noise else [])]

    def _step(self) -> list[str]:
        asked = "loss" if self.asks else ""
        adjust = ["if adjust:", f"    adjust(optimizer{', loss' if self.asks else ''})"]
        stepped = ["scheduler.step()"] if self.scheduled else []
        if "looks" in self.brings:
            stepped = ["if not looks:", "    scheduler.step()"]
        lines = [
            *(["w.grad /= every"] if "every" in self.brings else []),
            *(["if drive:", "    drive(optimizer, step)"] if "drive" in self.brings else []),
            *(adjust if "adjust" in self.brings else []),
            f"optimizer.step({asked})",
            *stepped,
        ]
        if "every" not in self.brings:
            return lines
        return ["if (step + 1) % every == 0:", *(f"    {line}" for line in [*lines, "optimizer.zero_grad()"])]

    def _record(self) -> list[str]:
        judged = self.brings & {"kept", "average"}
        looked = ["if looks:", f"    scheduler.step({self.surface}(*{'here' if judged else 'w'}).item())"]
        looked = looked if "looks" in self.brings else []
        if not judged:
            far = "if max(abs(w.detach() - MIDDLE) / HALF) > 1000:"
            return [*looked, "path.append(w.tolist())", far, "    break"]
        lines = ["here = w.detach().clone()"]
        if "average" in self.brings:
            lines = ["if average:", "    optimizer.eval()", *lines, "if average:", "    optimizer.train()"]
        if "kept" in self.brings:
            mean = "mean = here if mean is None else kept * mean + (1 - kept) * here"
            lines += ["if kept:", f"    {mean}", "    here = mean"]
        return [*lines, *looked, "path.append(here.tolist())", "if max(abs(here - MIDDLE) / HALF) > 1000:", "    break"]
