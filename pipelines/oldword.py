"""Word before 2007 (.doc) → paragraphs: olefile opens the container, the text is put together here.

A document keeps its text in pieces, in the order of its piece table and in one or two bytes a
character ([MS-DOC], 2.4.1). Everything read from the file is checked: hostile ones have tables that
point outside it, or thousands of pieces that all show the same bytes.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

import olefile

_WORD_97 = 0x00C1
"""The format's version from which text stands in pieces as it does here."""
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_COMPRESSED = 0x4000_0000

# A field holds its instruction, perhaps a mark, its result, and an end mark: only the result is text.
_INSTRUCTION = re.compile("\x13[^\x13\x14\x15]*(?:\x14|\x15)")
_ROW_END = re.compile("\x07\x07")
# Line, page and column breaks, hyphens; marks of notes, pictures and what is left of fields.
_CONTROLS = str.maketrans({"\x0b": "\n", "\x0c": "\r", "\x0e": "\n", "\x1e": "-", **dict.fromkeys("\x01\x02\x05\x08\x14\x15\x1f")})


class NotReadable(ValueError):
    """The document cannot be read; the message says why."""


class Encrypted(NotReadable):
    """The document asks for a password."""


def word_paragraphs(body: bytes) -> Iterator[str]:
    """The paragraphs of a document's main text, each row of a table as one line (an empty cell breaks it in two).

    Raises NotReadable.
    """
    text = _ROW_END.sub("\x07\r", _main_text(body))
    for _ in range(5):  # fields may hold fields
        text, found = _INSTRUCTION.subn("", text)
        if not found:
            break
    for paragraph in text.translate(_CONTROLS).split("\r"):
        cells = [" ".join(cell.split()) for cell in paragraph.split("\x07")]
        if line := " | ".join(filter(None, cells)):
            yield line


def _main_text(body: bytes) -> str:
    """The characters of the main text, without notes and headers, with Word's own control characters."""
    try:
        opened = olefile.OleFileIO(io.BytesIO(body))
    except (OSError, ValueError) as error:  # olefile trips over lengths that are no numbers
        raise NotReadable(f"the container is damaged: {ascii(str(error))[:120]}") from error
    try:
        with opened as container:
            document = container.openstream("WordDocument").read()
            version, flags = _unpack("<H", document, 2)[0], _unpack("<H", document, 0x0A)[0]
            if version < _WORD_97:
                raise NotReadable("written by Word 95 or before")
            if flags & _ENCRYPTED:
                raise Encrypted("the document asks for a password")
            table = container.openstream("1Table" if flags & _SECOND_TABLE else "0Table").read()
    except OSError as error:
        raise NotReadable(f"the container is damaged: {error}") from error
    (length,) = _unpack("<I", document, 0x4C)
    at, size = _unpack("<II", document, 0x01A2)
    text = ""
    for piece in _pieces(document, table[at : at + size]):
        text += piece
        if len(text) >= length or len(text) > len(document):
            break  # no file holds more characters than bytes, unless its pieces overlap
    return text[:length]


def _pieces(document: bytes, table: bytes) -> Iterator[str]:
    """The pieces of text, in order. `table`: property changes, each with a mark of 1, then the piece table with a 2."""
    at = 0
    while table[at : at + 1] == b"\x01":
        at += 3 + _unpack("<H", table, at + 1)[0]
    if table[at : at + 1] != b"\x02":
        raise NotReadable("the table of its text is missing")
    (size,) = _unpack("<I", table, at + 1)
    count = (size - 4) // 12
    positions = _unpack(f"<{count + 1}I", table, at + 5)
    for number, (start, end) in enumerate(zip(positions, positions[1:], strict=False)):
        (where,) = _unpack("<I", table, at + 5 + 4 * (count + 1) + 8 * number + 2)
        if where & _COMPRESSED:
            first = (where & ~_COMPRESSED) // 2
            yield document[first : first + end - start].decode("cp1252", "replace")
        else:
            yield document[where : where + 2 * (end - start)].decode("utf-16-le", "replace")


def _unpack(form: str, data: bytes, at: int) -> tuple[int, ...]:
    try:
        return struct.unpack_from(form, data, at)
    except struct.error:
        raise NotReadable("its tables point outside the file") from None
