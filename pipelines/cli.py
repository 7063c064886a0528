"""The command line: each command is one function of the library."""

from __future__ import annotations

import csv
import json
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import duckdb
import typer

from chitieu.crawlers.ledger import STOPPED, Run, Why, occasion
from chitieu.crawlers.sources import RegistryError, Source, load_registry
from chitieu.crawlers.state import State, StateError
from chitieu.pipelines import screen
from chitieu.pipelines.errors import UserError, WrongCall
from chitieu.pipelines.settings import InForce, Settings, read_settings
from chitieu.pipelines.store import Store, default_data_dir

if TYPE_CHECKING:
    from chitieu.crawlers.crawl import CrawlOptions
    from chitieu.pipelines.engine import Engine

# One line a paragraph: the terminal breaks them where it is wide enough.
_HELP = "\n\n".join(
    (
        "Targets, figures, deadlines and tasks of Vietnam's provinces, dug out of their news pages and directives.",
        "[bold]run[/] goes the whole way: crawl → ingest → extract → load → export. Each stage is a command of "
        "its own that takes what the one before it stored under the data folder and does only what is new.",
        "[bold]demo[/] shows it all on sample portals on this machine, without the network.",
        "Exit codes: 0 all well; 1 could not do it; 2 wrong call; 3 done, with failures recorded (see "
        "[bold]failures[/]).",
    )
)

app = typer.Typer(
    name="chitieu",
    help=_HELP,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
sources_app = typer.Typer(no_args_is_help=True, help="What is known of the sites that can be crawled.")
app.add_typer(sources_app, name="sources")

_DONE_WITH_FAILURES = 3
_LONGEST_CELL = 48  # of a saved question on the screen: its sentences are for CSV and the report


class FormatName(StrEnum):
    """What an export can be written as."""

    excel = "excel"
    plain = "plain"
    xlsx = "xlsx"
    parquet = "parquet"


class LogFormat(StrEnum):
    """How log lines are written."""

    text = "text"
    json = "json"


class SourceKind(StrEnum):
    """Kinds of sources."""

    newspaper = "newspaper"
    portal = "portal"
    documents = "documents"


class ScheduleOutput(StrEnum):
    """What `schedule --print` prints."""

    plan = "plan"
    systemd = "systemd"
    cron = "cron"


class EngineName(StrEnum):
    """What does the work of a stage."""

    processes = "processes"
    dask = "dask"


class OutputFormat(StrEnum):
    """How `sql` prints rows."""

    table = "table"
    csv = "csv"
    jsonl = "jsonl"


Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", file_okay=False, help="Data folder all stages read and write.", show_default=str(default_data_dir())),
]
Registry = Annotated[
    list[Path] | None,
    typer.Option("--registry", metavar="DIR", exists=True, file_okay=False, help="Folder of further sources (*.toml); may be given several times."),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log more, with the traces of errors that were survived.")]
Redo = Annotated[bool, typer.Option("--redo", help="Do again what was done already.")]
Formats = Annotated[
    list[FormatName] | None,
    typer.Option(
        "--profile",
        "--as",
        help="excel: CSV for Excel with Vietnamese settings; plain: CSV for programs; xlsx: a workbook; parquet. May be given several times.",
        show_default="all",
    ),
]
AllHosts = Annotated[bool, typer.Option("--all-hosts", help="Of archives made by others take pages of any host, not only those of the registry.")]
EngineOption = Annotated[EngineName, typer.Option("--engine", help="What does the work: processes of this machine, or a Dask cluster (needs the extra: pip install 'chitieu\\[dask]').")]
Scheduler = Annotated[str | None, typer.Option("--scheduler", metavar="ADDRESS", help="The Dask scheduler, such as tcp://10.0.0.1:8786.", show_default="with dask: a cluster of processes on this machine")]
SourceIds = Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Ids of sources; none: all verified ones.")]


WhyOption = Annotated[Why, typer.Option("--why", help="Why it runs, for the ledger; the schedule says so.")]
Since = Annotated[datetime | None, typer.Option("--since", metavar="DATE", formats=["%Y-%m-%d"], help="Leave out what was published before.")]
MaxPages = Annotated[int | None, typer.Option("--max-pages", min=1, help="Store at most so many pages of each source.")]
Browser = Annotated[bool, typer.Option("--browser", help="Fetch sources marked `script` with a browser; needs the extra: pip install 'chitieu\\[browser]'.")]
RetryPaused = Annotated[bool, typer.Option("--retry-paused", help="Also crawl sources that are paused, after failures or as their servers asked.")]
Full = Annotated[bool, typer.Option("--full", help="Walk listings to their end and ask for every known article again.")]


@app.command()
def run(
    source: SourceIds = None,
    since: Since = None,
    max_pages: MaxPages = None,
    full: Full = False,
    browser: Browser = False,
    retry_paused: RetryPaused = False,
    profile: Formats = None,
    data: Data = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """Go the whole way: crawl, ingest, extract, load, export.

    Reads the sites of the named SOURCEs, or of all verified ones; writes everything under the data
    folder and ends with a table of what was gathered and where it lies. Doing it again fetches and
    does only what is new.
    """
    with _command(verbose):
        from chitieu.pipelines.runner import run_all

        store, sources = Store(_data(data)), _registry(registry)
        chosen = _choose(source, sources)
        settings = _settings(formats=profile)
        options = _crawl_options(since, max_pages, full, browser, retry_paused)
        with _alerting(store):
            failed = run_all(store, sources, chosen, settings.formats, options, _engine())
        _end(failed)


@app.command()
def crawl(
    source: SourceIds = None,
    since: Since = None,
    max_pages: MaxPages = None,
    full: Full = False,
    browser: Browser = False,
    retry_paused: RetryPaused = False,
    why: WhyOption = "manual",
    data: Data = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """Fetch new and changed pages of the SOURCEs, or of all verified ones.

    Reads the sites, politely; writes WARC files to warc/SOURCE/ and what was seen to state.sqlite.
    """
    with _command(verbose):
        from chitieu.pipelines.crawling import run_crawl

        store, sources = Store(_data(data)), _registry(registry)
        chosen = _choose(source, sources)
        with _alerting(store), occasion(why=why):
            failed = run_crawl(store, chosen, _crawl_options(since, max_pages, full, browser, retry_paused))
        _end(failed)


@app.command()
def ingest(
    path: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="WARC (.warc, .warc.gz) or JSON Lines (.jsonl, .jsonl.gz) files, articles of another data folder (.parquet), folders of them, or addresses (https://, s3:// …).",
        ),
    ] = None,
    redo: Annotated[bool, typer.Option("--redo", help="Parse every archive anew, after a change of parser or registry.")] = False,
    all_hosts: AllHosts = False,
    engine: EngineOption = EngineName.processes,
    scheduler: Scheduler = None,
    workers: Annotated[int | None, typer.Option("--workers", metavar="N", min=1, help="Processes that share the work.", show_default="one a processor where it pays")] = None,
    data: Data = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """Turn pages and given documents into articles.

    Reads the crawl's archives, or the PATHs; writes articles/*.parquet. A line of JSON Lines is one
    document: id and text, and if known url, source, title, published (2023-06-21) and place.

    Archives made by others, such as Common Crawl's news archive, are read as they are: pages of the
    registry's hosts are taken, and what was left out is told. A run that was stopped goes on where it
    was, within a file too.
    """
    with _command(verbose):
        from chitieu.pipelines.runner import run_ingest

        store, sources = Store(_data(data)), _registry(registry)
        with store.writing():
            _end(run_ingest(store, sources, path or [], redo=redo, all_hosts=all_hosts, engine=_engine(engine, scheduler, workers)))


@app.command()
def extract(
    path: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="With -o: JSON Lines or text files to extract from without touching the data folder. Else: archives or articles (.warc, .warc.gz, .parquet; also addresses) to ingest first.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="OUT.jsonl", help="Where the records of given files go; - for standard output.")
    ] = None,
    published: Annotated[
        datetime | None, typer.Option("--published", metavar="DATE", formats=["%Y-%m-%d"], help="Day the given text files were published.")
    ] = None,
    redo: Annotated[bool, typer.Option("--redo", help="Extract from every article anew.")] = False,
    engine: EngineOption = EngineName.processes,
    scheduler: Scheduler = None,
    workers: Annotated[int | None, typer.Option("--workers", metavar="N", min=1, help="Processes that share the work.", show_default="1; with dask one a processor")] = None,
    data: Data = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """Find quantities, times, statements, documents and tasks.

    Without files: reads articles/*.parquet, writes records/*.parquet, for all articles that have no
    records of today's rules. With files and -o: one JSON object a document to OUT.jsonl, in input
    order, no data folder touched. A text file's name without its ending is its id.

    With archives and no -o: ingests them first. --engine dask has both done by the workers of a Dask
    cluster, which read the archives themselves: give addresses, or paths that all machines have.
    """
    with _command(verbose):
        from chitieu.pipelines.extract import extract_files
        from chitieu.pipelines.runner import run_extract, run_ingest

        chosen = _engine(engine, scheduler, workers)
        if output is not None:
            if not path:
                raise WrongCall("-o and --published go with files to extract from")
            if redo:
                raise WrongCall("--redo is for the articles of the data folder; leave it out with -o")
            with screen.progress("extract", "documents") as on_progress:
                target = None if str(output) == "-" else output
                report = extract_files([Path(file) for file in path], target, published=published and published.date(), engine=chosen, on_progress=on_progress)
            screen.say_extracted(report, output)
            _end(report.failures)
            return
        if published is not None:
            raise WrongCall("-o and --published go with files to extract from")
        if any(not file.lower().endswith((".warc", ".warc.gz", ".parquet")) and not Path(file).is_dir() for file in path or ()):
            raise WrongCall("say where the records go: -o OUT.jsonl (or -o - for standard output)")
        store, sources = Store(_data(data)), _registry(registry)
        with store.writing():
            failed = run_ingest(store, sources, path, engine=chosen) if path else 0
            _end(failed + run_extract(store, redo=redo, engine=chosen))


@app.command()
def load(redo: Annotated[bool, typer.Option("--redo", help="Build the database anew.")] = False, data: Data = None, registry: Registry = None, verbose: Verbose = False) -> None:
    """Load records into the warehouse and publish it.

    Reads articles/*.parquet, records/*.parquet, the registry and the reference tables; writes
    work.duckdb and puts a copy in place as warehouse.duckdb, which analysts open read-only. Says
    how many rows were added, changed and removed; without news it changes nothing.
    """
    with _command(verbose):
        from chitieu.pipelines.runner import run_load

        store, sources = Store(_data(data)), _registry(registry)
        with store.writing():
            _end(run_load(store, sources, redo=redo))


@app.command()
def export(
    profile: Formats = None,
    redo: Annotated[bool, typer.Option("--redo", help="Write again what lies there already, to a folder beside.")] = False,
    data: Data = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """Write the views scoreboard, targets, progress, deadlines, tasks and documents as files.

    Reads warehouse.duckdb; writes exports/RUN: excel/*.csv (Vietnamese headings, semicolons, decimal
    commas, nothing Excel would run or turn into a day), plain/*.csv (English names, RFC 4180, decimal
    points), xlsx/chitieu.xlsx (a sheet a view, typed, with filters), parquet/*.parquet, and a
    datapackage.json that describes them all. Every file is read back before it is put in place.
    """
    with _command(verbose):
        from chitieu.pipelines.runner import run_export

        store = Store(_data(data))
        _registry(registry)
        with store.writing():
            _end(run_export(store, _settings(formats=profile).formats, redo=redo))


@app.command()
def publish(
    profile: Formats = None,
    keep: Annotated[
        int | None, typer.Option("--keep", min=1, help="Exports that are kept, the new one included.", show_default="all; with --why schedule, schedule.keep_exports")
    ] = None,
    why: WhyOption = "manual",
    data: Data = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """Bring what was crawled to the readers: ingest, extract, load, export.

    What `run` does after the crawl, and what the schedule does every night. Waits for another writer.
    """
    with _command(verbose):
        from chitieu.pipelines.runner import run_publish

        store, sources = Store(_data(data)), _registry(registry)
        settings = _settings(formats=profile)
        kept = keep if keep or why == "manual" else settings.schedule.keep_exports
        with _alerting(store), occasion(why=why):
            failed = run_publish(store, sources, settings.formats, _engine(), kept)
        _end(failed)


@app.command()
def schedule(
    source: SourceIds = None,
    output: Annotated[
        ScheduleOutput | None,
        typer.Option("--print", help="Run nothing, but print: plan, what would run when; systemd, a unit for this service; cron, lines of a crontab instead of it."),
    ] = None,
    data: Data = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """Crawl and publish by itself, until it is stopped.

    Crawls each SOURCE (or those of the setting schedule.sources, or all verified ones) in the rhythm of
    its entry (`rhythm = "0 6,18 * * *"`) or of schedule.rhythm, and publishes in that of
    schedule.publish; `chitieu config` shows these. Sources begin staggered, none is crawled twice at
    once, one that fails holds up no other, and times that were missed are made up once.

    Stays in the foreground. SIGTERM or Ctrl-C: pages in hand are stored, and the next start goes on.
    What was done stands in `chitieu runs`, what stands out in `chitieu status`.
    """
    with _command(verbose):
        from chitieu.pipelines import schedule as scheduling

        settings = _settings(data=data, registry=registry)
        store, known = Store(settings.data), _registry(registry)
        chosen = _choose(source or settings.schedule.sources, known)
        jobs = scheduling.plan_jobs(chosen, settings.schedule)
        folders = [str(folder.resolve()) for folder in settings.registry]
        options = ["--data", str(store.root.resolve()), *(part for folder in folders for part in ("--registry", folder))]
        if output in (ScheduleOutput.systemd, ScheduleOutput.cron):
            from chitieu.pipelines import units

            program = [*units.program(), *_config_option()]
            if output is ScheduleOutput.systemd:
                print(units.systemd_unit([*program, "schedule", *(entry.id for entry in chosen), *options], store.root.resolve()), end="")
            else:
                marks = ["--why", "schedule"]
                print(units.crontab_lines(jobs, [*program, "crawl", *options, *marks], [*program, "publish", *options, *marks]), end="")
            return
        publishing = scheduling.publish_command([*_config_option(), "--log-format", settings.log_format], options)
        service = scheduling.Service(store.prepare(), jobs, settings, _crawl_options(None, None, False, False), publishing)
        if output is ScheduleOutput.plan:
            screen.show_plan(service.turns())
        else:
            service.run()


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="A query, such as \"SELECT * FROM targets LIMIT 10\".")],
    output_format: Annotated[OutputFormat, typer.Option("--format", "-f", help="How rows are printed.")] = OutputFormat.table,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Rows a table shows at most.")] = 100,
    data: Data = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """Ask the warehouse in SQL.

    Reads warehouse.duckdb, read-only, also while a load is under way. The views are targets,
    progress, deadlines, tasks, documents, figure and coverage; DESCRIBE targets lists columns, and
    SELECT * FROM duckdb_columns() what each means.
    """
    with _command(verbose):
        from chitieu.pipelines import database

        _registry(registry)
        with database.open_reader(Store(_data(data))) as con:
            try:
                cursor = con.execute(query)
            except duckdb.Error as error:
                raise UserError(str(error)) from error
            columns = [column[0] for column in cursor.description or ()]
            _print_rows(columns, cursor, output_format, limit)


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help='Words, or "words that stand together"; diacritics may be missing.')],
    place: Annotated[str | None, typer.Option("--place", metavar="NAME", help="Only articles about this place.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many sentences are shown.")] = 20,
    data: Data = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """Find sentences by their words.

    Reads warehouse.duckdb. Sentences with all the words are shown: first those that have them as
    they were typed, then the newest. giai ngan finds giải ngân.
    """
    with _command(verbose):
        from chitieu.pipelines import database
        from chitieu.pipelines.search import search as find

        _registry(registry)
        with database.open_reader(Store(_data(data))) as con:
            # The shell took the quotes of "words that stand together" away: they are one argument.
            screen.show_hits(find(con, " ".join(words) if len(words) == 1 else _quoted(words), place=place, limit=limit))


@app.command()
def report(
    question: Annotated[str | None, typer.Argument(help="Name of a saved question; none: list them.")] = None,
    place: Annotated[str | None, typer.Option("--place", metavar="NAME", help="Only this place; diacritics may be missing.")] = None,
    predecessors: Annotated[bool, typer.Option("--predecessors", help="Take in the provinces that were merged into the place, each under its name.")] = False,
    year: Annotated[int | None, typer.Option("--year", help="Only this year.")] = None,
    indicator: Annotated[str | None, typer.Option("--indicator", metavar="WORDS", help="Only indicators whose names have these words.")] = None,
    who: Annotated[str | None, typer.Option("--who", metavar="WORDS", help="Only those told to act whose names have these words.")] = None,
    as_of: Annotated[datetime | None, typer.Option("--as-of", metavar="DATE", formats=["%Y-%m-%d"], help="Day that deadlines are measured from.", show_default="the day of the newest article")] = None,
    html: Annotated[bool, typer.Option("--html", help="Write the whole as one page instead: scoreboard, charts, deadlines.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE.html", dir_okay=False, help="Where the page goes.", show_default="exports/RUN/report.html")] = None,
    output_format: Annotated[OutputFormat, typer.Option("--format", "-f", help="How rows are printed.")] = OutputFormat.table,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Rows a table shows at most.")] = 100,
    data: Data = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """Answer a saved question, or write the report as a page.

    Reads warehouse.duckdb. A question is an SQL file; your own go to the folder questions/ of the
    data folder. --html writes one self-contained page to read in a browser, without a network.
    """
    with _command(verbose):
        from chitieu.pipelines import asking, database

        _registry(registry)
        store = Store(_data(data))
        if html:
            if question or year or indicator or who:
                raise WrongCall("--html shows the whole; it can be narrowed by --place and --as-of only")
            from chitieu.pipelines.reports import report as write_report

            made = write_report(store, output, place=place, predecessors=predecessors, as_of=as_of and as_of.date())
            screen.say(f"report: {made.path} ({made.targets} targets, {made.charts} charts, {made.deadlines} deadlines)")
            return
        if output is not None:
            raise WrongCall("-o goes with --html; answers are printed")
        if question is None:
            screen.show_questions(asking.saved_questions(store).values())
            return
        narrowed = asking.Narrowed(place, year, indicator, who, as_of and as_of.date(), predecessors)
        chosen = asking.choose(question, store)
        with database.open_reader(store) as con:
            cursor = asking.pose(con, chosen, narrowed)
            _print_rows([column[0] for column in cursor.description or ()], cursor, output_format, limit, longest=_LONGEST_CELL)


@app.command()
def shell(data: Data = None, registry: Registry = None, verbose: Verbose = False) -> None:
    """Ask the warehouse in SQL, question after question.

    Reads warehouse.duckdb, read-only; also takes statements from a file or a pipe.
    """
    with _command(verbose):
        from chitieu.pipelines.shell import run_shell

        _registry(registry)
        run_shell(Store(_data(data)))


@app.command()
def prune(
    keep: Annotated[int, typer.Option("--keep", min=0, help="Loads whose exports are kept.")] = 3,
    data: Data = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """Drop what was replaced: old exports, extractions by old rules, room that deleted rows left.

    Pages and articles are never dropped. Prints how much room that gave.
    """
    with _command(verbose):
        from chitieu.pipelines.prune import prune as drop

        _registry(registry)
        store = Store(_data(data))
        with store.writing():
            report = drop(store, keep=keep)
        screen.say(
            f"prune: {len(report.exports)} exports and {report.extractions} replaced extractions dropped"
            f"{', databases written anew' if report.compacted else ''}; {report.freed / 2**20:,.1f} MiB freed"
        )


@app.command()
def runs(
    run: Annotated[int | None, typer.Argument(metavar="[RUN]", help="Number of a run: its stages and what failed in it; none: the latest runs.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many of the latest are listed.")] = 20,
    output_format: Annotated[OutputFormat, typer.Option("--format", "-f", help="How rows are printed.")] = OutputFormat.table,
    data: Data = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """List the runs: when, why, what they gave, how they ended.

    Reads state.sqlite. Pages are those stored, articles new and edited ones, records what extraction
    found; code and rules are the versions at work. A run whose process died is told as killed.
    """
    with _command(verbose):
        _registry(registry)
        with State(Store(_data(data)).prepare().root) as state:
            found = state.runs(limit=limit, whole=True) if run is None else state.run_and_parts(run)
            failed = () if run is None else state.failures(run=run)
        if run is not None and not found:
            raise WrongCall(f"there is no run {run}; `chitieu runs` lists the latest")
        if output_format is OutputFormat.table:
            screen.show_runs(found, failed)
        else:
            _print_runs(found, output_format)


@app.command()
def failures(
    stage: Annotated[str | None, typer.Argument(help="Only those of one stage: crawl, ingest, extract or load.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many of the latest are shown.")] = 50,
    retry: Annotated[bool, typer.Option("--retry", help="Try again just what failed; what goes well is listed no more.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="List those too that were tried again since and went well.")] = False,
    data: Data = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """List what failed: pages, lines and records that were left out, and why.

    --retry fetches the addresses that failed (and no others), parses again the pages that gave no
    article, extracts where that had failed, and loads; `chitieu export` then writes the files anew.
    """
    with _command(verbose):
        known = _registry(registry)
        store = Store(_data(data)).prepare()
        if retry:
            from chitieu.pipelines.retrying import retry_failures

            with occasion(why="retry"):
                report = retry_failures(store, known, stage, _crawl_options(None, None, False, False))
            screen.say(f"retry: {report.tried} tried again, {report.resolved} went well, {report.left} cannot be tried again by themselves")
            _end(report.tried - report.resolved)
            return
        with State(store.root) as state:
            screen.show_failures(state.failures(stage, unresolved=not everything), limit)


@app.command()
def show(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A text file, UTF-8.")],
    published: Annotated[datetime | None, typer.Option("--published", metavar="DATE", formats=["%Y-%m-%d"], help="Day the text was published.")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="OUT", help="Write one self-contained HTML page instead.")] = None,
    verbose: Verbose = False,
) -> None:
    """Print a text with its records marked and explained."""
    with _command(verbose):
        from chitieu.pipelines import showing

        document, found = showing.read_and_extract(path, published and published.date())
        if html:
            showing.write_page(document, found, html)
            screen.say(f"{path} → {html}")
        else:
            showing.show_records(document, found, screen.out)


@app.command()
def review(
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE.xlsx", dir_okay=False, help="Where the rows to judge go.")] = None,
    take: Annotated[
        Path | None, typer.Option("--take", metavar="FILE.xlsx", exists=True, dir_okay=False, help="A judged workbook: its verdicts are taken in.")
    ] = None,
    sample: Annotated[int, typer.Option("--sample", min=1, help="How many candidates, and how many other rows, at most.")] = 100,
    as_of: Annotated[datetime | None, typer.Option("--as-of", metavar="DATE", formats=["%Y-%m-%d"], help="Day the scoreboard looks from.", show_default="the day of the newest article")] = None,
    data: Data = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """Judge rows of the scoreboard by their sentences.

    -o writes candidates and a sample of the other rows to a workbook; write right or wrong into its
    first column: of the claim, the state that the row has or would have were it sure enough. --take
    takes that back: verdicts are kept in verdicts.jsonl over later extractions, and with the next load
    a claim judged right is the row's state and one judged wrong is not. Without options, and after
    --take, it prints the precision the verdicts show, and what each threshold would let through.
    """
    with _command(verbose):
        from chitieu.pipelines import review as reviewing

        if output and take:
            raise WrongCall("give -o to write a workbook or --take to read one, not both")
        _registry(registry)
        store = Store(_data(data))
        if output:
            rows = reviewing.write_review(store, output, sample=sample, as_of=as_of and as_of.date())
            screen.say(f"review: {rows} rows in {output}; write right or wrong into the first column, then `chitieu review --take {output}`")
            return
        if take:
            with store.writing():
                report = reviewing.take_verdicts(store, take)
            screen.say(f"review: {report.taken} verdicts read, {report.changed} new or changed; `chitieu load` brings them into the warehouse")
        else:
            report = reviewing.shown(store)
        screen.show_verdicts(report)


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="Annotated documents: a folder of ID.json files, or JSON Lines.")],
    found: Annotated[
        Path | None, typer.Argument(metavar="[PRED.jsonl]", help="Records to score; none: what is found in the texts now.")
    ] = None,
    texts: Annotated[
        Path | None, typer.Option("--texts", metavar="PATH", help="Folder of ID.txt files, or JSON Lines with id and text.", show_default="GOLD/../texts")
    ] = None,
    without_tags: Annotated[bool, typer.Option("--without-tags", help="Extract without underthesea's words and tags.")] = False,
    errors: Annotated[int, typer.Option("--errors", min=0, help="List so many mistakes of each kind.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    least: Annotated[
        list[str] | None, typer.Option("--min", metavar="KEY=VALUE", help="Fail (exit code 1) if this F1 is not reached; may be given several times.")
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Score extraction against annotated documents.

    Prints precision, recall and F1 for each kind of record. Annotations may be offsets alone: the
    words come from the texts, and a text that is not the annotated one is refused.
    """
    with _command(verbose):
        from chitieu.pipelines import evaluate as evaluation

        if without_tags and found:
            raise WrongCall("--without-tags is for extracting here; leave PRED.jsonl out")
        scored = evaluation.evaluate_gold(gold, found, texts=texts, tagged=not without_tags)
        short = evaluation.under_the_bar(scored.scores, least or ())
        if as_json:
            print(json.dumps(evaluation.as_json(scored.scores)))
        else:
            screen.show_scores(scored.scores, scored.documents)
            for line in evaluation.describe(scored.scores, errors):
                screen.say(line)
        if short:
            raise UserError("under the bar: " + ", ".join(short))


@sources_app.command("list")
def sources_list(data: Data = None, registry: Registry = None, verbose: Verbose = False) -> None:
    """List the sources: id, name, place, kind, when each was last verified, and what carries on those that ended."""
    with _command(verbose):
        screen.show_sources(list(_registry(registry).values()))


@sources_app.command("show")
def sources_show(
    source: Annotated[str, typer.Argument(help="Id of a source.")],
    data: Data = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """Show all that the registry says of one source."""
    with _command(verbose):
        (found,) = _choose([source], _registry(registry))
        screen.show_source(found)


@sources_app.command("check")
def sources_check(
    source: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Ids of sources; none: all that are still valid.")] = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """Try entries against their live sites.

    Asks each site, politely, for its start addresses (feeds, sitemaps, listings) and three articles,
    parses these, and prints what works, what does not, and what the entry would have to say. Writes
    nothing.
    """
    with _command(verbose):
        from chitieu.pipelines.sourcing import check_sources

        known = _registry(registry)
        chosen = _choose(source, known) if source else [entry for entry in known.values() if entry.valid_to is None]
        _end(check_sources(chosen))


@sources_app.command("add")
def sources_add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of the site, or of a section of it.")],
    source_id: Annotated[str, typer.Option("--id", metavar="ID", help="What the source is to be called: small letters, digits, hyphens.")],
    place: Annotated[str, typer.Option("--place", metavar="NAME", help="The province it reports on, such as 'Nghệ An'.")],
    registry: Annotated[Path, typer.Option("--registry", metavar="DIR", file_okay=False, help="Folder the entry is written to; made where it is missing.")],
    name: Annotated[str, typer.Option("--name", help="Its name for people.", show_default="the home page's title")] = "",
    kind: Annotated[
        SourceKind | None,
        typer.Option("--kind", help="documents: a register of directives with attached files.", show_default="portal for hosts of .gov.vn, else newspaper"),
    ] = None,
    local: Annotated[bool, typer.Option("--local", help="Allow addresses on this machine and in private networks.")] = False,
    verbose: Verbose = False,
) -> None:
    """Add a site of which only the address is known.

    Looks for feeds, then sitemaps, then listings, tries three articles, and writes a draft entry to
    DIR/ID.toml; `chitieu run ID --registry DIR` then takes it.
    """
    with _command(verbose):
        from chitieu.pipelines.sourcing import add_source

        add_source(url, registry, id=source_id, place=place, name=name, kind=kind and kind.value, local=local)
        screen.say(f"next: chitieu run {source_id} --registry {registry} --max-pages 50")


@app.command()
def status(
    source: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Ids of sources; none: all that were ever crawled.")] = None,
    runs: Annotated[int, typer.Option("--runs", min=1, help="How many of the last runs of each source are shown.")] = 3,
    data: Data = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """Tell what each source gave: its last runs, what its articles lack, what failed; and what alerts stand.

    Reads state.sqlite and articles/*.parquet: pages stored, new, edited and unchanged articles, when a
    source last gave anything and whether it is paused, fields that were not found, failures by cause.
    """
    with _command(verbose):
        from chitieu.pipelines.status import show_status, standing_alerts, survey

        known = _registry(registry)
        store = Store(_data(data))
        show_status(survey(store, known, source or (), runs=runs), standing_alerts(store))


@app.command()
def demo(
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="Data folder of the demo, made anew.", show_default=str(default_data_dir() / "demo")),
    ] = None,
    registry: Registry = None,
    verbose: Verbose = False,
) -> None:
    """See it all work on sample portals on this machine.

    Starts five small sites on the loopback address, runs `run` on them, lets them edit and add
    articles, runs it again, and shows the tables. Nothing leaves this machine.
    """
    with _command(verbose):
        from chitieu.pipelines.demo import run_demo

        _registry(registry)
        _end(run_demo(data or default_data_dir() / "demo"))


@app.command()
def config(verbose: Verbose = False) -> None:
    """Print the settings in force, and where each was set.

    Options outweigh the environment (CHITIEU_DATA; of a group CHITIEU_SCHEDULE__RHYTHM), that a TOML file
    (`chitieu --config FILE`, CHITIEU_CONFIG, or the usual place, which is printed), that the defaults.
    """
    with _command(verbose):
        screen.show_settings(_in_force())


def main() -> None:
    """Entry point of the command `chitieu`."""
    app()


@app.callback(invoke_without_command=True)
def _root(
    config_file: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", dir_okay=False, help="TOML file of settings; see `chitieu config`.", show_default="CHITIEU_CONFIG, or the usual place")
    ] = None,
    log_format: Annotated[LogFormat | None, typer.Option("--log-format", help="json: log lines for programs.", show_default="text")] = None,
    show_version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    if show_version:
        print(version("chitieu"))
        raise typer.Exit
    _ROOT.set(_RootOptions(config_file, log_format and log_format.value))


@dataclass(frozen=True, slots=True)
class _RootOptions:
    """What stands before the command."""

    config: Path | None = None
    log_format: str | None = None


_ROOT: ContextVar[_RootOptions] = ContextVar("root options", default=_RootOptions())


def _in_force(**options: Any) -> InForce:
    """The settings with these options of the command, None where one was not given."""
    root = _ROOT.get()
    return read_settings(root.config, log_format=root.log_format, **options)


def _settings(**options: Any) -> Settings:
    return _in_force(**options).settings


def _config_option() -> list[str]:
    """`--config FILE`, where one was named, for commands that are to have the same settings."""
    file = _in_force().file
    return ["--config", str(file.resolve())] if file else []


@contextmanager
def _command(verbose: bool) -> Iterator[None]:
    """Run a command's body: what a user can mend is told in a sentence, without a traceback."""
    with _sigterm_as_interrupt():
        try:
            logging.basicConfig(level=logging.WARNING, handlers=[screen.log_handler()], force=True)
            logging.getLogger("chitieu").setLevel(logging.DEBUG if verbose else logging.INFO)
            if (form := _settings().log_format) != "text":
                logging.basicConfig(level=logging.WARNING, handlers=[screen.log_handler(form)], force=True)
            yield
        except (UserError, RegistryError, StateError) as error:
            screen.complain(f"chitieu: {error}")
            raise typer.Exit(getattr(error, "exit_code", 1)) from None
        except KeyboardInterrupt:
            screen.complain("chitieu: stopped; what was gathered is kept, run it again to go on")
            raise typer.Exit(STOPPED) from None
        except BrokenPipeError:
            sys.stderr.close()
            raise typer.Exit(1) from None


@contextmanager
def _sigterm_as_interrupt() -> Iterator[None]:
    """Inside, SIGTERM ends a command as Ctrl-C does: in good order, and with a word."""

    def interrupt(_signum: int, _frame: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _alerting(store: Store) -> Iterator[None]:
    """After the block, however it ended, tell an operator what stands out."""
    from chitieu.pipelines.alerts import review_alerts

    try:
        yield
    finally:
        review_alerts(store, _settings().alerts)


def _end(failed: int) -> None:
    if failed:
        raise typer.Exit(_DONE_WITH_FAILURES)


def _crawl_options(since: datetime | None, max_pages: int | None, full: bool, browser: bool, retry_paused: bool = False) -> CrawlOptions:
    from chitieu.pipelines.crawling import crawl_options

    settings = _settings(crawl={"max_pages": max_pages, "browser": browser or None}).crawl
    return crawl_options(settings, since=since and since.date(), full=full, retry_paused=retry_paused)


def _engine(name: EngineName = EngineName.processes, scheduler: str | None = None, workers: int | None = None) -> Engine:
    from chitieu.pipelines.engine import Engine

    if scheduler is None:  # whose workers are its own affair
        workers = _settings(workers=workers).workers
    return Engine(name.value, workers, scheduler)


def _data(given: Path | None) -> Path:
    return _settings(data=given).data


def _registry(folders: Sequence[Path] | None) -> dict[str, Source]:
    return load_registry(*_settings(registry=folders).registry)


def _print_runs(found: Sequence[Run], output_format: OutputFormat) -> None:
    columns = [field.name for field in fields(Run)]
    write = _csv_writer(columns) if output_format is OutputFormat.csv else _json_writer(columns)
    for run in found:
        write([getattr(run, name) for name in columns])


def _choose(ids: Sequence[str] | None, registry: Mapping[str, Source]) -> list[Source]:
    """The named sources, or all verified ones; raises WrongCall where a name is not in the registry."""
    unknown = [source_id for source_id in ids or () if source_id not in registry]
    if unknown:
        raise WrongCall(f"there is no source {unknown[0]!r}; `chitieu sources list` shows them")
    if ids:
        return [registry[source_id] for source_id in dict.fromkeys(ids)]
    verified = [source for source in registry.values() if source.verified]
    if not verified:
        raise WrongCall(
            "none of the sources has been verified yet; name the ones to take, as in `chitieu run "
            f"{next(iter(registry), 'SOURCE')}` (`chitieu sources list` shows them)"
        )
    return verified


def _quoted(words: Sequence[str]) -> str:
    return " ".join(f'"{word}"' if " " in word else word for word in words)


def _print_rows(columns: Sequence[str], cursor: duckdb.DuckDBPyConnection, output_format: OutputFormat, limit: int, longest: int | None = None) -> None:
    if output_format is OutputFormat.table:
        rows = cursor.fetchmany(limit + 1)
        screen.show_rows(columns, rows[:limit], more=len(rows) > limit, longest=longest)
        return
    write = _csv_writer(columns) if output_format is OutputFormat.csv else _json_writer(columns)
    while rows := cursor.fetchmany(1000):
        for row in rows:
            write(row)


def _csv_writer(columns: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
    from chitieu.pipelines.tabular import plain_cell

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    return lambda row: writer.writerow([plain_cell(cell) for cell in row])


def _json_writer(columns: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
    return lambda row: print(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=_json_value))


def _json_value(value: Any) -> Any:
    from decimal import Decimal

    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


if __name__ == "__main__":
    main()
