"""The stages as the command line runs them: with a bar while they work and their figures after.

Each function gives back how many failures its stage recorded. Those of a single stage are called with
the store's writer lock held; `run_all` and `run_publish` take it when they need it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from chitieu.crawlers.crawl import CrawlOptions
from chitieu.crawlers.sources import Source
from chitieu.pipelines import database, screen
from chitieu.pipelines.crawling import run_crawl
from chitieu.pipelines.engine import Engine
from chitieu.pipelines.export import Format, export
from chitieu.pipelines.extract import extract
from chitieu.pipelines.ingest import IngestReport, ingest
from chitieu.pipelines.load import load
from chitieu.pipelines.prune import drop_exports
from chitieu.pipelines.stage import whole_run
from chitieu.pipelines.store import Store

PATIENCE = 600
"""Seconds to wait for another writer, when what was crawled is to go on its way."""


def run_all(
    store: Store,
    registry: Mapping[str, Source],
    chosen: Sequence[Source],
    formats: Sequence[Format],
    options: CrawlOptions = CrawlOptions(),
    engine: Engine = Engine(),
) -> int:
    """Crawl, ingest, extract, load and export, and close with what there is now and where."""
    with whole_run(store, "run", [source.id for source in chosen]):
        failed = run_crawl(store, chosen, options)
        with store.writing(PATIENCE):
            failed += _run_stages(store, registry, formats, engine)
    show_gathered(store)
    return failed


def run_publish(
    store: Store, registry: Mapping[str, Source], formats: Sequence[Format], engine: Engine = Engine(), keep: int | None = None
) -> int:
    """Bring what was crawled to the readers: ingest, extract, load, export; of exports `keep` are kept (None: all)."""
    with whole_run(store, "publish"), store.writing(PATIENCE):
        failed = _run_stages(store, registry, formats, engine)
        if keep is not None:
            drop_exports(store, keep)
    return failed


def _run_stages(store: Store, registry: Mapping[str, Source], formats: Sequence[Format], engine: Engine) -> int:
    """All that follows a crawl."""
    failed = run_ingest(store, registry, engine=engine)
    failed += run_extract(store, engine=engine)
    failed += run_load(store, registry)
    return failed + run_export(store, formats)


def run_ingest(
    store: Store,
    registry: Mapping[str, Source],
    paths: Sequence[Path | str] = (),
    *,
    redo: bool = False,
    all_hosts: bool = False,
    engine: Engine = Engine(),
) -> int:
    """Turn what the archives (or the given files) hold into articles."""
    with screen.progress("ingest", "bytes") as on_progress:
        report = ingest(store, registry, paths, redo=redo, all_hosts=all_hosts, engine=engine, on_progress=on_progress)
    screen.say(f"ingest: {_ingested(report)}")
    if set(report.skipped) - {"warcinfo"}:
        screen.say(f"archives: {report.pages + report.skipped.total():,} records; left out: {_counted(report.skipped)}")
    if report.reasons:
        screen.say(f"no articles: {_counted(report.reasons)}")
    return report.failures


def run_extract(store: Store, *, redo: bool = False, engine: Engine = Engine()) -> int:
    """Extract from the articles that are new."""
    with screen.progress("extract", "articles") as on_progress:
        report = extract(store, redo=redo, engine=engine, on_progress=on_progress)
    found = ", ".join(f"{count} {kind}" for kind, count in report.records.items())
    screen.say(
        f"extract: {report.documents} articles{f' gave {found}' if found else ''}"
        f"; {report.unchanged} done before{_failed(report.failures)}"
    )
    return report.failures


def run_load(store: Store, registry: Mapping[str, Source], *, redo: bool = False) -> int:
    """Bring the warehouse up to the records."""
    with screen.progress("load", "tables") as on_progress:
        report = load(store, registry, redo=redo, on_progress=on_progress)
    screen.show_changes(report)
    if report.published:
        screen.say(f"published as {store.warehouse}")
    return report.failures


def run_export(store: Store, formats: Sequence[Format], *, redo: bool = False) -> int:
    """Write the views as files, in the named formats or in all."""
    with screen.progress("export", "files") as on_progress:
        report = export(store, *formats, redo=redo, on_progress=on_progress)
    if report.written:
        rows = ", ".join(f"{view} {count}" for view, count in report.rows.items())
        screen.say(f"export: {report.folder}: {', '.join(report.formats)} (rows: {rows})")
    else:
        screen.say(f"export: {report.folder} holds this state already")
    return 0


def show_gathered(store: Store) -> None:
    """The closing table: what there is, by source, and where everything lies."""
    with database.open_reader(store) as con:
        query = "SELECT * EXCLUDE (source_id, verified) FROM coverage WHERE articles > 0 ORDER BY articles DESC, source"
        cursor = con.execute(query)
        columns = [column[0] for column in cursor.description]
        screen.show_rows(columns, cursor.fetchall(), title="What was gathered")
    screen.show_pairs(
        "Where it lies",
        {
            "raw pages (WARC)": store.warc,
            "articles (Parquet)": store.articles,
            "records (Parquet)": store.records,
            "warehouse (DuckDB)": store.warehouse,
            "CSV, Excel, Parquet": store.exports,
            "runs and failures (SQLite)": store.state,
        },
    )


def _ingested(report: IngestReport) -> str:
    parts = [f"{report.pages} pages" if report.pages or not report.documents else ""]
    parts += [f"{report.documents} documents" if report.documents else ""]
    read = " and ".join(part for part in parts if part)
    return (
        f"{read} read: {report.new} new articles, {report.version} new versions, {report.updated} updated, "
        f"{report.unchanged} unchanged, {report.no_article} no articles{_failed(report.failures)}"
    )


def _counted(counts: Mapping[str, int]) -> str:
    """Counts by name, the most first."""
    return ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items(), key=lambda item: -item[1]))


def _failed(failures: int) -> str:
    return f", {failures} failures" if failures else ""
