"""The whole way on the sample portals: twice, after their edits, and killed in the middle."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chitieu.crawlers.sources import Source, load_registry
from chitieu.pipelines import database
from chitieu.pipelines.demo import run_demo
from chitieu.pipelines.errors import UserError
from chitieu.pipelines.runner import run_all
from chitieu.pipelines.sample import SampleSite
from chitieu.pipelines.store import Store


@pytest.fixture
def site() -> Iterator[SampleSite]:
    with SampleSite() as running:
        yield running


@pytest.fixture
def registry(site: SampleSite, tmp_path: Path) -> dict[str, Source]:
    site.write_registry(tmp_path / "registry")
    return load_registry(tmp_path / "registry")


def ask(store: Store, query: str) -> list[tuple[Any, ...]]:
    with database.open_reader(store) as con:
        return con.execute(query).fetchall()


def published(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Everything a reader sees, but for when it was seen."""
    return {
        "article": ask(store, "SELECT article_id, version, is_latest, url, title, text FROM article ORDER BY ALL"),
        "figure": ask(store, "FROM figure ORDER BY article_id, record_id"),
        "tasks": ask(store, "FROM tasks ORDER BY article_id, record_id"),
        "documents": ask(store, "FROM documents ORDER BY document_id"),
    }


def test_a_second_run_changes_nothing_and_edits_become_versions(
    site: SampleSite, registry: dict[str, Source], store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = [registry[entry["id"]] for entry in site.sources()]
    run_all(store, registry, chosen, ["excel"])
    urls = {url for (url,) in ask(store, "SELECT url FROM article")}
    assert urls == site.addresses(1), "every article, and nothing else"
    before = published(store)
    assert len(before["figure"]) > 200 and before["tasks"] and before["documents"]

    capsys.readouterr()
    run_all(store, registry, chosen, ["excel"])
    said = capsys.readouterr().out
    assert "0 rows added, 0 changed, 0 removed" in said and "holds this state already" in said
    assert published(store) == before

    site.edition = 2
    run_all(store, registry, chosen, ["excel"])
    edited = [article for article in site.articles(2) if article.edited or article not in site.articles(1)]
    versions = dict(ask(store, "SELECT url, max(version) FROM article GROUP BY url"))
    assert set(versions) == site.addresses(2)
    old = {site.url(article) for article in site.articles(1)}
    changed = {site.url(article) for article in edited} & old
    assert {url for url, version in versions.items() if version == 2} == changed and changed
    assert ask(store, "SELECT count(*) FROM article WHERE NOT is_latest") == [(len(changed),)]


@pytest.mark.slow
def test_killed_anywhere_and_run_again_nothing_is_lost_or_twice(
    site: SampleSite, registry: dict[str, Source], store: Store, tmp_path: Path
) -> None:
    chosen = [entry["id"] for entry in site.sources()]
    run_all(store, registry, [registry[source] for source in chosen], ["excel"])

    killed = Store(tmp_path / "killed")
    command = [sys.executable, "-m", "chitieu.pipelines.cli", "run", *chosen]
    command += ["--data", str(killed.root), "--registry", str(tmp_path / "registry")]
    moments: dict[str, Callable[[], bool]] = {
        "crawl begins": lambda: any(killed.warc.rglob("*.warc.gz")),
        "crawl goes on": lambda: sum(path.stat().st_size for path in killed.warc.rglob("*.warc.gz")) > 100_000,
        "articles are there": lambda: any(killed.articles.glob("*.parquet")),
        "records are there": lambda: any(killed.records.glob("*.parquet")),
        "the database is begun": killed.work.is_file,
        "it is being published": killed.warehouse.is_file,
    }
    for moment, has_come in moments.items():
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None and not has_come():
                time.sleep(0.005)
            process.kill()
            assert process.wait() in (-signal.SIGKILL, 0, 3), moment
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, 3), done.stderr

    assert published(killed) == published(store)
    counts = ask(killed, "SELECT count(*), count(DISTINCT url), count(DISTINCT content_hash) FROM article")[0]
    assert len(set(counts)) == 1, "no article stands twice"
    assert not list(killed.root.rglob("*.tmp")), "what was half-written is swept away"


def test_the_demo_deletes_only_what_a_demo_made(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").touch()
    with pytest.raises(UserError, match="was not made by a demo"):
        run_demo(tmp_path / "precious")
    assert (tmp_path / "precious" / "file").exists()
