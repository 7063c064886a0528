"""Crawling as the command line does it: with a bar while it works and its figures after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chitieu.crawlers.crawl import CrawlError, CrawlOptions, CrawlProgress, CrawlReport, crawl
from chitieu.crawlers.sources import Source
from chitieu.pipelines import screen
from chitieu.pipelines.errors import UserError
from chitieu.pipelines.settings import CrawlSettings
from chitieu.pipelines.store import Store


def crawl_options(settings: CrawlSettings, **more: object) -> CrawlOptions:
    """How to crawl with these settings; `more` are options of a single crawl."""
    return CrawlOptions.model_validate({**settings.model_dump(), **more})


def run_crawl(
    store: Store,
    chosen: Sequence[Source],
    options: CrawlOptions = CrawlOptions(),
    retry: Mapping[str, Sequence[str]] | None = None,
) -> int:
    """Fetch what is new on the chosen sources (or the addresses to `retry`); gives how many failures there were.

    Raises KeyboardInterrupt where it was asked to stop, once the page in hand is stored.
    """
    answered: dict[str, int] = {}
    with screen.progress("crawl", "pages") as move:

        def on_progress(progress: CrawlProgress) -> None:
            answered[progress.source] = progress.fetched + progress.unchanged
            move(sum(answered.values()), None)

        try:
            report = crawl(chosen, store.root, options=options, on_progress=on_progress, retry=retry)
        except CrawlError as error:
            raise UserError(str(error)) from error
    _show_crawl(report)
    if report.interrupted:
        raise KeyboardInterrupt
    return report.failures


def _show_crawl(report: CrawlReport) -> None:
    made = screen.table("crawl", "source", "outcome", "pages stored", "unchanged", "articles", "edited", "failures")
    for column in made.columns[2:]:
        column.justify = "right"
    for found in report.sources:
        figures = (found.fetched, found.unchanged, found.articles, found.changed, found.failures)
        made.add_row(found.source, found.outcome, *map(str, figures))
    screen.out.print(made)
