"""Near-duplicates are one text; other reports of one event are not."""

from __future__ import annotations

from datetime import datetime, timezone

from chitieu.pipelines.clusters import Text, cluster
from chitieu.pipelines.sample_press import load_articles


def texts() -> dict[str, str]:
    return {f"{article.portal}-{article.id}": " ".join((article.title, *article.body)) for article in load_articles()}


def day(number: int) -> datetime:
    return datetime(2024, 1, number, tzinfo=timezone.utc)


def test_of_the_sample_articles_only_the_syndicated_ones_are_reprints() -> None:
    members = cluster(Text(key, text, None) for key, text in texts().items())
    assert len(members) >= 40
    assert {member.article_id for member in members if member.relation != "alone"} == {
        "bao-dat-to-20511", "cong-thai-nguyen-505", "bao-dat-to-20505", "bao-song-lam-1008",
    }  # fmt: skip


def test_reprints_and_texts_taken_over_hang_on_the_first() -> None:
    known = texts()
    original, other = known["cong-thai-nguyen-506"], known["cong-lao-cai-305"]
    members = {
        member.article_id: member
        for member in cluster([
            Text("reprint", "Theo báo bạn. " + original.replace("tỉnh", "Tỉnh", 3), day(3)),
            Text("original", original, day(2)),
            Text("digest", other + " " + original, day(4)),
            Text("stranger", known["cong-lao-cai-307"], day(1)),
        ])
    }  # fmt: skip
    assert members["original"].relation == "first"
    assert (members["reprint"].relation, members["reprint"].cluster_id) == ("near-duplicate", "original")
    assert (members["digest"].relation, members["digest"].cluster_id) == ("contained", "original")
    assert members["digest"].similarity > 0.95
    assert members["stranger"].relation == "alone"


def test_two_reports_of_one_directive_are_two_texts() -> None:
    known = texts()
    members = cluster([Text("502", known["cong-thai-nguyen-502"], None), Text("503", known["cong-thai-nguyen-503"], None)])
    assert {member.relation for member in members} == {"alone"}


def test_short_texts_without_words_and_lone_surrogates_pass() -> None:
    members = cluster([Text("empty", "", None), Text("short", "Chiều nay, tại Hà Nội.", None), Text("odd", "\ud800 " * 100, None)])
    assert [member.relation for member in members] == ["alone"] * 3


def test_nothing_is_clustered_to_nothing() -> None:
    assert cluster([]) == []
