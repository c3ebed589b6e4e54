"""Record: what happened, in two halves.

`result` is deterministic: the same key gives the same `result`, it is what is compared and graded. `observed` holds
clocks, measured latency and the machine: it is never compared and never decides anything.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from fallline.core.canonical import digest
from fallline.core.ending import Ending


@dataclass(frozen=True)
class Artifact:
    """A file that a run made, kept by its content.

    Attributes:
        name: as in ``model.onnx``.
        media: its media type.
        sha256: of its bytes, 64 hex digits.
        size: bytes.
        stage: the stage that made it.
    """

    name: str
    media: str
    sha256: str
    size: int
    stage: str


@dataclass(frozen=True)
class Record:
    """What one Run of one Spec did.

    Attributes:
        id: short name, ``<first ten of the key>-<attempt>``; empty for a Record that nobody kept.
        key: SHA-256 that identifies the computation (see `fallline.runs.identity`).
        kind: the Spec's kind.
        title: for lists.
        owner: id of the person.
        spec: the Spec with all defaults filled in, as plain data.
        seed: the seed.
        identity: what else went into the key: data, sources, versions, threads.
        result: stage → its part; deterministic.
        observed: stage → clocks, memory, machine; also ``run`` with ``created`` (ISO 8601, UTC) and ``seconds``.
        artifacts: files by content.
        ending: why it stopped.
        warnings: sentences.
    """

    id: str
    key: str
    kind: str
    title: str
    owner: str
    spec: dict[str, Any]
    seed: int
    identity: dict[str, Any]
    result: dict[str, Any]
    observed: dict[str, Any]
    artifacts: tuple[Artifact, ...]
    ending: Ending
    warnings: tuple[str, ...] = field(default=())

    def part(self, stage: str) -> dict[str, Any]:
        """Returns the deterministic part of one stage.

        Raises:
            KeyError: the stage did not run.
        """
        part: dict[str, Any] = self.result[stage]
        return part

    def result_digest(self) -> str:
        """Returns the SHA-256 of `result`: two Records with the same one say the same."""
        return digest(self.result)

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data."""
        return asdict(self) | {"ending": self.ending.to_dict(), "warnings": list(self.warnings)}

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Record:
        """Reads what `to_dict` wrote."""
        plain = dict(data)
        plain["artifacts"] = tuple(Artifact(**artifact) for artifact in data["artifacts"])
        plain["ending"] = Ending.from_dict(data["ending"])
        plain["warnings"] = tuple(data["warnings"])
        return Record(**plain)
