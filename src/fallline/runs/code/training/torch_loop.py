"""The loop of a training in PyTorch: by epochs where it can be, by steps where a plan or a look wants it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fallline.runs.code.training.facts import Facts

INDENT = "    "


@dataclass(frozen=True)
class TorchLoop:
    """What stands in a loop.

    Attributes:
        facts: of the training.
        patience: looks without a fall that are borne; None for all.
        before: lines between gradient and step.
        every: gradients to a step.
        asks: whether the step, or a line before it, calls for the loss.
        masks: whether that loss draws dropout's masks again.
        mean: whether the mean of weights is what is looked at.
        average: whether the optimizer has an average of its own to look at.
        scheduled: whether there is a scheduler, and whether it steps at each step or at each look.
        batch: source of the rows of step ``step``, where they change.
        noise: deviation of what is added to each coordinate of a gradient.
    """

    facts: Facts
    patience: int | None = None
    before: Sequence[str] = ()
    every: int = 1
    asks: bool = False
    masks: bool = False
    mean: bool = False
    average: bool = False
    scheduled: str = ""
    batch: str = ""
    noise: float = 0.0
    driving: Sequence[str] = ()

    def loss(self, net: str, x: str, y: str) -> str:
        """Returns the source of the loss."""
        if self.facts.task == "tokens":
            return f"criterion({net}({x}).flatten(0, 1), {y}.flatten())"
        return f"criterion({net}({x}), {y})"

    @property
    def by_epoch(self) -> bool:
        """Whether nothing needs the number of the step."""
        return self.facts.by_epoch and self.every == 1 and not self.driving

    def lines(self) -> list[str]:
        """Returns the loop, and the line that says how it went."""
        now = "now" if self.asks else "loss"
        first = 'order, best, kept = stream("order"), np.inf, 0'
        noise = ['noise = stream("noise")'] if self.noise else []
        said = f'print(f"last loss {{{now}.item()!r}}, lowest validation loss {{best!r}} in epoch '
        if self.by_epoch:
            epochs = self.facts.total // self.facts.per_epoch
            rows = f"torch.from_numpy(order.permutation(len(x_train))).split({self.facts.batch})"
            return [
                *noise,
                first,
                f"for epoch in range(1, {epochs} + 1):",
                f"{INDENT}net.train()",
                f"{INDENT}for rows in {rows}:",
                *(INDENT * 2 + line for line in self._step()),
                *(INDENT + line for line in self._look("epoch")),
                f'{said}{{kept}}")',
            ]
        return [
            *noise,
            first,
            "place, waited = len(x_train), 0" if self.patience else "place = len(x_train)",
            f"for step in range({self.facts.total}):",
            f"{INDENT}if place >= len(x_train):",
            f"{INDENT * 2}shuffled, place = torch.from_numpy(order.permutation(len(x_train))), 0",
            f"{INDENT}rows = shuffled[place : place + {self.batch or self.facts.batch}]",
            f"{INDENT}place += len(rows)",
            f"{INDENT}net.train()",
            *(INDENT + line for line in self._step()),
            f"{INDENT}if (step + 1) % {self.facts.look} == 0 or step + 1 == {self.facts.total}:",
            *(INDENT * 2 + line for line in self._look("step + 1")),
            f'{said}{{kept / {self.facts.per_epoch}}}")',
        ]

    def _step(self) -> list[str]:
        again = ", torch.get_rng_state()" if self.masks else ""
        now, first = ("now", [f"loss = partial(loss_at, rows{again})"]) if self.asks else ("loss", [])
        gradient = [
            *first,
            *(["optimizer.zero_grad()"] if self.every == 1 else []),
            f"{now} = {self.loss('net', 'x_train[rows]', 'y_train[rows]')}",
            f"{now}.backward()",
        ]
        if self.noise:
            drawn = "torch.from_numpy(noise.standard_normal(weight.shape))"
            gradient += ["for weight in net.parameters():", f"    drawn = {drawn}"]
            gradient.append(f"    weight.grad += {self.noise!r} * drawn.to(weight.dtype)")
        move = [*self.driving, *self.before, f"optimizer.step({'loss' if self.asks else ''})"]
        move += ["scheduler.step()"] if self.scheduled == "step" else []
        if self.every > 1:
            mean = ["for weight in net.parameters():", f"    weight.grad /= {self.every}"]
            move = [*mean, *move, "optimizer.zero_grad()"]
            move = [f"if (step + 1) % {self.every} == 0:", *(INDENT + line for line in move)]
        return [*gradient, *move, *(["mean.update_parameters(net)"] if self.mean else [])]

    def _look(self, now: str) -> list[str]:
        net = "mean" if self.mean else "net"
        lines = ["optimizer.eval()"] if self.average else []
        lines += [f"{net}.eval()", "with torch.no_grad():"]
        lines.append(f"    held = {self.loss(net, 'x_held', 'y_held')}.item()")
        lines += ["optimizer.train()"] if self.average else []
        lines += ["scheduler.step(held)"] if self.scheduled == "look" else []
        if self.by_epoch:
            lines += ["if held < best:", f"    best, kept = held, {now}"]
            waited = f"elif epoch - kept >= {self.patience}:"
            return [*lines, *([waited, "    break"] if self.patience else [])]
        if not self.patience:
            return [*lines, "if held < best:", f"    best, kept = held, {now}"]
        return [
            *lines, "waited += 1", "if held < best:", f"    best, kept, waited = held, {now}, 0",
            f"elif waited >= {self.patience}:", "    break",
        ]  # fmt: skip
