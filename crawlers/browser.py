"""Pages drawn by script, fetched with a browser: Chromium by `scrapy-playwright`, the optional extra `browser`.

A browser resolves names and follows addresses by itself, past the guards of the crawl. So it is told
which addresses the source's hosts have, after these were checked, and that no other host exists.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import shutil
import socket
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from chitieu.crawlers.guard import is_public
from chitieu.crawlers.sources import Source

TOO_LARGE = "chitieu_too_large"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_NOT_LOADED = frozenset({"image", "media", "font", "texttrack", "websocket", "manifest"})


class NoBrowser(Exception):
    """The pages cannot be fetched with a browser; the message says what is missing."""


def browser_settings(source: Source, user_agent: str, timeout: float) -> dict[str, Any]:
    """Scrapy's settings for fetching the pages of `source` with a browser. Raises NoBrowser."""
    if find_spec("scrapy_playwright") is None:
        raise NoBrowser("the extra is not installed: pip install 'chitieu[browser]'")
    handler = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
    launch: dict[str, Any] = {
        "args": [f"--host-resolver-rules={_resolver_rules(source)}", "--disable-background-networking"],
        # Chromium's sandbox does not start as root, as in containers.
        "chromium_sandbox": os.geteuid() != 0 if hasattr(os, "geteuid") else True,
    }
    if executable := next(filter(None, map(shutil.which, _BROWSERS)), None):
        launch["executable_path"] = executable
    return {
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_LAUNCH_OPTIONS": launch,
        "PLAYWRIGHT_CONTEXTS": {"default": {"user_agent": user_agent, "locale": "vi-VN", "service_workers": "block"}},
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": 1000 * timeout,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 4,
        "PLAYWRIGHT_ABORT_REQUEST": _aborts(source),
    }


def browser_meta(max_bytes: int) -> dict[str, Any]:
    """What marks a request as one for the browser: the page counts once its scripts have come to rest.

    A page that with all its scripts loads more than `max_bytes`, unpacked, is left for an empty one;
    `TOO_LARGE` in the request's meta then says so. No cookie outlives a page.
    """

    async def prepare(page: Any, request: Any) -> None:
        await page.context.clear_cookies()
        loaded = 0

        def count(event: dict[str, Any]) -> None:
            nonlocal loaded
            loaded += event["dataLength"]
            if loaded > max_bytes and TOO_LARGE not in request.meta:
                request.meta[TOO_LARGE] = f"the page loads more than {max_bytes:,} bytes"
                asyncio.ensure_future(session.send("Page.navigate", {"url": "about:blank"}))

        session = await page.context.new_cdp_session(page)
        session.on("Network.dataReceived", count)
        await session.send("Network.enable")

    return {
        "playwright": True,
        "playwright_page_goto_kwargs": {"wait_until": "networkidle"},
        "playwright_page_init_callback": prepare,
    }


def _aborts(source: Source) -> Callable[[Any], bool]:
    """Whether a request of a page is not made: pictures and the like, and whatever is on other hosts."""

    def aborts(request: Any) -> bool:
        return request.resource_type in _NOT_LOADED or not source.owns(request.url)

    return aborts


def _resolver_rules(source: Source) -> str:
    """Chromium's rules for names: the source's hosts are where they were found to be, all others nowhere."""
    rules = []
    for host in source.hosts:
        name = host.rpartition(":")[0] or host
        for form in (name, f"www.{name}"):
            address = _address(form, source)
            if address is not None:
                rules.append(f"MAP {form} {address}")
    if not rules:
        raise NoBrowser(f"none of the hosts {', '.join(source.hosts)} can be found")
    return ", ".join([*rules, "MAP * ~NOTFOUND"])


def _address(name: str, source: Source) -> str | None:
    """The checked address of a host, as Chromium's rules want it; None where it has none that is allowed."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except OSError:
        return None
    for *_, (address, *_rest) in found:
        if source.local or is_public(str(address)):
            return f"[{address}]" if ipaddress.ip_address(str(address).partition("%")[0]).version == 6 else str(address)
    return None
