"""Speed of the whole extraction beside word segmentation and name recognition by underthesea.

    python -m chitieu.pipelines.bench [PATH]

PATH is a folder of .txt files or a JSON Lines file (.jsonl, .jsonl.gz); without it the texts are
sample articles. One run, each text once with each of the three, in characters per second.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import underthesea

import chitieu.nlp as nlp
from chitieu.nlp.records import Document
from chitieu.pipelines import screen
from chitieu.pipelines.documents import GivenDocument, Unreadable, is_json_lines, local_day, read_documents, read_text_files
from chitieu.pipelines.errors import UserError, WrongCall
from chitieu.pipelines.sample_press import SampleArticle, load_articles
from chitieu.pipelines.stage import chunks

_SAMPLE_TEXTS = 20
_TURN = 4
_WARM_UP = "Năm 2024, tỉnh phấn đấu tăng trưởng kinh tế đạt 7,5%."


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

    The ways take turns, a few texts at a time, so that what else the machine does hits all alike.
    """
    ways: dict[str, Callable[[Sequence[Document]], object]] = {
        "chitieu, whole extraction": lambda some: list(nlp.extract(some)),
        "underthesea.word_tokenize": lambda some: [underthesea.word_tokenize(document.text) for document in some],
        "underthesea.ner": lambda some: [underthesea.ner(document.text) for document in some],
    }
    for way in ways.values():
        way([Document(id="warm-up", text=_WARM_UP)])
    seconds = dict.fromkeys(ways, 0.0)
    for some in chunks(documents, _TURN):
        for name, way in ways.items():
            start = time.perf_counter()
            way(some)
            seconds[name] += time.perf_counter() - start
    characters = sum(len(document.text) for document in documents)
    return {name: characters / spent for name, spent in seconds.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", nargs="?", type=Path, help="folder of .txt files, or .jsonl(.gz) file")
    try:
        documents = texts_of(parser.parse_args().path)
    except UserError as error:
        sys.exit(f"bench: {error}")
    characters = sum(len(document.text) for document in documents)
    screen.say(f"{len(documents)} texts, {characters:,} characters, one process")
    speeds = measure(documents)
    made = screen.table(None, "", "characters/s", "against word_tokenize")
    for name, speed in speeds.items():
        made.add_row(name, f"{speed:,.0f}", f"{speed / speeds['underthesea.word_tokenize']:.2f}")
    screen.out.print(made)


if __name__ == "__main__":
    main()
