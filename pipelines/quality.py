"""Checks of what a load is about to put into the warehouse.

An error keeps a row out of its table: it goes to `quarantine` with the reason. A warning is counted
in `quality_check` and the row stays: it says how far the data may be trusted. What the tables
themselves demand (keys, NOT NULL, CHECK, references) is checked by `load`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """What a failing row is, in English and in Vietnamese, and how it is told: `failing` is a SQL condition on a row
    of `table` (called `pointing` where it must be named)."""

    table: str
    name: str
    told: str
    told_vi: str
    failing: str

    @property
    def check_id(self) -> str:
        return f"{self.table}: {self.name}"


_POSITIONED = ("time_expression", "quantity", "statement", "task", "document_mention")
_ARTICLE_TEXT = """(
    SELECT a.text FROM staged_article AS a WHERE a.article_id = pointing.article_id AND a.version = pointing.version
)"""

ERRORS = (
    *(
        Check(table, "outside-text", "ends after the end of its article's text", "kết thúc ngoài văn bản của bài", f"end_offset > length({_ARTICLE_TEXT})")
        for table in _POSITIONED
    ),
    Check(
        "time_expression", "day-out-of-range", "names a day before 1900 or after 2150", "nêu ngày trước năm 1900 hoặc sau năm 2150",
        "since NOT BETWEEN DATE '1900-01-01' AND DATE '2150-12-31' OR until NOT BETWEEN DATE '1900-01-01' AND DATE '2150-12-31'",
    ),
    Check("quantity", "negative-count", "a negative count, area, length or weight", "số đếm, diện tích, độ dài hoặc khối lượng âm",
          "dimension IN ('count', 'area', 'length', 'weight', 'duration') AND coalesce(value, low) < 0"),
    Check("quantity", "more-than-all", "n of m with n more than twice m", "n trên m mà n hơn gấp đôi m", "unit != 'rank' AND value > 2 * of_total"),
    Check("quantity", "rank-out-of-range", "a rank below the last of those ranked", "thứ hạng thấp hơn hạng cuối", "unit = 'rank' AND value > of_total"),
    Check("statement", "share-over-all", "a part of a whole of more than 100%", "một phần mà hơn 100% của tổng thể", """
        role IN ('actual', 'target') AND dir = '' AND EXISTS (
            SELECT 1 FROM staged_quantity AS q, staged_indicator AS i
            WHERE q.article_id = pointing.article_id AND q.version = pointing.version AND q.record_id = pointing.quantity_id
                AND i.indicator_id = pointing.indicator_id AND i.measure = 'rate' AND NOT i.cumulative
                AND i.dimension = 'share' AND q.dimension = 'share' AND coalesce(q.base_value, q.base_high) > 100
        )"""),
)  # fmt: skip
"""In the order they are looked for: the first that a row fails is told."""

WARNINGS = (
    Check("article", "undated", "has no day of publication", "không rõ ngày đăng", "published IS NULL"),
    Check("article", "day-ahead", "bears a day after it was first seen", "ngày đăng sau ngày thu thập", "published > first_seen + INTERVAL 2 DAY"),
    Check("article", "not-extracted", "has no records of any rules yet", "chưa được trích xuất", "is_latest AND rules_version IS NULL"),
    Check("statement", "not-linked", "names no indicator of the catalogue", "không có chỉ tiêu trong danh mục", "indicator_id IS NULL"),
    Check("statement", "place-unknown", "names a place that is not in the table of places", "địa phương không có trong bảng địa danh", "place_rule = 'unknown'"),
    Check("observation", "unit-against-indicator", "has a unit that is not its indicator's", "đơn vị tính không phải của chỉ tiêu", "kind = 'other'"),
    Check("observation", "forecast", "reports a period that had not begun", "nói về kỳ chưa bắt đầu", "stage = 'forecast'"),
    Check("observation", "target-without-deadline", "is a target without a last day", "mục tiêu không nêu thời hạn", "role = 'target' AND period_to IS NULL"),
    Check("task", "no-addressee", "is a task for nobody", "nhiệm vụ không nêu ai làm", "who IS NULL"),
)

CHECKS = {check.check_id: check for check in (*ERRORS, *WARNINGS)}
"""All of them by the id they bear in `quality_check`."""
