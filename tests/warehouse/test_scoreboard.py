"""Each rule of pipelines/scoreboard.md, on statements made up for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

YEAR = ("2024-01-01", "2024-12-31")
HALF = ("2024-01-01", "2024-06-30")
POVERTY, REVENUE, GRDP = "tỷ lệ hộ nghèo", "thu ngân sách nhà nước trên địa bàn", "tốc độ tăng trưởng GRDP"
RATE = "tỷ lệ giải ngân vốn đầu tư công"


def promise(press: Any, indicator: str = REVENUE, value: str = "1000", unit: str = "VND", **more: Any) -> str:
    return press.tell("target", indicator, value, unit, **{"period": YEAR, "published": "2023-12-08"} | more)


def report(press: Any, indicator: str = REVENUE, value: str = "1000", unit: str = "VND", **more: Any) -> str:
    return press.tell(more.pop("role", "actual"), indicator, value, unit, **{"period": YEAR, "published": "2025-01-06"} | more)


@pytest.mark.parametrize(
    ("indicator", "unit", "goal", "bound", "figure", "state"),
    [
        (REVENUE, "VND", "1000", "=", "1000", "met"),
        (REVENUE, "VND", "1000", "=", "990", "missed"),
        (POVERTY, "%", "10", "=", "9.5", "met"),  # less is good
        (POVERTY, "%", "10", "=", "10.5", "missed"),
        (POVERTY, "%", "10", "<", "10", "missed"),
        (POVERTY, "%", "10", "<=", "10", "met"),
        (REVENUE, "VND", "1000", ">", "1000", "missed"),
    ],
)
def test_a_final_figure_meets_or_misses(press: Any, indicator: str, unit: str, goal: str, bound: str, figure: str, state: str) -> None:
    promise(press, indicator, goal, unit, bound=bound)
    report(press, indicator, figure, unit)
    assert press.state() == state


def test_the_columns_tell_target_figure_and_gap(press: Any) -> None:
    promise(press, value="12500000000000")
    report(press, value="12890000000000")
    (row,) = press.ask(
        "SELECT indicator_name, place, target_value, target_bound, unit, deadline::VARCHAR, promised_by, target_sentence, latest_value, "
        "latest_period_end::VARCHAR, latest_sentence, gap, state FROM scoreboard"
    )
    assert row == (
        "Thu ngân sách nhà nước trên địa bàn", "Lào Cai", Decimal(12500000000000), "=", "VND", "2024-12-31", "tỉnh Lào Cai",
        f"{REVENUE} 12500000000000 VND.", Decimal(12890000000000), "2024-12-31", f"{REVENUE} 12890000000000 VND.", Decimal(390000000000), "met",
    )  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        {"indicator": "thu nội địa"},
        {"indicator": REVENUE + " của các doanh nghiệp"},  # narrowed
        {"place": "Yên Bái", "article_place": "Yên Bái"},
        {"unit": "USD"},
        {"role": "change", "dir": "up", "unit": "%"},
        {"role": "progress", "unit": "%"},
        {"period": ("2023-01-01", "2023-12-31")},
        {"period": ("2025-01-01", "2025-12-31"), "published": "2026-01-05"},
        {"period": ("2024-10-01", "2024-12-31")},  # a quarter is no year
        {"period": YEAR, "published": "2023-12-09"},  # a plan that was misread
        {"zone": "teaser"},
    ],
)
def test_what_is_something_else_does_not_answer(press: Any, other: dict[str, Any]) -> None:
    promise(press)
    report(press, **other)
    ((latest, state),) = press.ask("SELECT latest_value, state FROM scoreboard", "2026-01-10")
    assert latest is None and state in ("not reported", "candidate")


def test_the_merged_province_does_not_answer_for_the_old_one(press: Any) -> None:
    promise(press, published="2025-01-06", period=("2025-01-01", "2025-12-31"))
    report(press, published="2026-01-05", period=("2025-01-01", "2025-12-31"))
    assert press.ask("SELECT place_id, place_today, latest_value FROM scoreboard") == [("lao-cai-2024", "Lào Cai", None)]
    assert press.ask("SELECT place_id FROM observation WHERE role = 'actual'") == [("lao-cai",)]


def test_where_the_reform_changed_no_land_figures_go_on(press: Any) -> None:
    where = {"place": "Nghệ An", "article_place": "Nghệ An"}
    promise(press, published="2025-01-06", period=("2025-01-01", "2025-12-31"), **where)
    report(press, published="2026-01-05", period=("2025-01-01", "2025-12-31"), **where)
    assert press.state(None) == "met"


def test_a_figure_of_bac_kan_is_bac_kans_and_reachable_through_thai_nguyen(press: Any) -> None:
    where = {"place": "Bắc Kạn", "article_place": "Bắc Kạn"}
    report(press, value="5", published="2024-01-02", period=("2023-01-01", "2023-12-31"), **where)
    report(press, value="7", published="2025-09-08", period=("2025-01-01", "2025-08-31"), **where)  # named after it was gone
    report(press, value="9", published="2024-01-02", period=("2023-01-01", "2023-12-31"), place="Thái Nguyên", article_place="Thái Nguyên")
    rows = press.ask("SELECT s.place_id, s.place_rule FROM statement AS s ORDER BY record_id")
    assert rows == [("bac-kan", "named"), ("bac-kan", "former"), ("thai-nguyen-2024", "named")]
    under = press.ask("SELECT value FROM observation JOIN place_lineage USING (place_id) WHERE later_id = 'thai-nguyen' AND place_id = 'bac-kan' ORDER BY 1")
    assert under == [(Decimal(5),), (Decimal(7),)]


def test_the_old_province_is_meant_where_the_text_says_so(press: Any) -> None:
    after = {"published": "2025-10-09", "period": ("2025-01-01", "2025-09-30")}
    report(press, "địa bàn Lào Cai cũ thu ngân sách", **after)
    report(press, before="Trừ Lào Cai cũ, ", **after)
    report(press, published="2025-10-09", period=("2024-01-01", "2024-12-31"))
    assert press.ask("SELECT place_id, place_rule FROM statement ORDER BY record_id") == [
        ("lao-cai-2024", "former"), ("lao-cai", "unclear"), ("lao-cai", "unclear"),
    ]  # fmt: skip


def test_disbursement_in_may_is_january_to_may(press: Any) -> None:
    promise(press, RATE, "95", "%", bound=">=")
    report(press, RATE, "16", "%", role="progress", period=("2024-05-01", "2024-05-31"), published="2024-06-03")
    query = "SELECT latest_value, latest_period_from::VARCHAR, state FROM scoreboard"
    assert press.ask(query, "2024-06-10") == [(Decimal(16), "2024-01-01", "behind")]


def test_an_amount_of_one_month_is_not_the_year_so_far(press: Any) -> None:
    promise(press)
    report(press, value="90", period=("2024-05-01", "2024-05-31"), published="2024-06-03")
    assert press.ask("SELECT latest_value FROM scoreboard", "2024-06-10") == [(None,)]


@pytest.mark.parametrize(("figure", "state"), [("520", "on course"), ("480", "behind"), ("1010", "met")])
def test_on_course_is_as_far_as_the_time(press: Any, figure: str, state: str) -> None:
    promise(press)
    report(press, value=figure, period=HALF, published="2024-07-04")
    assert press.state("2024-07-10") == state


@pytest.mark.parametrize(("figure", "state"), [("20", "behind"), ("3600", "candidate")])
def test_what_runs_up_may_be_little_at_first_and_never_many_times_the_target(press: Any, figure: str, state: str) -> None:
    promise(press)
    report(press, value=figure, period=("2024-01-01", "2024-01-31"), published="2024-02-04")
    assert press.state("2024-02-10") == state


def test_interim_figures_decide_nothing_after_the_deadline(press: Any) -> None:
    promise(press)
    report(press, value="480", period=HALF, published="2024-07-04")
    ((latest, state),) = press.ask("SELECT latest_value, state FROM scoreboard", "2025-06-01")
    assert latest == Decimal(480) and state in ("not reported", "candidate")


def test_an_estimate_from_the_last_month_is_interim(press: Any) -> None:
    promise(press, GRDP, "8", "%")
    report(press, GRDP, "8.5", "%", published="2024-12-10")
    assert press.state("2024-12-20") == "on course"


def test_a_growth_rate_that_falls_is_below_zero(press: Any) -> None:
    promise(press, GRDP, "8", "%")
    report(press, GRDP, "8.5", "%", role="change", dir="down")
    assert press.ask("SELECT latest_value, state FROM scoreboard")[0][1] == "candidate"  # 8 against -8.5: not believed
    assert press.ask("SELECT value FROM observation WHERE role = 'change'") == [(Decimal("-8.5"),)]


def test_percent_of_a_rate_is_points(press: Any) -> None:
    promise(press, POVERTY, "2", "điểm %", dir="down")
    report(press, POVERTY, "2.76", "%", role="change", dir="down")
    ((indicator, unit, gap_unit, state),) = press.ask("SELECT indicator_id, unit, gap_unit, state FROM scoreboard", "2025-06-01")
    assert (indicator, unit, gap_unit, state) == ("poverty-reduction", "điểm %", "điểm %", "met")


def test_the_gap_between_percentages_is_in_points(press: Any) -> None:
    promise(press, POVERTY, "10", "%")
    report(press, POVERTY, "12.5", "%")
    assert press.ask("SELECT gap, gap_unit FROM scoreboard") == [(Decimal("2.5"), "điểm %")]


def test_a_level_on_its_way_gets_no_state(press: Any) -> None:
    promise(press, POVERTY, "10", "%")
    report(press, POVERTY, "12.5", "%", period=HALF, published="2024-07-04")
    assert press.state("2024-07-10") == "candidate"


def test_the_latest_period_counts_then_the_latest_report(press: Any) -> None:
    promise(press)
    report(press, value="300", period=("2024-01-01", "2024-03-31"), published="2024-04-04")
    report(press, value="480", period=HALF, published="2024-07-04")
    late = report(press, value="485", period=HALF, published="2024-07-20")
    assert press.ask("SELECT latest_id FROM scoreboard", "2024-08-01") == [(late,)]
    assert press.ask("SELECT latest_value FROM scoreboard", "2024-05-01") == [(Decimal(300),)], "later articles are not looked at"


def yearly(press: Any, *others: dict[str, Any], published: str = "2025-01-06") -> None:
    """A report on 2024: three figures that name the year, and others."""
    told = [press.said("actual", name, value, "VND", period=YEAR) for name, value in (("thu nội địa", "5"), ("thu từ đất", "6"), ("tổng chi ngân sách", "7"))]
    press.tell_all(*told, *others, published=published)


def test_a_figure_without_a_time_is_for_the_period_of_its_article(press: Any) -> None:
    promise(press)
    yearly(press, press.said("actual", REVENUE, "1100", "VND"))
    assert press.ask("SELECT state, doubt, latest_period_end::VARCHAR FROM scoreboard", "2025-06-01") == [("met", "period-of-article", "2024-12-31")]


@pytest.mark.parametrize(
    "otherwise",
    [
        {"published": "2025-06-02"},  # the year was long over: the figure may be of any day since
        {"others": [("actual", "thu nội địa", str(value), "VND", HALF) for value in (1, 2, 3)]},  # the article speaks of two periods
    ],
    ids=["long over", "two periods"],
)
def test_where_the_article_has_no_period_of_its_own_the_figure_has_none(press: Any, otherwise: dict[str, Any]) -> None:
    promise(press)
    others = [press.said(*what, period=period) for *what, period in otherwise.pop("others", [])]
    yearly(press, *others, press.said("actual", REVENUE, "1100", "VND"), **otherwise)
    ((latest_end,),) = press.ask("SELECT latest_period_end::VARCHAR FROM scoreboard", "2026-01-10")
    assert latest_end != "2024-12-31"


def test_the_time_of_a_plan_told_before_is_not_that_of_a_figure(press: Any) -> None:
    promise(press)
    plan = press.said("target", "thu nội địa", "9", "VND", period=("2025-01-01", "2025-12-31"))
    yearly(press, plan, press.said("actual", REVENUE, "1100", "VND", period=("2025-01-01", "2025-12-31"), named_at=0))
    ((state, doubt),) = press.ask(f"SELECT state, doubt FROM scoreboard WHERE indicator = '{REVENUE}'", "2025-06-01")
    assert (state, doubt) == ("met", "period-of-article")


def test_the_plan_beside_a_figure_of_the_year_so_far_is_the_years(press: Any) -> None:
    sentence = [
        press.said("actual", REVENUE, "850", "VND", period=("2024-01-01", "2024-10-31")),
        press.said("progress", REVENUE, "85", "%", same_sentence=True),
        press.said("target", REVENUE, "1000", "VND", same_sentence=True),
    ]
    press.tell_all(*sentence, published="2024-11-05")
    query = "SELECT deadline::VARCHAR, latest_value, state, doubt FROM scoreboard"
    assert press.ask(query, "2024-11-10") == [("2024-12-31", Decimal(850), "on course", "")]


def test_a_step_on_the_way_beside_a_figure_keeps_its_day(press: Any) -> None:
    half = press.said("progress", RATE, "38", "%", period=HALF)
    press.tell_all(half, press.said("target", RATE, "50", "%", same_sentence=True), published="2024-07-04")
    assert press.ask("SELECT deadline::VARCHAR FROM scoreboard") == [("2024-06-30",)]


def test_a_share_of_the_plan_confirms_the_target_told_with_it(press: Any) -> None:
    sentence = [
        press.said("actual", REVENUE, "850", "VND", period=YEAR),
        press.said("progress", REVENUE, "85", "%", same_sentence=True),
        press.said("target", REVENUE, "1000", "VND", same_sentence=True),
    ]
    press.tell_all(*sentence, published="2025-01-06")
    assert press.ask("SELECT state, doubt, confidence FROM scoreboard", "2025-01-10") == [("missed", "", 1)]
    press.tell("target", REVENUE, "2000", "VND", period=YEAR, published="2025-01-07")
    other = press.ask("SELECT state, doubt FROM scoreboard WHERE target_value = 2000", "2025-01-10")
    assert other == [("candidate", "restated-differently, told-late, other-plan")]


def test_the_fall_told_at_the_years_end_is_the_years(press: Any) -> None:
    promise(press, POVERTY, "2", "điểm %", dir="down")
    report(press, POVERTY, "2.76", "điểm %", role="change", dir="down", period=("2024-10-01", "2024-12-31"), time="cuối năm 2024")
    assert press.state() == "met"


def test_figures_far_apart_decide_nothing_even_where_all_would_say_the_same(press: Any) -> None:
    promise(press)
    report(press, value="1050")
    report(press, value="2500", published="2025-01-09")
    assert press.ask("SELECT state, doubt FROM scoreboard") == [("candidate", "contradicted")]


def test_an_increase_and_the_total_it_leads_to_are_two_targets_with_a_figure_each(press: Any) -> None:
    communes = "số xã đạt chuẩn nông thôn mới"
    promise(press, communes, "5", "xã")
    promise(press, communes, "71", "xã")
    report(press, communes, "4", "xã")
    report(press, communes, "70", "xã")
    rows = press.ask("SELECT target_value, latest_value, state, doubt FROM scoreboard ORDER BY 1")
    assert rows == [(Decimal(5), Decimal(4), "missed", ""), (Decimal(71), Decimal(70), "missed", "")]


@pytest.mark.parametrize(("bound", "rows"), [("=", 1), (">=", 1), (">", 1), ("<", 2)])
def test_at_least_and_plainly_so_much_are_one_promise(press: Any, bound: str, rows: int) -> None:
    promise(press)
    promise(press, bound=bound, published="2024-03-01")
    assert len(press.ask("FROM scoreboard")) == rows


def test_one_promise_is_one_row_however_often_it_was_told(press: Any) -> None:
    first = promise(press)
    promise(press, published="2024-03-01", place=None)
    assert press.ask("SELECT target_id, target_told FROM scoreboard") == [(first, 2)]


def test_what_a_reprint_repeats_counts_once(press: Any) -> None:
    around = " ".join(f"Câu thứ {number} của bài kể chuyện thôn {number * 7} và con đường {number * 13}." for number in range(20)) + " "
    first = promise(press, before=around)
    promise(press, before="Theo báo bạn. " + around, published="2023-12-09")
    report(press, value="1100", before=around.replace("thôn", "bản"), published="2025-01-06")
    rows = press.ask("SELECT target_id, target_told, state FROM scoreboard")
    assert rows == [(first, 1, "met")]
    assert press.ask("SELECT relation, count(*) FROM article_cluster GROUP BY 1 ORDER BY 1")[0] == ("alone", 1)


def test_contradictions_are_shown_and_decide_nothing(press: Any) -> None:
    promise(press)
    report(press, value="900")
    report(press, value="1100", published="2025-01-09")
    assert press.state() == "candidate"
    assert "contradicted" in press.ask("SELECT doubt FROM scoreboard")[0][0]
    assert press.ask("SELECT value FROM contradictions ORDER BY 1") == [(Decimal(900),), (Decimal(1100),)]


def test_rounding_is_no_contradiction(press: Any) -> None:
    report(press, GRDP, "7.38", "%")
    report(press, GRDP, "7.4", "%", bound="~")
    assert press.ask("FROM contradictions") == []


def test_so_many_doctors_per_ten_thousand_people_is_a_rate(press: Any) -> None:
    promise(press, "số bác sĩ trên 1 vạn dân", "15.3", "bác sĩ")
    report(press, "số bác sĩ trên 1 vạn dân", "15.5", "bác sĩ")
    assert press.ask("SELECT indicator_id, latest_value, state FROM scoreboard") == [("doctors-rate", Decimal("15.5"), "met")]


@pytest.mark.parametrize(
    "doubtful",
    [
        {"confidence": 0.5},
        {"indicator": "chuyện chưa ai đếm"},
        {"period": None},
        {"published": "2025-03-01"},  # told when its time was over
        {"place": "các huyện nghèo"},
        {"indicator": "dân số"},  # more of it is neither good nor bad
    ],
)
def test_below_the_threshold_a_row_is_a_candidate(press: Any, doubtful: dict[str, Any]) -> None:
    promise(press, **doubtful)
    report(press, doubtful.get("indicator", REVENUE), "900", place=doubtful.get("place", "Lào Cai"))
    assert press.state() == "candidate"


@pytest.mark.parametrize(
    ("doubt", "told"),
    [
        ("project", {"indicator": "tổng mức đầu tư dự án"}),
        ("project", {"before": "Thành phố trả khoản vay, ", "indicator": REVENUE}),
        ("nationwide", {"indicator": "nợ công", "value": "60", "unit": "%", "bound": "<="}),
        ("nationwide", {"before": "EVN đặt mục tiêu ", "indicator": "sản lượng điện sản xuất", "unit": "kWh"}),
        ("forecast", {"before": "Sang năm dự kiến "}),
        ("each", {"before": "Mỗi ngày tỉnh phải ", "indicator": "giải ngân vốn đầu tư công"}),
        ("other-noun", {"indicator": "số lượt khách du lịch", "value": "10", "unit": "chuyến tàu"}),
        ("place-carried", {"place": "Văn Bàn"}),
        ("undated", {"published": None}),
    ],
)
def test_what_is_hardly_a_target_of_the_place_is_not_said_to_be_unreported(press: Any, doubt: str, told: dict[str, Any]) -> None:
    promise(press, **{"value": "1000", "confidence": 1.0, "before": "Lào Cai: " if "place" not in told else ""} | told)
    ((state, doubts),) = press.ask("SELECT state, doubt FROM scoreboard", "2026-01-10")
    assert state == "candidate" and doubt in doubts.split(", ")


def test_a_target_whose_sentence_does_not_name_what_is_measured_is_doubted(press: Any) -> None:
    figure = press.said("progress", RATE, "32", "%", period=HALF)
    press.tell_all(figure, press.said("target", RATE, "9", "%", period=YEAR, indicator_at=0), published="2024-07-03")
    assert press.ask("SELECT state, doubt FROM scoreboard", "2024-07-10") == [("candidate", "indicator-carried, implausible")]


@pytest.mark.parametrize("before", ["Nghị quyết đặt mục tiêu dù dự báo khó: ", "Lào Cai đứng thứ 13 cả nước, phấn đấu "])
def test_a_plan_among_forecasts_or_beside_a_rank_is_the_places(press: Any, before: str) -> None:
    promise(press, before=before)
    assert press.ask("SELECT state, doubt FROM scoreboard", "2025-06-01") == [("not reported", "")]


def test_a_rank_in_the_country_leaves_the_next_figure_to_the_articles_place(press: Any) -> None:
    promise(press)
    rank = press.said("change", "chỉ số sản xuất công nghiệp", "39", "%", period=YEAR, before="Nhất cả nước, ")
    press.tell_all(rank, press.said("actual", REVENUE, "1100", "VND", period=YEAR, place="cả nước"), published="2025-01-06")
    assert press.ask("SELECT state, doubt FROM scoreboard") == [("met", "place-of-article")]


def test_what_the_country_did_stays_the_countrys(press: Any) -> None:
    promise(press)
    whole = press.said("change", "chỉ số sản xuất công nghiệp", "39", "%", period=YEAR, before="Cả nước tăng: ", place="cả nước")
    press.tell_all(whole, press.said("actual", REVENUE, "1100", "VND", period=YEAR, place="cả nước"), published="2025-01-06")
    assert press.ask("SELECT latest_value FROM scoreboard") == [(None,)]


def test_a_plan_told_again_beside_the_result_decides_nothing(press: Any) -> None:
    promise(press, GRDP, "8", "%", bound=">=")
    again = press.said("actual", GRDP, "7.5", "%", period=YEAR, before="Nghị quyết đặt ")
    press.tell_all(again, press.said("actual", GRDP, "9.53", "%", period=YEAR), published="2025-01-06")
    assert press.ask("SELECT latest_value, state, doubt FROM scoreboard") == [(Decimal("9.53"), "met", "")]


def test_the_plan_of_a_year_is_paid_out_until_the_end_of_january(press: Any) -> None:
    promise(press, RATE, "100", "%", period=(None, "2025-01-31"))
    report(press, RATE, "55", "%", role="progress", period=("2024-01-01", "2024-10-31"), published="2024-11-05")
    assert press.state("2024-11-12") == "behind"


def test_a_target_for_one_day_is_the_years(press: Any) -> None:
    promise(press, published="2024-10-03", period=("2024-12-31", "2024-12-31"))
    report(press, value="780", period=("2024-01-01", "2024-09-30"), published="2024-10-03")
    assert press.state("2024-10-10") == "on course"


def test_so_many_doctors_where_the_denominator_stands_before_them_are_no_stock(press: Any) -> None:
    promise(press, "bác sĩ", "15.3", "bác sĩ", before="Phấn đấu trên 1 vạn dân có ")
    promise(press, "bác sĩ", "153", "bác sĩ", before="Phấn đấu có ")
    assert press.ask("SELECT kind FROM observation ORDER BY record_id") == [("other",), ("level",)]


def test_a_figure_that_may_be_the_answer_forbids_not_reported(press: Any) -> None:
    promise(press, POVERTY, "10", "%")
    assert press.state() == "not reported"
    press.tell("actual", "kết quả rà soát", "9.8", "%", published="2025-01-06")
    assert press.state() == "candidate"


def test_money_and_areas_compare_in_base_units(press: Any) -> None:
    promise(press, "trồng rừng tập trung", "3600", "ha")
    report(press, "trồng rừng tập trung", "40.5", "km2")
    assert press.ask("SELECT latest_value, gap, state FROM scoreboard", "2025-06-01") == [(Decimal(4050), Decimal(450), "met")]
    assert press.ask("SELECT base_value, base_unit FROM quantity ORDER BY record_id") == [(Decimal(36000000), "m2"), (Decimal(40500000), "m2")]


@pytest.mark.parametrize(
    ("unit", "goal", "figure_unit", "figure", "latest", "gap"),
    [
        ("VND", "900719925474099312", "VND", "900719925474099313", "900719925474099313", "1"),  # a double has no such number
        ("tấn", "0.3", "kg", "100", "0.1", "-0.2"),
        ("km2", "1", "ha", "12345.6789", "123.456789", "122.456789"),
        ("tấn", "1", "g", "1", "0.000001", "-0.999999"),
        ("tuần", "1", "ngày", "10", "1.428571", "0.428571"),  # rounded in the sixth place
    ],
)
def test_figures_and_gaps_are_exact_in_the_unit_of_the_target(press: Any, unit: str, goal: str, figure_unit: str, figure: str, latest: str, gap: str) -> None:
    promise(press, "chuyện lạ", goal, unit)
    report(press, "chuyện lạ", figure, figure_unit)
    assert press.ask("SELECT latest_value, gap FROM scoreboard") == [(Decimal(latest), Decimal(gap))]


def test_a_fall_is_below_zero_beside_a_rise_that_was_promised(press: Any) -> None:
    promise(press, GRDP, "8", "%")
    report(press, GRDP, "2", "%", role="change", dir="down")
    assert press.ask("SELECT latest_value, gap FROM scoreboard") == [(Decimal(-2), Decimal(-10))]
