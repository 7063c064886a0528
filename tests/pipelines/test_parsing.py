"""Archives read in stretches side by side come out as if read by one, even if a process dies."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chitieu.crawlers.archive import Damage, Position
from chitieu.crawlers.sources import load_registry
from chitieu.pipelines.article import Article
from chitieu.pipelines.engine import Engine
from chitieu.pipelines.parsing import Outcome, ParsedPage, Scope, Span, SpanEnd, SpanReader, read_span

SCOPE = Scope(load_registry())


def outcomes(path: Path, engine: Engine, size: int, on_page: Callable[[], None] = lambda: None) -> list[Outcome]:
    found: list[Outcome] = []
    with SpanReader(SCOPE, engine, size) as reader:
        for _, some in reader.read(reader.cut(Span(str(path), "x", Position()), path.stat().st_size)):
            for outcome in some:
                found.append(outcome)
                on_page()
    return found


@pytest.mark.parametrize("killed", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_stretches_come_in_order_and_lose_nothing(
    foreign: Callable[..., Path], captures: Callable, killed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = foreign(captures(150))
    monkeypatch.setattr("chitieu.pipelines.parsing._LOCAL_SPAN", 16_000)

    def kill_at_first() -> None:
        for process in multiprocessing.active_children() if killed else ():
            process.kill()
            time.sleep(0.1)

    shared = outcomes(path, Engine(workers=2), 10**9, kill_at_first)
    alone = outcomes(path, Engine(workers=1), 10**9)
    assert [outcome for outcome in shared if isinstance(outcome, ParsedPage)] == alone[:-1]
    ends = [outcome for outcome in shared if isinstance(outcome, SpanEnd)]
    assert len(ends) > 5 and sum(end.skipped.total() for end in ends) == alone[-1].skipped.total()
    assert ends[-1].position == alone[-1].position == Position(path.stat().st_size)
    assert sum(isinstance(outcome.parsed, Article) for outcome in alone[:-1]) == 150
    assert all(not outcome.archived.page.body for outcome in alone[:-1]), "what is parsed is not carried on"


def test_an_archive_that_cannot_be_cut_is_one_stretch_read_here(foreign: Callable[..., Path], captures: Callable) -> None:
    with SpanReader(SCOPE, Engine(workers=2), 10**9) as reader:
        for form in ("one-member", "plain"):
            path = foreign(captures(3), name=f"{form}.warc.gz", form=form)
            (span,) = reader.cut(Span(str(path), "x", Position()), path.stat().st_size)
            assert span.here or path.stat().st_size < 4_000_000
        (span,) = reader.cut(Span(str(path), "x", Position(0, 2)), path.stat().st_size)
        assert span.here


def test_the_halves_of_a_stretch_hold_what_it_holds(foreign: Callable[..., Path], captures: Callable) -> None:
    path = foreign(captures(400))
    size = path.stat().st_size
    whole = Span(str(path), "x", Position())
    first, second = whole.halves(size)
    pages = [outcome for span in (first, second) for outcome in read_span(span, SCOPE) if isinstance(outcome, ParsedPage)]
    assert pages == [outcome for outcome in read_span(whole, SCOPE) if not isinstance(outcome, (SpanEnd, Damage))]
    assert Span(str(path), "x", Position(), stop=1000).halves(size) is None
