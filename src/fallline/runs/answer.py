"""Answer: a lab's request takes the same Spec → Run path, in memory; nothing is kept until someone keeps it."""

from __future__ import annotations

import time
from dataclasses import replace

from fallline.runs.execute import Surroundings, execute
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.stage import Bytes, Reader


def answer(spec: Spec, read_record: Reader | None = None, read_bytes: Bytes | None = None) -> Record:
    """Runs a small Spec and returns its Record, which nobody keeps.

    Args:
        spec: of any kind but ``capstone``.
        read_record: finds kept Records, for the kinds that view one.
        read_bytes: finds their artifacts.
    """
    around = Surroundings(clock=time.time, kept=False)
    if read_record is not None and read_bytes is not None:
        around = replace(around, read_record=read_record, read_bytes=read_bytes)
    return execute(spec, around)
