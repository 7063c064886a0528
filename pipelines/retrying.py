"""Trying again just what failed: single addresses, pages, articles; nothing is walked or asked besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chitieu.crawlers.crawl import CrawlOptions
from chitieu.crawlers.ledger import Failure
from chitieu.crawlers.sources import Source
from chitieu.crawlers.state import OF_A_SOURCE, SeenPage, State
from chitieu.crawlers.urls import address_key
from chitieu.pipelines import screen
from chitieu.pipelines.crawling import run_crawl
from chitieu.pipelines.ingest import ingest_again
from chitieu.pipelines.runner import PATIENCE, run_extract, run_ingest, run_load
from chitieu.pipelines.stage import whole_run
from chitieu.pipelines.store import Store


@dataclass(frozen=True, slots=True)
class RetryReport:
    """How many failures were tried again, went well, and were left because nothing can be tried."""

    tried: int
    resolved: int
    left: int


def retry_failures(
    store: Store, registry: Mapping[str, Source], stage: str | None = None, options: CrawlOptions = CrawlOptions()
) -> RetryReport:
    """Try again what failed in all stages, or in one, and note what went well.

    Addresses that failed are fetched, pages that gave no article parsed, articles that broke
    extraction extracted, and rows in quarantine checked anew by a load. What has no page or address
    (a line of a given file, a damaged archive) is left: give the file to `ingest` again.
    """
    with whole_run(store, "retry"), State(store.root) as state:
        standing = state.failures(stage, unresolved=True)
        before = max((failure.id for failure in standing), default=0)
        crawled = _retry_crawl(store, registry, _of(standing, "crawl"), options)
        with store.writing(PATIENCE):
            parsed = _retry_ingest(store, registry, state, _of(standing, "ingest"))
            extracted = _of(standing, "extract")
            if parsed or crawled or extracted:
                run_extract(store)
            loaded = _of(standing, "load")
            if parsed or crawled or extracted or loaded:
                run_load(store, registry)
        tried = [*crawled, *parsed, *extracted, *loaded]
        again = {_what(failure) for failure in state.failures() if failure.id > before}
        state.resolve(tried)  # what failed once more stands by its new entry
        well = sum(_what(failure) not in again for failure in tried)
    return RetryReport(len(tried), well, len(standing) - len(tried))


def _retry_crawl(
    store: Store, registry: Mapping[str, Source], standing: Sequence[Failure], options: CrawlOptions
) -> list[Failure]:
    """Fetch the addresses that failed; sources that could not be crawled at all are crawled as ever."""
    known = [failure for failure in standing if failure.source in registry]
    whole = {failure.source for failure in known if failure.cause in OF_A_SOURCE}
    single: dict[str, list[str]] = {}
    for failure in known:
        if failure.source not in whole and failure.subject.startswith(("http://", "https://")):
            single.setdefault(str(failure.source), []).append(failure.subject)
    single = {name: list(dict.fromkeys(url for url in urls if registry[name].owns(url))) for name, urls in single.items()}
    single = {name: urls for name, urls in single.items() if urls}
    options = options.model_copy(update={"retry_paused": True, "max_pages": None})
    if single:
        run_crawl(store, [registry[name] for name in single], options, retry=single)
    if whole:
        run_crawl(store, [registry[str(name)] for name in sorted(map(str, whole))], options)
    return [failure for failure in known if failure.source in whole or failure.subject in single.get(str(failure.source), ())]


def _retry_ingest(
    store: Store, registry: Mapping[str, Source], state: State, standing: Sequence[Failure]
) -> list[Failure]:
    """Parse again the pages that gave no article, and take in what was crawled meanwhile."""
    pages: dict[tuple[str, str], SeenPage] = {}
    tried = []
    for failure in standing:
        page = _page_of(failure, registry, state)
        if page is not None and page.archive:
            pages[page.source, page.key] = page
            tried.append(failure)
    if pages:
        with screen.progress("ingest", "pages") as on_progress:
            report = ingest_again(store, registry, pages.values(), on_progress=on_progress)
        screen.say(f"ingest: {report.pages} pages parsed again: {report.new} new articles, {report.failures} failures")
    run_ingest(store, registry)
    return tried


def _page_of(failure: Failure, registry: Mapping[str, Source], state: State) -> SeenPage | None:
    source = registry.get(failure.source or "")
    if source is None or not failure.subject.startswith(("http://", "https://")):
        return None
    return state.page(source.id, address_key(failure.subject, ignore_case=source.ignore_case))


def _of(failures: Iterable[Failure], stage: str) -> list[Failure]:
    return [failure for failure in failures if failure.stage == stage]


def _what(failure: Failure) -> tuple[str, str | None, str]:
    """What failed, whatever the cause was this time."""
    return failure.stage, failure.source, failure.subject
