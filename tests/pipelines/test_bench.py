"""The bench reads what it is given and measures each way once."""

from __future__ import annotations

from pathlib import Path

import pytest

from chitieu.nlp.records import Document
from chitieu.pipelines.bench import measure, texts_of
from chitieu.pipelines.errors import UserError


def test_texts_come_from_folders_json_lines_and_the_sample(documents: Path, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("Tỷ lệ đạt 5%.", encoding="utf-8")
    assert [document.id for document in texts_of(tmp_path / "texts")] == ["a"]
    assert [document.id for document in texts_of(documents)] == ["bao-cao", "ke-hoach"]
    assert len(texts_of(None)) == 20
    for wrong in (tmp_path, tmp_path / "none"):
        with pytest.raises(UserError):
            texts_of(wrong)


def test_every_way_has_a_speed() -> None:
    speeds = measure([Document(id="a", text="Năm 2024 tỉnh phấn đấu thu ngân sách đạt 15.857 tỷ đồng.")])
    assert set(speeds) == {"chitieu, whole extraction", *(f"underthesea.{name}" for name in ("word_tokenize", "pos_tag", "ner"))}
    assert all(speed > 0 for speed in speeds.values())
