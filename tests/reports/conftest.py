"""A warehouse of the sample portals' articles, and a small one of hostile texts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from chitieu.pipelines.cli import app
from chitieu.pipelines.extract import extract
from chitieu.pipelines.ingest import ingest
from chitieu.pipelines.load import load
from chitieu.pipelines.sample_press import load_articles
from chitieu.pipelines.store import Store


PLACES = {
    "bao-song-lam": "Nghệ An",
    "bao-dat-to": "Phú Thọ",
    "cong-lao-cai": "Lào Cai",
    "cong-thai-nguyen": "Thái Nguyên",
    "vb-song-lam": "Nghệ An",
}


def _sample_documents() -> list[dict[str, Any]]:
    """The sample portals' articles as documents: the same texts without the crawl."""
    return [
        {
            "id": f"{article.portal}-{article.id}",
            "text": "\n\n".join([article.title, article.sapo, *article.body, *article.captions]),
            "title": article.title,
            "published": article.published.date().isoformat(),
            "source": article.portal,
            "place": PLACES[article.portal],
            "url": f"https://{article.portal}.example/{article.category}/{article.slug}-{article.id}.html",
        }
        for article in load_articles()
    ]


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Loaded once for all; tests that write to a store take `store`."""
    return fill(Store(tmp_path_factory.mktemp("sample") / "store"), _sample_documents())


@pytest.fixture
def store(sample_store: Store, tmp_path: Path) -> Store:
    """A copy of the loaded sample of a test's own."""
    shutil.copytree(sample_store.root, tmp_path / "store")
    return Store(tmp_path / "store")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Store]:
    """Loads documents into a new store."""

    def make(*documents: Mapping[str, Any]) -> Store:
        return fill(Store(tmp_path_factory.mktemp("filled") / "store"), documents)

    return make


def fill(store: Store, documents: list[Mapping[str, Any]] | tuple[Mapping[str, Any], ...]) -> Store:
    store.prepare()
    given = store.root.with_name("given.jsonl")
    given.write_text("".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents), encoding="utf-8")
    ingest(store, {}, [given])
    extract(store)
    load(store, {})
    return store


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def chitieu() -> Callable[..., Ended]:
    """The command line, with what is typed as its input."""

    def call(*arguments: object, typed: str | None = None) -> Ended:
        result = CliRunner().invoke(app, list(map(str, arguments)), input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    return call
