"""What articles say of each other, staged for a load: retold directives, bodies of tasks, reports of tasks done."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from chitieu.pipelines import agencies, database, reported

_TASK_AGENCY = pa.schema([("article_id", pa.string()), ("version", pa.int32()), ("record_id", pa.string()), ("agency_id", pa.string())])
_TASK_REPORT = pa.schema(
    [
        *list(_TASK_AGENCY)[:3],
        ("report_article_id", pa.string()),
        ("report_version", pa.int32()),
        ("report_start", pa.int32()),
        ("report_end", pa.int32()),
        ("likeness", pa.float64()),
    ]
)
_RETOLD = pa.schema(
    [
        *list(_TASK_AGENCY)[:3],
        ("document_id", pa.string()),
        ("start_offset", pa.int32()),
        ("end_offset", pa.int32()),
        ("text", pa.string()),
        ("likeness", pa.float64()),
    ]
)
_DAY = "CAST(a.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE)"
_HEAD = 800
"""A document that is named this early is what the article is about."""


def stage_retold(con: Connection) -> None:
    """Add to the staged mentions of documents those that give no number but mean a numbered one."""
    heads: dict[str, list[reported.Issued]] = {}
    query = f"""
        SELECT DISTINCT m.article_id, m.document_id, d.type, d.date, nullif(d.scope, '')
        FROM staged_document_mention AS m JOIN staged_document AS d USING (document_id)
        WHERE m.start_offset < {_HEAD} AND m.zone NOT IN ('teaser', 'furniture') ORDER BY ALL
    """
    for article_id, *issued in con.execute(query).fetchall():
        heads.setdefault(article_id, []).append(reported.Issued(*issued))
    articles = [
        reported.Told(*row, documents=tuple(heads.get(row[0], ())))
        for row in database.stream(con, f"SELECT a.article_id, a.version, a.text, {_DAY}, a.place FROM staged_article AS a WHERE a.is_latest ORDER BY 1")
    ]
    texts = {article.article_id: article.text for article in articles}
    rows = []
    for found in reported.retold_documents(articles):
        text = texts[found.article_id][found.start : found.end]
        uid = hashlib.sha256(f"retold|{found.article_id}|{found.document_id}".encode()).hexdigest()[:16]
        rows.append(
            {
                "article_id": found.article_id, "version": found.version, "record_id": uid, "document_id": found.document_id,
                "start_offset": found.start, "end_offset": found.end, "text": text, "likeness": found.likeness,
            }
        )  # fmt: skip
    _register(con, "staged_retold", rows, _RETOLD)
    con.execute("""
        INSERT INTO staged_document_mention BY NAME
        SELECT r.* EXCLUDE (likeness), 'body' AS zone, r.start_offset AS sentence_start, r.end_offset AS sentence_end,
            'issuer, kind, day and wording' AS rule, least(0.95, 0.75 + r.likeness / 4) AS confidence, d.type, d.scope
        FROM staged_retold AS r JOIN staged_document AS d USING (document_id)
    """)


def stage(con: Connection) -> None:
    """The tables `task_agency` and `task_report`, from the staged tasks and articles."""
    query = f"SELECT k.article_id, k.version, k.record_id, k.who, {_DAY} FROM staged_task AS k JOIN staged_article AS a USING (article_id, version) WHERE k.who IS NOT NULL"
    bodies = [
        {"article_id": article_id, "version": version, "record_id": record_id, "agency_id": agency_id}
        for article_id, version, record_id, who, day in database.stream(con, query)
        for agency_id in agencies.named_agencies(who, day)
    ]
    _register(con, "staged_task_agency", bodies, _TASK_AGENCY)
    tasks = con.execute(f"""
        SELECT k.article_id, k.version, k.record_id, k.text, {_DAY}, a.place
        FROM staged_task AS k JOIN staged_article AS a USING (article_id, version)
        WHERE a.is_latest AND a.published IS NOT NULL AND a.place IS NOT NULL AND k.zone NOT IN ('teaser', 'furniture')
        ORDER BY 1, 2, 3
    """).fetchall()
    articles = con.execute(f"""
        SELECT a.article_id, a.version, a.text, {_DAY}, a.place FROM staged_article AS a
        WHERE a.is_latest AND a.published IS NOT NULL AND a.place IS NOT NULL ORDER BY 1
    """).fetchall()
    done = reported.done_tasks((reported.Ordered(*row) for row in tasks), (reported.Told(*row) for row in articles))
    _register(con, "staged_task_report", map(_report_row, done), _TASK_REPORT)


def _report_row(found: reported.Done) -> dict[str, Any]:
    task = found.task
    return {
        "article_id": task.article_id, "version": task.version, "record_id": task.record_id,
        "report_article_id": found.report_article_id, "report_version": found.report_version,
        "report_start": found.start, "report_end": found.end, "likeness": found.likeness,
    }  # fmt: skip


def _register(con: Connection, name: str, rows: Iterable[dict[str, Any]], schema: pa.Schema) -> None:
    con.register("given", pa.Table.from_pylist(list(rows), schema))
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM given")
    con.unregister("given")
