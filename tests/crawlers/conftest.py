"""Real HTTP servers on loopback for the crawl to meet, well-behaved ones and hostile ones."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from chitieu.crawlers.sources import Source


@dataclass
class Answer:
    """What a server answers; `behave` may take over the connection instead."""

    body: bytes | str = b""
    status: int = 200
    type: str | None = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    behave: Callable[[BaseHTTPRequestHandler], None] | None = None

    @property
    def payload(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass
class Asked:
    """One request a server got."""

    path: str
    headers: dict[str, str]
    status: int = 0
    form: str = ""
    """What was sent with it."""


class Site:
    """A server whose pages are a dictionary of path and query → `Answer` or function of `Asked`."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer | Callable[[Asked], Answer]] = {"/robots.txt": Answer("", type="text/plain")}
        self.rules: list[Callable[[Asked], Answer | None]] = []
        self.asked: list[Asked] = []
        self.etags = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def source(self, id: str = "bao-thu", **keys: Any) -> Source:
        """A source on this server, as a registry file would give it."""
        keys = {"start": self.url("/tin"), "article": "/bai/{slug}-{id}.html", "delay": 0, **keys}
        return Source(
            id=id, name="Báo thử", place="Nghệ An", kind=keys.pop("kind", "newspaper"), hosts=self.host,
            evidence="written for the tests", local=keys.pop("local", True), **keys,
        )  # fmt: skip

    def counts(self) -> Counter[str]:
        """How often each path was asked for."""
        return Counter(asked.path for asked in self.asked)

    def paths(self, status: int | None = None) -> list[str]:
        return [a.path for a in self.asked if a.path != "/robots.txt" and status in (None, a.status)]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, asked: Asked) -> Answer:
        found = self.pages.get(asked.path)
        if found is None:
            found = next((a for rule in self.rules if (a := rule(asked)) is not None), Answer("", status=404))
        answer = found(asked) if callable(found) else found
        if self.etags and answer.status == 200 and answer.behave is None:
            etag = f'"{hashlib.md5(answer.payload).hexdigest()}"'
            if asked.headers.get("if-none-match") == etag:
                return Answer(status=304, type=None)
            return Answer(answer.body, 200, answer.type, {**answer.headers, "ETag": etag})
        return answer

    def _handler(site) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                asked = Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, form=form)
                site.asked.append(asked)
                answer = site.answer(asked)
                asked.status = answer.status
                try:
                    if answer.behave is not None:
                        answer.behave(self)
                        return
                    self.send_response(answer.status)
                    if answer.type is not None:
                        self.send_header("Content-Type", answer.type)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    if answer.status != 304:
                        self.send_header("Content-Length", str(len(answer.payload)))
                    self.end_headers()
                    if answer.status != 304:
                        self.wfile.write(answer.payload)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            do_POST = do_GET

        return Handler


def page(*parts: str, title: str = "Trang thử") -> str:
    """An HTML page with these parts as its body."""
    return f"<!doctype html><html lang=vi><meta charset=utf-8><title>{title}</title><body>{''.join(parts)}</body></html>"


def links(*paths: str) -> str:
    return "".join(f'<h3><a href="{path}">Bài ở {path}</a></h3>' for path in paths)


def article_path(number: int) -> str:
    return f"/bai/tinh-giao-chi-tieu-so-{number}.html"


def paper(site: Site, listings: int, per_page: int, *, articles: dict[int, str] | None = None) -> dict[int, str]:
    """Make `site` a paper with one listing of so many pages; gives the texts of its articles, to be changed."""
    texts = articles if articles is not None else {n: f"Nội dung bài {n}." for n in range(listings * per_page)}

    def listing(asked: Asked) -> Answer | None:
        parts = urlsplit(asked.path)
        if parts.path != "/tin":
            return None
        number = int(parts.query.removeprefix("trang=") or 1)
        newest_first = sorted(texts, reverse=True)
        numbers = newest_first[(number - 1) * per_page : number * per_page]
        more = number * per_page < len(newest_first)
        following = f'<a href="/tin?trang={number + 1}">Trang sau</a>' if more else ""
        return Answer(page(links("/lien-he", *map(article_path, numbers)), following))

    def article(asked: Asked) -> Answer | None:
        number = asked.path.removeprefix("/bai/tinh-giao-chi-tieu-so-").removesuffix(".html")
        if not number.isdigit() or int(number) not in texts:
            return None
        return Answer(page(f"<h1>Bài {number}</h1><p>{texts[int(number)]}</p>"))

    site.rules += [listing, article]
    return texts


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    yield server
    server.close()


@pytest.fixture
def make_site() -> Iterator[Callable[[], Site]]:
    servers: list[Site] = []

    def make() -> Site:
        servers.append(Site())
        return servers[-1]

    yield make
    for server in servers:
        server.close()


@pytest.fixture(scope="module")
def hostile() -> Iterator[Site]:
    server = Site()
    yield server
    server.close()


@pytest.fixture(scope="module")
def module_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("crawl")


@pytest.fixture(scope="session")
def web() -> Any:
    """The helpers of this file that build pages (test files cannot import a conftest)."""

    class Web:
        Answer, Asked, Site = Answer, Asked, Site
        page, links, article_path, paper = map(staticmethod, (page, links, article_path, paper))

    return Web
