"""Asking work that is under way, in whatever threads and child processes, to stop in good order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Stop:
    """Asked once, it tells everybody at work; who begins later is told at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = threading.Event()
        self._tell: list[Callable[[], None]] = []

    @property
    def asked(self) -> bool:
        """Whether the work is to stop."""
        return self._asked.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until asked; False when the time has passed before."""
        return self._asked.wait(seconds)

    def ask(self) -> None:
        """Ask everybody to stop; safe in a signal handler of the thread that only waits."""
        self._asked.set()
        with self._lock:
            told = list(self._tell)
        for tell in told:
            tell()

    @contextmanager
    def telling(self, tell: Callable[[], None]) -> Iterator[None]:
        """Inside, `tell` is called when the stop is asked for; at once if it was before."""
        with self._lock:
            self._tell.append(tell)
        try:
            if self.asked:
                tell()
            yield
        finally:
            with self._lock:
                self._tell.remove(tell)
