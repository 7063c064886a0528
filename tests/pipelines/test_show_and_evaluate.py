"""The commands `show` and `evaluate` as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chitieu.data import DATA
from chitieu.pipelines.cli import app

runner = CliRunner()
GOLD = DATA / "gold" / "gold"
TEXT = "Năm 2024, thu ngân sách của Nghệ An ước đạt 25.600 tỷ đồng.\n\nUBND tỉnh yêu cầu Sở Tài chính báo cáo trước ngày 15/1/2025.\n"


def call(*arguments: object) -> tuple[int, str]:
    """Exit code and everything printed."""
    result = runner.invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "tin.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_show_prints_the_text_and_what_each_record_says(text: Path) -> None:
    code, said = call("show", text, "--published", "2024-12-30")
    assert code == 0
    assert "Năm 2024, thu ngân sách của Nghệ An ước đạt 25.600 tỷ đồng." in said
    assert "25.600 tỷ đồng → 25600000000000 VND, ~" in said
    assert " → 25600000000000 VND, actual, 2024-01-01..2024-12-31, Nghệ An" in said
    assert "trước ngày 15/1/2025 → ..2025-01-15, deadline" in said
    assert "who: Sở Tài chính, by: ..2025-01-15" in said


def test_show_sends_no_control_characters_to_the_terminal(text: Path) -> None:
    text.write_text("Thu đạt 5 tỷ đồng\x1b[2J\x1b]0;x\x07 [bold]năm nay[/].\n", encoding="utf-8")
    code, said = call("show", text)
    assert code == 0 and "\x1b" not in said and "\x07" not in said and "[bold]năm nay[/]" in said


def test_show_writes_a_page(text: Path, tmp_path: Path) -> None:
    page = tmp_path / "out" / "tin.html"
    code, said = call("show", text, "--html", page)
    assert code == 0 and str(page) in said.replace("\n", "")
    html = page.read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>") and "≈ 25.600.000.000.000 VND" in html
    assert [file.name for file in page.parent.iterdir()] == ["tin.html"]


@pytest.mark.parametrize(("name", "code", "said"), [("nowhere.txt", 2, "there is no file"), ("many.jsonl", 2, "many documents"), ("bad.txt", 1, "not UTF-8")])
def test_show_says_what_is_wrong(tmp_path: Path, name: str, code: int, said: str) -> None:
    if name != "nowhere.txt":
        (tmp_path / name).write_bytes(b"\xff\xfe")
    ended, told = call("show", tmp_path / name)
    assert ended == code and said in " ".join(told.split())


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A gold of one document and, beside it, its text and the same records as JSON Lines."""
    gold, texts = tmp_path / "gold", tmp_path / "texts"
    gold.mkdir()
    texts.mkdir()
    name = "vb-song-lam-501.json"
    annotation = json.loads((GOLD / name).read_text(encoding="utf-8"))
    (gold / name).write_text(json.dumps(annotation), encoding="utf-8")
    source = (DATA / "gold" / "texts" / name).with_suffix(".txt")
    (texts / source.name).write_bytes(source.read_bytes())
    (tmp_path / "same.jsonl").write_text(json.dumps(annotation) + "\n", encoding="utf-8")
    return gold


def test_evaluate_scores_given_records(own: Path) -> None:
    code, said = call("evaluate", own, own.parent / "same.jsonl", "--json", "--min", "time=1", "--min", "task.who=1")
    figures = json.loads(said)
    assert code == 0 and {figure["f1"] for figure in figures.values()} == {1.0}


@pytest.mark.parametrize("option", [[], ["--without-tags"]])
def test_evaluate_extracts_from_the_texts_beside_the_gold(own: Path, option: list[str]) -> None:
    code, said = call("evaluate", own, "--errors", "2", *option)
    assert code == 0 and "1 documents" in said and "statement.linked" in said


def test_evaluate_lists_mistakes(own: Path) -> None:
    lines = own.parent / "found.jsonl"
    lines.write_text("".join(json.dumps({"id": json.loads(file.read_text(encoding="utf-8"))["id"]}) + "\n" for file in own.glob("*.json")), encoding="utf-8")
    code, said = call("evaluate", own, lines, "--errors", "2")
    assert code == 0 and "-- task" in said and "missed" in said


def test_evaluate_fails_under_the_bar(own: Path) -> None:
    lines = own.parent / "none.jsonl"
    lines.write_text('{"id": "other"}\n', encoding="utf-8")
    code, said = call("evaluate", own, lines, "--min", "time=0.5")
    assert code == 1 and "under the bar: time=0.5 (F1 0.000)" in said


def test_evaluate_says_what_is_wrong(own: Path, tmp_path: Path) -> None:
    for arguments, code, told in (
        ([own.parent / "nowhere"], 2, "there is no gold"),
        ([own, own.parent / "nowhere.jsonl"], 2, "there are no records"),
        ([own, "--texts", tmp_path / "nowhere"], 2, "there are no texts"),
        ([own, "--texts", own], 1, "has no text for 'vb-song-lam-501'"),
        ([own, own.parent / "same.jsonl", "--without-tags"], 2, "leave PRED.jsonl out"),
        ([own, own.parent / "same.jsonl", "--min", "tiem=1"], 2, "there is no figure 'tiem'"),
        ([own, own.parent / "same.jsonl", "--min", "time=viel"], 2, "not 'time=viel'"),
    ):
        ended, said = call("evaluate", *arguments)
        assert ended == code and told in " ".join(said.split()), said


def test_evaluate_refuses_another_text(own: Path) -> None:
    file = own / "vb-song-lam-501.json"
    annotation = json.loads(file.read_text(encoding="utf-8")) | {"sha256": "0" * 64}
    file.write_text(json.dumps(annotation), encoding="utf-8")
    code, said = call("evaluate", own)
    assert code == 1 and "is not the one that was annotated" in " ".join(said.split())
