"""Speed of the whole extraction beside word segmentation, tagging and name recognition by underthesea.

    python -m chitieu.pipelines.bench [PATH] [--processes N]

PATH is a folder of .txt files or a JSON Lines file (.jsonl, .jsonl.gz); without it the texts are
sample articles. One run, each text once each way, in characters per second. With --processes, the
extraction alone, in one process and in N.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import underthesea

import chitieu.nlp as nlp
from chitieu.nlp.records import Document
from chitieu.pipelines import screen
from chitieu.pipelines.documents import GivenDocument, Unreadable, is_json_lines, local_day, read_documents, read_text_files
from chitieu.pipelines.engine import Engine
from chitieu.pipelines.errors import UserError, WrongCall
from chitieu.pipelines.extract import extracting
from chitieu.pipelines.sample_press import SampleArticle, load_articles
from chitieu.pipelines.stage import chunks

_SAMPLE_TEXTS = 20
_TURN = 4
_WARM_UP = "Năm 2024, tỉnh phấn đấu tăng trưởng kinh tế đạt 7,5%."
Way = Callable[[Sequence[Document]], object]


def _sample_document(article: SampleArticle) -> Document:
    text = "\n\n".join([article.title, article.sapo, *article.body, *article.captions])
    return Document(id=str(article.id), text=text, published=local_day(article.published), title=article.title)


def texts_of(path: Path | None) -> list[Document]:
    """The texts to measure on; raises UserError where there are none."""
    if path is None:
        return [_sample_document(article) for article in load_articles()[:_SAMPLE_TEXTS]]
    if path.is_dir():
        items = list(read_text_files(sorted(path.glob("*.txt")), None))
    elif path.is_file() and is_json_lines(path):
        items = list(read_documents([path]))
    else:
        raise WrongCall(f"{path} is neither a folder of .txt files nor a JSON Lines file")
    for item in items:
        if isinstance(item, Unreadable):
            screen.errors.print(f"{item.where}: {item.detail}; left out", markup=False, highlight=False)
    documents = [
        Document(id=item.id, text=item.text, published=item.published_day, title=item.title, place=item.place)
        for item in items
        if isinstance(item, GivenDocument)
    ]
    if not documents:
        raise UserError(f"{path} holds no texts")
    return documents


def measure(documents: Sequence[Document]) -> dict[str, float]:
    """Characters per second of each way, each text once; models are loaded before the clock starts.

    Extraction and word segmentation take turns, a few texts at a time, so that what else the machine does
    hits both alike. The slow ways come after them, one by one: between their turns of seconds the others
    would find every cache cold, and the threads of `ner` go on spinning when it is done.
    """
    pipeline = nlp.build()
    rounds: tuple[dict[str, Way], ...] = (
        {
            "chitieu, whole extraction": lambda some: list(nlp.extract(some, nlp=pipeline)),
            "underthesea.word_tokenize": lambda some: [underthesea.word_tokenize(document.text) for document in some],
        },
        {"underthesea.pos_tag": lambda some: [underthesea.pos_tag(document.text) for document in some]},
        {"underthesea.ner": lambda some: [underthesea.ner(document.text) for document in some]},
    )
    seconds = {name: spent for ways in rounds for name, spent in _seconds(ways, documents).items()}
    characters = sum(len(document.text) for document in documents)
    return {name: characters / spent for name, spent in seconds.items()}


def _seconds(ways: dict[str, Way], documents: Sequence[Document]) -> dict[str, float]:
    """What each way takes over all documents, turn by turn."""
    for way in ways.values():
        way([_sample_document(load_articles()[-1])])  # a whole article: it needs every model and table
    seconds = dict.fromkeys(ways, 0.0)
    for some in chunks(documents, _TURN):
        for name, way in ways.items():
            start = time.perf_counter()
            way(some)
            seconds[name] += time.perf_counter() - start
    return seconds


def measure_processes(documents: Sequence[Document], processes: int) -> dict[str, float]:
    """Characters per second of the extraction in one process and in `processes`, which have loaded their models."""
    characters = sum(len(document.text) for document in documents)
    speeds = {}
    for workers in (1, processes):
        with extracting(Engine(workers=workers)) as extract_each:
            # Every worker gets some to load its models on: more chunks at once than there are workers.
            deque(extract_each(Document(id=str(number), text=_WARM_UP) for number in range(100 * workers)), maxlen=0)
            start = time.perf_counter()
            deque(extract_each(documents), maxlen=0)
            speeds[f"chitieu, processes: {workers}"] = characters / (time.perf_counter() - start)
    return speeds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", nargs="?", type=Path, help="folder of .txt files, or .jsonl(.gz) file")
    parser.add_argument("--processes", type=int, metavar="N", help="compare one process with N")
    asked = parser.parse_args()
    try:
        documents = texts_of(asked.path)
    except UserError as error:
        sys.exit(f"bench: {error}")
    characters = sum(len(document.text) for document in documents)
    if asked.processes:
        speeds, yardstick = measure_processes(documents, asked.processes), "chitieu, processes: 1"
    else:
        speeds, yardstick = measure(documents), "underthesea.word_tokenize"
    screen.say(f"{len(documents)} texts, {characters:,} characters")
    made = screen.table(None, "", "characters/s", f"against {yardstick}")
    for name, speed in speeds.items():
        made.add_row(name, f"{speed:,.0f}", f"{speed / speeds[yardstick]:.2f}")
    screen.out.print(made)


if __name__ == "__main__":
    main()
