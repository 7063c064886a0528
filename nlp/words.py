"""underthesea's words and tags, laid over small windows of the text where they are needed.

Tagging is the dear part of Vietnamese analysis, so only the few words after a bare figure are
tagged, and a window that was seen before is not tagged again.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import underthesea

from chitieu.nlp.text import compile_pattern

if TYPE_CHECKING:
    from underthesea_core import CRFTagger

_WINDOW = re.compile(r" {0,2}(?P<words>[^\W\d_]+(?:[ -][^\W\d_]+){0,3})")
# Pairs of nouns that are counted together, and nouns the tagger takes apart after a figure.
_KNOWN = re.compile(
    r"(?:(?:tỉnh|huyện|thành\s+phố|thị\s+xã|quận|xã|phường)(?:,\s+(?:tỉnh|huyện|thành\s+phố|thị\s+xã|quận|xã|phường|thị\s+trấn|đặc\s+khu|thành|thị))+|công\s+trình,\s+dự\s+án|dự\s+án,\s+công\s+trình|sở,\s+ngành|sở,\s+ban,\s+ngành|bộ,\s+ngành|thôn,\s+bản|khóm,\s+ấp"
    r"|chỉ\s+tiêu|tiêu\s+chí|thủ\s+tục(?:\s+hành\s+chính)?|điều\s+kiện|giường\s+bệnh|hộ\s+(?:cận\s+)?nghèo|chủ\s+đầu\s+tư|ban\s+chỉ\s+(?:huy|đạo)|ban\s+quản\s+lý|hồ\s+chứa|tờ\s+khai|kỳ\s+họp|nhà\s+văn\s+h(?:óa|oá)|khu\s+tái\s+định\s+cư|ổ\s+dịch|lượt\s+(?:hộ|người|khách)|nhà\s+tạm|khoản\s+(?:thu|chi|vay|nợ)|sao|giao\s+dịch|y\s+(?:sĩ|sỹ|tá)|giấy\s+(?:chứng\s+nhận|phép)|sàn\s+thương\s+mại\s+điện\s+tử|công\s+chức,\s+viên\s+chức|cán\s+bộ,\s+chiến\s+s[ĩỹ]|nhiệm\s+vụ|giải\s+pháp|ký\s+tự)(?!\w)"
)
_NAME_FOLLOWS = compile_pattern(r" (?=[\p{Lu}][^\W\d_\p{Lu}])")
"""Before a capitalised word: "hai em Bình" counts children, not "em bình"."""
_STREET = compile_pattern(
    r"(?!(?:Phó|Khu|Cụm|Hợp|Ban|Hội|Trường|Nhà|Ủy|Uỷ|Chi|Tổ|Trạm|Công|Bộ|Sở|Huân|Anh|Bà)\s)[\p{Lu}][^\W\d_\p{Lu}]+ [\p{Lu}][^\W\d_\p{Lu}]"
)
"""Two capitalised words after a figure are a street that it is the house number of, but for these."""
_ROAD = re.compile(r"(?:Đại lộ|Đường|Phố|Ngõ|Hẻm)\s")
_SEX = re.compile(r"(?:nữ|nam)\s+(?=\S)")
_LETTER = re.compile(r"[A-Za-z]")
_NOUNS = frozenset(("N", "Nc", "Nu", "Ny", "Nb", "Np"))
_NO_HEAD = frozenset(
    "và hoặc của là với so cho tại ở trong trên dưới từ đến tới do bởi thì mà nên vì để về như theo cùng sau trước nếu các những này đó kia ấy năm tháng ngày đã sẽ đang được bị có không phải cần đạt tăng giảm còn gần hơn nay hiện nêu rồi thêm nữa khi".split()
)


_BEFORE_NOUNS = frozenset(("phó", "tiểu", "tổng", "cựu"))
"""Parts of nouns that the tagger takes apart: "phó chủ tịch", "tiểu dự án"."""
_NEVER_COUNTED = frozenset("mở rộng|phát biểu|công bố|liên quan|tập trung|mua sắm|đóng góp|đầu tư|thực hiện|xây dựng|dự khuyết|hỗ trợ|phục vụ|bổ sung".split("|"))

_NO_TAIL = frozenset("miền|khu vực|vỏ|lúc|nông thôn|vùng|ven|bãi|cấp|phía|bản|xã|dẫn đầu|hạng|giai đoạn|chất lượng|công nghệ|diện tích|thu nhập|thực kê|loại|đồng bằng|nợ đọng|hàng rào".split("|"))
"""Nouns that tell which, where they follow the counted one: "4 tỉnh | miền Trung", "35 tàu | vỏ thép"."""


@cache
def _crf() -> CRFTagger:
    """The conditional random field that underthesea tags with; loaded on first use."""
    from underthesea.pipeline.pos_tag.model_crf import CRFPOSTagPredictor

    return CRFPOSTagPredictor.Instance().model


@lru_cache(maxsize=50_000)
def tag(text: str) -> tuple[tuple[str, str], ...]:
    """underthesea's (word, tag) pairs of a short text: those of `underthesea.pos_tag`, made faster.

    The model is the same, and so are its features; underthesea reads each of its templates anew for every word.
    """
    words = underthesea.word_tokenize(text)
    return tuple(zip(words, _crf().tag(_features(words)), strict=True)) if words else ()


def _features(words: list[str]) -> list[list[str]]:
    """What the model sees of each word: the templates of `underthesea.pipeline.pos_tag.model_crf`.

    Its columns of tags ("[1]") hold nothing but X when words are tagged.
    """
    lower = ["BOS", "BOS", *(w.lower() for w in words), "EOS", "EOS"]
    plain = ["BOS", "BOS", *words, "EOS", "EOS"]
    titled = ["BOS", *(str(all(s[:1].istitle() for s in w.split(" "))) for w in words), "EOS"]
    count = len(words)
    rows = []
    for i in range(count):
        before2, before, word, after, after2 = plain[i : i + 5]
        rows.append([
            f"T[-2].lower={lower[i]}", f"T[-1].lower={lower[i + 1]}", f"T[0].lower={lower[i + 2]}", f"T[1].lower={lower[i + 3]}", f"T[2].lower={lower[i + 4]}",
            f"T[0].istitle={titled[i + 1]}", f"T[-1].istitle={titled[i]}", f"T[1].istitle={titled[i + 2]}",
            f"T[-2]={before2}", f"T[-1]={before}", f"T[0]={word}", f"T[1]={after}", f"T[2]={after2}",
            f"T[-2,-1]={f'{before2} {before}' if i > 1 else 'BOS'}", f"T[-1,0]={f'{before} {word}' if i else 'BOS'}",
            f"T[0,1]={f'{word} {after}' if i + 1 < count else 'EOS'}", f"T[1,2]={f'{after} {after2}' if i + 2 < count else 'EOS'}",
            f"T[-3][1]={'X' if i > 2 else 'BOS'}", f"T[-2][1]={'X' if i > 1 else 'BOS'}", f"T[-1][1]={'X' if i else 'BOS'}",
            f"T[-3,-2][1]={'X X' if i > 2 else 'BOS'}", f"T[-2,-1][1]={'X X' if i > 1 else 'BOS'}",
        ])  # fmt: skip
    return rows


@lru_cache(maxsize=50_000)
def _head_length(window: str, tagged: bool, certain: bool) -> tuple[int, int]:
    """Characters that the counted noun at the start of `window` takes, and its syllables; (0, 0) for none."""
    first = window.split(" ", 1)[0]
    if first in _NO_HEAD or window == "khoảng":
        return 0, 0
    if not tagged:
        return len(first), 1
    pairs = tag("hai " + window)[1:]
    if not pairs:
        return 0, 0
    taken: list[str] = []
    if len(pairs) > 1 and pairs[0][0] in _BEFORE_NOUNS and pairs[1][1] in _NOUNS:
        taken, pairs = [" ".join((pairs[0][0], pairs[1][0]))], ()
    for word, mark in pairs:
        if mark not in _NOUNS or (taken and (word.split(" ")[0] in _NO_HEAD or word in _NO_TAIL)):
            break
        taken.append(word)
        if mark != "Nc" and len(" ".join(taken).split(" ")) >= 2:
            break
        if len(taken) == 2:
            break
    if not taken:
        # The tagger takes some nouns for verbs after a figure ("thủ tục", "điều kiện kinh doanh").
        word, mark = pairs[0]
        if mark in ("C", "E", "CH", "P", "R", "L", "T", "A", "M"):
            return 0, 0
        if " " not in word or certain or word in _NEVER_COUNTED:
            return 0, 0
        taken = [word]
    syllables = sum(len(w.split(" ")) for w in taken)
    text = " ".join(window.split(" ")[:syllables])
    return len(text), syllables


def noun_after(plain: str, at: int, *, certain: bool = False, tagged: bool = True) -> tuple[int, str] | None:
    """The counted noun that begins at offset `at` (after spaces): its end and its words in lower case.

    `certain` asks for a word that is tagged as a noun (after numbers in words, which may be none).
    With `tagged` off the first syllable is taken for the noun: what is left without underthesea.
    """
    m = _WINDOW.match(plain, at)
    if m is None:
        return None
    at = m.start("words")
    known = _KNOWN.match(plain[at : at + 40].lower())
    if known:
        return at + len(known.group()), re.sub(r"\s+", " ", known.group())
    words = _NAME_FOLLOWS.split(m["words"], maxsplit=1)[0]
    if _LETTER.fullmatch(words.split(" ")[0]) or _STREET.match(m["words"]) or _ROAD.match(m["words"]):
        return None  # "biển 106b", "68 A", "45 Nguyễn Thái Học"
    length, _ = _head_length(words.lower(), tagged, certain)
    if not length:
        return None
    end = m.start("words") + length
    sex = _SEX.match(plain, m.start("words"), end)
    if sex:
        return end, re.sub(r"\s+", " ", plain[sex.end() : end]).lower()
    counted = re.sub(r"\s+", " ", plain[m.start("words") : end])
    return end, counted if counted.isupper() and len(counted) > 1 else counted.lower()
