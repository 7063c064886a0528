"""The demonstration: sample portals on this machine, crawled twice, and what comes of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from chitieu.crawlers.sources import load_registry
from chitieu.pipelines import database, screen
from chitieu.pipelines.errors import UserError
from chitieu.pipelines.runner import run_all
from chitieu.pipelines.sample import SampleSite
from chitieu.pipelines.store import Store

_MARK = ".chitieu-demo"
_ROWS = 10
_TABLES = {
    "targets": (
        "What was promised (targets)",
        "SELECT place, indicator, bound, coalesce(value, low) AS value, high, unit, dir, deadline, published FROM targets "
        "WHERE deadline IS NOT NULL ORDER BY confidence DESC, published DESC, record_id",
    ),
    "progress": (
        "What was reported (progress)",
        "SELECT place, indicator, role, bound, coalesce(value, low) AS value, unit, dir, period_to, published FROM progress "
        "WHERE period_to IS NOT NULL ORDER BY confidence DESC, published DESC, record_id",
    ),
    "deadlines": (
        "What falls due (deadlines)",
        "SELECT deadline, kind, place, who, what, published FROM deadlines ORDER BY kind = 'target', deadline DESC, record_id",
    ),
    "documents": (
        "Documents the articles name (documents)",
        "SELECT number, type, date, issuer, place, articles, mentions FROM documents "
        "ORDER BY articles DESC, mentions DESC, date DESC NULLS LAST, document_id",
    ),
}


def run_demo(folder: Path) -> int:
    """Run the whole way on the sample portals, let them change, run again, show the tables.

    `folder` is made anew; one that was not made by a demo is refused. Gives back the number of
    failures recorded.
    """
    store = Store(_fresh(folder)).prepare()
    with SampleSite() as site:
        site.write_registry(folder / "registry")
        registry = load_registry(folder / "registry")
        chosen = [registry[entry["id"]] for entry in site.sources()]
        screen.say(f"{len(chosen)} sample portals are up on this machine. First run:\n")
        failed = run_all(store, registry, chosen, [])
        site.edition = 2
        screen.say("The portals have edited some articles and published new ones. Second run:\n")
        failed += run_all(store, registry, chosen, [])
    _show_tables(store)
    _show_next(store)
    return failed


def _fresh(folder: Path) -> Path:
    """An empty folder with the mark of a demo, so that nothing else is ever deleted."""
    if folder.exists():
        if any(folder.iterdir()) and not (folder / _MARK).is_file():
            raise UserError(f"{folder} is not empty and was not made by a demo; give another folder with --data")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARK).touch()
    return folder


def _show_tables(store: Store) -> None:
    with database.open_reader(store) as con:
        for view, (title, query) in _TABLES.items():
            (total,) = con.execute(f"SELECT count(*) FROM {view}").fetchall()[0]
            cursor = con.execute(f"{query} LIMIT {_ROWS}")
            columns = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
            screen.show_rows(columns, rows, title=f"{title}: {len(rows)} of {total} rows", longest=60)


def _show_next(store: Store) -> None:
    newest = max(folder for folder in store.exports.iterdir() if folder.is_dir())
    screen.show_pairs("Exports", {path.name: path for path in sorted(newest.iterdir())})
    screen.say("Ask it yourself:")
    screen.say(f'  chitieu sql --data "{store.root}" "SELECT indicator, value, unit, sentence FROM targets LIMIT 5"')
