"""What later texts say of earlier ones: a directive retold without its number, a task reported done.

Whole texts that tell of one directive may share little (a portal quotes it, a paper tells it in
other words), so a directive is recognised by who issued it, what kind it is, the day, and whether
the rare words and figures of the two texts agree. Both matches rather miss than err.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chitieu.nlp.indicators import fold

_WORD = re.compile(r"[^\W_]+(?:[.,/][^\W_]+)*")
_SENTENCE = re.compile(r"[^\n.!?;]+(?:[.](?=\d)[^\n.!?;]+)*")
_HEAD = 1500
"""How far into an article it says what document it tells of."""

_KINDS = {
    "công điện": "công điện", "bức điện": "công điện", "điện khẩn": "công điện", "chỉ thị": "chỉ thị", "công văn": "công văn",
    "kế hoạch": "kế hoạch", "quyết định": "quyết định", "thông báo": "thông báo", "nghị quyết": "nghị quyết", "văn bản": "",
}  # fmt: skip
_ANNOUNCED = re.compile(
    r"(?P<issuer>ủy ban nhân dân|uỷ ban nhân dân|ubnd|chủ tịch|phó chủ tịch|lãnh đạo|chính quyền|hội đồng nhân dân|hđnd|tỉnh ủy|thường trực|văn phòng|sở \w+)"
    r"[^.\n]{0,160}?\b(?:ký|có|ra|ban hành|phát đi|gửi|phát)\b(?:\s+ban hành)?\s+(?:một\s+|bản\s+)?"
    rf"(?P<kind>{'|'.join(_KINDS)})\b(?!\s*(?:khẩn\s*|hỏa tốc\s*)?(?:số\s*)?\d)",
)
_DAYS = 10
"""How long after a document a paper may first tell of it."""
_LEAST_LIKENESS = 0.07
"""Of two texts of one province and week, where the kind of document agrees; others of the kind stay below 0.05."""
_LEAST_LIKENESS_OF_ANY = 0.15
"""The same where a text says "văn bản" and may mean any kind."""
_CLEARLY = 1.5
"""How much better the best document must fit than the next."""

_DONE = re.compile(r"\b(?:đã|vừa) (?:cơ bản )?(?:hoàn thành|hoàn tất|ban hành|trình|bàn giao|phê duyệt|giải quyết xong|báo cáo|tổ chức|thực hiện xong|gửi|nộp)\b|\bhoàn thành (?:trước|đúng|vượt)\b")
_NOT_DONE = re.compile(r"\b(?:chưa|không|mới chỉ|sẽ|phải|cần|yêu cầu|giao|đề nghị|phấn đấu|chậm)\b")
_COMMON = frozenset("và của các trong cho với được là có đã sẽ theo trên về tại từ đến khi này các để những một ở như do cùng vào phải thực hiện hoàn thành trước ngày tháng năm".split())
_LEAST_WORDS = 5
_LEAST_SHARED = 0.7


@dataclass(frozen=True, slots=True)
class Told:
    """An article as far as matching needs it; `documents` are those its head names by number."""

    article_id: str
    version: int
    text: str
    published: date | None
    place: str | None
    documents: tuple[Issued, ...] = ()


@dataclass(frozen=True, slots=True)
class Issued:
    """A numbered document of a local body: its kind, its day and its province."""

    document_id: str
    kind: str | None
    day: date | None
    place: str | None


@dataclass(frozen=True, slots=True)
class Retold:
    """An article that tells of a document without its number, and where it says so."""

    article_id: str
    version: int
    document_id: str
    start: int
    end: int
    likeness: float


def announced(text: str) -> tuple[int, int, str] | None:
    """Where the head of a text says that someone issued a document, without a number: span and kind."""
    found = _ANNOUNCED.search(fold(text[:_HEAD]))
    return (found.start("kind"), found.end("kind"), _KINDS[found["kind"]]) if found else None


def retold_documents(articles: Sequence[Told]) -> Iterator[Retold]:
    """Articles without a number matched to the numbered document of the same province they tell of."""
    rarity = _rarity(article.text for article in articles)
    homes = [(article, issued) for article in articles for issued in article.documents if issued.day and issued.place]
    for article in articles:
        where = announced(article.text) if article.published and not article.documents else None
        if not where:
            continue
        start, end, kind = where
        # The same document may be at home in several articles: the most like one speaks for it.
        likeness: dict[str, float] = {}
        for home, issued in homes:
            if _may_be(article, kind, issued):
                likeness[issued.document_id] = max(likeness.get(issued.document_id, 0.0), _likeness(article.text, home.text, rarity))
        ranked = sorted(likeness.items(), key=lambda item: (-item[1], item[0]))
        if ranked and ranked[0][1] >= (_LEAST_LIKENESS if kind else _LEAST_LIKENESS_OF_ANY) and (len(ranked) == 1 or ranked[0][1] >= _CLEARLY * ranked[1][1]):
            yield Retold(article.article_id, article.version, ranked[0][0], start, end, ranked[0][1])


def _may_be(article: Told, kind: str, issued: Issued) -> bool:
    """Whether place, kind and day allow that an article tells of a document."""
    assert article.published and issued.day
    kinds = {kind, issued.kind or kind}
    return (
        article.place == issued.place
        and 0 <= (article.published - issued.day).days <= _DAYS
        # "văn bản" is any kind; papers call an urgent dispatch either way.
        and ("" in kinds or len(kinds) == 1 or kinds == {"công điện", "công văn"})
    )


def _rarity(texts: Iterable[str]) -> Mapping[str, float]:
    """How rare each pair of words is: the logarithm of the share of texts that have it, turned over."""
    counted: Counter[str] = Counter()
    total = 0
    for text in texts:
        total += 1
        counted.update(_pairs(text))
    return {pair: math.log((1 + total) / count) for pair, count in counted.items()}


def _pairs(text: str) -> frozenset[str]:
    words = _WORD.findall(fold(text))
    return frozenset(" ".join(words[at : at + 2]) for at in range(len(words) - 1))


def _likeness(one: str, other: str, rarity: Mapping[str, float]) -> float:
    """How much of the shorter text's rare wording the other shares, 0 to 1."""
    first, second = _pairs(one), _pairs(other)
    weights = [sum(rarity.get(pair, 0.0) for pair in pairs) for pairs in (first, second)]
    return sum(rarity.get(pair, 0.0) for pair in first & second) / min(weights) if min(weights) > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Ordered:
    """A task with a deadline, its words and when and where it was ordered."""

    article_id: str
    version: int
    record_id: str
    text: str
    published: date
    place: str


@dataclass(frozen=True, slots=True)
class Done:
    """A task and the sentence of a later article that reports it done."""

    task: Ordered
    report_article_id: str
    report_version: int
    start: int
    end: int
    likeness: float


def done_tasks(tasks: Iterable[Ordered], articles: Iterable[Told]) -> Iterator[Done]:
    """Tasks that a later article of the same place reports as done: the sentence most like each."""
    reports: dict[str, list[tuple[Told, int, int, frozenset[str]]]] = {}
    for article in articles:
        if article.place and article.published:
            for start, end, words in _completions(article.text):
                reports.setdefault(article.place, []).append((article, start, end, words))
    for task in tasks:
        wanted = _content(task.text)
        if len(wanted) < _LEAST_WORDS:
            continue
        best: Done | None = None
        for article, start, end, words in reports.get(task.place, ()):
            assert article.published
            if article.published <= task.published:
                continue
            likeness = len(wanted & words) / len(wanted)
            if likeness >= _LEAST_SHARED and (best is None or likeness > best.likeness):
                best = Done(task, article.article_id, article.version, start, end, likeness)
        if best:
            yield best


def _completions(text: str) -> Iterator[tuple[int, int, frozenset[str]]]:
    """The sentences of a text that say that something is done, with their words."""
    folded = fold(text)
    for found in _SENTENCE.finditer(folded):
        if _DONE.search(found.group()) and not _NOT_DONE.search(found.group()):
            yield found.start(), found.end(), _content(found.group())


def _content(text: str) -> frozenset[str]:
    return frozenset(word for word in _WORD.findall(fold(text)) if word not in _COMMON)
