"""The annotated documents: sound in themselves, and a floor under what the extraction finds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from spacy.language import Language

from chitieu.nlp import Document, Extraction, extract
from chitieu.nlp.evaluation import evaluate
from chitieu.nlp.gold import read_gold, read_ids, read_texts

ROOT = Path(__file__).parents[2]
OWN = ROOT / "data" / "gold"
UNLABELLED = ROOT / "data" / "annotations"
TEXTS = ROOT.parent / "shared" / "eval" / "unlabelled.jsonl.gz"

FLOORS = {
    "quantity": 0.97, "quantity.bound": 0.96, "time": 0.92, "time.role": 0.92, "deadline": 0.94,
    "statement.linked": 0.88, "statement.place": 0.79, "statement.role": 0.88, "statement": 0.74, "target": 0.88,
    "ref": 0.97, "ref.type": 0.97, "ref.date": 0.95, "task": 0.91, "task.who": 0.86, "task.deadline": 0.86,
}
"""The least F1. The models are trained on these articles among others, so the floor tells that nothing broke between
training and use, not how good extraction is."""

HELD_FLOORS = {
    "quantity": 0.97, "quantity.bound": 0.95, "time": 0.93, "time.role": 0.87, "deadline": 0.90,
    "statement.linked": 0.82, "statement.place": 0.74, "statement.role": 0.77, "statement": 0.62, "target": 0.75,
    "ref": 0.97, "ref.type": 0.97, "ref.date": 0.94, "task": 0.84, "task.who": 0.79, "task.deadline": 0.79,
}
"""The least F1 on articles that no model was trained on: two or three points below what was measured first."""


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return read_texts(OWN / "texts", read_ids(OWN / "gold"))


@pytest.fixture(scope="module")
def gold(texts: dict[str, str]) -> dict[str, Extraction]:
    return read_gold(OWN / "gold", texts)


def test_extraction_keeps_its_level_on_the_own_articles(pipeline: Language, gold: dict[str, Extraction], texts: dict[str, str]) -> None:
    documents = (Document(name, texts[name], one.published) for name, one in gold.items())
    figures = evaluate(gold, {found.id: found for found in extract(documents, nlp=pipeline)}).figures
    assert {name: round(figures[name].f1, 3) for name, floor in FLOORS.items() if figures[name].f1 < floor} == {}


def test_extraction_holds_up_on_articles_it_has_not_seen(pipeline: Language) -> None:
    texts = read_texts(OWN / "held" / "texts", read_ids(OWN / "held" / "gold"))
    gold = read_gold(OWN / "held" / "gold", texts)
    found = {one.id: one for one in extract((Document(name, texts[name], one.published) for name, one in gold.items()), nlp=pipeline)}
    figures = evaluate(gold, found).figures
    assert {name: round(figures[name].f1, 3) for name, floor in HELD_FLOORS.items() if figures[name].f1 < floor} == {}


def test_every_annotation_stands_in_its_text(gold: dict[str, Extraction], texts: dict[str, str]) -> None:
    held_texts = read_texts(OWN / "held" / "texts", read_ids(OWN / "held" / "gold"))
    held = read_gold(OWN / "held" / "gold", held_texts)
    assert len(gold) >= 780 and len(held) >= 80 and not gold.keys() & held.keys()
    texts = texts | held_texts
    for name, one in (gold | held).items():
        for record in (*one.times, *one.quantities, *one.statements, *one.refs, *one.tasks):
            assert texts[name][record.start : record.end] == record.text, (name, record)
        spans = sorted((r.start, r.end) for r in (*one.times, *one.quantities))
        assert all(end <= start for (_, end), (start, _) in zip(spans, spans[1:], strict=False)), name


def test_annotations_of_others_texts_hold_none_of_their_words() -> None:
    """Names and numbers of documents and places may stay; words of the text are offsets."""
    files = sorted(UNLABELLED.glob("*/*.json"))
    assert {file.parent.name for file in files} == {"tuned", "held", "trained"}
    names = {"id", "q", "t", "role", "dir", "unit", "bound", "from", "to", "number", "type", "date", "issuer", "signer", "place"}
    for file in files:
        annotation = json.loads(file.read_text(encoding="utf-8"))
        assert len(annotation["sha256"]) == 64
        for kind in ("times", "quantities", "statements", "refs", "tasks"):
            for record in annotation[kind]:
                assert {key for key, value in record.items() if isinstance(value, str)} <= names, file


@pytest.mark.skipif(not TEXTS.is_file(), reason="the texts are not here")
@pytest.mark.parametrize(("split", "documents"), [("tuned", 13), ("held", 13), ("trained", 1392)])
def test_annotations_of_others_texts_fit_their_texts(split: str, documents: int) -> None:
    ids = read_ids(UNLABELLED / split)
    restored = read_gold(UNLABELLED / split, read_texts(TEXTS, ids))
    assert len(restored) == len(ids) == documents
    for one in restored.values():
        assert all(record.text.strip() for record in (*one.times, *one.quantities, *one.statements, *one.tasks))
        assert all(any(c.isalnum() for c in t.text) for t in one.times)
