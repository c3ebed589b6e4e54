"""The families of a run as source, with every value of their hyperparameters that the run may meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fallline.engine.train import FAMILIES
from fallline.engine.tune import Categorical, Dimension, Fixed, Float, Int
from fallline.peers import code_lightgbm, code_perceptron
from fallline.peers.code_optuna import suggestion
from fallline.runs.code.layout import block, source
from fallline.runs.spec.capstone import CapstoneSpec
from fallline.runs.stages.tune import named_params, space_of

LOGISTIC = '''\
def logistic(x, y, rng, **params):
    """Fits logistic regression by Newton's method; it needs no draw."""
    model = LogisticRegression(solver="newton-cholesky", tol=1e-9, **params)
    return model.fit(x.astype(float), y).decision_function'''


class Shown:
    """The families of a Spec, and how their hyperparameters are written.

    Attributes:
        spec: of the run.
        names: the families, in the order of the Spec.
        every: hyperparameter of the neural net → each value that it has somewhere.
    """

    def __init__(self, spec: CapstoneSpec, pick: Mapping[str, Any] | None) -> None:
        self.spec = spec
        self.space = space_of(spec)
        self.names = list(dict.fromkeys([choice.family for choice in spec.train.families]))
        self.every = self._values(pick)

    def _values(self, pick: Mapping[str, Any] | None) -> dict[str, list[Any]]:
        """What a perceptron may be asked for: by hand, in the search, as the pick."""
        asked = [FAMILIES["mlp"].complete(c.params) for c in self.spec.train.families if c.family == "mlp"]
        asked += [FAMILIES["mlp"].complete(named_params(self.spec, "mlp"))] if asked else []
        asked += [dict(pick["params"])] if pick and pick["family"] == "mlp" else []
        found: dict[str, list[Any]] = {}
        for name in FAMILIES["mlp"].complete({}):
            dimension = self.space.dimensions.get(f"mlp.{name}")
            searched = list(dimension.choices) if isinstance(dimension, Categorical) else []
            found[name] = list(dict.fromkeys([*(params[name] for params in asked), *searched]))
        return found

    def arguments(self, family: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Returns hyperparameters by the names of the tool."""
        if family == "boosting":
            return code_lightgbm.arguments(params)
        return code_perceptron.arguments(params, self.every) if family == "mlp" else dict(params)

    def learners(self) -> list[list[str]]:
        """Returns the functions that fit, one part for each."""
        parts = {"logistic": LOGISTIC.splitlines(), "boosting": code_lightgbm.LEARNER.splitlines()}
        if "mlp" in self.names:
            parts["mlp"] = code_perceptron.perceptron_lines(self.every)
        return [parts[name] for name in self.names]

    def suggestions(self) -> list[str]:
        """Returns the function ``suggest``: the joint space of the search."""
        lines = ["def suggest(trial):", '    """Returns a family and its hyperparameters."""']
        if len(self.names) == 1:
            return [*lines, *self._branch(self.names[0], 1)]
        lines.append(f'    family = trial.suggest_categorical("family", {source(self.names)})')
        for name in self.names[:-1]:
            lines += [f"    if family == {source(name)}:", *self._branch(name, 2)]
        return [*lines, *self._branch(self.names[-1], 1)]

    def _branch(self, family: str, indent: int) -> list[str]:
        """What is returned of one family: what is searched, and what the Spec fixes."""
        fixed = FAMILIES[family].complete(named_params(self.spec, family))
        values, later = {name: source(value) for name, value in fixed.items()}, []
        for name in self.space.order:
            dimension, short = self.space.dimensions[name], name.removeprefix(f"{family}.")
            if short == name:
                continue
            call = suggestion(self._name(family, short), plain(dimension))
            if not isinstance(dimension.when, tuple) or dimension.when[0] == "family":
                values[short] = call
            else:
                values.pop(short, None)
                later.append((short, dimension.when[0].removeprefix(f"{family}."), dimension.when[1], call))
        entries = self._entries(family, values, fixed)
        head = f"return {source(family)}, {{"
        if not later:
            return block(head, entries, "}", indent, apart=True)
        lines = block("params = {", entries, "}", indent, apart=True)
        edge = "    " * indent
        for short, parent, allowed, call in later:
            lines += [f"{edge}if params[{source(parent)}] in {source(list(allowed))}:"]
            lines += [f"{edge}    params[{source(short)}] = {call}"]
        return [*lines, f"{edge}return {source(family)}, params"]

    def _entries(self, family: str, values: Mapping[str, str], fixed: Mapping[str, Any]) -> list[str]:
        searched = {name for name, text in values.items() if text.startswith("trial.")}
        kept = self.arguments(family, {**fixed, **dict.fromkeys(searched, 0.5)})
        names = {self._name(family, short): short for short in fixed}
        return [f"{source(name)}: {values.get(names.get(name, ''), source(value))}" for name, value in kept.items()]

    def _name(self, family: str, short: str) -> str:
        return code_lightgbm.NAMES[short] if family == "boosting" else short


def plain(dimension: Dimension) -> dict[str, Any]:
    """Returns a dimension as plain data, as `fallline.peers.code_optuna.suggestion` takes it."""
    if isinstance(dimension, Float | Int):
        kind = "float" if isinstance(dimension, Float) else "int"
        return {"type": kind, "low": dimension.low, "high": dimension.high, "log": dimension.log}
    if isinstance(dimension, Categorical):
        return {"type": "categorical", "choices": list(dimension.choices)}
    assert isinstance(dimension, Fixed)  # noqa: S101 - there is no other kind
    return {"type": "fixed", "value": dimension.value}
