"""What the command line shows: progress bars, tables, closing words."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from pythonjsonlogger.json import JsonFormatter
from rich import box
from rich.console import Console
from rich.logging import RichHandler
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from chitieu.crawlers.rhythm import explain
from chitieu.pipelines.settings import default_file
from chitieu.pipelines.tabular import plain_cell

if TYPE_CHECKING:  # the stages pull in all of the extraction, which `--help` must not wait for
    from chitieu.crawlers.sources import Source
    from chitieu.crawlers.ledger import Failure, Run
    from chitieu.nlp.evaluation import Scores
    from chitieu.pipelines.asking import Question
    from chitieu.pipelines.extract import ExtractReport
    from chitieu.pipelines.load import LoadReport
    from chitieu.pipelines.review import ReviewReport
    from chitieu.pipelines.schedule import Job
    from chitieu.pipelines.search import Hit
    from chitieu.pipelines.settings import InForce
    from chitieu.pipelines.stage import OnProgress

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
"""The zone people read times in."""

# Where nobody looks (a pipe, a log) tables get room instead of the 80 columns assumed there.
out = Console()
if not out.is_terminal:
    out = Console(width=160)
errors = Console(stderr=True)


@contextmanager
def progress(stage: str, unit: str) -> Iterator[OnProgress]:
    """A bar on standard error for one stage; gives the callback that moves it."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(unit))
    seen = errors.is_terminal
    with Progress(*columns, TimeElapsedColumn(), console=errors, transient=True, disable=not seen) as bars:
        task = bars.add_task(stage, total=None)

        def move(done: int, total: int | None) -> None:
            bars.update(task, completed=done, total=total)

        yield move


def say(text: str) -> None:
    """One line on standard output, as it is."""
    out.print(text, markup=False, highlight=False, soft_wrap=True)


def complain(text: str) -> None:
    """One line on standard error, as it is."""
    errors.print(text, markup=False, highlight=False, soft_wrap=True, style="red")


def log_handler(form: Literal["text", "json"] = "text") -> logging.Handler:
    """Log lines for standard error: beside the bars on a terminal, one line each for a file or pipe, or JSON."""
    if form == "json":
        handler: logging.Handler = logging.StreamHandler()
        names = {"asctime": "time", "levelname": "level", "name": "logger"}
        # ISO 8601 in UTC; whatever else a line carries (source, run, why) becomes a key too.
        formatter = JsonFormatter("%(asctime)s%(levelname)s%(name)s%(message)s", "%Y-%m-%dT%H:%M:%SZ", rename_fields=names, json_ensure_ascii=False)
        formatter.converter = time.gmtime
        handler.setFormatter(formatter)
    elif errors.is_terminal:
        handler = RichHandler(console=errors, show_path=False, show_time=False, markup=False)
        handler.setFormatter(logging.Formatter("%(message)s"))
    else:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    return handler


def table(title: str | None, *columns: str) -> Table:
    """A table in the house style."""
    made = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    for column in columns:
        made.add_column(column)
    return made


def show_rows(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    title: str | None = None,
    more: bool = False,
    longest: int | None = None,
) -> None:
    """Rows of a query; text is shown as it is, never as markup. `longest` cuts cells."""
    made = table(title, *columns)
    for number, cell in enumerate(rows[0] if rows else ()):
        made.columns[number].justify = "right" if isinstance(cell, int | float) and not isinstance(cell, bool) else "left"
    for row in rows:
        made.add_row(*(Text(_cut(plain_cell(cell), longest)) for cell in row))
    out.print(made)
    if more:
        say(f"… and more; the first {len(rows)} rows are shown (--limit)")


def show_sources(sources: Sequence[Source]) -> None:
    """The registry as a table."""
    made = table(None, "id", "name", "place", "kind", "verified", "until", "carried on by")
    for source in sorted(sources, key=lambda source: source.id):
        until = (str(source.valid_to or ""), source.successor or "")
        made.add_row(source.id, source.name, source.place, source.kind, str(source.verified or "unverified"), *until)
    out.print(made)
    say(f"{len(sources)} sources; a bare `chitieu run` takes the {sum(bool(s.verified) for s in sources)} verified ones")


def show_source(source: Source) -> None:
    """All that is known of a source, a line a key."""
    made = Table.grid(padding=(0, 2))
    for key, value in source.model_dump(mode="json").items():
        for name, said in _flat(key, value):
            made.add_row(Text(name, style="bold"), Text(said))
    made.add_row(Text("file", style="bold"), Text(source.file))
    out.print(made)


def show_failures(found: Sequence[Failure], limit: int) -> None:
    """The latest failures, oldest first."""
    made = table(None, "when", "stage", "source", "subject", "cause", "detail")
    for failure in found[-limit:]:
        cells = (failure.at, failure.stage, failure.source, failure.subject, failure.cause, failure.detail)
        made.add_row(*(Text(plain_cell(cell)) for cell in cells))
    out.print(made)
    say(f"{len(found)} failures" + (f"; the latest {limit} are shown (--limit)" if len(found) > limit else ""))


def show_runs(runs: Sequence[Run], failures: Sequence[Failure] = ()) -> None:
    """Runs, a row each; stages under the run they are part of."""
    made = table(None, "run", "when", "what", "why", "sources", "pages", "articles", "records", "failures", "took", "outcome", "code", "rules")
    for column in made.columns[5:10]:
        column.justify = "right"
    for run in runs:
        name = run.stage if run.part_of is None else f"  {run.stage}"
        figures = (str(count) if count else "" for count in (run.pages, run.articles, run.records, run.failures))
        took = "" if run.seconds is None else f"{run.seconds:,.0f} s" if run.seconds >= 10 else f"{run.seconds:.1f} s"
        sources = _few(run.sources)
        cells = (str(run.id), local_time(run.started), name, run.why, sources, *figures, took, run.outcome or "under way", run.code, run.rules[:8])
        made.add_row(*map(Text, cells))
    out.print(made)
    if failures:
        show_failures(failures, len(failures))


def show_plan(turns: Iterable[tuple[Job, datetime]]) -> None:
    """What a schedule will do when."""
    made = table(None, "what", "next", "rhythm", "")
    for job, at in sorted(turns, key=lambda turn: turn[1]):
        late = " (missed: made up at once)" if at <= datetime.now(timezone.utc) else ""
        made.add_row(*map(Text, (job.name, f"{at.astimezone(job.zone):%Y-%m-%d %H:%M:%S}{late}", job.rhythm, explain(job.rhythm))))
    out.print(made)


def show_settings(found: InForce) -> None:
    """The settings in force, and where each was set."""
    made = table(None, "key", "value", "set by", "meaning")
    for row in found.rows():
        made.add_row(*map(Text, row))
    out.print(made)
    say(f"file: {found.file}" if found.file else f"file: none; {default_file()} would be read if it were there")


def local_time(time: datetime | None) -> str:
    """A time as people in Vietnam read it."""
    return f"{time.astimezone(LOCAL):%Y-%m-%d %H:%M}" if time else "never"


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")


def say_extracted(report: ExtractReport, target: object) -> None:
    """The closing line of an extraction from files; on standard error, as records may go to the other."""
    found = ", ".join(f"{count} {kind}" for kind, count in report.records.items())
    errors.print(
        f"{report.documents} documents → {target}: {found or 'nothing found'}"
        + (f"; {report.failures} skipped" if report.failures else ""),
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def show_changes(report: LoadReport) -> None:
    """What a load did, table by table."""
    if not report.changed:
        say("load: nothing new; 0 rows added, 0 changed, 0 removed")
        return
    made = table("load", "table", "added", "changed", "removed")
    for name, changes in report.tables.items():
        if changes.any:
            made.add_row(name, *(f"{count}" for count in (changes.added, changes.changed, changes.removed)))
    for column in made.columns[1:]:
        column.justify = "right"
    out.print(made)


def show_scores(scores: Scores, documents: int) -> None:
    """The figures of an evaluation as a table."""
    made = table(f"{documents} documents", "", "P", "R", "F1", "gold", "found")
    for column in made.columns[1:]:
        column.justify = "right"
    for name, figure in scores.figures.items():
        shares = (figure.precision, figure.recall, figure.f1)
        made.add_row(name, *(f"{share:.3f}" for share in shares), str(figure.gold), str(figure.found))
    out.print(made)


def show_hits(hits: Sequence[Hit]) -> None:
    """Sentences that were found, each with where it stands."""
    for hit in hits:
        where = " · ".join(filter(None, (str(hit.published or ""), hit.place, hit.source, hit.article_title, hit.address)))
        out.print(Text(_cut(hit.sentence, None)), soft_wrap=True)
        out.print(Text(f"  {where}", style="dim"), soft_wrap=True)
    if not hits:
        say("nothing found")


def show_questions(questions: Iterable[Question]) -> None:
    """The saved questions, and what each can be narrowed by."""
    made = table("Saved questions", "name", "", "", "narrowed by")
    for question in questions:
        takes = " ".join(f"--{name.replace('_', '-')}" for name in sorted(question.arguments))
        made.add_row(*map(Text, (question.name, question.vi, question.en, takes)))
    out.print(made)


def show_pairs(title: str, pairs: Mapping[str, object]) -> None:
    """A closing table: what, and how much or where."""
    made = table(title, "", "")
    made.show_header = False
    for name, value in pairs.items():
        made.add_row(Text(name), Text(str(value), overflow="fold"))
    out.print(made)


def _cut(text: str, longest: int | None) -> str:
    text = " ".join(text.split())
    return text if longest is None or len(text) <= longest else text[: longest - 1] + "…"


def _flat(key: str, value: Any) -> Iterator[tuple[str, str]]:
    """Nested tables as dotted keys; blanks are left out."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(f"{key}.{name}", inner)
    elif isinstance(value, list):
        yield from ((key, str(item)) for item in value)
    elif value not in (None, "", False):
        yield key, str(value)


def show_verdicts(report: ReviewReport) -> None:
    """What verdicts show: right and wrong rows by state, and the precision of those that claim one."""
    made = table("verdicts", "state", "right", "wrong", "precision", "at least (95%)")
    rows = {**report.by_state, "all but candidate": report.with_state}
    for state, judged in rows.items():
        shown = [f"{share:.3f}" if share is not None else "" for share in (judged.precision, judged.at_least)]
        made.add_row(state, str(judged.right), str(judged.wrong), *shown)
    out.print(made)
    if any(judged.precision is not None for judged in report.by_threshold.values()):
        made = table("what a threshold would let through (data/comparison.toml)", "threshold", "right", "wrong", "precision")
        for threshold, judged in report.by_threshold.items():
            made.add_row(f"{threshold:.2f}", str(judged.right), str(judged.wrong), f"{judged.precision:.3f}" if judged.precision is not None else "")
        out.print(made)
