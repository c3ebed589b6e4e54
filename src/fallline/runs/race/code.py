"""A user's own net as code: read at the command line, hashed into the run's key, and made anew in each worker."""

from __future__ import annotations

import hashlib
import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fallline.core.choice import nearest
from fallline.core.errors import SpecError
from fallline.runs.spec.base import Spec
from fallline.runs.spec.race import RaceSpec
from fallline.runs.spec.train import TrainSpec

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class CodeNet:
    """A function, in source text, that returns a torch module.

    Attributes:
        source: of the whole file.
        name: of the function or class.
        path: where it stands in the Spec, for errors.
    """

    source: str
    name: str
    path: str

    def __call__(self, seed: int) -> nn.Module:
        """Makes the net with torch's own initialisation, drawn from the seed; the global stream is left as it was.

        Raises:
            SpecError: the file fails, has no such name, or returns no module.
        """
        import torch  # the net is torch's

        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            made = self._function()()
        if not isinstance(made, torch.nn.Module):
            raise SpecError(self.path, type(made).__name__, f"a torch module, which {self.name} must return")
        return made

    def _function(self) -> Any:
        names: dict[str, Any] = {"__name__": "fallline_workload"}
        try:
            exec(compile(self.source, self.path, "exec"), names)  # noqa: S102 - the user's own file, at their own command line
        except Exception as error:
            raise SpecError(self.path, self.name, "code that runs", f"{type(error).__name__}: {error}.") from error
        found = names.get(self.name)
        if not callable(found):
            known = [name for name, each in names.items() if inspect.isfunction(each) or inspect.isclass(each)]
            close = nearest(self.name, known)
            hint = f"Did you mean {close!r}?" if close else ""
            raise SpecError(self.path, self.name, "a function or class in that file", hint)
        return found


def code_of(spec: Spec) -> dict[str, str]:
    """Returns where in a Spec code is named → the name; empty for one that names none."""
    if isinstance(spec, TrainSpec):
        return {} if spec.code is None else {"code": spec.code}
    if not isinstance(spec, RaceSpec):
        return {}
    return {f"workloads.{key}.code": each.code for key, each in spec.workloads.items() if each.code is not None}


def refuse_code(spec: Spec) -> None:
    """Refuses a Spec that names code; for a server.

    Raises:
        SpecError: it does.
    """
    for path, name in code_of(spec).items():
        raise SpecError(path, name, "allowed here", "Code runs at the command line alone: fallline run SPEC.")


def read_code(name: str, path: str) -> str:
    """Reads the file that ``file.py:name`` names, as seen from where the command runs.

    Raises:
        SpecError: it cannot be read, or is no text.
    """
    file = Path(name.rpartition(":")[0])
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "It is not UTF-8 text"
        raise SpecError(path, str(file), "a file that can be read", f"{reason}.") from None


def with_code(data_sha256: str, spec: Spec) -> str:
    """Returns the digest of a run's data together with that of the code it names, which decides its result as well."""
    named = code_of(spec)
    if not named:
        return data_sha256
    whole = hashlib.sha256(data_sha256.encode())
    for path, name in sorted(named.items()):
        whole.update(f"\0{path}\0{name}\0{read_code(name, path)}".encode())
    return whole.hexdigest()
