"""The warehouse: equal to the records, once, explained, and whole for whoever reads it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from chitieu.crawlers.sources import Source
from chitieu.crawlers.state import State
from chitieu.pipelines import batches, database
from chitieu.pipelines.batches import ARTICLES, RECORDS, write_batch
from chitieu.pipelines.errors import UserError
from chitieu.pipelines.extract import extract
from chitieu.pipelines.ingest import ingest
from chitieu.pipelines.load import REFERENCES, TABLES, LoadError, check_references, load
from chitieu.pipelines.store import Store

SEEN = datetime(2024, 1, 1, tzinfo=timezone.utc)
TEXT = "Tiêu đề\n\nTỷ lệ hộ nghèo giảm còn 12,5% vào cuối năm.\n\nTin liên quan: giải ngân đạt 99%\n"


def article(article_id: str = "a", **changed: Any) -> dict[str, Any]:
    return {
        "article_id": article_id, "source": "documents", "origin": "document", "text": TEXT, "zones": [], "tags": [],
        "published": datetime(2023, 7, 1, tzinfo=timezone.utc), "seen": SEEN, "ingested": SEEN, "archive": "", "offset": 0,
        "content_hash": "c1", "row_hash": "r1", "input_hash": article_id + "-i1", "place": "Lào Cai",
    } | changed  # fmt: skip


def span(words: str, uid: str, **more: Any) -> dict[str, Any]:
    start = TEXT.index(words)
    line = TEXT.rfind("\n", 0, start) + 1, TEXT.index("\n", start)
    return {
        "uid": uid, "start": start, "end": start + len(words), "text": words, "zone": "body",
        "sentence_start": line[0], "sentence_end": line[1], "rule": "test", "confidence": 0.9,
    } | more  # fmt: skip


def records(article_id: str = "a", **changed: Any) -> dict[str, Any]:
    poor = span("12,5%", "q1", value=Decimal("12.5"), unit="%", bound="=")
    teaser = span("99%", "q2", value=Decimal("99"), unit="%", bound="=", zone="teaser")
    return {
        "article_id": article_id, "input_hash": article_id + "-i1", "rules_version": "1", "extracted": SEEN,
        "quantities": [poor, teaser],
        "times": [span("cuối năm", "t1", since=date(2023, 10, 1), until=date(2023, 12, 31), role="deadline")],
        "statements": [
            span("Tỷ lệ hộ nghèo", "s1", quantity_uid="q1", time_uid="t1", role="target", dir="", place="Lào Cai"),
            span("giải ngân", "s2", quantity_uid="q2", time_uid=None, role="progress", dir="", zone="teaser"),
        ],
        "refs": [],
        "tasks": [],
    } | changed  # fmt: skip


def put(store: Store, articles: list[dict[str, Any]], found: list[dict[str, Any]]) -> None:
    write_batch(store.articles, articles, ARTICLES)
    write_batch(store.records, found, RECORDS)


def ask(store: Store, query: str) -> list[tuple[Any, ...]]:
    with database.open_reader(store) as con:
        return con.execute(query).fetchall()


def failures(store: Store) -> list[str]:
    with State(store.root) as state:
        return [failure.cause for failure in state.failures("load")]


def test_real_records_arrive_and_a_second_load_changes_nothing(store: Store, documents: Path) -> None:
    ingest(store, {}, [documents])
    extract(store)
    first = load(store, {})
    assert first.changed and first.published and first.failures == 0
    before = store.warehouse.read_bytes()
    second = load(store, {})
    assert not second.changed and not second.published
    assert dict(second.counts) == {"added": 0, "changed": 0, "removed": 0}
    assert store.warehouse.read_bytes() == before
    (poor,) = ask(store, "SELECT place, value, unit, deadline FROM targets WHERE article_id = 'bao-cao'")
    assert poor == ("Lào Cai", Decimal("12.5"), "%", date(2023, 12, 31))
    assert ask(store, "SELECT number, date FROM documents ORDER BY number") == [
        ("1298/QĐ-UBND", date(2023, 6, 5)), ("188/KH-UBND", None),
    ]  # fmt: skip
    assert ask(store, "SELECT DISTINCT deadline FROM deadlines WHERE kind = 'task' ORDER BY 1") == [
        (date(2023, 9, 30),), (date(2024, 12, 15),),
    ]  # fmt: skip


def test_sentences_of_the_views_hold_the_words_of_their_records(store: Store, documents: Path) -> None:
    ingest(store, {}, [documents])
    extract(store)
    load(store, {})
    rows = ask(
        store,
        "SELECT f.sentence, q.text FROM figure f JOIN statement s USING (article_id, record_id) "
        "JOIN quantity q ON q.article_id = s.article_id AND q.version = s.version AND q.record_id = s.quantity_id",
    )
    assert rows and all(written in sentence for sentence, written in rows)


def test_teasers_are_kept_and_feed_no_view(store: Store) -> None:
    put(store, [article()], [records()])
    load(store, {})
    assert ask(store, "SELECT count(*) FROM statement") == [(2,)]
    assert ask(store, "SELECT indicator, sentence, deadline FROM targets") == [
        ("Tỷ lệ hộ nghèo", "Tỷ lệ hộ nghèo giảm còn 12,5% vào cuối năm.", date(2023, 12, 31))
    ]
    assert ask(store, "SELECT count(*) FROM progress") == [(0,)]


def test_offsets_count_characters_also_in_decomposed_text(store: Store) -> None:
    import unicodedata

    text = unicodedata.normalize("NFD", "Đạt chỉ tiêu 😀\n\nTỷ lệ đạt 5%")
    start = text.index("5%")
    line = text.index("\n\n") + 2
    words = {"text": "5%", "start": start, "end": start + 2, "sentence_start": line, "sentence_end": len(text)}
    quantity = span("12,5%", "q1", value=Decimal(5), unit="%", bound="=") | words
    statement = span("12,5%", "s1", quantity_uid="q1", role="target", dir="") | words
    put(store, [article(text=text)], [records(quantities=[quantity], statements=[statement], times=[])])
    load(store, {})
    assert ask(store, "SELECT sentence FROM targets") == [(text[line:],)]


def test_an_edited_article_keeps_its_old_version_out_of_the_views(
    store: Store, given: Callable[..., Path], report: dict[str, Any]
) -> None:
    ingest(store, {}, [given(report)])
    extract(store)
    load(store, {})
    ingest(store, {}, [given(report | {"text": report["text"].replace("12,5%", "11%")})])
    extract(store)
    changes = load(store, {})
    assert (changes.tables["article"].added, changes.tables["article"].changed) == (1, 1)
    assert ask(store, "SELECT version, is_latest FROM article ORDER BY version") == [(1, False), (2, True)]
    assert ask(store, "SELECT value FROM targets") == [(Decimal("11"),)]
    assert ask(store, "SELECT count(DISTINCT value) FROM quantity WHERE unit = '%'")[0][0] == 3


def test_records_that_new_rules_no_longer_find_are_removed(store: Store) -> None:
    put(store, [article()], [records()])
    load(store, {})
    later = records(rules_version="2", extracted=datetime(2024, 2, 1, tzinfo=timezone.utc))
    put(store, [], [later | {"statements": later["statements"][:1], "quantities": later["quantities"][:1]}])
    report = load(store, {})
    assert (report.tables["statement"].removed, report.tables["quantity"].removed) == (1, 1)
    assert report.tables["article"].changed == 1


def test_new_metadata_for_one_text_is_no_new_version(store: Store) -> None:
    put(store, [article()], [records()])
    load(store, {})
    later = article(seen=datetime(2024, 3, 1, tzinfo=timezone.utc), title="Có tiêu đề", row_hash="r2")
    put(store, [later], [])
    load(store, {})
    assert ask(store, "SELECT version, title, first_seen FROM article") == [(1, "Có tiêu đề", SEEN)]


def test_records_that_break_a_rule_are_left_out_and_told(store: Store) -> None:
    good = records()
    put(
        store,
        [article()],
        [
            good
            | {
                "quantities": [
                    *good["quantities"],
                    span("12,5%", "q1", value=Decimal(1), unit="%", bound="="),
                    span("12,5%", "q3", low=Decimal(9), high=Decimal(2), unit="%", bound="="),
                ],
                "times": [span("cuối năm", "t1", since=date(2024, 1, 1), until=date(2023, 1, 1), role="deadline")],
                "statements": [
                    *good["statements"],
                    span("Tỷ lệ hộ nghèo", "s3", quantity_uid="q3", role="target", dir=""),
                    span("Tỷ lệ hộ nghèo", "s4", quantity_uid="q1", role="wish", dir=""),
                    span("Tỷ lệ hộ nghèo", "s5", quantity_uid=None, role="target", dir=""),
                ],
            }
        ],
    )
    report = load(store, {})
    assert ask(store, "SELECT record_id FROM statement ORDER BY 1") == [("s2",)]
    assert sorted(failures(store)) == ["breaks-rule"] * 3 + ["duplicate-id", "missing-value"] + ["points-nowhere"] * 2
    assert report.failures == 7


def test_decimals_are_exact(store: Store) -> None:
    exact = Decimal("98765432109876543210.123456")
    quantity = span("12,5%", "q1", value=exact, unit="VND", bound="=")
    put(store, [article()], [records(quantities=[quantity], statements=records()["statements"][:1])])
    load(store, {})
    assert ask(store, "SELECT value FROM targets") == [(exact,)]


def test_a_place_is_the_unit_of_the_articles_day(store: Store) -> None:
    days = {"a": datetime(2023, 7, 1, tzinfo=timezone.utc), "b": datetime(2025, 8, 1, tzinfo=timezone.utc), "c": None}
    put(store, [article(key, published=day) for key, day in days.items()], [records(key) for key in days])
    load(store, {})
    assert ask(store, "SELECT article_id, place_id FROM statement WHERE role = 'target' ORDER BY 1") == [
        ("a", "lao-cai-2024"), ("b", "lao-cai"), ("c", "lao-cai-2024"),  # no day: the unit of the figure's period
    ]  # fmt: skip


def reference(uid: str, number: str, **more: Any) -> dict[str, Any]:
    return span("Tiêu đề", uid, number=number, type="kế hoạch") | more


def test_one_document_for_all_its_mentions_and_one_for_each_province(store: Store) -> None:
    put(
        store,
        [article("a"), article("b", content_hash="c2"), article("c", place="Nghệ An"), article("d", place=None)],
        [
            records("a", refs=[reference("d1", "188/KH-UBND", date=date(2023, 5, 1)), reference("d2", "05/2023/QĐ-TTg")]),
            records("b", refs=[reference("d3", "188/KH-UBND", signer="Nguyễn Văn A")]),
            records("c", refs=[reference("d4", "188/KH-UBND"), reference("d5", "05/2023/QĐ-TTg", date=date(2023, 2, 24))]),
            records("d", refs=[reference("d6", "188/KH-UBND", issuer="UBND tỉnh Nghệ An")]),
        ],
    )
    load(store, {})
    rows = ask(store, "SELECT number, place, date, signer, mentions, articles FROM documents ORDER BY 1, 2")
    assert rows == [
        ("05/2023/QĐ-TTg", None, date(2023, 2, 24), None, 2, 2),
        ("188/KH-UBND", "Lào Cai", date(2023, 5, 1), "Nguyễn Văn A", 2, 2),
        ("188/KH-UBND", "Nghệ An", None, None, 2, 2),
    ]


def test_the_same_number_of_two_years_is_two_documents(store: Store) -> None:
    put(
        store,
        [article("a", published=datetime(2023, 7, 1, tzinfo=timezone.utc)), article("b", published=datetime(2022, 7, 1, tzinfo=timezone.utc))],
        [
            records("a", refs=[reference("d1", "188/KH-UBND", date=date(2023, 5, 1)), reference("d2", "188/KH-UBND")]),
            records("b", refs=[reference("d3", "188/KH-UBND", date=date(2022, 5, 1)), reference("d4", "188/KH-UBND")]),
        ],
    )
    load(store, {})
    assert ask(store, "SELECT date, mentions FROM documents ORDER BY 1") == [(date(2022, 5, 1), 2), (date(2023, 5, 1), 2)]


def test_everything_in_the_database_is_explained(store: Store) -> None:
    load(store, {})
    assert ask(
        store,
        "SELECT table_name, NULL FROM duckdb_tables() WHERE comment IS NULL "
        "UNION ALL SELECT view_name, NULL FROM duckdb_views() WHERE NOT internal AND comment IS NULL "
        "UNION ALL SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL",
    ) == []  # fmt: skip


def test_every_table_has_a_key_and_the_reference_tables_are_loaded(store: Store) -> None:
    load(store, {})
    keyed = ask(store, "SELECT DISTINCT table_name FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'")
    assert {name for (name,) in keyed} == {*TABLES, "load_state", "sentence"}
    for table in ("place", "agency", "indicator"):
        assert ask(store, f"SELECT count(*) > 100 FROM {table}") == [(True,)]


@pytest.mark.parametrize("table", sorted({reference[0] for reference in REFERENCES} - {"article"}))
def test_a_row_that_points_nowhere_is_found(store: Store, table: str) -> None:
    load(store, {})
    con = duckdb.connect(str(store.work))
    columns = database.table_columns(con, table)
    common = {"article_id": "'ghost'", "version": "1", "record_id": "'x'", "zone": "'body'", "start_offset": "0", "end_offset": "1",
              "text": "'x'", "sentence_start": "0", "sentence_end": "1", "rule": "''", "confidence": "1", "role": "'date'" if table == "time_expression" else "'target'",
              "dir": "''", "unit": "''", "bound": "'='", "quantity_id": "'q'",
              "dimension": "'share'", "base_unit": "'%'", "place_rule": "'none'", "indicator_rule": "''", "qualifier": "''",
              "cluster_id": "'ghost'" if table == "observation" else "'nobody'", "relation": "'alone'", "similarity": "1", "kind": "'level'", "series": "1",
              "agency_id": "'nobody'", "issuer_id": "'nobody'", "document_id": "NULL" if table != "document" else "'x'", "number": "'1'", "scope": "''", "report_article_id": "'ghost'", "report_version": "1", "report_start": "0", "report_end": "1", "likeness": "1",
              "promise": "1", "telling": "1", "indicator": "''", "written_unit": "'%'", "factor": "1", "same_start": "false", "runs_up": "false", "stage": "'target'", "perhaps_answered": "false", "doubt": "''"}  # fmt: skip
    con.execute(f"INSERT INTO {table} VALUES ({', '.join(common.get(column, 'NULL') for column in columns)})")
    with pytest.raises(LoadError, match=f"1 rows of {table}"):
        check_references(con)
    con.close()


@pytest.mark.parametrize("harm", ["garbage", "truncated", "other-tables"])
def test_a_database_that_cannot_be_used_is_built_anew(store: Store, harm: str) -> None:
    put(store, [article()], [records()])
    load(store, {})
    before = ask(store, "FROM targets")
    if harm == "garbage":
        store.work.write_bytes(b"not a database" * 1000)
    elif harm == "truncated":
        store.work.write_bytes(store.work.read_bytes()[:5000])
    else:
        with duckdb.connect(str(store.work)) as con:
            con.execute("UPDATE load_state SET value = 'other' WHERE name = 'schema'")
            con.execute("ALTER TABLE source ADD COLUMN unheard_of INTEGER")
    report = load(store, {})
    assert report.rebuilt and report.published
    assert ask(store, "FROM targets") == before


def test_a_load_killed_before_it_published_is_published_by_the_next(store: Store) -> None:
    put(store, [article()], [records()])
    load(store, {})
    old = store.root / "old.duckdb"
    shutil.copy(store.warehouse, old)
    put(store, [article("b", content_hash="c2")], [records("b")])
    load(store, {})
    shutil.move(old, store.warehouse)
    report = load(store, {})
    assert report.published and not report.changed
    assert ask(store, "SELECT count(*) FROM targets") == [(2,)]


def test_readers_keep_their_copy_while_a_new_one_is_published(store: Store) -> None:
    put(store, [article()], [records()])
    load(store, {})
    reader = (
        "import duckdb, sys; con = duckdb.connect(sys.argv[1], read_only=True)\n"
        "for _ in sys.stdin: print(con.execute('SELECT count(*) FROM targets').fetchall()[0][0], flush=True)"
    )
    command = [sys.executable, "-c", reader, str(store.warehouse)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout

        def count() -> str:
            process.stdin.write("\n")
            process.stdin.flush()
            return process.stdout.readline()

        assert count() == "1\n"
        put(store, [article("b", content_hash="c2")], [records("b")])
        assert load(store, {}).published
        assert count() == "1\n"
        process.stdin.close()
    assert ask(store, "SELECT count(*) FROM targets") == [(2,)]


def test_a_source_stays_known_when_its_registry_is_not_given_again(store: Store) -> None:
    known = Source(id="bao-thu", name="Báo Thử", place="Lào Cai", kind="newspaper", hosts=("x.example",), evidence=("test",))
    put(store, [article(source="bao-thu")], [records()])
    load(store, {known.id: known})
    load(store, {})
    assert ask(store, "SELECT source_id, name FROM source") == [("bao-thu", "Báo Thử")]


def test_without_a_warehouse_the_reader_is_told_what_to_do(store: Store) -> None:
    with pytest.raises(UserError, match="chitieu run"):
        database.open_reader(store)
    store.warehouse.write_bytes(b"no database")
    with pytest.raises(UserError, match="chitieu load --redo"):
        database.open_reader(store)


def test_batches_are_all_a_load_needs(store: Store, documents: Path) -> None:
    ingest(store, {}, [documents])
    extract(store)
    load(store, {})
    before = ask(store, "FROM figure ORDER BY article_id, record_id")
    for path in (store.work, store.warehouse):
        path.unlink()
    assert load(store, {}).rebuilt
    assert ask(store, "FROM figure ORDER BY article_id, record_id") == before
    assert len(batches.batches(store.articles)) == 1
