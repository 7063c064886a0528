"""The registry: what it accepts, what it refuses and how it says so, and which addresses are articles."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from chitieu.crawlers.shapes import looks_like_article
from chitieu.crawlers.sources import RegistryError, Source, SourcesByHost, load_file, load_registry
from chitieu.data import DATA

ENTRY = """
id = "bao-thu"
name = "Báo thử"
place = "Nghệ An"
kind = "newspaper"
hosts = ["baothu.vn"]
evidence = "written for the tests"
"""


def registry(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_bundled_registry_loads_and_admits_what_it_does_not_know() -> None:
    sources = load_registry()
    assert len([s for s in sources.values() if s.kind == "newspaper"]) >= 18
    for source in sources.values():
        assert source.evidence and not source.local
        assert source.verified is None, "nothing bundled was checked live yet"
        assert source.start_addresses
    assert sources["bao-lao-cai"].matches_article("https://baolaocai.vn/giai-ngan-von-dau-tu-cong-post401234.html")
    assert not sources["bao-lao-cai"].matches_article("https://baolaocai.vn/kinh-te")


def test_every_province_has_its_newspaper_and_its_portal() -> None:
    with open(DATA / "places.csv", encoding="utf-8") as file:
        places = [row for row in csv.DictReader(file) if row["kind"] in ("province", "municipality")]
    today = {row["name"] for row in places if not row["valid_to"]}
    assert len(today) == 34
    sources = load_registry().values()
    for kind in ("newspaper", "portal"):
        assert {s.place for s in sources if s.kind == kind and s.valid_to is None} == today
    assert {s.place for s in sources} <= {row["name"] for row in places}
    for source in sources:
        assert (source.valid_to is None) == (source.successor is None)


def test_archives_of_the_years_before_the_mergers_are_known_by_their_hosts() -> None:
    registry = load_registry()
    with open(DATA / "places.csv", encoding="utf-8") as file:
        old = {row["name"] for row in csv.DictReader(file) if row["kind"] in ("province", "municipality") and row["valid_to"] == "2025-06-30"}
    papers = [source for source in registry.values() if source.kind == "newspaper"]
    assert {source.place for source in papers} >= old and len(old) >= 62
    hosts = [host for source in registry.values() if source.kind != "documents" for host in (*source.hosts, *source.former_hosts)]
    assert len(hosts) == len(set(hosts))
    by_host = SourcesByHost(registry)
    for url, source in (
        ("http://www.baoyenbai.com.vn/12/1/x.htm", "bao-yen-bai"),
        ("http://www.baoquangninh.com.vn/kinh-te/x-1/", "bao-quang-ninh"),
        ("http://hanoimoi.com.vn/tin-tuc/x", "bao-ha-noi-moi"),
    ):
        assert by_host.of(url, date(2018, 1, 1)).id == source


def test_what_merged_provinces_had_is_carried_on_by_what_the_new_ones_have() -> None:
    with open(DATA / "places.csv", encoding="utf-8") as file:
        places = [row for row in csv.DictReader(file) if row["kind"] in ("province", "municipality")]
    today = {row["id"]: row["name"] for row in places if not row["valid_to"]}
    merged = [row for row in places if row["valid_to"] == "2025-06-30" and row["name"] not in today.values()]
    assert len(merged) == 29
    sources = load_registry()
    for row in merged:
        for kind in ("newspaper", "portal"):
            (former,) = (s for s in sources.values() if s.place == row["name"] and s.kind == kind)
            assert former.valid_to is not None and former.valid_to.isoformat() == row["valid_to"], former.id
            assert former.successor is not None
            heir = sources[former.successor]
            assert (heir.place, heir.kind) == (today[row["successor"]], kind), former.id


def test_a_further_folder_adds_and_overrides(tmp_path: Path) -> None:
    override = ENTRY.replace('"bao-thu"', '"bao-lao-cai"').replace("baothu.vn", "localhost:8000")
    sources = load_registry(registry(tmp_path, a=ENTRY, b=override))
    assert sources["bao-thu"].hosts == ("baothu.vn",)
    assert sources["bao-lao-cai"].hosts == ("localhost:8000",)
    assert sources["bao-thu"].start_addresses == ("https://baothu.vn/",)


def test_several_sources_may_stand_in_one_file(tmp_path: Path) -> None:
    text = "[[source]]" + ENTRY + "[source.selectors]\ntitle = 'h1.tit'\n[[source]]" + ENTRY.replace("thu", "hai")
    first, second = load_file(registry(tmp_path, both=text) / "both.toml")
    assert first.selectors.title == ("h1.tit",) and second.id == "bao-hai"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ENTRY + 'artcle = "x"', "key artcle: no such key; did you mean 'article'?"),
        (ENTRY + "[selectors]\nsapoo = 'p'", "key selectors.sapoo: no such key; did you mean 'sapo'?"),
        (ENTRY + "[selectors]\nsapo = 'p['", "key selectors.sapo: .* is not a CSS selector"),
        (ENTRY.replace('kind = "newspaper"', 'kind = "blog"'), "key kind: Input should be 'newspaper', 'portal' or"),
        (ENTRY.replace('evidence = "written for the tests"', ""), "key evidence: is missing"),
        (ENTRY.replace('"bao-thu"', '"Báo Thử"'), "key id: "),
        (ENTRY.replace('"baothu.vn"', '"https://baothu.vn/"'), "key hosts: .* is not a host"),
        (ENTRY + 'start = "https://khac.vn/tin"', "start: https://khac.vn/tin is on none of the source's hosts"),
        (ENTRY + 'start = "ftp://baothu.vn/"', "key start: not an http or https address"),
        (ENTRY + 'article = "(-"', "key article: .* is not a pattern"),
        (ENTRY + "delay = 0", "delay: at least 0.2 seconds"),
        (ENTRY + 'encoding = "tcvn9"', "key encoding: 'tcvn9' is not an encoding"),
        (ENTRY + 'successor = "bao-nao"', "key successor: there is no source 'bao-nao'"),
        (ENTRY + "verified = yesterday", "not valid TOML"),
        ("[source]" + ENTRY, r"write \[\[source\]\] with double brackets"),
    ],
)
def test_mistakes_name_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    folder = registry(tmp_path, sai=text)
    with pytest.raises(RegistryError, match=message) as caught:
        load_registry(folder)
    assert str(folder / "sai.toml") in str(caught.value)


def test_files_that_are_no_registry(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="no such folder"):
        load_registry(tmp_path / "nowhere")
    (tmp_path / "latin.toml").write_bytes('name = "Báo"'.encode("cp1258"))
    with pytest.raises(RegistryError, match="latin.toml: not UTF-8"):
        load_registry(tmp_path)


def test_the_same_id_twice_names_both_files(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="b.toml: key id: source 'bao-thu' stands in .*a.toml too"):
        load_registry(registry(tmp_path, a=ENTRY, b=ENTRY))


def source(**keys: object) -> Source:
    return Source(
        id="bao-thu", name="Báo", place="Nghệ An", kind="newspaper", hosts=("baothu.vn",), evidence="tests", **keys
    )


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/{slug}-post{id}.html", "/giao-chi-tieu-post12.html", True),
        ("/{slug}-post{id}.html", "/kinh-te/giao-chi-tieu-post12.html", False),
        ("/{category}/{yyyymm}/{slug}-{hex}/", "/a/b/202407/giao-chi-tieu-a1b2c3d/", True),
        ("/{category}/{yyyymm}/{slug}-{hex}/", "/a/202407/giao-chi-tieu-a1b2c3d?in=1", True),
        ("/{category}/{yyyymm}/{slug}-{hex}/", "/a/2024/giao-chi-tieu-a1b2c3d/", False),
        (r"-a\d+\.html$", "/kinh-te/giao-chi-tieu-a123.html", True),
        (r"-a\d+\.html$", "/kinh-te/giao-chi-tieu-a123.html?page=2", False),
        (r"[?&]ItemID=\d+", "/Pages/tin.aspx?ItemID=5", True),
    ],
)
def test_patterns_are_templates_or_expressions(pattern: str, path: str, matches: bool) -> None:
    assert source(article=(pattern,)).matches_article(f"https://www.baothu.vn{path}") is matches


def test_only_its_own_hosts_belong_to_a_source() -> None:
    thu = source()
    assert thu.owns("http://www.baothu.vn/x") and thu.owns("HTTPS://BaoThu.VN:443/")
    for url in (
        "https://baothu.vn.evil.com/", "https://evil.com/baothu.vn", "https://baothu.vn@evil.com/",
        "https://baothu.vn:8080/", "https://m.baothu.vn/", "mailto:x@baothu.vn",
    ):  # fmt: skip
        assert not thu.owns(url), url


@pytest.mark.parametrize(
    ("path", "is_article"),
    [
        ("/lao-cai-giai-ngan-von-post401234.html", True),
        ("/thoi-su/202407/giao-ke-hoach-4d123ab/", True),
        ("/202407/giao-ke-hoach-4d123ab/", True),
        ("/kinh-te/xuat-khau-che-tang-manh-1234567.html", True),
        ("/xuat-khau-che-tang-98765.htm", True),
        ("/tin-uu-dai-a192837.html", True),
        ("/chinh-tri/giao-chi-tieu-postid401.bbg", True),
        ("/tin-bai/kinh-te/xuat-khau-che", True),
        ("/web/guest/tin/-/asset_publisher/Ab1/content/giao-chi-tieu-nam-2025", True),
        ("/giao-chi-tieu-phat-trien-kinh-te-xa-hoi-nam-2025", True),
        ("/kinh-te", False),
        ("/thoi-su-chinh-tri/tin-tuc/", False),
        ("/tag/dau-tu-cong-nam-2024-12345.html", False),
        ("/images/giao-chi-tieu-12345.jpg", False),
        ("/", False),
    ],
)
def test_article_addresses_are_told_by_their_shape(path: str, is_article: bool) -> None:
    assert looks_like_article(path) is is_article


def test_a_copy_forgets_what_was_worked_out() -> None:
    first = source(article=("-a{id}.html",))
    assert first.matches_article("https://baothu.vn/-a1.html") and first.start_addresses
    second = first.model_copy(update={"article": ("/b/{id}",), "start": ("https://baothu.vn/tin",)})
    assert second.matches_article("https://baothu.vn/b/1") and not second.matches_article("https://baothu.vn/-a1.html")
    assert second.start_addresses == ("https://baothu.vn/tin",)


def test_a_page_belongs_to_the_source_that_had_its_host_then(tmp_path: Path) -> None:
    old = ENTRY.replace('"bao-thu"', '"bao-cu"') + 'valid_to = 2025-06-30\nsuccessor = "bao-thu"\nformer_hosts = "baocu.com.vn"\n'
    new = ENTRY + 'valid_from = 2025-07-01\n'
    sources = SourcesByHost(load_registry(registry(tmp_path, a=old, b=new)))
    for url, day, source in (
        ("http://www.baothu.vn/x", date(2020, 1, 1), "bao-cu"),
        ("https://baothu.vn:443/x", date(2025, 7, 1), "bao-thu"),
        ("https://BaoCu.com.vn/x", date(2026, 1, 1), "bao-cu"),
    ):
        assert sources.of(url, day).id == source
    assert sources.of("https://other.vn/") is None and sources.of("https://[x/") is None
    assert not load_file(tmp_path / "a.toml")[0].owns("https://baocu.com.vn/x"), "a former host is not fetched from"
