"""Several processes of this machine, one thread each; none outlives the process that started it."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import wait as wait_for
from multiprocessing.connection import wait
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")

PATIENCE = 0.4
"""Seconds between two calls of `waiting`."""
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


class ProcessExecutor:
    """Maps over worker processes; results come in the order of the items.

    Workers are started at the first batch and end with the ``with`` block. A worker whose parent is gone, however it
    went, ends itself at once.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=error is None, cancel_futures=True)
            self._pool = None

    def map(self, function: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """Returns ``[function(item) for item in items]``; function and items must be picklable."""
        return list(self._started().map(function, items))

    def each(self, function: Callable[[T], R], items: Sequence[T], waiting: Callable[[], None]) -> Iterator[R]:
        """Yields the results one by one, in the order of the items."""
        pool = self._started()
        futures = [pool.submit(function, item) for item in items]
        try:
            for future in futures:
                while not wait_for([future], PATIENCE).done:
                    waiting()
                waiting()
                yield future.result()
        finally:
            for future in futures:
                future.cancel()

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # spawn, not fork: a forked child of a process with BLAS or torch threads can hang
            self._pool = ProcessPoolExecutor(
                self.workers, mp_context=multiprocessing.get_context("spawn"), initializer=_settle
            )
        return self._pool


def _settle() -> None:
    """One thread per worker, and a watch on the parent."""
    for name in THREAD_VARIABLES:
        os.environ[name] = "1"
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
