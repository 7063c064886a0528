"""What keeps a crawl polite and safe: where it may connect to, what robots rules say, what went wrong."""

from __future__ import annotations

import ipaddress
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, ClassVar

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.extensions.throttle import AutoThrottle
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost

from chitieu.crawlers.urls import canonical_url

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

    from chitieu.crawlers.sources import Source

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
MAX_CRAWL_DELAY = 60.0
"""Seconds: a longer Crawl-delay is cut to this."""


class Refused(IgnoreRequest):
    """A request that is not made.

    `cause` is the slug for the table of failures; `wait` says for how long, where the server does;
    `leads_to` is the address on another host that a redirect leads to.
    """

    def __init__(self, cause: str, detail: str, *, wait: timedelta | None = None, leads_to: str = "") -> None:
        super().__init__(detail)
        self.cause = cause
        self.wait = wait
        self.leads_to = leads_to


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public internet."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.is_site_local:
            return False
        ip = ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF) if _carries_ipv4(ip) else ip)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _carries_ipv4(ip: ipaddress.IPv6Address) -> bool:
    """Whether the last bits are an IPv4 address that a translator would connect to."""
    return ip in _NAT64 or int(ip) >> 32 == 0


class GuardedResolver(CachingThreadedResolver):
    """Resolves names to public addresses only, save for hosts of sources that are declared local.

    The check sits where connections are made from, so that neither a redirect nor an answer of the
    DNS that changes between two questions gets around it.
    """

    local_hosts: ClassVar[set[str]] = set()
    refused: ClassVar[dict[str, str]] = {}
    """Names that were refused, and the address that was the reason."""

    def getHostByName(self, name: str, timeout: tuple[int, ...] = ()) -> Deferred[str]:  # noqa: N802 (Twisted's name)
        return super().getHostByName(name, timeout).addCallback(self._check, name)

    def _check(self, address: str, name: str) -> str:
        if name in self.local_hosts or is_public(address):
            return address
        self.refused[name] = address
        raise Refused("address-not-public", f"{name} resolves to {address}, which is not a public address")


class SourceGuard:
    """Downloader middleware: requests leave only for the hosts of the spider's source.

    Redirects pass here too, and lose the user and password they may carry.
    """

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SourceGuard:
        return cls(crawler.spider.source)

    def process_request(self, request: Request) -> Request | None:
        try:
            url = canonical_url(request.url)
        except ValueError as error:
            raise Refused("bad-address", str(error)) from None
        if not self._source.owns(url):
            leads_to = url if "redirect_urls" in request.meta else ""
            raise Refused("off-site", f"{'leads to ' if leads_to else ''}{url}, on none of the source's hosts", leads_to=leads_to)
        host = url.split("/")[2]
        if not self._source.local and _is_private_literal(host):
            raise Refused("address-not-public", f"{host} is not a public address")
        return request.replace(url=url) if "@" in request.url.split("/")[2] else None


def _is_private_literal(host: str) -> bool:
    name = host.rpartition(":")[0] if host.count(":") == 1 else host
    try:
        return not is_public(name.strip("[]"))
    except ValueError:
        return False


class RobotsGuard(RobotsTxtMiddleware):
    """Robots rules, with what RFC 9309 says of a robots.txt that cannot be had: as long as the server
    fails nothing may be fetched, while a missing file forbids nothing. Crawl-delay lengthens the
    source's own delay.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unreachable: dict[str, Refused] = {}

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._forbid(netloc, "robots-unreachable", f"the server answered {response.status}", retry_after(response))
            return
        if response.status >= 400:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)
        self._lengthen_delay(request, self._parsers[netloc])

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        host = netloc.partition(":")[0]
        if isinstance(exc, CannotResolveHostError) and host in GuardedResolver.refused:
            self._forbid(netloc, "address-not-public", f"{host} resolves to {GuardedResolver.refused[host]}")
        elif isinstance(exc, IgnoreRequest) and not isinstance(exc, Refused):
            super()._robots_error(exc, netloc)
        elif reason := _certificate_fault(exc):
            self._forbid(netloc, "bad-certificate", reason)
        else:
            self._forbid(netloc, "robots-unreachable", f"{type(exc).__name__}: {exc}"[:300])

    def _forbid(self, netloc: str, cause: str, reason: str, wait: timedelta | None = None) -> None:
        self._unreachable[netloc] = Refused(cause, f"robots.txt of {netloc} cannot be had: {reason}", wait=wait)
        waiting = self._parsers[netloc]
        self._parsers[netloc] = None
        if isinstance(waiting, Deferred):
            waiting.callback(None)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        netloc = request.url.split("/")[2]
        refused = self._unreachable.pop(netloc, None)
        if refused is not None:
            # Asked for again with the next request.
            self._parsers.pop(netloc, None)
            raise refused
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest:
            raise Refused("robots", f"robots.txt forbids {request.url}") from None

    def _lengthen_delay(self, request: Request, parser: RobotParser | Deferred[RobotParser | None] | None) -> None:
        if parser is None or isinstance(parser, Deferred):
            return
        asked = parser.crawl_delay(self._robotstxt_useragent or "*")
        if not asked:
            return
        delay = min(float(asked), MAX_CRAWL_DELAY)
        throttle = next((e for e in self.crawler.extensions.middlewares if isinstance(e, AutoThrottle)), None)
        if throttle is not None:
            throttle.mindelay = max(throttle.mindelay, delay)
        _, slot = self.crawler.engine.downloader._get_slot(request)
        slot.delay = max(slot.delay, delay)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a request came to nothing."""

    cause: str
    detail: str
    retry: bool
    """It may go better a moment later."""
    site: bool
    """It speaks against the site as a whole and not only against this address."""
    wait: timedelta | None = None
    """How long the server asks to be left alone."""


_RETRIED_STATUS = frozenset({408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})


def trouble_of_answer(response: Response) -> Trouble:
    """What to make of an answer that is not 200."""
    status = response.status
    retry = status in _RETRIED_STATUS
    wait = retry_after(response) if status in (429, 503) else None
    return Trouble(f"http-{status}", f"the server answered {status}", retry, site=retry or status in (401, 403), wait=wait)


def retry_after(response: Response) -> timedelta | None:
    """How long the server asks to be left alone, which it says in seconds or by a date; None where it does not."""
    text = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if text.isdigit():
        return timedelta(seconds=min(int(text), 10**6))
    try:
        until = parsedate_to_datetime(text) if text else None
        return None if until is None else max(timedelta(), until - datetime.now(timezone.utc))
    except (ValueError, TypeError):
        return None


def trouble_of_exception(error: BaseException, host: str) -> Trouble:
    """What to make of an exception in place of an answer."""
    detail = f"{type(error).__name__}: {error}"[:500]
    if isinstance(error, Refused):
        unreachable = error.cause == "robots-unreachable"
        return Trouble(error.cause, str(error), retry=unreachable, site=unreachable, wait=error.wait)
    if isinstance(error, IgnoreRequest):
        return _trouble_of_ignored(str(error))
    if isinstance(error, CannotResolveHostError) and host in GuardedResolver.refused:
        address = GuardedResolver.refused[host]
        return Trouble("address-not-public", f"{host} resolves to {address}", retry=False, site=True)
    if reason := _certificate_fault(error):
        return Trouble("bad-certificate", reason, retry=False, site=True)
    for types, cause in _CAUSES:
        if isinstance(error, types):
            return Trouble(cause, detail, retry=cause not in ("too-large", "bad-encoding"), site=cause in _SITE_CAUSES)
    return Trouble("download-error", detail, retry=False, site=False)


def _certificate_fault(error: BaseException) -> str | None:
    """Why the server's certificate was not accepted; None where something else is wrong."""
    said = f"{error} {getattr(error, 'reasons', '')} {error.__cause__ or ''}"
    if "certificate verify failed" in said:
        fault = "is self-signed, expired or sent without the ones that vouch for it"
    elif "service_identity" in said or "VerificationError" in said:
        fault = "is made out for another host"
    else:
        return None
    return f"the server's TLS certificate {fault}; `skip_tls_check` in the source's entry, with the reason, lets it pass"


def _trouble_of_ignored(message: str) -> Trouble:
    if "redirections" in message:
        return Trouble("redirect-loop", "too many redirections", retry=False, site=False)
    if "MAXSIZE" in message:
        return Trouble("too-large", message[:500], retry=False, site=False)
    return Trouble("ignored", message[:500], retry=False, site=False)


_CAUSES: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (DownloadTimeoutError, "timeout"),
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "connection-refused"),
    (ResponseDataLossError, "truncated"),
    (DownloadCancelledError, "too-large"),
    ((DownloadFailedError, ConnectError, ConnectionLost, ConnectionDone), "connection-cut"),
    ((zlib.error, EOFError, OSError), "bad-encoding"),
)
_SITE_CAUSES = frozenset({"timeout", "dns", "connection-refused", "connection-cut"})
