"""The report: one HTML page that holds the scoreboard, charts, deadlines and the sentences behind them.

The page carries its data, style and script, loads nothing, and works from disk. All text of the
data goes into the page as JSON that cannot end its element, and into the document as text nodes;
the page's own security policy allows its one script and its one style, told by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

from chitieu.pipelines import database, quality
from chitieu.pipelines.asking import look_from, place_names
from chitieu.pipelines.database import Connection
from chitieu.pipelines.errors import UserError
from chitieu.pipelines.export import run_name
from chitieu.pipelines.store import Store, atomic_path

_PAGE = files("chitieu.pipelines") / "report"
_AROUND = 280
"""Characters of the article that are shown before and after a sentence."""


@dataclass(frozen=True, slots=True)
class ReportMade:
    """Where a report lies, and how much it shows."""

    path: Path
    targets: int
    charts: int
    deadlines: int


@dataclass(slots=True)
class _Sentences:
    """The sentences that a report leads to, each kept once, each with what stands around it."""

    con: Connection
    articles: list[dict[str, Any]] = field(default_factory=list)
    passages: list[dict[str, Any]] = field(default_factory=list)
    _article_at: dict[str, int] = field(default_factory=dict)
    _passage_at: dict[tuple[str, str], int] = field(default_factory=dict)
    _texts: list[str] = field(default_factory=list)

    def passage(self, article_id: str | None, sentence: str | None) -> int | None:
        """The number of the passage of a sentence."""
        if article_id is None or sentence is None:
            return None
        key = article_id, sentence
        if key not in self._passage_at:
            article = self._article(article_id)
            if article is None:
                return None
            text = self._texts[article]
            start = max(text.find(sentence), 0)
            end = start + len(sentence)
            self._passage_at[key] = len(self.passages)
            self.passages.append(
                {
                    "article": article,
                    "before": ("…" if start > _AROUND else "") + text[max(start - _AROUND, 0) : start],
                    "sentence": sentence,
                    "after": text[end : end + _AROUND] + ("…" if end + _AROUND < len(text) else ""),
                }
            )
        return self._passage_at[key]

    def _article(self, article_id: str) -> int | None:
        if article_id not in self._article_at:
            found = self.con.cursor().execute(
                "SELECT a.title, a.url, s.name, CAST(a.published AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE), a.text "
                "FROM article AS a JOIN source AS s USING (source_id) WHERE a.article_id = ? AND a.is_latest",
                [article_id],
            ).fetchone()
            if found is None:
                return None
            title, url, source, published, text = found
            self._article_at[article_id] = len(self.articles)
            self.articles.append({"title": title or article_id, "url": web_address(url), "source": source, "published": published})
            self._texts.append(text)
        return self._article_at[article_id]


def report(
    store: Store, path: Path | None = None, *, place: str | None = None, predecessors: bool = False, as_of: date | None = None
) -> ReportMade:
    """Write the report of the published warehouse as one HTML file, in one step.

    To `path`, or to `report.html` in the folder of the load's exports. `place` narrows it to one
    province, with `predecessors` also those that were merged into it; `as_of` is the day it looks
    from, by default that of the newest article.
    """
    with database.open_reader(store) as con:
        look_from(con, as_of)
        names = place_names(con, place, predecessors=predecessors) if place else None
        state = database.load_state(con)
        path = path or store.exports / run_name(state) / "report.html"
        data = _gather(con, names)
        data["meta"] |= {"load": state["load"], "loaded_at": state["loaded_at"], "place": place}
    try:
        with atomic_path(path) as temporary:
            temporary.write_text(page(data), encoding="utf-8")
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror or error}") from error
    return ReportMade(path, len(data["scoreboard"]), len(data["series"]), len(data["deadlines"]))


def page(data: dict[str, Any]) -> str:
    """The HTML of a report."""
    style, script = ((_PAGE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    said = json.loads((_PAGE / "words.json").read_text(encoding="utf-8"))
    return Template((_PAGE / "page.html").read_text(encoding="utf-8")).substitute(
        style=style,
        script=script,
        style_hash=_csp_hash(style),
        script_hash=_csp_hash(script),
        data=json_for_script(data | {"words": said}),
    )


def json_for_script(value: Any) -> str:
    """JSON for a script element: nothing in it can end the element or be read as markup."""
    text = json.dumps(value, ensure_ascii=False, default=_json_value, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def web_address(url: str | None) -> str | None:
    """The address if it is one of the web, else None: nothing else becomes a link."""
    try:
        parts = urlsplit(url or "")
        return url if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _csp_hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def _gather(con: Connection, places: Sequence[str] | None) -> dict[str, Any]:
    sentences = _Sentences(con)
    (day,) = con.execute("SELECT day FROM as_of").fetchall()[0]
    data: dict[str, Any] = {
        "meta": {"as_of": day},
        "scoreboard": _scoreboard(con, places, sentences),
        "series": _series(con, places, sentences),
        "deadlines": _deadlines(con, places, sentences),
        "contradictions": _contradictions(con, places, sentences),
        "quality": _quality(con),
    }
    return data | {"articles": sentences.articles, "passages": sentences.passages}


def _rows(con: Connection, query: str, places: Sequence[str] | None) -> list[dict[str, Any]]:
    cursor = con.execute(query, {"places": places} if "$places" in query else {})
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _scoreboard(con: Connection, places: Sequence[str] | None, sentences: _Sentences) -> list[dict[str, Any]]:
    rows = _rows(con, _SCOREBOARD, places)
    for row in rows:
        row["target_passage"] = sentences.passage(row.pop("target_article_id"), row.pop("target_sentence"))
        row["latest_passage"] = sentences.passage(row.pop("latest_article_id"), row.pop("latest_sentence"))
    return rows


def _series(con: Connection, places: Sequence[str] | None, sentences: _Sentences) -> list[dict[str, Any]]:
    """Figures over time with the targets set for them: one chart each."""
    charts: dict[int, dict[str, Any]] = {}
    for row in _rows(con, _POINTS, places):
        chart = charts.setdefault(
            row["series"],
            {name: row[name] for name in ("place", "indicator", "indicator_en", "unit", "kind", "same_start")} | {"figures": [], "targets": []},
        )
        point = {name: row[name] for name in ("value", "bound", "since", "day", "stage")}
        point["passage"] = sentences.passage(row["article_id"], row["sentence"])
        chart["targets" if row["role"] == "target" else "figures"].append(point)
    return list(charts.values())


def _deadlines(con: Connection, places: Sequence[str] | None, sentences: _Sentences) -> list[dict[str, Any]]:
    rows = _rows(con, _DEADLINES, places)
    for row in rows:
        row["passage"] = sentences.passage(row.pop("article_id"), row.pop("sentence"))
    return rows


def _contradictions(con: Connection, places: Sequence[str] | None, sentences: _Sentences) -> list[dict[str, Any]]:
    """Indicators of a place and period that several articles tell differently, each with its figures."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in _rows(con, _CONTRADICTIONS, places):
        about = {name: row[name] for name in ("place", "indicator", "indicator_en", "day", "unit")}
        one = found.setdefault((*about.values(), row["since"], row["kind"]), about | {"figures": []})
        one["figures"].append({"value": row["value"], "passage": sentences.passage(row["article_id"], row["sentence"])})
    return list(found.values())


def _quality(con: Connection) -> list[dict[str, Any]]:
    """What the checks found, each told in both languages."""
    rows = _rows(con, _QUALITY, None)
    for row in rows:
        check = quality.CHECKS.get(row.pop("check_id"))
        row["told_vi"] = check.told_vi if check else row["told"]
    return rows


_SCOREBOARD = """
SELECT
    coalesce(s.indicator_name, s.indicator) AS indicator, i.name_en AS indicator_en, s.place, s.promised_by, s.dir,
    s.target_value, s.target_low, s.target_high, s.target_bound, s.unit, s.deadline,
    s.latest_value, s.latest_bound, s.latest_period_end, s.gap, s.gap_unit, s.state, s.doubt, s.confidence,
    s.target_sentence, s.latest_sentence, s.target_article_id, s.latest_article_id
FROM scoreboard AS s
LEFT JOIN indicator AS i USING (indicator_id)
WHERE $places IS NULL OR list_contains($places, fold(s.place))
ORDER BY s.state = 'candidate', s.latest_value IS NULL, s.deadline DESC NULLS LAST, s.place, indicator, s.target_value, s.target_article_id, s.target_id
"""

# A chart is worth drawing where figures can be seen against a target, or a figure over time.
_POINTS = """
WITH point AS (
    SELECT
        o.series, o.role, o.kind, o.same_start, o.bound, coalesce(o.value, o.high, o.low) AS base_value,
        -- A chart is in the unit that its texts use most.
        mode({'unit': CASE WHEN o.kind = 'progress' THEN o.unit ELSE o.written_unit END, 'factor': o.factor}) OVER (PARTITION BY o.series) AS chosen,
        o.period_from AS since, o.period_to AS day, o.stage,
        i.name AS indicator, i.name_en AS indicator_en, p.name AS place, o.article_id, o.record_id, o.cluster_id,
        substring(a.text, s.sentence_start + 1, s.sentence_end - s.sentence_start) AS sentence
    FROM observation AS o
    JOIN indicator AS i USING (indicator_id)
    JOIN place AS p USING (place_id)
    JOIN statement AS s ON s.article_id = o.article_id AND s.version = o.version AND s.record_id = o.record_id
    JOIN article AS a ON a.article_id = o.article_id AND a.version = o.version
    WHERE o.kind != 'other' AND o.stage != 'forecast' AND o.period_to IS NOT NULL
        AND o.confidence >= (SELECT value FROM setting WHERE name = 'threshold')
        AND ($places IS NULL OR list_contains($places, fold(p.name)))
    -- What reprints say, and what one article says twice, is one point.
    QUALIFY row_number() OVER (PARTITION BY o.series, o.role, o.cluster_id, o.period_to, o.value ORDER BY o.article_id, o.record_id) = 1
)
SELECT *, chosen['unit'] AS unit, in_unit(base_value, chosen['factor']) AS value
FROM point
QUALIFY count(*) FILTER (role = 'target') OVER (PARTITION BY series) > 0 AND count(*) FILTER (role != 'target') OVER (PARTITION BY series) > 0
    OR count(DISTINCT day) FILTER (role != 'target') OVER (PARTITION BY series) > 2
ORDER BY count(*) OVER (PARTITION BY series) DESC, place, indicator, series, day, article_id, record_id
"""

_DEADLINES = """
SELECT t.deadline, t.state, t.place, t.who, t.task AS what, t.sentence, t.article_id
FROM task_board AS t, as_of
WHERE t.deadline IS NOT NULL AND (t.published IS NULL OR t.published <= as_of.day)
    AND ($places IS NULL OR list_contains($places, fold(t.place)))
ORDER BY t.deadline, t.article_id, t.record_id
"""

_CONTRADICTIONS = """
SELECT
    c.place, c.indicator_name AS indicator, i.name_en AS indicator_en, c.period_from AS since, c.period_to AS day, nullif(c.unit, 'count') AS unit, c.kind,
    c.value, c.article_id, c.sentence
FROM contradictions AS c
JOIN indicator AS i USING (indicator_id)
JOIN as_of ON c.published IS NULL OR c.published <= as_of.day
WHERE $places IS NULL OR list_contains($places, fold(c.place))
ORDER BY c.period_to DESC, c.place, indicator, c.value, c.article_id, c.record_id
"""

_QUALITY = "SELECT check_id, table_name, severity, told, checked, failed FROM quality_check ORDER BY failed DESC, severity, check_id"
