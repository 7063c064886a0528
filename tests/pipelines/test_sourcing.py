"""Adding a site with its address alone, checking entries, and what status tells, on the sample portals."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chitieu.crawlers.crawl import CrawlOptions, crawl
from chitieu.crawlers.probe import Sample
from chitieu.crawlers.sources import Source, load_registry
from chitieu.crawlers.state import State
from chitieu.pipelines.ingest import ingest
from chitieu.pipelines.sample import SampleSite
from chitieu.pipelines.sourcing import idle_selectors, missing_fields
from chitieu.pipelines.status import survey
from chitieu.pipelines.store import Store

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def portals() -> Iterator[SampleSite]:
    with SampleSite() as site:
        yield site


def add(chitieu: Command, portals: SampleSite, folder: Path, portal: str, *more: str) -> subprocess.CompletedProcess[str]:
    return chitieu(
        "sources", "add", portals.base(portal), "--id", "bao-moi", "--place", "Phú Thọ", "--registry", folder, "--local", *more
    )


def test_from_an_address_to_articles(chitieu: Command, portals: SampleSite, tmp_path: Path) -> None:
    done = add(chitieu, portals, tmp_path / "mine", "bao-song-lam")
    assert done.returncode == 0, done.stderr
    assert "all fields found" in done.stdout and f"chitieu run bao-moi --registry {tmp_path / 'mine'}" in done.stdout
    source = load_registry(tmp_path / "mine")["bao-moi"]
    assert source.local and source.verified is None and source.place == "Phú Thọ" and source.name == "Báo Sông Lam điện tử"

    again = add(chitieu, portals, tmp_path / "mine", "bao-dat-to")
    assert again.returncode == 2 and "is there already" in again.stderr

    store = Store(tmp_path / "data").prepare()
    for _ in range(2):
        assert crawl([source], store.root, options=CrawlOptions(concurrency=4)).exit_code == 0
    assert ingest(store, {source.id: source}).failures == 0
    (status,) = survey(store, {source.id: source})
    last, first = status.visits
    expected = sum(article.portal == "bao-song-lam" for article in portals.articles())
    assert 5 <= first.articles <= expected and first.outcome == "done"
    assert last.fetched == 0 < last.unchanged <= first.fetched
    assert status.parsed.articles == status.to_parse == first.articles
    assert status.parsed.missing["title"] == status.parsed.missing["published"] == 0
    assert status.health.last_success is not None and not status.failures
    said = chitieu("status", "--data", store.root).stdout
    assert "bao-moi" in said and "no failures in these runs" in said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--place", "Phú Tho"), "did you mean 'Phú Thọ'"),
        pytest.param(("--id", "Báo Mới"), "id", marks=pytest.mark.slow),
    ],
)
def test_a_wrong_call_writes_nothing(chitieu: Command, portals: SampleSite, tmp_path: Path, more: tuple[str, ...], said: str) -> None:
    done = add(chitieu, portals, tmp_path / "mine", "bao-dat-to", *more)
    assert done.returncode == 2 and said in done.stderr
    assert not (tmp_path / "mine").exists()


@pytest.mark.slow
def test_a_site_on_this_machine_needs_local(chitieu: Command, portals: SampleSite, tmp_path: Path) -> None:
    done = chitieu("sources", "add", portals.base("bao-dat-to"), "--id", "x1", "--place", "Phú Thọ", "--registry", tmp_path)
    assert done.returncode == 1 and "with --local" in done.stderr


@pytest.mark.slow
def test_check_tells_works_from_broken_and_what_would_help(chitieu: Command, portals: SampleSite, tmp_path: Path) -> None:
    portals.write_registry(tmp_path)
    entry = tmp_path / "bao-song-lam.toml"
    entry.write_text(entry.read_text(encoding="utf-8").replace("-post", "-bai"), encoding="utf-8")
    done = chitieu("sources", "check", "bao-dat-to", "bao-song-lam", "--registry", tmp_path)
    assert done.returncode == 3
    assert "bao-dat-to works" in done.stdout
    assert "bao-song-lam does not work" in done.stdout and r"-post\\d+\\.html$" in done.stdout


def test_selectors_that_find_nothing_are_told_and_fields_nobody_found() -> None:
    page = f"<h1>Tỉnh giao chỉ tiêu giải ngân</h1><p>{'Tỉnh giao chỉ tiêu giải ngân vốn đầu tư công. ' * 9}</p>"
    sample = Sample(url="https://x.example/a-1.html", headers={"content-type": "text/html"}, body=base64.b64encode(page.encode()))
    selectors = {"title": ["h1", ".khong-co"], "published": ".ngay-dang"}
    source = Source(id="bao-x", name="x", place="Nghệ An", kind="newspaper", hosts="x.example", evidence="test", selectors=selectors)
    assert idle_selectors([sample], source) == ["title = '.khong-co'", "published = '.ngay-dang'"]
    assert missing_fields([sample], source) == ["sapo", "author", "published", "tags"]


def test_status_counts_failures_by_cause_and_tells_pauses(tmp_path: Path, chitieu: Command) -> None:
    from datetime import timedelta

    counts = dict.fromkeys(("fetched", "articles", "changed", "unchanged", "requests", "pending", "bytes"), 0) | {"failures": 2}
    with State(tmp_path) as state:
        for _ in range(2):
            run = state.start_run("crawl", ["bao-hong"])
            for number in (1, 2):
                state.fail("crawl", f"https://bao.example/{number}", "http-500", source="bao-hong", run=run)
            state.note_visit(run, "bao-hong", "done", counts)
            state.note_source("bao-hong", succeeded=False, pause=lambda failed: timedelta(hours=6) if failed == 2 else None)
    (status,) = survey(Store(tmp_path), {}, runs=1)
    assert [f.cause for f in status.failures] == ["http-500"] * 2
    said = chitieu("status", "--data", tmp_path).stdout
    assert "paused until" in said and "http-500" in said and "never" in said
    assert "nothing was crawled" in chitieu("status", "--data", tmp_path / "empty").stdout
