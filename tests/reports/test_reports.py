"""The report: one file, nothing loaded, nothing of a page's text read as markup."""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chitieu.pipelines import database, dimensions, quality
from chitieu.pipelines.errors import UserError
from chitieu.pipelines.reports import json_for_script, page, report, web_address
from chitieu.pipelines.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
HOSTILE = '</script><script>document.title="pwned"</script><img src=x onerror="document.title=\'pwned\'">'

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium")


@pytest.fixture(scope="module")
def made(sample_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report(sample_store, tmp_path_factory.mktemp("report") / "report.html").path


@pytest.fixture(scope="module")
def hostile(filled: Callable[..., Store]) -> Path:
    """A page whose every text tries to become markup."""
    text = f"Kế hoạch {HOSTILE}\n\nNăm 2024, tỉnh phấn đấu giải ngân vốn đầu tư công đạt trên 95% {HOSTILE}.\n\nUBND tỉnh giao Sở Tài chính báo cáo {HOSTILE} trước ngày 15/12/2024.\n"
    store = filled({"id": HOSTILE, "text": text, "title": HOSTILE, "published": "2024-01-20", "place": "Nghệ An", "url": "javascript:document.title='pwned'"})
    return report(store).path


def embedded(path: Path) -> dict[str, Any]:
    (found,) = re.findall(r'<script id="data" type="application/json">(.*?)</script>', path.read_text(encoding="utf-8"), re.DOTALL)
    return json.loads(found)


def test_the_report_holds_every_target_with_its_sentence(made: Path, sample_store: Store) -> None:
    data = embedded(made)
    with database.open_reader(sample_store) as con:
        states = con.execute("SELECT state, count(*) FROM scoreboard GROUP BY state").fetchall()
        targets = con.execute("SELECT target_sentence FROM scoreboard").fetchall()
    assert {(state, count) for state, count in states} == {
        (state, sum(row["state"] == state for row in data["scoreboard"])) for state, _ in states
    }
    told = [data["passages"][row["target_passage"]]["sentence"] for row in data["scoreboard"]]
    assert sorted(told) == sorted(sentence for (sentence,) in targets)
    with database.open_reader(sample_store) as con:
        texts = [text for (text,) in con.execute("SELECT text FROM article WHERE is_latest").fetchall()]
    for passage in data["passages"]:
        around = passage["before"].removeprefix("…") + passage["sentence"] + passage["after"].removesuffix("…")
        assert any(around in text for text in texts), "what stands around a sentence is the article, word for word"
    assert data["quality"] and data["series"] and data["deadlines"] and all(chart["figures"] for chart in data["series"])


def test_a_report_can_be_of_one_province_and_one_day(sample_store: Store, tmp_path: Path) -> None:
    data = embedded(report(sample_store, tmp_path / "one.html", place="lao cai", as_of=date(2024, 7, 1)).path)
    assert {row["place"] for row in data["scoreboard"]} == {"Lào Cai"} and data["meta"]["as_of"] == "2024-07-01"
    assert {row["place"] for row in data["deadlines"]} == {"Lào Cai"}


def test_nothing_in_the_data_can_end_its_element() -> None:
    text = json_for_script({"a": HOSTILE + "<!--]]>&\u2028\u2029"})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == {"a": HOSTILE + "<!--]]>&\u2028\u2029"}


def test_hostile_texts_leave_the_markup_as_it_is(hostile: Path, made: Path) -> None:
    def bare(path: Path) -> str:
        return re.sub(r'(<script id="data"[^>]*>).*?(</script>)', r"\1\2", path.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert bare(hostile) == bare(made) and HOSTILE in json.dumps(embedded(hostile), ensure_ascii=False).replace('\\"', '"')


def test_the_page_names_no_address_of_its_own(made: Path) -> None:
    bare = page({"meta": {}, "articles": []})
    assert set(re.findall(r"https?://[^\s\"'`)]+", bare)) == {"http://www.w3.org/2000/svg"}, "the name of SVG, which nobody fetches"
    assert "default-src 'none'" in bare and not re.search(r"\bsrc=|@import|url\(", bare)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//x.example/a", "ftp://x.example", "http://", "https://[bad", "", None, " "])
def test_only_addresses_of_the_web_become_links(address: str | None) -> None:
    assert web_address(address) is None


def test_both_languages_say_everything() -> None:
    words = embedded_words()
    assert set(words["vi"]) == set(words["en"])
    markup = page({})
    assert set(re.findall(r'data-word="(\w+)"', markup)) <= set(words["vi"])
    assert set(re.findall(r'word\("([\w .-]+)"\)', markup)) <= set(words["vi"])
    doubts = {name for name in dimensions.settings()["name"].to_pylist() if name.startswith("doubt.")} | {"doubt.perhaps-answered"}
    assert {name for name in words["vi"] if name.startswith("doubt.")} == doubts
    assert {f"table.{check.table}" for check in quality.CHECKS.values()} == {name for name in words["vi"] if name.startswith("table.")}


def test_charts_are_in_the_units_of_their_texts(made: Path) -> None:
    units = {chart["unit"] for chart in embedded(made)["series"]}
    assert {"%", "VND", "lượt khách"} <= units and not {"kg", "m2", "count"} & units


def embedded_words() -> dict[str, dict[str, str]]:
    (found,) = re.findall(r'<script id="data" type="application/json">(.*?)</script>', page({}), re.DOTALL)
    return json.loads(found)["words"]


def test_the_command_writes_the_page_beside_the_exports(store: Store, chitieu: Callable[..., Any]) -> None:
    done = chitieu("report", "--html", "--data", store.root)
    (written,) = store.exports.glob("*/report.html")
    assert done.returncode == 0 and str(written) in done.stdout.replace("\n", "")
    assert chitieu("report", "--html", "--year", "2024", "--data", store.root).returncode == 2


def test_a_place_that_cannot_be_written_is_told(sample_store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot write"):
        report(sample_store, tmp_path / "file" / "report.html")


# ---- in a real browser, from disk, without a network


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield running
        running.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a report; fails the test where the page asks for anything, or logs or throws an error."""
    wrong: list[str] = []
    contexts = []

    def open_page(path: Path, **options: Any) -> Page:
        context = browser.new_context(locale="vi-VN", **options)
        context.set_default_timeout(5000)
        contexts.append(context)
        shown = context.new_page()
        shown.on("request", lambda request: wrong.append(request.url) if request.url != path.as_uri() else None)
        shown.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
        shown.on("pageerror", lambda error: wrong.append(str(error)))
        shown.goto(path.as_uri())
        return shown

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong


def words_of(data: dict[str, Any], row: dict[str, Any]) -> set[str]:
    """The words of a row and its sentences, folded here by other means than the page's."""
    sentences = [data["passages"][row[key]]["sentence"] for key in ("target_passage", "latest_passage") if row[key] is not None]
    text = " ".join([row["indicator"], *sentences]).lower().replace("đ", "d")
    return set(re.findall(r"\w+", "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))))


@needs_chromium
@pytest.mark.slow
def test_filters_sorting_and_languages_work(made: Path, opened: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    shown, data = opened(made), embedded(made)
    rows = shown.locator("#scoreboard tbody tr")
    sure = [row for row in data["scoreboard"] if row["state"] != "candidate"]
    assert rows.count() == min(len(sure), 60)
    shown.locator('#states button[data-state="candidate"]').click()
    shown.locator("#scoreboard .more").click()
    assert rows.count() == min(len(data["scoreboard"]), 120)
    shown.locator("#place").select_option("Lào Cai")
    assert set(rows.locator("td:nth-child(2)").all_inner_texts()) == {"Lào Cai"}
    shown.locator("#search").fill("giai ngan")
    wanted = sum(row["place"] == "Lào Cai" and {"giai", "ngan"} <= words_of(data, row) for row in data["scoreboard"])
    expect(rows).to_have_count(wanted)
    assert 0 < wanted < len(data["scoreboard"]) / 2
    shown.locator("#clear").click()
    shown.locator("#scoreboard thead button").nth(3).click()
    days = ["".join(reversed(text.split("/"))) for text in rows.locator("td:nth-child(4)").all_inner_texts() if text]
    assert days == sorted(days, key=lambda day: day)
    shown.locator("#language").click()
    assert shown.title() == "Targets and results of the provinces" and shown.locator("html").get_attribute("lang") == "en"
    assert "Missed" in shown.locator("#states").inner_text()


@needs_chromium
@pytest.mark.slow
def test_charts_and_deadlines_lead_to_the_highlighted_sentence(made: Path, opened: Callable[..., Page]) -> None:
    shown, data = opened(made), embedded(made)
    assert shown.locator("#charts figure").count() == min(12, len(data["series"]))
    first = data["series"][0]
    chart = shown.locator("#charts figure").first
    assert chart.locator("circle.dot").count() == len(first["figures"]) and chart.locator("path.goal").count() == len(first["targets"])
    chart.locator("circle.dot").first.press("Enter")
    sentence = shown.locator("#passage mark").inner_text()
    assert sentence in [data["passages"][point["passage"]]["sentence"] for point in first["figures"]]
    link = shown.locator("#passage a").get_attribute("href")
    assert link and link.startswith("https://") and "#:~:text=" in link
    shown.locator("#passage button").click()
    assert not shown.locator("#passage").is_visible()
    ahead = sum(row["state"] == "due" for row in data["deadlines"])
    assert shown.locator("#quality li").count() == sum(check["failed"] > 0 for check in data["quality"])
    assert f"({ahead})" in shown.locator("#ahead h3").inner_text()
    shown.locator("#overdue li button").first.click()
    assert shown.locator("#passage mark").inner_text()
    shown.locator("#passage button").click()
    assert shown.locator("#contradictions li").count() == len(data["contradictions"]) > 0
    shown.locator("#contradictions li button").first.click()
    figure = data["contradictions"][0]["figures"][0]
    assert shown.locator("#passage mark").inner_text() == data["passages"][figure["passage"]]["sentence"]


@needs_chromium
@pytest.mark.slow
def test_a_phone_shows_it_without_scrolling_sideways(made: Path, opened: Callable[..., Page]) -> None:
    shown = opened(made, viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360
    assert not shown.locator("#scoreboard thead").is_visible()
    shown.locator("td.sources button").first.tap()
    box = shown.locator("#passage").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360


@needs_chromium
@pytest.mark.slow
def test_hostile_texts_stay_texts(hostile: Path, opened: Callable[..., Page]) -> None:
    shown, data = opened(hostile), embedded(hostile)
    if any(row["state"] != "candidate" for row in data["scoreboard"]):
        shown.locator('#states button[data-state="candidate"]').click()
    shown.locator("td.sources button").first.click()
    assert shown.title() == "Chỉ tiêu và kết quả của các tỉnh" and shown.locator("img").count() == 0
    assert HOSTILE in shown.locator("#passage mark").inner_text()
    assert not shown.locator("#passage a").is_visible(), "javascript: is no link"
