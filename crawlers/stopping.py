"""Asking work that is under way, in whatever threads and child processes, to stop in good order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Stop:
    """Asked once, it tells everybody at work; who begins later is told at once."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal's handler may run while its own thread holds it
        self._asked = False
        self._tell: list[Callable[[], None]] = []

    @property
    def asked(self) -> bool:
        """Whether the work is to stop."""
        return self._asked

    def ask(self) -> None:
        """Ask everybody to stop; may be called in a signal's handler."""
        self._asked = True
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
