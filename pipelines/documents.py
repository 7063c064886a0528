"""Documents that were never crawled: JSON Lines and plain text files, read line by line."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_JSON_LINES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")


class GivenDocument(BaseModel):
    """One line of a JSON Lines file. Keys other than these are ignored."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(min_length=1)
    text: str
    url: str | None = None
    source: str | None = None
    title: str | None = None
    published: datetime | date | None = None
    place: str | None = None

    @field_validator("id", mode="before")
    @classmethod
    def _number_as_id(cls, value: object) -> object:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @field_validator("published", mode="before")
    @classmethod
    def _day_or_time(cls, value: object) -> object:
        """ISO dates and times only: a bare number would otherwise be read as seconds since 1970."""
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise ValueError("must be an ISO date such as 2023-06-21")
        return date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)

    @field_validator("id", "text", "url", "source", "title", "place")
    @classmethod
    def _writable(cls, value: str | None) -> str | None:
        """JSON can spell half of a surrogate pair, which no file can hold as UTF-8."""
        try:
            (value or "").encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"holds half of a surrogate pair at character {error.start}") from None
        return value

    @property
    def published_day(self) -> date | None:
        """The day of publication in Vietnam; a time without a zone is Vietnam's own."""
        if not isinstance(self.published, datetime):
            return self.published
        return _in_vietnam(self.published).date()

    @property
    def published_time(self) -> datetime | None:
        """The moment of publication in UTC; a bare day begins at midnight in Vietnam."""
        if self.published is None:
            return None
        moment = self.published
        if not isinstance(moment, datetime):
            moment = datetime(moment.year, moment.month, moment.day)
        return _in_vietnam(moment).astimezone(timezone.utc)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line or file that gives no document: where it stands and what is wrong with it."""

    where: str
    cause: str
    """A short slug: bad-json, bad-document, not-utf8, damaged-file, cannot-open."""
    detail: str


def local_day(moment: datetime | None) -> date | None:
    """The calendar day of an aware time in Vietnam."""
    return moment.astimezone(VIETNAM).date() if moment else None


def is_json_lines(path: Path) -> bool:
    """Whether the file's name says JSON Lines, compressed or not."""
    return path.name.lower().endswith(_JSON_LINES)


def read_documents(paths: Iterable[Path]) -> Iterator[GivenDocument | Unreadable]:
    """The documents of JSON Lines files, in order; what cannot be read is told in its place."""
    for path in paths:
        yield from _read_json_lines(path)


def read_text_files(paths: Iterable[Path], published: date | None) -> Iterator[GivenDocument | Unreadable]:
    """Each file one document, its name without the ending its id, its text exactly as stored."""
    for path in paths:
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError as error:
            yield Unreadable(str(path), "not-utf8", f"byte {error.start} is not UTF-8; convert the file first")
        except OSError as error:
            yield Unreadable(str(path), "cannot-open", error.strerror or str(error))
        else:
            yield GivenDocument(id=path.stem, text=text, published=published and published.isoformat())


def _read_json_lines(path: Path) -> Iterator[GivenDocument | Unreadable]:
    number = 0
    try:
        with gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if number == 1:
                    line = line.removeprefix(b"\xef\xbb\xbf")
                if line.strip():
                    yield _parse_line(line, f"{path}:{number}")
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        yield Unreadable(f"{path}:{number + 1}", "damaged-file", f"the compressed file ends or breaks here: {error}")
    except OSError as error:
        yield Unreadable(str(path), "cannot-open", error.strerror or str(error))


def _parse_line(line: bytes, where: str) -> GivenDocument | Unreadable:
    try:
        return GivenDocument.model_validate(json.loads(line.decode()))
    except UnicodeDecodeError as error:
        return Unreadable(where, "not-utf8", f"byte {error.start} of the line is not UTF-8")
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        said = first["msg"].removeprefix("Value error, ")
        return Unreadable(where, "bad-document", f"{key}: {said}" if key else "the line is not a JSON object")
    except (ValueError, RecursionError) as error:
        return Unreadable(where, "bad-json", str(error) or type(error).__name__)


def _in_vietnam(moment: datetime) -> datetime:
    return moment.replace(tzinfo=VIETNAM) if moment.tzinfo is None else moment.astimezone(VIETNAM)
