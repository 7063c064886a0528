"""The tokens of the spaCy document: syllables, figures and marks, with exact offsets.

`spacy.blank("vi")` would split on spaces alone or ask for another segmenter; words of several
syllables are laid over these tokens where they are needed (see `words`), because the segmenter
joins names to their neighbours.
"""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from chitieu.nlp.text import LONE_SURROGATE

# A figure keeps its own dots and commas; letters keep their combining marks; a mark stands alone.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+[\u0300-\u036f]*(?:[^\W\d_]|[\u0300-\u036f])*|[ ]+|\s|.", re.S)


class SyllableTokenizer:
    """Splits a text into syllables, figures and marks; `"".join(t.text_with_ws)` is the text.

    Only lone surrogates are replaced, one for one, so that all offsets hold.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words: list[str] = []
        spaces: list[bool] = []
        for piece in _TOKEN.findall(LONE_SURROGATE.sub("\ufffd", text)):
            if piece == " " and words and not spaces[-1] and not words[-1].isspace():
                spaces[-1] = True
            else:
                words.append(piece)
                spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)

    # spaCy's serialisation asks for these; the tokenizer has no state of its own.
    def to_bytes(self, **_: object) -> bytes:
        return b""

    def from_bytes(self, _data: bytes, **_: object) -> SyllableTokenizer:
        return self

    def to_disk(self, _path: object, **_: object) -> None:
        return None

    def from_disk(self, _path: object, **_: object) -> SyllableTokenizer:
        return self


@registry.tokenizers("chitieu.syllables.v1")
def create_tokenizer():  # type: ignore[no-untyped-def]
    """Factory that spaCy's configuration names."""

    def create(nlp: Language) -> SyllableTokenizer:
        return SyllableTokenizer(nlp.vocab)

    return create
