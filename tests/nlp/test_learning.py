"""What is learned: models, their fitting, and training from annotated articles."""

from __future__ import annotations

import gzip
from datetime import date
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from chitieu.nlp import Document, analyse, loglinear, training
from chitieu.nlp.evaluation import evaluate
from chitieu.nlp.fitting import Choice, deepen, deepen_classifier, fit, fit_classifier
from chitieu.nlp.hidden import Hidden
from chitieu.nlp.leads import find_leads, find_sections
from chitieu.nlp.loglinear import Classifier, Model, ModelError, Ranker

OWN = Path(__file__).parents[2] / "data" / "gold"


def test_a_ranker_learns_which_candidate_is_right() -> None:
    choices = [Choice([["near", f"x{n}"], ["far"]], [1.0, 0.0], document=str(n)) for n in range(6)]
    weights = fit(choices)
    assert weights["near"] > 0 > weights["far"]
    assert Ranker(weights).probabilities([["far"], ["near"]])[1] > 0.8


def test_a_classifier_learns_classes() -> None:
    choices = [Choice([[word]], [1.0], label, str(n)) for n in range(5) for word, label in (("đạt", "actual"), ("tăng", "change"))]
    model = Classifier(fit_classifier(choices))
    sure = model.probabilities(["tăng", "never seen"])
    assert model.classes[sure.index(max(sure))] == "change" and sum(sure) == pytest.approx(1)


def test_what_one_text_alone_says_is_no_rule() -> None:
    choices = [Choice([["common", "alone"], ["other"]], [1.0, 0.0], document="a")] * 5 + [Choice([["common"], ["other"]], [1.0, 0.0], document="b")]
    assert "alone" not in fit(choices) and "common" in fit(choices)


def test_documents_that_count_more_win() -> None:
    split = [Choice([["x"], ["y"]], [1.0, 0.0], document="a", weight=1), Choice([["x"], ["y"]], [0.0, 1.0], document="b", weight=5)]
    weights = fit(split)
    assert weights["y"] > weights["x"]


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c", "unknown"])), min_size=1, max_size=8))
def test_probabilities_sum_to_one(candidates: list[list[str]]) -> None:
    sure = Ranker({"a": 3.0, "b": -700.0, "c": 900.0}).probabilities(candidates)
    assert sum(sure) == pytest.approx(1) and all(0 <= p <= 1 for p in sure)


def test_models_are_stored_alike_and_damage_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = loglinear.save("m", Model({"b": 2.0, "a": -1.25}), tmp_path).read_bytes()
    assert loglinear.save("m", Model({"a": -1.25, "b": 2.0}), tmp_path).read_bytes() == first
    assert gzip.decompress(first).decode() == "a\t-1.250\nb\t2.000\n"
    monkeypatch.setattr(loglinear, "MODELS", tmp_path)
    assert loglinear.ranker("m").weights == {"a": -1.25, "b": 2.0}
    (tmp_path / "cut.tsv.gz").write_bytes(first[:-12])
    for name in ("cut", "missing"):
        with pytest.raises(ModelError, match=f"{name}.tsv.gz.*make train"):
            loglinear.ranker(name)


def both_or_neither() -> list[Choice]:
    """The plan of a year is right with a year, the plan of a term with a term: no word tells by itself."""
    pairs = [(plan, time) for plan in ("year plan", "term plan") for time in ("year", "term")]
    return [Choice([["none"], [plan, time]], [float(plan[:4] != time), float(plan[:4] == time)], document=str(n)) for n in range(1500) for plan, time in pairs]


def test_the_hidden_layer_learns_what_features_say_only_together() -> None:
    choices = both_or_neither()
    weights = fit(choices)
    together = ["year plan", "year"], ["year plan", "term"]
    alone = [Ranker(weights).probabilities([["none"], one])[1] for one in together]
    assert alone[0] == pytest.approx(alone[1], abs=0.05)
    deep = [Ranker(weights, deepen(choices, weights)).probabilities([["none"], one])[1] for one in together]
    assert deep[0] > 0.8 and deep[1] < 0.2


def test_a_classifier_has_a_hidden_layer_too() -> None:
    choices = [Choice([[plan, time]], [1.0], "target" if plan[:4] == time else "actual", str(n)) for n in range(1500) for plan in ("year plan", "term plan") for time in ("year", "term")]
    choices += [Choice([[word]], [1.0], label, str(n)) for n in range(40) for word, label in (("đạt", "actual"), ("phấn đấu", "target"))]
    weights = fit_classifier(choices)
    model = Classifier(weights, deepen_classifier(choices, weights))
    for plan, time, told in (("year plan", "year", "target"), ("term plan", "year", "actual")):
        sure = model.probabilities([plan, time])
        assert sum(sure) == pytest.approx(1) and sure[model.classes.index(told)] > 0.8


def test_the_hidden_layer_is_asked_only_about_what_the_weights_leave_in_question() -> None:
    model = Ranker({"best": 9.0, "near": 5.0, "far": 1.0}, Hidden(["near", "far"], np.float32([[1], [1]]), np.float32([0]), np.float32([[7]])))
    assert model.scores([["best"], ["near"], ["far"], []]) == [9.0, 12.0, 1.0, 0]


def test_hidden_layers_are_stored_alike_and_damage_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = fit(choices := both_or_neither())
    model = Model(weights, deepen(choices, weights))
    first = loglinear.save("deep", model, tmp_path).with_name("deep.npz").read_bytes()
    assert loglinear.save("deep", Model(weights, deepen(choices, weights)), tmp_path).with_name("deep.npz").read_bytes() == first
    monkeypatch.setattr(loglinear, "MODELS", tmp_path)
    asked = [["none"], ["year plan", "year"]]
    assert loglinear.ranker("deep").probabilities(asked) == pytest.approx(Ranker(weights, model.hidden).probabilities(asked), abs=0.02)
    loglinear.save("cut", model, tmp_path).with_name("cut.npz").write_bytes(first[: len(first) // 2])
    with pytest.raises(ModelError, match="cut.npz.*make train"):
        loglinear.ranker("cut")
    loglinear.save("deep", Model(weights), tmp_path)
    assert not (tmp_path / "deep.npz").exists()


def test_the_stored_models_have_the_hidden_layers_that_training_gives_them() -> None:
    stored = {name: loglinear.classifier(name) for name in training.CLASSIFIED} | {name: loglinear.ranker(name) for name in training.RANKED}
    assert {name for name, model in stored.items() if model.hidden is not None} == training.DEEP


def test_a_list_of_one_bullet_may_hold_a_list_of_another() -> None:
    text = "Giao:\n- Sở A:\n+ Làm chợ.\n+ Làm cầu.\n- Sở B làm đường."
    spans = [(0, 5), (6, 13), (14, 24), (25, 35), (36, len(text))]
    assert find_leads(text, spans) == {0: (), 1: (0,), 2: (1, 0), 3: (1, 0), 4: (0,)}


def test_lists_keep_the_line_that_leads_in_until_another_of_its_kind() -> None:
    lines = ["Mục tiêu năm 2025:", "1. Kinh tế:", "- Tăng trưởng 8%;", "2. Xã hội:", "- Giảm nghèo 1%."]
    text = "\n".join(lines)
    spans = [(text.index(line), text.index(line) + len(line)) for line in lines]
    assert find_leads(text, spans) == {0: (), 1: (0,), 2: (1, 0), 3: (0,), 4: (3, 0)}


def test_a_section_goes_on_over_long_paragraphs_until_the_next_heading() -> None:
    lines = ["Kế hoạch năm 2026", "Các mục tiêu tổng quát như sau:", "Năm tới là năm bản lề. " * 30, "Đẩy mạnh cải cách.", "Nhiệm vụ, giải pháp", "Rà soát thủ tục.", "Kết quả năm 2025 thế nào?", "Tốt."]
    text = "\n".join(lines)
    spans = [(text.index(line), text.index(line) + len(line.rstrip())) for line in lines]
    assert find_sections(text, text.lower(), spans) == ["-", "other", "goals", "goals", "goals", "tasks", "tasks", "report"]


def test_training_on_annotated_articles_finds_what_was_annotated(pipeline: Language) -> None:
    examples = list(islice(training.read_examples(pipeline, OWN / "gold", OWN / "texts"), 4))
    reader = training.Reader.of(learned := training.train(examples))
    assert {*training.CLASSIFIED, *training.RANKED} == set(learned) and all(model.weights for model in learned.values())
    found = {example.gold.id: training.apply(example.analysis, reader) for example in examples}
    figures = evaluate({example.gold.id: example.gold for example in examples}, found).figures
    assert figures["statement.linked"].f1 > 0.8 and figures["time.role"].f1 > 0.8


def test_confidence_is_a_probability_and_the_rule_says_where_the_indicator_stood(pipeline: Language) -> None:
    text = "Thu ngân sách nhà nước đạt 5.120 tỷ đồng, bằng 52,3% dự toán. Có 12 xã đạt chuẩn nông thôn mới."
    found = analyse(pipeline, Document("a", text, date(2024, 7, 15)))._.chitieu.extraction
    assert [s.rule for s in found.statements] == ["left", "carried", "right"]
    assert all(0 < s.confidence <= 1 for s in found.statements)
