"""Extraction as a stage of the store, and from files to a file."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import chitieu.nlp as nlp
from chitieu.nlp.records import Document, Extraction
from chitieu.pipelines.batches import read_batches
from chitieu.pipelines.engine import Engine
from chitieu.pipelines.errors import UserError, WrongCall
from chitieu.pipelines.extract import extract, extract_files
from chitieu.pipelines.ingest import ingest
from chitieu.pipelines.store import Store


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def breaks_on(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """No text is known to break extraction: this stands in for the one that will."""
    real = nlp.extract

    def extract_or_break(documents: Iterable[Document]) -> Iterator[Extraction]:
        for document in documents:
            if document.id == name:
                raise ValueError("made to break")
            yield from real([document])

    monkeypatch.setattr(nlp, "extract", extract_or_break)


def test_only_what_is_new_is_extracted(store: Store, given: Callable[..., Path], report: dict, plan: dict) -> None:
    ingest(store, {}, [given(report)])
    first = extract(store)
    assert (first.documents, first.unchanged, first.failures) == (1, 0, 0)
    assert first.records["statements"] >= 2 and first.records["refs"] == 1
    assert (extract(store).documents, extract(store).unchanged) == (0, 1)
    ingest(store, {}, [given(report, plan)])
    assert (extract(store).documents, extract(store).unchanged) == (1, 2)


def test_a_new_version_of_the_rules_extracts_again(
    store: Store, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(store, {}, [documents])
    extract(store)
    monkeypatch.setattr(nlp, "RULES_VERSION", nlp.RULES_VERSION + "-next")
    assert extract(store).documents == 2
    assert extract(store).documents == 0
    monkeypatch.undo()
    assert extract(store).documents == 2, "an older version of the rules is another version too"
    assert extract(store, redo=True).documents == 2


def test_records_in_the_store_stand_in_their_texts(store: Store, documents: Path) -> None:
    ingest(store, {}, [documents])
    extract(store)
    texts = {row["article_id"]: row["text"] for row in read_batches(store.articles)}
    rows = list(read_batches(store.records))
    assert {row["article_id"] for row in rows} == set(texts)
    for row in rows:
        text = texts[row["article_id"]]
        quantities = {quantity["uid"] for quantity in row["quantities"]}
        for kind in ("times", "quantities", "statements", "refs", "tasks"):
            for record in row[kind]:
                assert text[record["start"] : record["end"]] == record["text"]
                assert record["sentence_start"] <= record["sentence_end"] <= len(text)
        assert all(statement["quantity_uid"] in quantities for statement in row["statements"])


def test_an_article_that_breaks_extraction_costs_itself_alone(
    store: Store, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(store, {}, [documents])
    breaks_on(monkeypatch, "bao-cao")
    report = extract(store)
    assert (report.documents, report.failures) == (1, 1)
    monkeypatch.undo()
    assert extract(store).documents == 1, "it is tried again"


def test_files_come_out_in_order_and_malformed_lines_are_told(
    given: Callable[..., Path], report: dict, plan: dict, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    many = [report | {"id": f"b{n}"} for n in range(70)]
    path = given(*many[:65], "{", plan, *many[65:])
    result = extract_files([path], tmp_path / "out.jsonl")
    assert [line["id"] for line in lines(tmp_path / "out.jsonl")] == [
        *(f"b{n}" for n in range(65)), "ke-hoach", *(f"b{n}" for n in range(65, 70)),
    ]  # fmt: skip
    assert (result.documents, result.failures) == (71, 1)
    assert f"{path}:66: bad-json" in caplog.text


def test_processes_share_the_work_and_change_nothing(given: Callable[..., Path], report: dict, plan: dict, tmp_path: Path) -> None:
    path = given(*(article | {"id": f"{article['id']}-{n}"} for n in range(40) for article in (report, plan)))
    extract_files([path], tmp_path / "alone.jsonl")
    shared = extract_files([path], tmp_path / "shared.jsonl", engine=Engine(workers=2))
    assert shared.documents == 80
    assert (tmp_path / "shared.jsonl").read_bytes() == (tmp_path / "alone.jsonl").read_bytes()
    with pytest.raises(WrongCall, match="at least one process"):
        extract_files([path], tmp_path / "none.jsonl", engine=Engine(workers=0))


def test_a_killed_worker_is_said(given: Callable[..., Path], report: dict, tmp_path: Path) -> None:
    path = given(*(report | {"id": f"b{n}"} for n in range(300)))
    killed = []

    def kill_a_worker(done: int, total: int | None) -> None:
        if not killed:
            killed.append(multiprocessing.active_children()[0])
            killed[0].kill()

    with pytest.raises(UserError, match="run again with fewer --workers"):
        extract_files([path], tmp_path / "out.jsonl", engine=Engine(workers=2), on_progress=kill_a_worker)
    assert not (tmp_path / "out.jsonl").exists()


def test_what_files_give_is_the_exchange_format(documents: Path, tmp_path: Path, report: dict) -> None:
    extract_files([documents], tmp_path / "out.jsonl")
    found = lines(tmp_path / "out.jsonl")[0]
    assert (found["id"], found["published"], found["place"]) == ("bao-cao", "2023-07-03", "Lào Cai")
    assert {"times", "quantities", "statements", "refs", "tasks"} <= set(found)
    growth = next(q for q in found["quantities"] if q["text"] == "4,65%")
    assert (growth["value"], growth["unit"]) == (4.65, "%")
    assert report["text"][growth["start"] : growth["end"]] == "4,65%"
    assert [ref["number"] for ref in found["refs"]] == ["1298/QĐ-UBND"]


def test_text_files_bear_their_names_and_the_day_they_are_given(tmp_path: Path) -> None:
    (tmp_path / "S7.txt").write_text("Tỉnh phấn đấu trong năm nay giải ngân đạt 95% vốn đầu tư công.", encoding="utf-8")
    extract_files([tmp_path / "S7.txt"], tmp_path / "out.jsonl", published=date(2024, 3, 1))
    (found,) = lines(tmp_path / "out.jsonl")
    assert (found["id"], found["published"]) == ("S7", "2024-03-01")
    assert [time["to"] for time in found["times"]] == ["2024-12-31"]


def test_a_document_that_breaks_extraction_is_left_out(
    documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    breaks_on(monkeypatch, "bao-cao")
    assert extract_files([documents], tmp_path / "out.jsonl").failures == 1
    assert [line["id"] for line in lines(tmp_path / "out.jsonl")] == ["ke-hoach"]
    assert "bao-cao" in caplog.text


def test_the_old_output_stands_until_the_new_one_is_whole(documents: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    output.write_text("old\n")

    def stop(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract_files([documents], output, on_progress=stop)
    assert output.read_text() == "old\n"
    assert {path.name for path in tmp_path.iterdir()} == {"documents.jsonl", "out.jsonl"}


def test_devices_are_written_to_and_not_replaced(documents: Path) -> None:
    extract_files([documents], Path("/dev/null"))
    assert Path("/dev/null").is_char_device()


def test_wrong_calls_and_places_that_cannot_be_written(documents: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="there is no file"):
        extract_files([tmp_path / "none.jsonl"], tmp_path / "out.jsonl")
    with pytest.raises(WrongCall, match="--published is for text files"):
        extract_files([documents], tmp_path / "out.jsonl", published=date(2024, 1, 1))
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot write"):
        extract_files([documents], tmp_path / "file" / "out.jsonl")
