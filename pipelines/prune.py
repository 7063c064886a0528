"""Keep the data folder from growing without bound: drop what was replaced, never what is the truth.

Kept for good are the archive and the articles. Dropped are exports of loads long past, extractions
that newer rules have replaced, and the room that deleted rows leave in the writer's database.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from chitieu.pipelines import batches, database
from chitieu.pipelines.stage import stage_run
from chitieu.pipelines.store import Store, atomic_path

KEEP_EXPORTS = 3
"""Loads whose exports are kept unless told otherwise."""

_CLEARLY_SMALLER = 0.9
"""A database that would shrink by less is left as it is."""


@dataclass(slots=True)
class PruneReport:
    """What was dropped, and how many bytes the folder has shrunk by."""

    exports: list[Path] = field(default_factory=list)
    extractions: int = 0
    compacted: bool = False
    freed: int = 0

    @property
    def counts(self) -> Mapping[str, int]:
        return {"exports": len(self.exports), "extractions": self.extractions, "freed": self.freed}

    @property
    def failures(self) -> int:
        return 0


def prune(store: Store, *, keep: int = KEEP_EXPORTS) -> PruneReport:
    """Drop all exports but those of the last `keep` loads, and what later extractions replaced.

    Nothing that a later stage needs is lost, whenever the process is killed. Readers keep what they
    have open. To be called by the writer of the folder.
    """
    with stage_run(store, "prune") as run:
        report = PruneReport()
        before = _size(store.root)
        report.exports = drop_exports(store, keep)
        _prune_records(store, report)
        _compact(store, report)
        report.freed = before - _size(store.root)
        run.counts |= report.counts
    return report


def drop_exports(store: Store, keep: int) -> list[Path]:
    """Drop all exports but the last `keep`; gives back which."""
    folders = sorted((path for path in store.exports.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    dropped = folders[: max(len(folders) - keep, 0)]
    for folder in dropped:
        shutil.rmtree(folder)
    return dropped


def _prune_records(store: Store, report: PruneReport) -> None:
    """Write the batches that hold replaced extractions anew without them.

    Which of several extractions counts is what `load` says: the newest of one input. A batch takes
    the place of its old self in one step, so a kill leaves each batch either as it was or pruned.
    """
    paths = batches.batches(store.records)
    newest: dict[str, tuple[object, int, int]] = {}
    for number, path in enumerate(paths):
        for row, record in enumerate(pq.read_table(path, columns=["input_hash", "extracted"]).to_pylist()):
            found = (record["extracted"], number, row)
            newest[record["input_hash"]] = max(newest.get(record["input_hash"], found), found)
    kept: dict[int, list[int]] = {}
    for _, number, row in newest.values():
        kept.setdefault(number, []).append(row)
    for number, path in enumerate(paths):
        rows = pq.read_metadata(path).num_rows
        left = sorted(kept.get(number, []))
        report.extractions += rows - len(left)
        if not left:
            path.unlink()
        elif len(left) < rows:
            table = pq.read_table(path)
            with atomic_path(path) as temporary:
                pq.write_table(pc.take(table, pa.array(left)), temporary, compression="zstd")


def _compact(store: Store, report: PruneReport) -> None:
    """Write the writer's database anew, and publish it, where that makes it clearly smaller."""
    if not store.work.is_file():
        return
    fresh = store.work.with_name(f".{store.work.name}.fresh.tmp")  # swept away by the next writer after a kill
    fresh.unlink(missing_ok=True)
    with database.open_writer(store.work) as con:
        con.execute("CHECKPOINT")
        (name,) = con.execute("SELECT current_database()").fetchall()[0]
        con.execute(f"ATTACH '{_quoted(fresh)}' AS fresh")
        con.execute(f'COPY FROM DATABASE "{name}" TO fresh')
        con.execute("DETACH fresh")
    if fresh.stat().st_size > _CLEARLY_SMALLER * store.work.stat().st_size:
        fresh.unlink()
        return
    with atomic_path(store.work) as temporary:
        fresh.rename(temporary)
    database.publish(store)
    report.compacted = True


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
