"""Judging the scoreboard: rows out to a workbook, verdicts back, and the precision they show.

Verdicts are kept beside the batches, one JSON object a line, and hang on the lasting ids of the
target and the figure and on the state judged: a new extraction that finds the same keeps them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from chitieu.pipelines import database
from chitieu.pipelines.errors import UserError
from chitieu.pipelines.store import Store, atomic_path

_SCHEMA = pa.schema(
    [
        ("target_id", pa.string()),
        ("latest_id", pa.string()),
        ("state", pa.string()),
        ("claim", pa.string()),
        ("verdict", pa.string()),
        ("note", pa.string()),
        ("given", pa.timestamp("us", tz="UTC")),
    ]
)
_KEY = ("target_id", "latest_id", "state")
VERDICTS = ("right", "wrong")
_THRESHOLDS = tuple(round(0.4 + step / 20, 2) for step in range(12))
_SHEET = "review"
_COLUMNS = (
    "verdict", "note", "state", "claim", "place", "indicator", "indicator_name", "target_bound", "target_value", "target_low", "target_high",
    "unit", "deadline", "promised_by", "target_published", "target_sentence", "latest_value", "latest_period_from", "latest_period_end", "latest_stage",
    "latest_published", "latest_sentence", "gap", "doubt", "confidence", "target_address", "latest_address", "target_id", "latest_id",
)  # fmt: skip
_WIDE = {"target_sentence": 60, "latest_sentence": 60, "indicator": 30, "note": 30, "doubt": 25}


@dataclass(slots=True)
class Judged:
    """What verdicts say of rows with one state."""

    right: int = 0
    wrong: int = 0

    @property
    def precision(self) -> float | None:
        judged = self.right + self.wrong
        return self.right / judged if judged else None

    @property
    def at_least(self) -> float | None:
        """Lower end of the 95% interval (Wilson) of the precision."""
        n = self.right + self.wrong
        if not n:
            return None
        z, p = 1.96, self.right / n
        return (p + z * z / (2 * n) - z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n)


@dataclass(slots=True)
class ReviewReport:
    """How many verdicts there are now, and what they show for each state."""

    taken: int = 0
    changed: int = 0
    by_state: dict[str, Judged] = field(default_factory=dict)
    by_threshold: dict[float, Judged] = field(default_factory=dict)
    """What the verdicts show of the rows that are at least so sure now, whatever their state."""

    @property
    def with_state(self) -> Judged:
        """All rows that claim something: every state but candidate."""
        claimed = [judged for state, judged in self.by_state.items() if state != "candidate"]
        return Judged(sum(j.right for j in claimed), sum(j.wrong for j in claimed))


def write_review(store: Store, path: Path, *, sample: int = 100, as_of: date | None = None) -> int:
    """Write candidates and a sample of the other rows to the workbook `path`; gives back how many rows.

    As many candidates (those that would have a state first, of these the surest: there a verdict decides
    most) as other rows. A verdict is on the claim: right says that the figures, the place, the time and the state
    it draws from them are what the sentences say. The sample is
    the same for the same data. Verdicts given before stand in their column.
    """
    with database.open_reader(store) as con:
        if as_of:
            con.execute(f"SET VARIABLE as_of = DATE '{as_of.isoformat()}'")
        listed = ", ".join(f"s.{column}" for column in _COLUMNS if column not in ("verdict", "note"))
        cursor = con.execute(f"""
            WITH row_ AS (
                SELECT {listed}, v.verdict, v.note, row_number() OVER (
                    PARTITION BY s.state = 'candidate'
                    ORDER BY s.claim IS NULL, CASE WHEN s.state = 'candidate' THEN -s.confidence ELSE hash(s.target_id) END, s.target_id
                ) AS place_in_line
                FROM scoreboard AS s
                LEFT JOIN (
                    FROM verdict QUALIFY row_number() OVER (PARTITION BY target_id, latest_id, claim ORDER BY given DESC, state) = 1
                ) AS v ON v.target_id = s.target_id AND v.latest_id = coalesce(s.latest_id, '') AND v.claim IS NOT DISTINCT FROM s.claim
            )
            SELECT {", ".join(_COLUMNS)} FROM row_ WHERE place_in_line <= {int(sample)}
            ORDER BY state = 'candidate', state, place, deadline, target_id
        """)
        rows = cursor.fetchall()
    with atomic_path(path) as temporary:
        _write_workbook(temporary, rows)
    return len(rows)


def _write_workbook(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    # Nothing from the web may become a formula or a link.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(_SHEET)
        head, day, text = (book.add_format(f) for f in ({"bold": True}, {"num_format": "yyyy-mm-dd"}, {"text_wrap": True, "valign": "top"}))
        for at, column in enumerate(_COLUMNS):
            sheet.write_string(0, at, column, head)
            sheet.set_column(at, at, _WIDE.get(column, 14), text)
        for line, row in enumerate(rows, 1):
            for at, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(line, at, datetime(value.year, value.month, value.day), day)
                elif isinstance(value, Decimal | float | int):
                    sheet.write_number(line, at, float(value))
                elif value is not None:
                    sheet.write_string(line, at, str(value)[:32_000], text)
        last = max(len(rows), 1)
        sheet.data_validation(1, 0, last, 0, {"validate": "list", "source": list(VERDICTS)})
        sheet.autofilter(0, 0, last, len(_COLUMNS) - 1)
        sheet.freeze_panes(1, 2)


def take_verdicts(store: Store, path: Path) -> ReviewReport:
    """Take in the verdicts of a workbook that `write_review` wrote.

    An empty verdict takes nothing back. Raises UserError naming file and row where one is neither
    right nor wrong, and then takes none.
    """
    given = {tuple(row[name] for name in _KEY): row for row in _stored(store)}
    report = ReviewReport()
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    for row in _read_workbook(path):
        key = tuple(row[name] for name in _KEY)
        report.taken += 1
        old = given.get(key)
        if old is None or any(old[name] != row[name] for name in ("claim", "verdict", "note")):
            report.changed += 1
            given[key] = row | {"given": now}
    if report.changed:
        with atomic_path(store.verdicts) as temporary:
            temporary.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in given.values()), encoding="utf-8")
    report.by_state, report.by_threshold = _by_state(list(given.values())), _by_threshold(store, list(given.values()))
    return report


def shown(store: Store) -> ReviewReport:
    """What the verdicts given so far show."""
    rows = list(_stored(store))
    return ReviewReport(taken=len(rows), by_state=_by_state(rows), by_threshold=_by_threshold(store, rows))


def read_verdicts(store: Store) -> pa.Table:
    """All verdicts as the table `verdict`. Raises UserError naming file and line."""
    rows = [row | {"given": datetime.fromisoformat(row["given"])} for row in _stored(store)]
    return pa.Table.from_pylist(rows, _SCHEMA)


def _by_threshold(store: Store, rows: Sequence[dict[str, Any]]) -> dict[float, Judged]:
    """For each threshold the scoreboard could have, the verdicts on the claims that it would let through."""
    if not store.warehouse.is_file():
        return {}
    with database.open_reader(store) as con:
        now = con.execute("SELECT target_id, coalesce(latest_id, ''), claim, confidence FROM scoreboard WHERE claim IS NOT NULL").fetchall()
    confidence = {tuple(claim): sure for *claim, sure in now}
    judged = [(confidence[key], row["verdict"]) for row in rows if (key := (row["target_id"], row["latest_id"], row["claim"])) in confidence]
    found = {}
    for threshold in _THRESHOLDS:
        passed = [verdict for sure, verdict in judged if sure >= threshold]
        found[threshold] = Judged(passed.count("right"), passed.count("wrong"))
    return found


def _by_state(rows: Sequence[dict[str, Any]]) -> dict[str, Judged]:
    found: dict[str, Judged] = {}
    for row in rows:
        judged = found.setdefault(row["state"], Judged())
        if row["verdict"] == "right":
            judged.right += 1
        else:
            judged.wrong += 1
    return dict(sorted(found.items()))


def _stored(store: Store) -> Iterator[dict[str, Any]]:
    if not store.verdicts.is_file():
        return
    for number, line in enumerate(store.verdicts.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            # Verdicts of before claims were written down were on the state.
            yield {"claim": None if row["state"] == "candidate" else row["state"]} | {name: row[name] for name in _SCHEMA.names if name in row or name != "claim"}
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(f"{store.verdicts}:{number}: not a verdict ({error}); mend or remove the line") from error


def _read_workbook(path: Path) -> Iterator[dict[str, str | None]]:
    try:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_name(_SHEET).to_python()
    except (OSError, CalamineError) as error:
        raise UserError(f"{path} cannot be read as a workbook of `chitieu review`: {error}") from error
    head = [str(cell) for cell in rows[0]] if rows else []
    missing = [name for name in (*_KEY, "claim", "verdict", "note") if name not in head]
    if missing:
        raise UserError(f"{path}: the column {missing[0]} is missing; write the workbook anew with `chitieu review`")
    found = []
    for number, cells in enumerate(rows[1:], 2):
        row = dict(zip(head, cells, strict=False))
        verdict = str(row["verdict"]).strip().lower()
        if not verdict:
            continue
        if verdict not in VERDICTS:
            raise UserError(f"{path}, row {number}: the verdict is {verdict!r}; write right or wrong, or leave it empty")
        found.append({name: str(row[name]) for name in _KEY} | {"claim": str(row["claim"]) or None, "verdict": verdict, "note": str(row["note"]).strip() or None})
    yield from found
