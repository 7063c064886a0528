"""The stages as the command line runs them: with a bar while they work and their figures after.

Each function gives back how many failures its stage recorded. Callers hold the store's writer lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from chitieu.crawlers.crawl import CrawlOptions, CrawlProgress, CrawlReport, crawl
from chitieu.crawlers.sources import Source
from chitieu.pipelines import database, screen
from chitieu.pipelines.engine import Engine
from chitieu.pipelines.export import Format, export
from chitieu.pipelines.extract import extract
from chitieu.pipelines.ingest import IngestReport, ingest
from chitieu.pipelines.load import load
from chitieu.pipelines.store import Store


def run_all(
    store: Store,
    registry: Mapping[str, Source],
    chosen: Sequence[Source],
    formats: Sequence[Format],
    options: CrawlOptions = CrawlOptions(),
) -> int:
    """Crawl, ingest, extract, load and export, and close with what there is now and where."""
    failed = run_crawl(store, chosen, options)
    failed += run_ingest(store, registry)
    failed += run_extract(store)
    failed += run_load(store, registry)
    failed += run_export(store, formats)
    show_gathered(store)
    return failed


def run_crawl(store: Store, chosen: Sequence[Source], options: CrawlOptions = CrawlOptions()) -> int:
    """Fetch what is new on the chosen sources."""
    answered: dict[str, int] = {}
    with screen.progress("crawl", "pages") as move:

        def on_progress(progress: CrawlProgress) -> None:
            answered[progress.source] = progress.fetched + progress.unchanged
            move(sum(answered.values()), None)

        report = crawl(chosen, store.root, options=options, on_progress=on_progress)
    _show_crawl(report)
    return report.failures


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


def _show_crawl(report: CrawlReport) -> None:
    made = screen.table("crawl", "source", "outcome", "pages stored", "unchanged", "articles", "edited", "failures")
    for column in made.columns[2:]:
        column.justify = "right"
    for found in report.sources:
        figures = (found.fetched, found.unchanged, found.articles, found.changed, found.failures)
        made.add_row(found.source, found.outcome, *map(str, figures))
    screen.out.print(made)


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
