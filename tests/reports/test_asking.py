"""Saved questions, the DataFrame function, the shell and the commands around them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest

from chitieu.pipelines import asking, database
from chitieu.pipelines.asking import Narrowed, ask
from chitieu.pipelines.errors import UserError, WrongCall
from chitieu.pipelines.store import Store

Chitieu = Callable[..., Any]


@pytest.mark.parametrize("name", sorted(set(asking.saved_questions())))
def test_every_saved_question_is_answered_and_says_what_it_is(sample_store: Store, name: str) -> None:
    question = asking.saved_questions()[name]
    assert question.vi != question.en
    answer = ask(name, data=sample_store.root)
    assert len(answer) > 0 or name in ("deadlines", "contradictions")
    assert ask(name, data=sample_store.root).equals(answer), "rows stand in a fixed order"


def test_an_answer_is_a_data_frame_with_types(sample_store: Store) -> None:
    targets = ask("targets", data=sample_store.root, place="nghe an", year=2024)
    assert set(targets["place"]) == {"Nghệ An"} and len(targets) > 1
    assert pd.api.types.is_numeric_dtype(targets["value"])
    assert set(pd.to_datetime(targets["deadline"]).dt.year) == {2024}
    counted = ask("SELECT count(*) AS rows FROM targets", data=sample_store.root)
    assert counted["rows"][0] > len(targets)


def test_questions_are_narrowed_only_by_what_they_take(sample_store: Store) -> None:
    with pytest.raises(WrongCall, match=r"coverage cannot be narrowed by year; it takes --place"):
        ask("coverage", data=sample_store.root, year=2024)
    with pytest.raises(WrongCall, match="did you mean.*Lào Cai"):
        ask("targets", data=sample_store.root, place="Lao Kai")
    with pytest.raises(WrongCall, match="no saved question 'targetz'"):
        ask("targetz", data=sample_store.root)
    with pytest.raises(WrongCall, match="WHERE"):
        ask("SELECT 1", data=sample_store.root, year=2024)
    with pytest.raises(UserError, match="nowhere"):
        ask("SELECT * FROM nowhere", data=sample_store.root)


def test_a_merged_province_is_reached_through_its_successor_and_never_mixed_into_it(sample_store: Store) -> None:
    with database.open_reader(sample_store) as con:
        alone = asking.place_names(con, "Thái Nguyên")
        both = asking.place_names(con, "Tỉnh Thái Nguyên", predecessors=True)
    assert "bac kan" not in alone and {"bac kan", "thai nguyen"} <= set(both)


def test_a_warehouse_of_another_version_is_told_where_a_question_fails(store: Store) -> None:
    with database.open_writer(store.work) as con:
        con.execute("DROP VIEW contradictions")
        con.execute("UPDATE load_state SET value = 'of yesterday' WHERE name = 'schema'")
    database.publish(store)
    with pytest.raises(UserError, match="another version.*chitieu load"):
        ask("contradictions", data=store.root)


def test_deadlines_are_ahead_of_the_day_that_is_given_and_overdue_ones_behind_it(sample_store: Store) -> None:
    day = date(2024, 9, 1)
    ahead = ask("deadlines", data=sample_store.root, as_of=day)
    behind = ask("overdue", data=sample_store.root, as_of=day)
    assert (pd.to_datetime(ahead["deadline"]) >= pd.Timestamp(day)).all() and ahead["days_left"].is_monotonic_increasing
    assert (pd.to_datetime(behind["deadline"]) < pd.Timestamp(day)).all() and (behind["days_overdue"] > 0).all()
    assert len(ahead) and len(behind)


def test_an_analysts_own_question_lies_in_the_data_folder(store: Store) -> None:
    (store.root / "questions").mkdir()
    path = store.root / "questions" / "poor.sql"
    path.write_text("-- vi: Hộ nghèo\n-- en: Poverty\nFROM targets WHERE contains(fold(indicator), 'ho ngheo') AND ($year IS NULL OR year(deadline) = $year)", encoding="utf-8")
    assert len(ask("poor", data=store.root, year=2024)) <= len(ask("poor", data=store.root))
    path.write_text("SELECT $nothing", encoding="utf-8")
    with pytest.raises(UserError, match=r"poor.sql: there is no parameter \$nothing"):
        ask("poor", data=store.root)


def test_a_place_with_a_quote_is_only_a_place(sample_store: Store) -> None:
    with database.open_reader(sample_store) as con, pytest.raises(WrongCall, match="there is no place"):
        asking.pose(con, asking.saved_questions()["targets"], Narrowed(place="'; DROP TABLE place; --"))


def test_the_commands_answer(sample_store: Store, chitieu: Chitieu) -> None:
    listed = chitieu("report", "--data", sample_store.root)
    assert listed.returncode == 0 and "overdue" in listed.stdout and "--as-of" in listed.stdout
    answered = chitieu("report", "targets", "--place", "Nghe An", "--year", "2024", "-f", "csv", "--data", sample_store.root)
    rows = list(csv.DictReader(answered.stdout.splitlines()))
    assert rows and {row["place"] for row in rows} == {"Nghệ An"}
    assert chitieu("report", "targets", "--who", "sở", "--data", sample_store.root).returncode == 2
    found = chitieu("search", "giai ngan von dau tu", "--data", sample_store.root)
    assert found.returncode == 0 and "giải ngân vốn đầu tư" in found.stdout.lower()


def test_the_shell_takes_statements_over_lines_and_goes_on_after_errors(sample_store: Store, chitieu: Chitieu) -> None:
    typed = (
        "SELECT 'first' AS a,\n  40 + 2 AS b;\nSELECT * FROM nowhere;\nDELETE FROM article;\n.bad\n.tables\n.describe targets\n"
        '.search "giai ngan" von\n.report targets "nghe an" 2024\n.report\nSELECT count(*) > 0 AS still_there FROM article;\n.quit\nSELECT 77777;\n'
    )
    shell = chitieu("shell", "--data", sample_store.root, typed=typed)
    assert shell.returncode == 0, shell.stderr
    assert "42" in shell.stdout and "True" in shell.stdout.title() and "77777" not in shell.stdout
    assert "giải ngân" in shell.stdout and "Nghệ An" in shell.stdout and "Saved questions" in shell.stdout
    assert "nowhere" in shell.stderr and "read-only" in shell.stderr and "there is no .bad" in shell.stderr
