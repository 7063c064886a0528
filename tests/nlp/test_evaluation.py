"""Scoring: the same figures as the reference scorer, and full marks for a gold against itself."""

from __future__ import annotations

import doctest
import importlib
import json
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from chitieu.nlp import Document, Extraction, Quantity, Reference, Statement, Task, Time, extract
from chitieu.nlp.evaluation import evaluate, same_unit, shared_words
from chitieu.nlp.gold import GoldError, fingerprint, read_gold, read_ids, read_texts

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "eval"
OWN = ROOT / "data" / "gold"
FIGURES = {
    "quantity.value", "quantity", "quantity.bound", "time", "time.role", "deadline", "statement.linked", "statement.place",
    "statement.role", "statement", "target", "ref", "ref.type", "ref.date", "task", "task.who", "task.deadline",
}


def write_lines(path: Path, found: list[dict]) -> Path:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in found), encoding="utf-8")
    return path


def reference_figures(gold: Path, found: Path) -> dict[str, dict[str, float]]:
    command = [sys.executable, str(SHARED / "score.py"), str(gold), str(found), "--json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def spoil(record: dict, dice: random.Random) -> dict | None:
    """The record as a worse extraction might have it: gone, moved, or with something else in it."""
    how = dice.randrange(8)
    if how == 0:
        return None
    if how == 1:
        return record | {"start": record["start"] + 5, "end": record["end"] + 5}
    changes = {
        "value": 7, "unit": "xã", "bound": ">", "role": "target" if "q" in record else "deadline", "dir": "up", "t": "t1",
        "place": "Hà Nội", "indicator": "thu ngân sách nội địa", "to": "2024-06-30", "who": "Sở Tài chính", "type": "luật", "date": None,
    }
    key = dice.choice([key for key in changes if key in record] or ["start"])
    return record | {key: changes.get(key, record[key])} if how < 5 else record


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared annotated documents are not here")
@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_figures_equal_those_of_the_reference_scorer(seed: int | None, pipeline: Language, tmp_path: Path) -> None:
    gold = SHARED / "dev" / "gold"
    ids = read_ids(gold)
    texts = read_texts(SHARED / "dev" / "texts", ids)
    annotated = read_gold(gold, texts)
    found = [e.to_json() for e in extract((Document(i, texts[i], annotated[i].published) for i in ids), nlp=pipeline)]
    if seed is not None:
        dice = random.Random(seed)
        for document in found:
            for kind in ("times", "quantities", "statements", "refs", "tasks"):
                document[kind] = [spoiled for record in document[kind] if (spoiled := spoil(record, dice))]
            for record in (*document["statements"], *document["tasks"]):  # links to what is gone are no records
                record["t"] = record["t"] if record["t"] in {t["id"] for t in document["times"]} else None
            document["statements"] = [s for s in document["statements"] if s["q"] in {q["id"] for q in document["quantities"]}]
        del found[3]
    lines = write_lines(tmp_path / "found.jsonl", found)

    figures = evaluate(annotated, read_gold(lines)).figures

    expected = reference_figures(gold, lines)
    assert set(figures) == set(expected) == FIGURES
    for name, figure in figures.items():
        said = {"p": figure.precision, "r": figure.recall, "f1": figure.f1, "gold": figure.gold, "pred": figure.found}
        assert said == pytest.approx(expected[name]), name


WORDS = st.lists(st.sampled_from(["thu", "ngân", "sách", "hộ", "nghèo", "xã", "Sở", "Tài", "chính", "2024"]), min_size=1, max_size=6).map(" ".join)
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2050, 1, 1))
MAYBE = st.none() | WORDS


@st.composite
def extractions(draw: st.DrawFn) -> Extraction:
    """Records as annotators make them: those of one kind do not overlap."""
    out = Extraction("a")
    for n in range(draw(st.integers(0, 4))):
        out.times.append(Time(id=f"t{n}", start=n * 20, end=n * 20 + 9, text="x", since=draw(DAYS), until=draw(DAYS), role=draw(st.sampled_from(["deadline", "base"]))))
    for n in range(draw(st.integers(0, 5))):
        number = draw(st.floats(-1e15, 1e15))
        value = draw(st.sampled_from([{"value": number}, {"low": number, "high": number + 1}, {"value": 3, "of": number}, {}]))
        out.quantities.append(Quantity(id=f"q{n}", start=n * 20, end=n * 20 + 9, text="x", unit=draw(WORDS), **value))
    links = st.none() | st.sampled_from([t.id for t in out.times] or [None])
    for q in out.quantities:
        for _ in range(draw(st.integers(0, 2))):
            role = draw(st.sampled_from(["target", "actual", "change"]))
            direction = draw(st.sampled_from(["up", ""]))
            out.statements.append(Statement(q=q.id, start=0, end=9, text=draw(WORDS), role=role, dir=direction, t=draw(links), place=draw(MAYBE)))
    for n in range(draw(st.integers(0, 3))):
        out.refs.append(Reference(start=n * 20, end=n * 20 + 9, text="x", number=draw(MAYBE), type=draw(MAYBE), date=draw(DAYS), issuer=draw(MAYBE)))
    for n in range(draw(st.integers(0, 3))):
        out.tasks.append(Task(start=n * 40, end=n * 40 + 30, text=draw(WORDS), who=draw(MAYBE), t=draw(links)))
    return out


@settings(max_examples=150, deadline=None)
@given(extractions())
def test_a_gold_scored_against_itself_is_perfect(gold: Extraction) -> None:
    scores = evaluate({"a": gold}, {"a": gold})
    assert scores.mistakes == []
    for name, figure in scores.figures.items():
        assert figure.hits == figure.gold == figure.found, name
        assert figure.f1 == (1.0 if figure.gold else 0.0), name


def test_the_own_gold_scored_against_itself_is_perfect() -> None:
    gold = read_gold(OWN / "gold")
    assert {name: figure.f1 for name, figure in evaluate(gold, gold).figures.items()} == dict.fromkeys(FIGURES, 1.0)


def test_mistakes_name_the_document_and_the_record(read_text: Callable[..., Extraction]) -> None:
    gold = read_text("Thu ngân sách đạt 900 tỷ đồng.", id="a")
    worse = read_text("Thu ngân sách đạt 800 tỷ đồng.", id="a")
    mistakes = evaluate({"a": gold}, {"a": worse}).mistakes
    quantities = [(m.document, m.what, m.record.text) for m in mistakes if m.kind == "quantity"]
    assert quantities == [("a", "missed", "900 tỷ đồng"), ("a", "extra", "800 tỷ đồng")]
    assert ("missed", "Thu ngân sách", "900 tỷ đồng") in [(m.what, m.record.text, m.about) for m in mistakes if m.kind == "statement"]


def test_a_document_without_records_counts_as_missed(read_text: Callable[..., Extraction]) -> None:
    figure = evaluate({"a": read_text("Xã có 12 hộ nghèo.")}, {}).figures["quantity"]
    assert (figure.hits, figure.gold, figure.found, figure.f1) == (0, 1, 0, 0.0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("VND", "đồng", True),
        ("%/năm", "%", True),
        ("hộ", "hộ nghèo", True),
        ("VND/người/năm", "VND/người", True),
        ("điểm %", "%", False),
        ("nghèo", "hộ nghèo", False),
        ("VND/ha", "VND", False),
        ("m²", "mét vuông", True),
    ],
)
def test_units(one: str, other: str, same: bool) -> None:
    assert same_unit(one, other) is same_unit(other, one) is same


def test_shared_words_look_through_case_and_unicode_forms() -> None:
    assert shared_words("Hộ nghèo", "hộ nghèo") == 1.0
    assert shared_words("thu thu", "thu") == pytest.approx(2 / 3)
    assert shared_words("", "thu") == shared_words(None, None) == 0.0


TEXT = "Năm 2024, Sở Y tế phải khám cho 500 người."


@pytest.fixture
def offsets_only(tmp_path: Path) -> Path:
    """A gold that holds no word of its text."""
    annotation = {
        "id": "a", "published": None, "place": None, "sha256": fingerprint(TEXT),
        "times": [{"id": "t1", "start": 0, "end": 8, "from": "2024-01-01", "to": "2024-12-31", "role": "deadline"}],
        "quantities": [{"id": "q1", "start": 32, "end": 41, "value": 500, "unit": "người", "bound": "="}],
        "statements": [{"q": "q1", "start": 36, "end": 41, "role": "target", "dir": "", "t": "t1", "place": None}],
        "refs": [],
        "tasks": [{"start": 23, "end": 41, "who": [10, 17], "t": "t1"}, {"start": 23, "end": 41, "who": None, "t": None}],
    }
    folder = tmp_path / "gold"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(annotation), encoding="utf-8")
    return folder


def test_words_come_back_from_the_text(offsets_only: Path) -> None:
    found = read_gold(offsets_only, {"a": TEXT})["a"]
    assert found.times[0].text == "Năm 2024" and found.quantities[0].text == "500 người"
    assert found.statements[0].text == "người" and found.tasks[0].text == "khám cho 500 người"
    assert [task.who for task in found.tasks] == ["Sở Y tế", None]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"a": TEXT + " "}, "is not the one that was annotated"),
        ({}, "offsets into a text that was not given"),
        (None, "offsets into a text that was not given"),
    ],
)
def test_other_texts_are_refused(offsets_only: Path, texts: dict[str, str] | None, said: str) -> None:
    with pytest.raises(GoldError, match=said):
        read_gold(offsets_only, texts)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"times": [{"start": 0, "end": 8, "from": None, "to": None}]}, r"a\.json: times\.0\.id: Field required"),
        ({"quantities": []}, "names a quantity 'q1' that is not there"),
        ({"tasks": [{"start": 0, "end": 3, "t": "t9"}]}, "names a time 't9' that is not there"),
        ({"tasks": [{"start": 30, "end": 300}]}, "do not lie in its text of 42 characters"),
    ],
)
def test_a_broken_annotation_is_named(offsets_only: Path, change: dict, said: str) -> None:
    file = offsets_only / "a.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(GoldError, match=said):
        read_gold(offsets_only, {"a": TEXT})


def test_nothing_to_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="holds no annotated document"):
        read_gold(tmp_path)
    with pytest.raises(GoldError, match="there is no file or folder"):
        read_gold(tmp_path / "nowhere.jsonl")


@pytest.mark.parametrize("module", ["evaluation", "showing"])
def test_the_examples_in_the_documentation_are_right(module: str) -> None:
    result = doctest.testmod(importlib.import_module(f"chitieu.nlp.{module}"))
    assert result.attempted and not result.failed
