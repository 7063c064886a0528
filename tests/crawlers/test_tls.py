"""Certificates: trusted ones pass, others are told, and an opt-out must say why."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme

from chitieu.crawlers.crawl import CrawlOptions, crawl
from chitieu.crawlers.sources import Source
from chitieu.crawlers.state import State


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def secured(site: Any, web: Any, authority: trustme.CA, name: str, **keys: Any) -> Source:
    """The site with a certificate for `name`, and a source on it as localhost."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    site._server.socket = context.wrap_socket(site._server.socket, server_side=True)
    web.paper(site, listings=1, per_page=2)
    port = site.host.rpartition(":")[2]
    plain = site.source(**keys).model_dump(exclude={"file"})
    return Source.model_validate(plain | {"hosts": f"localhost:{port}", "start": f"https://localhost:{port}/tin"})


def fetched(source: Source, data_dir: Path) -> tuple[int, list[str]]:
    report = crawl([source], data_dir, options=CrawlOptions(retries=0))
    with State(data_dir) as state:
        return report.sources[0].articles, [failure.cause for failure in state.failures()]


def test_an_unknown_authority_is_refused(site: Any, web: Any, tmp_path: Path, authority: trustme.CA) -> None:
    assert fetched(secured(site, web, authority, "localhost"), tmp_path) == (0, ["bad-certificate"])
    assert site.asked == []


def test_a_trusted_certificate_passes(
    site: Any, web: Any, tmp_path: Path, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    assert fetched(secured(site, web, authority, "localhost"), tmp_path) == (2, [])


@pytest.mark.slow
def test_one_for_another_host_is_refused_even_if_trusted(
    site: Any, web: Any, tmp_path: Path, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    assert fetched(secured(site, web, authority, "khac.example"), tmp_path) == (0, ["bad-certificate"])


@pytest.mark.slow
def test_an_opt_out_with_its_reason_passes(site: Any, web: Any, tmp_path: Path, authority: trustme.CA) -> None:
    source = secured(site, web, authority, "localhost", skip_tls_check="the chain is not sent; seen by hand")
    assert fetched(source, tmp_path) == (2, [])


def test_an_opt_out_without_a_reason_is_no_entry(site: Any) -> None:
    with pytest.raises(ValueError, match="say in a sentence why"):
        site.source(skip_tls_check="yes")
