"""Bytes of a page → Vietnamese text in composed Unicode, whatever the page says of its encoding.

A declaration is only a hint. Valid UTF-8 is UTF-8 whoever denies it; everything else is decoded in
each way that could be meant, and the way that gives the most well-formed Vietnamese syllables wins.
Text of the fonts used before Unicode (TCVN3, VNI, VISCII) inside a page of another encoding, and
UTF-8 that was read as Latin letters somewhere on its way, are mended run by run.
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from ftfy import fix_encoding
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

_SAMPLE = 200_000
"""Characters looked at to judge an encoding."""

# The upper halves of two standards, bytes 80 to FF. VN3, the set of the ABC fonts, is a subset of TCVN 5712 VN1.
_TCVN = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ\xa0ĂÂÊÔƠƯĐăâêôơưđẶ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệ"
    "ìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
_VISCII = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)

# VNI writes a vowel and its marks as two Latin letters; these are the second ones.
_VNI_TONES = dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True))
_VNI_CIRCUMFLEX = dict(zip("âàáåãä", ("", *"\u0300\u0301\u0309\u0303\u0323"), strict=True))
_VNI_BREVE = dict(zip("êèéúüë", ("", *"\u0300\u0301\u0309\u0303\u0323"), strict=True))
_VNI_ALONE = dict(zip("ñôöæóòîì í".replace(" ", ""), "đơưỉĩịỵìí", strict=True))

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|ch|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?[aăâeêioôơuưy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)
_WORD_WITH_MARKS = re.compile(r"[A-Za-z\u00a1-\u1fff]*[\u00a1-\u1fff][A-Za-z\u00a1-\u1fff\u2018-\u201e]*")
_RUN = re.compile(r"[^<>]*[\u0080-\u02ff][^<>]*")
_MOJIBAKE = re.compile("á[º»]|Ä[‘\x91\u0192\x83]|Æ[°¡]|Ã[\u00a1-\u00bf\u2030\u0160]")
_LEGACY = re.compile("[a-zA-Z][µ¸¶·¹¬\xad¨©®ªþÞ×Ø]|®[a-zA-ZÊ-ý]|[aeouAEOU][øùûïåãä]|[ñö][a-zöô]")
_VIQR = re.compile(r"\bdd[aeiouy]|[aeo]\^[`'?~.]?|[ou]\+[`'?~.]?|a\([`'?~.]?", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[A-Za-z]{3,8}|#1[6-9][0-9]|#2[0-5][0-9]|#x[a-fA-F][0-9a-fA-F]);")


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """A page's text in NFC, and how it was come by."""

    text: str
    encoding: str
    """The encoding the bytes were read in, by its Python name, "tcvn3", "vni" or "viscii"."""
    repaired: tuple[str, ...] = ()
    """What had to be put right: "declared latin-1", "nfd", "mojibake", "tcvn3", "vni" …"""


class ViqrPage(ValueError):
    """The page writes Vietnamese in ASCII (VIQR), where "a." may be ạ or the end of a sentence."""


def decode_page(body: bytes, content_type: str = "", hint: str | None = None) -> DecodedPage:
    """Decode a page's `body` by byte order mark, header, markup and `hint`, checking each by what it yields.

    Raises ViqrPage for the one way of writing that cannot be told from ASCII text word by word.
    """
    declared = [
        name
        for raw in (http_content_type_encoding(content_type), html_body_declared_encoding(body[:4096]), hint)
        if raw and (name := _codec(raw))
    ]
    encoding, text = _decode(body, declared)
    repaired = [f"declared {declared[0]}"] if declared and _family(declared[0]) != _family(encoding) else []
    text, mended = _mend_runs(text)
    repaired += mended
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
        repaired.append("nfd")
    if _is_viqr(text):
        raise ViqrPage("Vietnamese written in ASCII (VIQR)")
    return DecodedPage(text, encoding, tuple(repaired))


def mend_text(text: str) -> tuple[str, tuple[str, ...]]:
    """Text that came decoded, from a file, in composed Unicode and with old fonts read rightly; and what was mended."""
    text, mended = _mend_runs(text)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
        mended = [*mended, "nfd"]
    return text, tuple(mended)


def _decode(body: bytes, declared: list[str]) -> tuple[str, str]:
    """The encoding's name and the text."""
    bom, mark = read_bom(body)
    if bom and mark:
        return bom, body[len(mark) :].decode(bom, "replace")
    if b"\x00" in body[:400] and (wide := _wide(body)):
        return wide, body.decode(wide, "replace")
    try:
        return "utf-8", body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken <= max(3, sum(c > "\x7f" for c in text) // 100):
        return "utf-8", text
    # The best by score; among equals the one declared, then the commoner.
    trials: dict[str, Callable[[bytes], str]] = {
        **{name: lambda b, n=name: b.decode(n, "replace") for name in (*declared, "cp1258", "cp1252") if name != "utf-8"},
        "tcvn3": lambda b: _from_tcvn3(b.decode("cp1252", "replace")),
        "vni": lambda b: _from_vni(_latin(b)),
        "viscii": lambda b: _from_viscii(_latin(b)),
    }
    sample = body[:_SAMPLE]
    best = max(trials, key=lambda name: vietnamese_score(trials[name](sample)))
    return best, trials[best](body)


def _codec(name: str) -> str | None:
    """Python's name of an encoding of text, None for what it does not know."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Latin-1 on the web means windows-1252.
    return {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(found.name, found.name) if found._is_text_encoding else None


def _family(encoding: str) -> str:
    return encoding.replace("_", "-").removesuffix("-sig").removesuffix("-le").removesuffix("-be")


def _wide(body: bytes) -> str | None:
    """UTF-16 without its mark shows in the zero bytes of its ASCII markup."""
    head = body[:400]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2 or 1
    if odd / half > 0.6 and even / half < 0.2:
        return "utf-16-le"
    if even / half > 0.6 and odd / half < 0.2:
        return "utf-16-be"
    return None


def vietnamese_score(text: str) -> int:
    """Well-formed Vietnamese syllables among the words with diacritics in `text`, less the malformed ones."""
    words = _WORD_WITH_MARKS.findall(unicodedata.normalize("NFC", text[:_SAMPLE]))
    return sum(1 if _is_syllable(word) else -1 for word in words) - text[:_SAMPLE].count("\ufffd")


@lru_cache(maxsize=20_000)
def _is_syllable(word: str) -> bool:
    parts = unicodedata.normalize("NFD", word)
    bare = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
    # No Vietnamese word changes case inside, which misread bytes do ("NghÞ", "vÒ").
    cased = word.islower() or word.isupper() or word.istitle()
    return cased and sum(c in _TONES for c in parts) <= 1 and bool(_SYLLABLE.fullmatch(bare.lower()))


def _mend_runs(text: str) -> tuple[str, list[str]]:
    """Mend the runs of `text` between tags that only make sense in another encoding."""
    mended: list[str] = []
    head = text[:_SAMPLE]
    # Counting letters is a hundred times faster than the patterns, and clean pages have none of these.
    if _count(head, "»º‘°¡Ã") >= 3 and len(_MOJIBAKE.findall(head)) >= 3:
        text = _RUN.sub(lambda m: _better(m[0], "mojibake", fix_encoding, 1, mended), text)
    if (_count(head, "®µ¸¶·¹") >= 10 or _count(head, "ñöïûå") >= 10) and len(_LEGACY.findall(head)) >= 10:
        way = max(_FONTS, key=lambda name: vietnamese_score(_FONTS[name](_unescape_latin(head))))
        # In a page that is all in an old font any gain tells; in a mixed one a foreign word must not be taken for it.
        gain = 1 if vietnamese_score(head) < 0 else 3
        text = _RUN.sub(lambda m: _better(m[0], way, lambda run: _FONTS[way](_unescape_latin(run)), gain, mended), text)
    return text, sorted(set(mended))


def _count(text: str, letters: str) -> int:
    # Looking for a letter that is not there is far cheaper than counting it.
    return sum(text.count(letter) for letter in letters if letter in text)


def _better(run: str, name: str, way: Callable[[str], str], gain: int, mended: list[str]) -> str:
    """`run` read in another way, where that makes better Vietnamese by at least `gain` syllables."""
    other = way(run)
    if vietnamese_score(other) < vietnamese_score(run) + gain:
        return run
    mended.append(name)
    return other


def _unescape_latin(run: str) -> str:
    """Entities of Latin letters written out: in a page of an old font they stand for its bytes."""

    def letter(match: re.Match[str]) -> str:
        char = html.unescape(match[0])
        return char if "\xa0" < char <= "\xff" else match[0]

    return _ENTITY.sub(letter, run)


def _latin(body: bytes) -> str:
    return body.decode("latin-1")


_CP1252_BYTES = {bytes([n]).decode("cp1252"): chr(n) for n in range(0x80, 0xA0) if n not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
# Below A0 the ABC fonts have no letters: there the page's own quotes and dashes stand.
_TO_TCVN = str.maketrans({chr(n + 128): c for n, c in enumerate(_TCVN) if n >= 32})
_TO_VISCII = str.maketrans({chr(n + 128): c for n, c in enumerate(_VISCII)})


def _from_tcvn3(text: str) -> str:
    """TCVN3 (ABC) bytes, read as Latin letters, as Vietnamese."""
    return unicodedata.normalize("NFC", text.translate(_TO_TCVN))


def _from_viscii(text: str) -> str:
    return text.translate(str.maketrans(_CP1252_BYTES)).translate(_TO_VISCII)


def _from_vni(text: str) -> str:
    """VNI-Windows bytes, read as Latin letters, as Vietnamese: "Vieät" is Việt."""
    out: list[str] = []
    for char in text:
        low, previous = char.lower(), out[-1] if out else ""
        if mark := _vni_mark(previous, low):
            out[-1] = unicodedata.normalize("NFC", previous + mark)
        elif low in _VNI_ALONE:
            out.append(_cased(_VNI_ALONE[low], char))
        else:
            out.append(char)
    return "".join(out)


_FONTS: dict[str, Callable[[str], str]] = {"tcvn3": _from_tcvn3, "vni": _from_vni}


def _vni_mark(vowel: str, low: str) -> str:
    """The combining marks that the VNI letter `low` puts on the vowel before it; "" for none."""
    if vowel in "aAeEoO" and vowel and low in _VNI_CIRCUMFLEX:
        return "\u0302" + _VNI_CIRCUMFLEX[low]
    if vowel in "aA" and vowel and low in _VNI_BREVE:
        return "\u0306" + _VNI_BREVE[low]
    return _VNI_TONES.get(low, "") if vowel and vowel in "aAeEoOuUyYơƠưƯ" else ""


def _cased(letter: str, like: str) -> str:
    return letter.upper() if like.isupper() else letter


def _is_viqr(text: str) -> bool:
    """Whether marks in ASCII are a habit of `text`: a share of its words, and no other diacritics."""
    if _count(text[:_SAMPLE], "^+") < 10 or not text[:2000].isascii() and len(text.encode()) > 1.02 * len(text):
        return False
    head = re.sub(r"<[^>]{0,2000}>", " ", text[:_SAMPLE])
    hits = len(_VIQR.findall(head))
    return hits >= 30 and hits > 0.15 * head.count(" ") and sum(c > "\x7f" for c in head) < hits / 10
