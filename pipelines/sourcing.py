"""Adding a site to the registry with nothing but its address, and trying entries against live sites."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lxml.cssselect import CSSSelector
from rich.text import Text

from chitieu.crawlers.probe import Draft, Finding, ProbeError, Sample, SourceCheck, check_source, draft_entry, probe_site
from chitieu.crawlers.sources import Kind, Source
from chitieu.crawlers.urls import without_user
from chitieu.nlp import tables
from chitieu.pipelines import screen
from chitieu.pipelines.article import Article
from chitieu.pipelines.decoding import decode_page
from chitieu.pipelines.errors import UserError, WrongCall
from chitieu.pipelines.markup import read_markup
from chitieu.pipelines.parse import NotArticle, parse_page
from chitieu.pipelines.status import FIELDS
from chitieu.pipelines.store import atomic_path

_AT_ONCE = 4
"""Sites looked at side by side; each is still asked by one request at a time."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the parser made of an article that was tried."""

    url: str
    ok: bool
    detail: str


def read_samples(samples: Sequence[Sample], source: Source) -> list[Reading]:
    """Parse the articles a probe fetched, as an ingest would, and tell what was found and what is missing."""
    readings = []
    for sample in samples:
        parsed = parse_page(sample.page(source.id), source)
        if isinstance(parsed, NotArticle):
            detail = f"no article: {parsed.reason}" + (f" ({parsed.detail})" if parsed.detail else "")
            readings.append(Reading(sample.url, False, detail))
            continue
        missing = [name for name in FIELDS if not getattr(parsed, name)]
        detail = f"{len(parsed.text)} characters" + (f"; not found: {', '.join(missing)}" if missing else "; all fields found")
        readings.append(Reading(sample.url, not {"title", "published"} & set(missing), detail))
    return readings


def missing_fields(samples: Sequence[Sample], source: Source) -> list[str]:
    """The fields that the parser finds on none of the articles that were tried."""
    articles = [read for sample in samples if isinstance(read := parse_page(sample.page(source.id), source), Article)]
    return [name for name in FIELDS if articles and not any(getattr(article, name) for article in articles)]


def idle_selectors(samples: Sequence[Sample], source: Source) -> list[str]:
    """The entry's selectors of articles that find nothing on any of the articles that were tried."""
    roots = []
    for sample in samples:
        page = sample.page(source.id)
        try:
            roots.append(read_markup(decode_page(page.body, page.headers.get("content-type", ""), source.encoding).text).root)
        except ValueError:
            continue
    return [
        f"{name} = {css!r}"
        for name, selectors in source.selectors
        if name not in ("links", "next_page")
        for css in selectors
        if roots and not any(CSSSelector(css, translator="html")(root) for root in roots)
    ]


def check_sources(sources: Sequence[Source]) -> int:
    """Try entries against their live sites and print what works, what does not and what would.

    Gives back how many do not work.
    """
    broken = 0
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        # Each is told of as soon as it and those before it are through: a whole registry takes minutes.
        for source, check in zip(sources, pool.map(_check, sources), strict=True):
            readings = read_samples(check.samples, source)
            works = check.ok and any(reading.ok for reading in readings)
            broken += not works
            _show_findings(f"{source.id} ({source.file})", check.findings, readings)
            _say_verdict(source, check, works)
            if idle := idle_selectors(check.samples, source):
                screen.say(f"On none of these articles do these selectors find anything: {'; '.join(idle)}\n")
    return broken


def add_source(
    url: str, folder: Path, *, id: str, place: str, name: str = "", kind: Kind | None = None, local: bool = False
) -> Path:
    """Look at the site at `url` and write a draft entry to `folder/ID.toml`; gives back that path.

    Raises WrongCall where the id or place cannot be, UserError where the site gives nothing to crawl.
    """
    _known_place(place)
    path = folder / f"{id}.toml"
    if path.exists():
        raise WrongCall(f"{path} is there already; choose another --id, or remove the file to look at the site anew")
    try:
        probe = probe_site(url, local=local)
    except ProbeError as error:
        raise UserError(f"{error}{_local_hint(str(error), local)}") from error
    kind = kind or ("portal" if all(host.endswith(".gov.vn") for host in probe.draft.hosts) else "newspaper")
    entry = draft_entry(probe, id=id, name=name, place=place, kind=kind, day=date.today().isoformat(), local=local)
    source = _valid(entry, path)
    readings = read_samples(probe.samples, source)
    _show_findings(probe.draft.hosts[0], probe.findings, readings)
    if not probe.usable:
        raise UserError(
            f"nothing to crawl was found at {without_user(url)}: no feed, sitemap or page of links led to articles. If its pages are drawn "
            "by script, or need another address to start from, try `chitieu sources add` with the address of a section"
        )
    folder.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as temporary:
        temporary.write_text(entry, encoding="utf-8")
    screen.say(f"{path}:\n\n{entry}")
    return path


def _check(source: Source) -> SourceCheck:
    try:
        return check_source(source)
    except ProbeError as error:
        return SourceCheck(source=source.id, findings=[Finding(what="home", url=source.start_addresses[0], ok=False, detail=str(error))])


def _valid(entry: str, path: Path) -> Source:
    """The entry as the registry will read it."""
    import tomllib

    from pydantic import ValidationError

    try:
        return Source.model_validate({**tomllib.loads(entry), "file": str(path)})
    except ValidationError as error:
        first = error.errors()[0]
        raise WrongCall(f"{'.'.join(map(str, first['loc']))}: {first['msg'].removeprefix('Value error, ')}") from None


def _known_place(place: str) -> None:
    """Refuse a place the tables do not know: its figures would belong nowhere."""
    names = {row["name"] for row in tables.read_csv("places.csv") if row["kind"] in ("province", "municipality")}
    if place not in names:
        close = difflib.get_close_matches(place, names, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(map(repr, close))}?" if close else "write it like 'Nghệ An' or 'Hà Nội'"
        raise WrongCall(f"--place: no province is called {place!r}; {hint}")


def _local_hint(message: str, local: bool) -> str:
    return "; with --local addresses on this machine are allowed" if "not a public address" in message and not local else ""


def _show_findings(title: str, findings: Sequence[Finding], readings: Sequence[Reading]) -> None:
    made = screen.table(title, "what", "works", "address", "found")
    for finding in findings:
        made.add_row(finding.what, "yes" if finding.ok else "no", Text(finding.url, overflow="fold"), Text(finding.detail))
    for reading in readings:
        made.add_row("parsed", "yes" if reading.ok else "no", Text(reading.url, overflow="fold"), Text(reading.detail))
    screen.out.print(made)


def _say_verdict(source: Source, check: SourceCheck, works: bool) -> None:
    if works:
        screen.say(f"{source.id} works. To have bare runs take it, put this into {source.file}: verified = {date.today().isoformat()}\n")
    elif check.ok and check.samples:
        lacking = [name for name in missing_fields(check.samples, source) if name in ("title", "published")]
        told = f": {' and '.join(lacking)} cannot be found on them" if lacking else ", but not read as articles"
        example = "\n".join(["", "  [selectors]", *(f'  {name} = "…"' for name in lacking or ["body"])])
        screen.say(
            f"{source.id} leads to articles{told}. CSS selectors in {source.file} would tell where they stand:{example}\n"
        )
    elif check.suggestion is not None and check.suggestion.start:
        screen.say(f"{source.id} does not work as it stands. What the site gives would be, in {source.file}:\n{_fix(source, check.suggestion)}\n")
    else:
        screen.say(f"{source.id} does not work, and nothing to crawl was found on the site.\n")


def _fix(source: Source, draft: Draft) -> str:
    """The keys of the entry that would be others."""
    lines = []
    for key in ("hosts", "start", "article"):
        value = getattr(draft, key)
        if key == "hosts":
            # Of a site that has moved the old host stays: archives and links still name it.
            value = list(dict.fromkeys((*value, *source.hosts)))
        if value and list(getattr(source, key)) != value:
            lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(f"  {line}" for line in lines) or "  the same as it says: look at the failures above"
