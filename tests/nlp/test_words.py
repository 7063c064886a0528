"""Words and tags are underthesea's, made faster."""

from __future__ import annotations

import underthesea

from chitieu.nlp import words
from chitieu.pipelines.sample_press import load_articles


def test_tags_are_those_of_pos_tag() -> None:
    lines = [line for article in load_articles() for line in (article.title, article.sapo, *article.body)]
    assert len(lines) > 100
    for line in lines:
        assert words.tag(line) == tuple(underthesea.pos_tag(line)), line


def test_a_text_without_words_has_no_tags() -> None:
    assert words.tag("") == words.tag("  ") == ()
