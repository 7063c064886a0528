"""The data folder: which stage keeps what where, and how files get there in one step."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from chitieu.crawlers.storage import is_remote
from chitieu.data import DATA
from chitieu.pipelines.errors import UserError


def default_data_dir() -> Path:
    """`data/store` of the checkout; outside a checkout a folder under the user's data folder."""
    if (DATA.parent / "pyproject.toml").is_file():
        return DATA / "store"
    return Path(platformdirs.user_data_dir("chitieu"))


@dataclass(frozen=True, slots=True)
class Store:
    """The paths under one data folder. Every stage reads and writes here and nowhere else."""

    root: Path

    @property
    def warc(self) -> Path:
        """Raw pages, `SOURCE/*.warc.gz`: the truth everything else is built from."""
        return self.root / "warc"

    @property
    def state(self) -> Path:
        """SQLite file of what was seen, runs and failures."""
        return self.root / "state.sqlite"

    @property
    def articles(self) -> Path:
        """Parquet files of articles, written by `ingest`."""
        return self.root / "articles"

    @property
    def records(self) -> Path:
        """Parquet files of extracted records, written by `extract`."""
        return self.root / "records"

    @property
    def work(self) -> Path:
        """The writer's database."""
        return self.root / "work.duckdb"

    @property
    def warehouse(self) -> Path:
        """The copy published for readers."""
        return self.root / "warehouse.duckdb"

    @property
    def exports(self) -> Path:
        """One folder for each export."""
        return self.root / "exports"

    @property
    def verdicts(self) -> Path:
        """What people judged of rows of the scoreboard: nothing else can tell it again."""
        return self.root / "verdicts.jsonl"

    def archive_name(self, path: Path | str) -> str:
        """How batches name an archive: relative to the data folder where it lies in there, else its path or address."""
        if is_remote(path):
            return str(path)
        resolved, root = Path(path).resolve(), self.root.resolve()
        return str(resolved.relative_to(root) if resolved.is_relative_to(root) else resolved)

    def prepare(self) -> Store:
        """Make the folders; raises UserError where the place cannot be written."""
        try:
            if self._rebuilt.is_dir() and not self.articles.exists():
                self._rebuilt.rename(self.articles)  # killed between the two renames of a rebuild
            for folder in (self.root, self.warc, self.articles, self.records, self.exports):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                f"cannot write the data folder {self.root}: {error.strerror}; give another with --data"
            ) from error
        return self

    @property
    def _rebuilt(self) -> Path:
        return self.root / "articles.rebuilt"

    @contextmanager
    def rebuilding_articles(self) -> Iterator[Path]:
        """An empty folder that takes the place of `articles` when the block ends well."""
        shutil.rmtree(self._rebuilt, ignore_errors=True)
        old = self.root / "articles.old"
        shutil.rmtree(old, ignore_errors=True)
        building = self.root / "articles.building"
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir()
        yield building
        building.rename(self._rebuilt)
        self.articles.rename(old)
        self._rebuilt.rename(self.articles)
        shutil.rmtree(old)

    @contextmanager
    def writing(self, wait: float = 0) -> Iterator[None]:
        """Hold all but the archive for one writer; the lock dies with its process, SIGKILL included.

        Crawls need it not: they hold the sources they are at. Waits up to `wait` seconds for another
        writer; raises UserError where that one does not end.
        """
        self.prepare()
        lock = FileLock(self.root / ".writer.lock")
        try:
            lock.acquire(timeout=wait)
        except Timeout:
            raise UserError(
                f"another chitieu is writing to {self.root}; wait for it, or give another folder with --data"
            ) from None
        try:
            self._sweep()
            yield
        finally:
            lock.release()

    def _sweep(self) -> None:
        """Remove what writers that were killed left half-written; only the writer may do this."""
        for folder in (self.root, self.articles, self.records, self.exports, *self.exports.glob("*/")):
            for leftover in folder.glob(".*.tmp"):
                shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """A temporary path beside `target`, put in its place when the block ends well.

    Readers see the old file or the whole new one; after an error or a kill the old one stands.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def atomic_folder(target: Path) -> Iterator[Path]:
    """Like `atomic_path` for a new folder of files; `target` must not exist yet."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    temporary.mkdir()
    try:
        yield temporary
        os.rename(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
