"""The views as CSV files, one folder for each state of the warehouse and profile."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chitieu.pipelines import database
from chitieu.pipelines.database import Connection
from chitieu.pipelines.headings import HEADINGS, VALUES
from chitieu.pipelines.stage import OnProgress, no_progress, stage_run
from chitieu.pipelines.store import Store, atomic_folder
from chitieu.pipelines.tabular import Cell, Profile, write_csv

# Newest first, and every row in one fixed place: two exports of one state are the same bytes.
VIEWS: Mapping[str, str] = {
    "targets": "published DESC NULLS LAST, article_id, record_id",
    "progress": "published DESC NULLS LAST, article_id, record_id",
    "deadlines": "deadline, published DESC NULLS LAST, article_id, record_id",
    "tasks": "published DESC NULLS LAST, article_id, record_id",
    "documents": "date DESC NULLS LAST, number, document_id",
}
"""The views that are exported, and the order of their rows."""


@dataclass(slots=True)
class ExportReport:
    """Where an export lies, and how many rows each file has (none where it lay there already)."""

    folder: Path
    rows: dict[str, int] = field(default_factory=dict)
    written: bool = False

    @property
    def counts(self) -> Mapping[str, int]:
        return self.rows

    @property
    def failures(self) -> int:
        return 0


def export(
    store: Store, profile: Profile = "excel", *, redo: bool = False, on_progress: OnProgress = no_progress
) -> ExportReport:
    """Write the views of the published warehouse to `exports/RUN/*.csv`.

    RUN names the load and the profile. The files of one load never change, so where they lie
    already nothing is written; with `redo` they are written again, to a folder beside.
    """
    with stage_run(store, "export", reason=profile) as run, database.open_reader(store) as con:
        name = _name(database.load_state(con), profile)
        folder = store.exports / name
        if _is_whole(folder) and not redo:
            return ExportReport(folder)
        report = ExportReport(_free(folder), written=True)
        with atomic_folder(report.folder) as temporary:
            for done, (view, order) in enumerate(VIEWS.items()):
                on_progress(done, len(VIEWS))
                report.rows[view] = _write_view(con, view, order, temporary / f"{view}.csv", profile)
        on_progress(len(VIEWS), len(VIEWS))
        run.counts |= report.counts
    return report


def _name(state: Mapping[str, str], profile: Profile) -> str:
    """Such as 2026-11-22T034512Z-2-excel: moment and number of the load, without what file systems dislike."""
    moment = re.sub(r"[^0-9T-]", "", state["loaded_at"].removesuffix("+00:00"))
    return f"{moment}Z-{state['load']}-{profile}"


def _is_whole(folder: Path) -> bool:
    return all((folder / f"{view}.csv").is_file() for view in VIEWS)


def _free(folder: Path) -> Path:
    taken, number = folder, 1
    while taken.exists():
        number += 1
        taken = folder.with_name(f"{folder.name}-{number}")
    return taken


def _write_view(con: Connection, view: str, order: str, path: Path, profile: Profile) -> int:
    columns = database.table_columns(con, view)
    rows = database.stream(con, f"SELECT * FROM {view} ORDER BY {order}")
    if profile == "plain":
        return write_csv(path, columns, rows, profile)
    return write_csv(path, [HEADINGS[column] for column in columns], _in_words(columns, rows), profile)


def _in_words(columns: Sequence[str], rows: Iterator[tuple[Cell, ...]]) -> Iterator[list[Cell]]:
    """Rows with coded values in words."""
    words = [VALUES.get(column, {}) for column in columns]
    for row in rows:
        yield [said.get(cell, cell) if said else cell for cell, said in zip(row, words, strict=True)]
