"""Addresses: which form of an address is fetched, and when two addresses are the same page."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

TRACKING = re.compile(
    r"^(utm_.*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|mc_[ce]id|_gl|_ga|"
    r"zarsrc|gidzl|jsessionid|phpsessid|aspsessionid.*|p_auth)$",
    re.IGNORECASE,
)
"""Query parameters that say where a reader came from or who they are, never which page it is."""

_USER = re.compile(r"(?<=//)[^/?#\s@]*@")
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAFE = "%/:=&?~#+!$,;'@()*[]"
MAX_LENGTH = 2000
"""Longer addresses are traps or broken links: no paper has one."""


def canonical_url(url: str, base: str | None = None) -> str:
    """The form of `url` that is fetched and archived, made absolute against `base`.

    Scheme and host in lower case, default port, fragment, session ids and tracking parameters
    dropped, characters outside ASCII percent-encoded. Raises ValueError, with the reason, for
    anything but an http or https address with a host.
    """
    if base is not None:
        url = urljoin(base, url.strip())
    if len(url) > MAX_LENGTH:
        raise ValueError(f"address longer than {MAX_LENGTH} characters")
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        raise ValueError(f"not an http or https address: {without_user(url)[:200]!r}")
    host = netloc(url)
    path = _SESSION_IN_PATH.sub("", parts.path) or "/"
    query = _without_tracking(parts.query) if parts.query else ""
    return urlunsplit((scheme, host, quote(path, safe=_SAFE), quote(query, safe=_SAFE), ""))


def without_user(text: str) -> str:
    """`text` with the user and password of every address in it gone: for logs, and for what people read."""
    return _USER.sub("", text)


def netloc(url: str) -> str:
    """`host` or `host:port` of an address, lower case, without user, password and default port."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".")
    if not host:
        raise ValueError(f"address without a host: {without_user(url)[:200]!r}")
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    if port is None or port == _DEFAULT_PORTS.get(parts.scheme.lower()):
        return host
    return f"{host}:{port}"


def address_key(url: str, *, ignore_case: bool = False) -> str:
    """What two addresses of the same page have in common.

    Scheme, a leading `www.`, a trailing slash and the order of query parameters do not count, nor
    does upper and lower case where the site ignores it (`ignore_case`). The key is not an address
    to fetch. Raises ValueError as `canonical_url` does.
    """
    parts = urlsplit(canonical_url(url))
    host = parts.netloc.removeprefix("www.")
    path = parts.path.rstrip("/")
    query = parts.query
    if "&" in query:
        query = "&".join(sorted(query.split("&")))
    key = f"{host}{path}?{query}" if query else f"{host}{path}"
    return key.lower() if ignore_case else key


def _without_tracking(query: str) -> str:
    """The query with tracking parameters gone; left as it was written where there are none."""
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=100)
    kept = [(name, value) for name, value in pairs if not TRACKING.match(name)]
    return query if len(kept) == len(pairs) else urlencode(kept)
