"""What every stage shares: its entry in the run log, its failures, its progress."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol, TypeVar

from chitieu.crawlers.ledger import STOPPED, occasion
from chitieu.crawlers.state import State
from chitieu.pipelines.store import Store

log = logging.getLogger("chitieu")

OnProgress = Callable[[int, "int | None"], None]
"""Called with how many items are done and, where known, how many there are."""

T = TypeVar("T")


def no_progress(done: int, total: int | None) -> None:
    """The progress callback of those who do not look."""


class Report(Protocol):
    """What a stage gives back: figures for the run log, and how many failures it recorded."""

    @property
    def counts(self) -> Mapping[str, int]: ...

    @property
    def failures(self) -> int: ...


@dataclass(slots=True)
class StageRun:
    """One run of one stage in the run log."""

    state: State
    stage: str
    run_id: int
    failures: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    rules: str = ""
    """The version of the rules, where it extracts."""

    def fail(self, subject: str, cause: str, detail: str = "", *, source: str | None = None) -> None:
        """Record that `subject` (an address, file:line, article) failed; the rest goes on."""
        self.failures += 1
        log.warning("%s: %s: %s%s", self.stage, subject, cause, f" ({detail})" if detail else "")
        self.state.fail(self.stage, subject, cause, detail, source=source, run=self.run_id)


@contextmanager
def stage_run(store: Store, stage: str, sources: Sequence[str] = (), reason: str = "") -> Iterator[StageRun]:
    """Open the state file and log a run of `stage`, however it ends."""
    store.prepare()
    with State(store.root) as state:
        run = StageRun(state, stage, state.start_run(stage, sources, reason))
        exit_code = 1
        try:
            yield run
            exit_code = 3 if run.failures else 0
        except KeyboardInterrupt:
            exit_code = STOPPED
            raise
        finally:
            state.finish_run(run.run_id, counts=run.counts, exit_code=exit_code, rules=run.rules)


@contextmanager
def whole_run(store: Store, command: str, sources: Sequence[str] = ()) -> Iterator[None]:
    """Log a run of several stages, of which those that begin inside are the parts."""
    store.prepare()
    with State(store.root) as state:
        run_id = state.start_run(command, sources)
        exit_code = 1
        try:
            with occasion(part_of=run_id):
                yield
            exit_code = 3 if state.failures(run=run_id, unresolved=True) else 0
            state.resolve_earlier(command, run_id)
        except KeyboardInterrupt:
            exit_code = STOPPED
            raise
        except Exception as error:
            state.fail(command, str(store.root), "broke-down", f"{type(error).__name__}: {error}", run=run_id)
            raise
        finally:
            state.finish_run(run_id, counts={}, exit_code=exit_code)


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """`items` in lists of at most `size`, read no further ahead than one list."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
