"""Where work is done: in processes of this machine, or on a Dask cluster.

Work is a function and its tasks. The function is the same everywhere, takes and gives plain values,
and writes nothing: a task whose process dies is just done again. Only the process that handed the
tasks out writes what comes back, in the order of the tasks.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Generic, Literal, Protocol, TypeVar

from chitieu.pipelines.errors import UserError, WrongCall

log = logging.getLogger("chitieu")

_AHEAD = 3
"""Tasks handed out for each process: one under way, two waiting."""
_JOIN_SECONDS = 30
_LOOK_SECONDS = 5.0

T = TypeVar("T")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class TaskLost(Exception):
    """The task's process died each time it was tried: something in it kills processes."""


class PoolBroken(Exception):
    """The processes are gone and nothing more can be handed out."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What does the work of a stage."""

    name: Literal["processes", "dask"] = "processes"
    workers: int | None = None
    """How many processes on this machine; None: what the stage holds for right."""
    scheduler: str | None = None
    """Address of a Dask scheduler; None: a cluster of processes on this machine."""

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise WrongCall(f"--workers {self.workers}: at least one process has to do the work")
        if self.scheduler is not None and self.name != "dask":
            raise WrongCall("--scheduler is the address of a Dask cluster: it goes with --engine dask")
        if self.scheduler is not None and self.workers is not None:
            raise WrongCall("--workers is for processes of this machine; a scheduler has workers of its own")

    @contextmanager
    def pool(self, workers: int) -> Iterator[Pool]:
        """Processes that take tasks; `workers` where the engine itself does not say how many.

        Raises UserError where the cluster cannot be reached.
        """
        count = self.workers or workers
        with _dask(self.scheduler, count) if self.name == "dask" else _processes(count) as pool:
            yield pool


class Pending(Protocol[R_co]):
    """The result of a task that was handed out."""

    def result(self) -> R_co:
        """Wait for it. Raises what the task raised, TaskLost or PoolBroken."""


class Pool(Protocol):
    """Processes that take tasks."""

    @property
    def width(self) -> int:
        """How many tasks can be under way at once."""

    def submit(self, function: Callable[[T], R], task: T) -> Pending[R]:
        """Hand out a task; what goes wrong is told by its result."""


def in_order(pool: Pool, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, Pending[R]]]:
    """Each task with its result to wait for, in order; handed out no further ahead than keeps the pool busy."""
    waiting: deque[tuple[T, Pending[R]]] = deque()
    for task in tasks:
        waiting.append((task, pool.submit(function, task)))
        while len(waiting) >= _AHEAD * pool.width:
            yield waiting.popleft()
    while waiting:
        yield waiting.popleft()


# --- processes of this machine ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _LocalPending(Generic[R]):
    future: Future[R] | None
    """None where there was no process left to take the task."""

    def result(self) -> R:
        if self.future is None:
            raise PoolBroken("no process is left")
        try:
            return self.future.result()
        except BrokenProcessPool as error:
            raise PoolBroken("a process was killed") from error


@dataclass(frozen=True, slots=True)
class _LocalPool:
    width: int
    executor: ProcessPoolExecutor

    def submit(self, function: Callable[[T], R], task: T) -> Pending[R]:
        try:
            return _LocalPending(self.executor.submit(function, task))
        except BrokenProcessPool:
            return _LocalPending(None)


@contextmanager
def _processes(workers: int) -> Iterator[_LocalPool]:
    # A forked child would inherit the locks of the progress bar's thread; a spawned one starts clean.
    executor = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_leave_interrupts)
    try:
        yield _LocalPool(workers, executor)
    finally:
        executor.shutdown(cancel_futures=True)


def _leave_interrupts() -> None:
    """The parent hears Ctrl-C too, and ends the pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


# --- a Dask cluster -----------------------------------------------------------------------------

_one_at_a_time = threading.Lock()
"""Extraction keeps one document's words at hand for all its rules: threads of a worker take turns."""


class _OtherVersion(Exception):
    """A worker runs another version."""


@dataclass(frozen=True, slots=True)
class _DaskPending(Generic[R]):
    future: Any
    pool: _DaskPool

    def result(self) -> R:
        from distributed import KilledWorker
        from distributed.comm import CommClosedError

        try:
            while not self.future.done():
                self._wait()
            return self.future.result()
        except KilledWorker as error:
            raise TaskLost("the workers that took it died, one after the other") from error
        except _OtherVersion as error:
            raise UserError(f"{error}; install the same version on every machine of the cluster") from error
        except (CommClosedError, CancelledError) as error:
            raise PoolBroken(str(error)) from error

    def _wait(self) -> None:
        """Wait a while for the result. Raises PoolBroken where nobody is left who could make it."""
        try:
            self.future.result(timeout=_LOOK_SECONDS)
        except TimeoutError:
            self.pool.look()


class _DaskPool:
    def __init__(self, client: Any) -> None:
        self._client = client
        self._version = _our_version()
        self._workers = 1
        self._looked = self._seen = time.monotonic()
        self.look()

    @property
    def width(self) -> int:
        """Workers may come and go."""
        if time.monotonic() - self._looked > _LOOK_SECONDS:
            self.look()
        return max(1, self._workers)

    def look(self) -> None:
        """Count the workers. Raises PoolBroken where there was none for long."""
        self._workers = len(self._client.scheduler_info(n_workers=-1)["workers"])
        self._looked = time.monotonic()
        if self._workers:
            self._seen = self._looked
        elif self._looked - self._seen > _JOIN_SECONDS:
            raise PoolBroken("no worker is left")

    def submit(self, function: Callable[[T], R], task: T) -> Pending[R]:
        return _DaskPending(self._client.submit(_run, self._version, function, task, pure=False), self)


@contextmanager
def _dask(scheduler: str | None, workers: int) -> Iterator[_DaskPool]:
    try:
        from distributed import Client
    except ImportError:
        raise UserError("--engine dask needs the extra: pip install 'chitieu[dask]'") from None
    logging.getLogger("distributed").setLevel(logging.ERROR)
    with ExitStack() as stack:
        address: Any = scheduler or stack.enter_context(_cluster_of_this_machine(workers))
        try:
            client = stack.enter_context(Client(address, timeout=_JOIN_SECONDS, set_as_default=False))
        except (OSError, ValueError, TypeError) as error:
            raise UserError(f"cannot reach a Dask scheduler at {scheduler}: {error}") from error
        try:
            client.wait_for_workers(1, timeout=_JOIN_SECONDS)
        except TimeoutError:
            raise UserError(f"the scheduler at {scheduler} has no workers; start some with `dask worker {scheduler} --nthreads 1`") from None
        _check_versions(client)
        yield _DaskPool(client)


def _check_versions(client: Any) -> None:
    """Raise UserError unless every worker runs this version: one that cannot even read a task just dies of it."""

    def look() -> str:  # travels by value: it must run where chitieu is not installed
        try:
            from chitieu.pipelines.engine import _our_version
        except ImportError as error:
            return f"none ({error})"
        return _our_version()

    for address, found in client.run(look).items():
        if found != _our_version():
            raise UserError(
                f"the worker {address} runs chitieu {found}, this is {_our_version()}; install the same version on every machine of the cluster"
            )


@contextmanager
def _cluster_of_this_machine(workers: int) -> Iterator[Any]:
    import dask
    from distributed import LocalCluster

    # Whoever can talk to a scheduler can run anything: here only holders of the keys made for this one.
    no_pages = {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}
    with (
        tempfile.TemporaryDirectory(prefix="chitieu-dask-", ignore_cleanup_errors=True) as folder,
        dask.config.set(no_pages),
        LocalCluster(
            n_workers=workers, threads_per_worker=1, security=True, host="127.0.0.1", dashboard_address="127.0.0.1:0",
            worker_dashboard_address="127.0.0.1:0", local_directory=folder, silence_logs=logging.CRITICAL,
        ) as cluster,
    ):  # fmt: skip
        yield cluster


def _run(wanted: str, function: Callable[[T], R], task: T) -> R:
    """On a worker: do a task, if this is the same version."""
    found = _our_version()
    if found != wanted:
        raise _OtherVersion(f"a worker that joined runs chitieu {found}, this is {wanted}")
    with _one_at_a_time:
        return function(task)


def _our_version() -> str:
    from chitieu.nlp import RULES_VERSION

    return f"{version('chitieu')} (rules {RULES_VERSION})"


def processors() -> int:
    """Processes that are worth starting here when nobody says how many."""
    return min(os.cpu_count() or 1, 8)
