"""Which articles are one text: near-duplicates, and texts that stand whole in a longer one.

Phrases of four words are sketched with MinHash (datasketch); locality-sensitive hashing proposes
pairs by resemblance and, for a report that took a shorter one in, by containment; what is proposed
is then counted exactly. Clusters are the connected pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from datasketch import MinHash, MinHashLSH, MinHashLSHEnsemble

from chitieu.nlp.indicators import fold

_WORD = re.compile(r"[^\W_]+")
_PHRASE = 4
_PERMUTATIONS = 128
_SEED = 1
NEAR = 0.6
"""Resemblance from which two texts are one: edited and retitled reprints lie well above, other reports of one event below."""
CONTAINED = 0.8
"""Share of the shorter text's phrases that stand in the longer one."""
_LEAST_PHRASES = 40
"""Shorter texts are formulas ("Chiều nay, tại …") and are contained in many."""
_PARTS = 8
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Text:
    """An article to compare: its own words, without teasers and furniture."""

    article_id: str
    text: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """What cluster an article belongs to, and which article it is most like."""

    article_id: str
    cluster_id: str
    relation: str
    similarity: float
    similar_to: str | None


def cluster(texts: Iterable[Text]) -> list[Member]:
    """A row for each text; one that is like no other is its own cluster."""
    known = {text.article_id: text for text in texts}
    phrases = {article_id: _phrases(text.text) for article_id, text in known.items()}
    pairs = list(_similar(phrases))
    first = _roots(known, pairs)
    closest: dict[str, tuple[float, str, str]] = {}
    for one, other, relation, similarity in pairs:
        for here, there in ((one, other), (other, one)):
            closest[here] = max(closest.get(here, (0.0, "", "")), (similarity, relation, there))
    return [_member(article_id, first[article_id], closest.get(article_id)) for article_id in known]


def _member(article_id: str, first: str, closest: tuple[float, str, str] | None) -> Member:
    if closest is None:
        return Member(article_id, article_id, "alone", 1.0, None)
    if article_id == first:
        return Member(article_id, first, "first", 1.0, None)
    similarity, relation, similar_to = closest
    return Member(article_id, first, relation, similarity, similar_to)


def _phrases(text: str) -> np.ndarray:
    """Hashes of the runs of four words of a text, sorted, each once."""
    words = np.array([_hash(word) for word in _WORD.findall(fold(text))], dtype=np.uint64)
    if len(words) < _PHRASE:
        return words[:0]
    runs = np.zeros(len(words) - _PHRASE + 1, dtype=np.uint64)
    for at in range(_PHRASE):
        runs = runs * _MULTIPLIER + words[at : at + len(runs)]  # modulo 2**64, as meant
    return np.unique(runs ^ (runs >> np.uint64(32)))


@lru_cache(maxsize=100_000)
def _hash(word: str) -> int:
    # Not Python's hash(): it differs from process to process.
    return int.from_bytes(blake2b(word.encode(errors="surrogatepass"), digest_size=8).digest(), "little")


def _similar(phrases: Mapping[str, np.ndarray]) -> Iterator[tuple[str, str, str, float]]:
    """Pairs of like texts with the relation and the exact share, each pair once."""
    sketches = {key: _sketch(found) for key, found in phrases.items() if len(found) >= _LEAST_PHRASES}
    for one, other in _proposed(sketches, phrases):
        common = len(np.intersect1d(phrases[one], phrases[other], assume_unique=True))
        smaller = min(len(phrases[one]), len(phrases[other]))
        union = len(phrases[one]) + len(phrases[other]) - common
        if common >= NEAR * union:
            yield one, other, "near-duplicate", common / union
        elif common >= CONTAINED * smaller:
            yield one, other, "contained", common / smaller


def _proposed(sketches: Mapping[str, MinHash], phrases: Mapping[str, np.ndarray]) -> list[tuple[str, str]]:
    if not sketches:
        return []
    alike = MinHashLSH(threshold=NEAR - 0.1, num_perm=_PERMUTATIONS)
    within = MinHashLSHEnsemble(threshold=CONTAINED - 0.1, num_perm=_PERMUTATIONS, num_part=_PARTS, m=4)
    within.index((key, sketch, len(phrases[key])) for key, sketch in sketches.items())
    pairs = set()
    for key, sketch in sketches.items():
        for other in (*alike.query(sketch), *within.query(sketch, len(phrases[key]))):
            if other != key:
                pairs.add((min(key, other), max(key, other)))
        alike.insert(key, sketch)
    return sorted(pairs)


def _sketch(found: np.ndarray) -> MinHash:
    sketch = MinHash(num_perm=_PERMUTATIONS, seed=_SEED, hashfunc=int)
    sketch.update_batch(found & np.uint64(0xFFFFFFFF))
    return sketch


def _roots(known: Mapping[str, Text], pairs: Iterable[tuple[str, str, str, float]]) -> dict[str, str]:
    """For each text the first published one that it hangs together with."""
    root = {key: key for key in known}

    def find(key: str) -> str:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    never = datetime.max.replace(tzinfo=timezone.utc)
    for one, other, *_ in pairs:
        earlier, later = sorted(map(find, (one, other)), key=lambda key: (known[key].published or never, key))
        root[later] = earlier
    return {key: find(key) for key in known}
