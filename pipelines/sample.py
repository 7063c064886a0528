"""A small press of its own: five sample portals on loopback for the demo and the tests.

The portals differ as the real ones do (markup, addresses, date forms, what their servers say about
freshness). Every page of every edition is rendered when the site starts, so that serving is a
look-up and an `ETag` can be a plain hash of the page.
"""

from __future__ import annotations

import gzip
import sys
import threading
import tomllib
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from string import Template
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from chitieu.pipelines.sample_press import EDITIONS, SAMPLE, Page, Portal, Press, SampleArticle, SampleError, attachment_address, load_articles, portal_ids


@dataclass(frozen=True, slots=True)
class Hit:
    """One request that a portal answered."""

    portal: str
    path: str
    status: int


class _PortalServer(ThreadingHTTPServer):
    """The server of one portal; it holds all editions and asks the site which one is out."""

    daemon_threads = True
    portal: Portal

    def __init__(self, site: SampleSite, portal_id: str, port: int) -> None:
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except OSError as error:
            raise SampleError(f"no server on 127.0.0.1:{port} ({error.strerror}): choose another first_port, or 0") from error
        self.site = site
        self.portal_id = portal_id
        self.host = f"127.0.0.1:{self.server_port}"
        self.base = f"http://{self.host}"
        self.visits = count(184_301)
        self.editions: dict[int, dict[str, Page]] = {}

    def print_editions(self) -> None:
        """Render all pages; needs the port, because feeds and sitemaps hold whole addresses."""
        for edition in EDITIONS:
            out = [article for article in self.site.articles(edition) if article.portal == self.portal_id]
            press = Press(self.portal_id, out, self.base)
            self.portal = press.portal
            self.editions[edition] = _later(press.pages(), self.editions.get(edition - 1, {}))

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is nothing to report; anything else is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def page(self, target: str) -> Page | None:
        """The page at a request target; as on most sites a query nobody knows changes nothing."""
        pages = self.editions[self.site.portal_editions.get(self.portal_id, self.site.edition)]
        return pages.get(target) or pages.get(urlsplit(target).path)


def _later(pages: Mapping[str, Page], earlier: Mapping[str, Page]) -> dict[str, Page]:
    """The pages, with a time of change after that of the earlier edition wherever they differ from it.

    An edited teaser makes a page another one, but is not always the youngest thing on it.
    """
    dated = {}
    for path, page in pages.items():
        before = earlier.get(path)
        if before and before.body != page.body and before.changed and page.changed and page.changed <= before.changed:
            page = replace(page, changed=before.changed + timedelta(seconds=1))
        dated[path] = page
    return dated


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "SamplePortal"
    sys_version = ""
    timeout = 30
    server: _PortalServer

    def do_GET(self) -> None:
        if self.server.portal_id in self.server.site.down:
            self.close_connection = True
            return
        page = self.server.page(self.path)
        if status := self.server.site.broken.get(self.path):
            body = "<html><body><h1>Thông báo</h1><p>Hệ thống đang bảo trì.</p></body></html>".encode()
            self._answer(status, Page(body, "text/html; charset=utf-8"))
        elif page is None:
            body = "<html><body><h1>404</h1><p>Không tìm thấy trang.</p></body></html>".encode()
            self._answer(HTTPStatus.NOT_FOUND, Page(body, "text/html; charset=utf-8"))
        elif self._known(page):
            self._answer(HTTPStatus.NOT_MODIFIED, page)
        else:
            self._answer(HTTPStatus.OK, page)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Requests are kept in `SampleSite.hits`, not printed."""

    def _known(self, page: Page) -> bool:
        """Whether the client has this very page already; If-None-Match outweighs If-Modified-Since (RFC 9110)."""
        validators = self.server.portal.validators
        if (known := self.headers.get("If-None-Match")) is not None:
            tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
            return "etag" in validators and page.etag in tags
        since = self.headers.get("If-Modified-Since")
        if since is None or page.changed is None or "last-modified" not in validators:
            return False
        try:
            return page.changed.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):  # not a date, or one without a zone: answer in full
            return False

    def _answer(self, status: HTTPStatus, page: Page) -> None:
        server = self.server
        # Before the answer leaves: whoever has read it finds the hit there.
        server.site.hits.append(Hit(server.portal_id, self.path, status.value))
        body = page.body.replace(b"@visits@", str(next(server.visits)).encode()) if status is HTTPStatus.OK else page.body
        self.send_response(status)
        if status < HTTPStatus.BAD_REQUEST:
            if "etag" in server.portal.validators:
                self.send_header("ETag", page.etag)
            if page.changed and "last-modified" in server.portal.validators:
                self.send_header("Last-Modified", format_datetime(page.changed.astimezone(timezone.utc), usegmt=True))
        if status is HTTPStatus.NOT_MODIFIED:
            body = b""
        else:
            self.send_header("Content-Type", page.content_type)
            if server.portal.gzip:
                self.send_header("Vary", "Accept-Encoding")
                if "gzip" in self.headers.get("Accept-Encoding", ""):
                    body = gzip.compress(body, mtime=0)
                    self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@dataclass
class SampleSite:
    """The sample portals, each a real HTTP server on its own port of 127.0.0.1, while the context lasts.

    `edition` may be switched at any time: from the next request on the portals show that edition,
    in which some articles are edited and some are new. With `first_port` the portals take that port
    and the ones after it, so that addresses stay the same from run to run; 0 takes whatever is free.
    """

    edition: int = 1
    first_port: int = 0
    portal_editions: dict[str, int] = field(default_factory=dict)
    """The edition of a portal that is ahead of the others, or behind them."""
    down: set[str] = field(default_factory=set)
    """Portals that for now hang up on whoever asks."""
    broken: dict[str, HTTPStatus] = field(default_factory=dict)
    """Paths that for now are answered with this status and the words that the site is being mended."""
    hits: list[Hit] = field(default_factory=list)
    """Every request answered so far, in order."""
    _articles: list[SampleArticle] = field(default_factory=load_articles, repr=False)
    _servers: dict[str, _PortalServer] = field(default_factory=dict, init=False, repr=False)
    _stack: ExitStack = field(default_factory=ExitStack, init=False, repr=False)

    def __setattr__(self, name: str, value: object) -> None:
        if name == "edition" and value not in EDITIONS:
            raise ValueError(f"there is no edition {value}: choose one of {EDITIONS}")
        super().__setattr__(name, value)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.callback(self._servers.clear)
            for index, portal_id in enumerate(portal_ids()):
                server = _PortalServer(self, portal_id, self.first_port + index if self.first_port else 0)
                stack.callback(server.server_close)
                server.print_editions()
                # The default poll of half a second would be the time that every test waits at its end.
                thread = threading.Thread(target=server.serve_forever, args=(0.02,), name=f"sample {portal_id}", daemon=True)
                thread.start()
                stack.callback(thread.join)
                stack.callback(server.shutdown)
                self._servers[portal_id] = server
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def articles(self, edition: int | None = None) -> list[SampleArticle]:
        """The articles that are out in an edition (the present one if not told), as that edition prints them."""
        printed = (article.in_edition(edition or self.edition) for article in self._articles)
        return [article for article in printed if article is not None]

    def base(self, portal_id: str) -> str:
        """Root address of a portal, without a trailing slash."""
        return self._servers[portal_id].base

    def url(self, article: SampleArticle) -> str:
        """Full address of an article."""
        server = self._servers[article.portal]
        return server.base + Press(article.portal, [], server.base).address(article)

    def addresses(self, edition: int | None = None) -> set[str]:
        """Full addresses of all articles of an edition and of the files attached to them."""
        out = self.articles(edition)
        files = {self.base(article.portal) + attachment_address(name) for article in out for name in article.attachments}
        return files | {self.url(article) for article in out}

    def sources(self) -> list[dict[str, Any]]:
        """The portals' registry entries, as their TOML reads."""
        return [tomllib.loads(text) for text in self._entries().values()]

    def write_registry(self, folder: Path) -> None:
        """Write one TOML file a portal into `folder`, as `load_registry` takes them."""
        folder.mkdir(parents=True, exist_ok=True)
        for portal_id, text in self._entries().items():
            (folder / f"{portal_id}.toml").write_text(text, encoding="utf-8")

    def _entries(self) -> dict[str, str]:
        entries = {}
        for portal_id, server in self._servers.items():
            template = (SAMPLE / "templates" / portal_id / "source.toml").read_text(encoding="utf-8")
            entries[portal_id] = Template(template).substitute(host=server.host, base=server.base)
        return entries
