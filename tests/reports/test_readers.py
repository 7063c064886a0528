"""Readers and the writer: whoever asks while a load publishes sees one load, whole, and never waits."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chitieu.pipelines import database
from chitieu.pipelines.extract import extract
from chitieu.pipelines.ingest import ingest
from chitieu.pipelines.load import load
from chitieu.pipelines.store import Store

READERS = 3
LOADS = 3
# Opens the warehouse again and again, as analysts do, and prints a line for each time: which load it
# saw, how many articles that had, twice, and what the slowest question took.
READER = """
import json, sys, time
from pathlib import Path
from chitieu.pipelines import database
from chitieu.pipelines.store import Store

store, stop = Store(Path(sys.argv[1])), Path(sys.argv[2])
while True:
    last = stop.exists()
    started = time.monotonic()
    with database.open_reader(store) as con:
        load = database.load_state(con)["load"]
        first = con.execute("SELECT count(*), count(DISTINCT article_id) FROM article").fetchone()
        sentences = con.execute("SELECT count(DISTINCT article_id) FROM sentence").fetchone()[0]
        targets = con.execute("SELECT count(*) FROM targets").fetchone()[0]
        again = con.execute("SELECT count(*), count(DISTINCT article_id) FROM article").fetchone()
    print(json.dumps([load, first, again, sentences, targets, time.monotonic() - started]), flush=True)
    if last:
        break
    time.sleep(0.05)
"""


def document(number: int) -> dict[str, str]:
    text = f"Kế hoạch {number}\n\nNăm 2024, tỉnh phấn đấu thu ngân sách đạt {15_000 + number} tỷ đồng.\n"
    return {"id": f"a{number}", "text": text, "published": "2023-12-20", "place": "Nghệ An"}


@pytest.mark.slow
def test_readers_see_whole_loads_and_never_fail_while_they_are_published(filled: Callable[..., Store], tmp_path: Path) -> None:
    store = filled(*map(document, range(10)))
    stop = tmp_path / "stop"
    command = [sys.executable, "-c", READER, str(store.root), str(stop)]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(READERS)]
    try:
        for reader in readers:
            assert reader.stdout and reader.stdout.readline(), "every reader has begun"
        with database.open_reader(store) as early:
            meant = {"1": 10}
            for number in range(2, LOADS + 2):
                given = tmp_path / f"given-{number}.jsonl"
                given.write_text("".join(json.dumps(document(n)) + "\n" for n in range(10 * number)), encoding="utf-8")
                ingest(store, {}, [given])
                extract(store)
                assert load(store, {}).published
                meant[str(number)] = 10 * number
            assert early.execute("SELECT count(*) FROM article").fetchone() == (10,), "an old reader keeps its copy"
    finally:
        stop.touch()
        ended = [reader.communicate(timeout=60) for reader in readers]
    seen = set()
    for reader, (said, complained) in zip(readers, ended, strict=True):
        assert reader.returncode == 0, complained
        answers = [json.loads(line) for line in said.splitlines()]
        for loaded, first, again, sentences, targets, _ in answers:
            assert first == again == [meant[loaded]] * 2 and sentences == targets == meant[loaded]
        loads = [int(answer[0]) for answer in answers]
        assert loads == sorted(loads) and loads[-1] == LOADS + 1
        seen |= set(loads)
        assert max(answer[-1] for answer in answers) < 10, "nobody waits for the writer"
    assert len(seen) > 1, "they read while loads were published"
