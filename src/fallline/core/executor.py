"""Who does the work of a batch: the protocol, and the one that does it here and now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Executor(Protocol):
    """Maps a function over items; results come in the order of the items, whoever finishes first."""

    workers: int

    def map(self, function: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """Returns ``[function(item) for item in items]``; raises what the first failing item raised."""
        ...

    def each(self, function: Callable[[T], R], items: Sequence[T], waiting: Callable[[], None]) -> Iterator[R]:
        """Yields the results one by one, in the order of the items; calls `waiting` often while there is none yet.

        What `waiting` raises ends it, and what has not begun by then never begins.
        """
        ...


class SerialExecutor:
    """Does one after the other, in this process.

    >>> SerialExecutor().map(abs, [-1, 2])
    [1, 2]
    """

    workers = 1

    def map(self, function: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """Returns ``[function(item) for item in items]``."""
        return [function(item) for item in items]

    def each(self, function: Callable[[T], R], items: Sequence[T], waiting: Callable[[], None]) -> Iterator[R]:
        """Yields ``function(item)``, and calls `waiting` before each."""
        for item in items:
            waiting()
            yield function(item)
