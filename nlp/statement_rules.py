"""Hand-written rules for statements: evidence that the models (`statements.py`) weigh with the rest.

A figure is read with the words before it: they are peeled off from the right (bounds, adverbs,
times, the verb that ties figure and subject) until the noun phrase that names the indicator is
left. A figure whose words hold no such phrase takes over the indicator of the figure before it
("…, bằng 46,9% kế hoạch năm, tăng 22,2%"). Counts, and shares at the head of a goal ("100% hộ dân
được …"), are named by the words after them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from chitieu.nlp import indicators, lexicon
from chitieu.nlp.facts import Fact, Scene
from chitieu.nlp.places import Named
from chitieu.nlp.quantities import Figure
from chitieu.nlp.times import Found
from chitieu.nlp.words import tag


Span = tuple[int, int]


@dataclass(slots=True)
class Context:
    """What a text has said so far that later sentences lean on."""

    indicator: tuple[int, int] | None = None
    indicator_sentence: int = -99
    period: int | None = None
    period_sentence: int = -99
    goal_time: int | None = None
    role: str = ""
    share: Span | None = None
    """The last indicator given in %, for lists of places ("huyện Bảo Thắng đạt 24,3%")."""
    share_sentence: int = -99
    share_role: str = ""
    in_goals: bool = False
    bullets: bool = False
    """Items of a list of goals have been read."""
    soft: bool = False
    """The list was opened by a sentence in passing ("Năm 2025, tỉnh xác định:"): the first line that is no item ends it."""
    place: str | None = None
    place_sentence: int = -99
    zone: str = "body"


_HEADS = (
    "tỷ lệ|tỉ lệ|tốc độ|tỷ trọng|tỉ trọng|tổng|số|diện tích|giá trị|chỉ số|thu nhập|kim ngạch|kết quả|doanh thu|sản lượng|vốn|khối lượng|mức|năng suất|tăng trưởng|thu ngân sách|thu|chi|"
    "quy mô|công suất|giải ngân|bội chi|nhập siêu|xuất siêu|lạm phát|gdp|grdp|cpi|iip|xuất khẩu|nhập khẩu|dân số|mật độ|hệ số|tuổi thọ|độ che phủ|tiến độ|lượng|nợ|dư nợ|nguồn vốn|kinh phí|ngân sách|đóng góp|năng lực|cơ cấu|chỉ tiêu|tiêu chí|khách|lượt"
)
_INDICATOR_HEAD = re.compile(rf"(?:{_HEADS})(?!\w)")
_CONNECTOR = re.compile(
    r"(?:[-+*•–]+\s*|\[\d{1,2}\]\s*|\(?[ivx\d]{1,4}[.)]\s*|trong đó|riêng|cụ thể(?: là)?|đồng thời|theo đó|nhưng|tuy nhiên|nhất là|đặc biệt(?: là)?|ngoài ra|bên cạnh đó|đáng lưu ý|đáng chú ý|kết quả là|nếu|vì vậy|như vậy|trong khi(?: đó)?|khi|mà|thì|và|còn|với|theo|là|về|trong|đó là|như|nhờ đó|qua đó|đến nay|hiện nay|hiện|nay|cũng|đưa|nâng|giữ|phấn đấu|bảo đảm|đảm bảo|đạt|mục tiêu(?: là)?|chỉ tiêu(?: về)?|theo thống kê|theo báo cáo|tính chung|tính riêng|bình quân|toàn tỉnh|toàn thành phố|toàn huyện|cả nước|cả tỉnh|toàn quốc|toàn ngành|trên địa bàn(?: tỉnh| thành phố| huyện)?|tỉnh|địa phương)(?!\w)[\s,:]*"
)
_OF_PLAN = re.compile(r"(?:kế hoạch|dự toán|mục tiêu|chỉ tiêu|mức phấn đấu|nghị quyết|kịch bản)(?:\s+(?:vốn|của|được giao|giao|HĐND|hđnd|tỉnh|đề ra|đầu tư|công|phát triển|thu|chi|ngân sách))*\s+$")
"""Before a time: it is that of a plan, not of the figure that is measured against it."""
_AIMED = re.compile(r"(?:mốc|mục tiêu|kế hoạch|chỉ tiêu|dự toán|mốc mới|kế hoạch vốn)(?:\s+(?:là|đề ra|đặt ra|mới là|giao là|phải đạt))*\s*\(?\s*(?:ít nhất\s+|tối thiểu\s+|trên\s+|hơn\s+|gần\s+)?$")
"""Before a figure: it is the plan's own ("bằng 68,4% kế hoạch | 5 tỷ USD", "so với mốc | 40%")."""
_COMPARED_LEFT = re.compile(r"(?:(?P<down>(?:thấp|ít|kém|chậm)\s+hơn|giảm|hụt)|(?P<up>(?:cao|nhiều)\s+hơn|vượt|tăng))\s+(?:so với\s+)?(?P<than>kế hoạch|mục tiêu|chỉ tiêu|dự toán|kịch bản|nghị quyết|cùng kỳ|cùng kì|bình quân|trung bình)(?:\s+[^\W\d_]+){0,5}\s*$")
"""Before a figure: "thấp hơn kế hoạch | 1,62 điểm phần trăm", "thấp hơn cùng kỳ năm trước | 3,6 điểm"."""
_PLACE_NAME = re.compile(r"(?:huyện|xã|tỉnh|thành phố|thị xã|phường|quận|tp\.?|các huyện|các xã|nơi|một số nơi|thị trấn)(?:\s+\S+){0,4}")
_ABOUT = re.compile(r"\s+về\s+(?P<np>(?:số|vốn|giá trị|lượng|doanh thu|diện tích|sản lượng|kim ngạch|tổng|khối lượng|lượt|quy mô|trị giá)[^,;.()\d]{0,60}?)(?=\s+(?:và|so với|nhưng)\s|[,;.()]|$)")
_AIM_TAIL = re.compile(r"(?:mục tiêu|chỉ tiêu|phấn đấu|bảo đảm|đảm bảo|phấn đấu xây dựng|phấn đấu có|mục tiêu xây dựng)(?:\s+(?:là|có|đạt|xây dựng))*$")
_GENERIC = re.compile(r"(?:tp|tp\.|thành phố|tỉnh|địa phương|cả nước|toàn tỉnh|huyện|toàn huyện|xã|nước ta|việt nam|chúng tôi|tỉnh này|con số chính thức|thực tế|con số|đơn vị|công ty|doanh nghiệp này|đây|mỗi năm|trung bình mỗi năm)")
_INNER_HEAD = re.compile(rf"\s(?P<head>(?:{_HEADS})(?=\s|$))")
_PAIR = re.compile(r"(?:tỉnh, thành phố|huyện, thị xã|huyện, thành phố|xã, phường|phường, xã|sở, ngành|bộ, ngành|quận, huyện|công trình, dự án|dự án, công trình|khu công nghiệp, khu chế xuất|nông, lâm|cấp huyện, cấp xã|thôn, bản|biển, ven biển)")
_RAISE = re.compile(r"^(?:tăng|giảm|nâng|đưa|giữ|duy trì|mở rộng|nâng cao|đạt)\s+")
_CLAUSE_WORD = re.compile(r"(?<!\w)(?:cho thấy|cho biết|cho hay|nên|thì|nhưng|song|tuy|khiến|làm cho|trong khi|mặc dù)\s+")
_GIVING = re.compile(
    r"(?<!\w)(?<!và )(?<!- )(?:giải ngân|thanh toán|thu hút|hỗ trợ|cấp|bố trí|trao|nhận|lấy|chi trả|mua|bán|vay|tặng|thưởng|phạt|phụ cấp|trợ cấp|huy động|đầu tư|dành|nộp|trích|ủng hộ|tiếp nhận|quyên góp|cho vay|chi|mang lại|đem lại|mang về|trả lại|xây|xây dựng|trồng|sản xuất|tuyển|đào tạo|tặng|trao tặng|góp|bồi thường|nợ|xin|phải trả|trả|lỗ|lãi|tiết kiệm|vận động|cấp phát|thu|giảm|chuyển|phân bổ|rót|bỏ ra|tiêu tốn|tài trợ|giải quyết|tạo|đón|phục vụ|cung cấp|bổ sung|bàn giao|khởi công|hoàn thành|xuất khẩu|nhập khẩu|tiêu thụ|thu mua|thu hoạch|gieo trồng|gieo cấy|khai thác|nuôi)(?:\s+(?:được|thêm|về|tới|đến|khoảng|hơn|gần|cho|là|mỗi|ít nhất|đạt|gần như|trên|tổng cộng))*$"
)
"""Verbs that take the figure itself as their object: what they give is named after it."""
_NOMINAL_GIVING = ("thu hút", "hỗ trợ", "phụ cấp", "trợ cấp", "huy động", "đầu tư", "chi", "thu", "lỗ", "lãi", "xuất khẩu", "nhập khẩu", "tiêu thụ", "nợ", "giải ngân", "bồi thường", "sản xuất", "khai thác", "cho vay")
_VERBAL_HEADS = frozenset(("giải ngân", "đóng góp", "thu nhập", "thu", "chi", "xuất khẩu", "nhập khẩu", "đầu tư", "sản xuất", "tiêu dùng", "tiêu thụ", "bán lẻ", "nuôi trồng", "khai thác", "chăn nuôi", "trồng trọt", "xây dựng", "lao động", "học sinh", "nợ", "bội chi", "nhập siêu", "xuất siêu", "dự trữ", "tăng trưởng", "vốn", "sử dụng", "che phủ", "đô thị hóa", "đô thị hoá", "bảo hiểm", "giải quyết", "thất nghiệp", "huy động", "cho vay", "thu hút", "kết nạp", "hỗ trợ"))
_PRONOUN = re.compile(r"(?:con số|tỷ lệ|tỉ lệ|mức|chỉ tiêu|chỉ số|tốc độ|số|kết quả|mức tăng|tiêu chí)\s+(?:này|trên|đó|ấy)(?!\w)")
_BARE_HEAD = re.compile(r"(?:con số|tỷ lệ|tỉ lệ|mức|chỉ số|tốc độ|số|kết quả|mức tăng|con số chính thức|số lượng|tổng số)")
_PLACE_TAIL = re.compile(
    r"\s+(?:của|trên địa bàn|tại|ở|trong|toàn)\s+(?:toàn\s+)?(?:tỉnh|thành phố|tp\.?|địa bàn|huyện|thị xã|địa phương|cả nước|nước ta|quận|xã|phường|vùng|việt nam)(?:\s[^,;.()]{0,40})?$"
)
_TAIL_NOISE = re.compile(r"(?<!nông thôn)\s+(?:còn lại|còn|đã|lại|này|nói chung|cũng|đều|là|đang|vẫn|sẽ|được|khi|thì|ước|dự|chỉ|mới|của|theo|trong|vào|tại|ở)$")
_STOP_RIGHT = re.compile(r"[,.;:()\"\n?!]|\s(?:theo|nhưng|với|cho|so với|trong đó|tại|trên địa bàn|ở|để|nên|do|vì|khi|vào|từ|nhằm|mà|thì|song|đồng thời|trong|trước|sau|bằng|đạt tỷ lệ|chiếm|tăng|giảm|thuộc|như|gồm|bao gồm|đến|và\s+\d|hoặc|sang|tới)(?!\w)")
_STOP_GOAL = re.compile(r"[.;:\"\n?!]|,\s(?=(?:\d|có|trong|đồng|phấn|từ|nâng|giảm|tăng|tỷ|tỉ|không|đến|và|riêng|nhất))|\s(?:theo|nhưng|so với|trong đó|để|nên|nhằm|vào năm|trong năm|đến năm|trong giai đoạn|và\s+\d)(?!\w)")
_SHARE_OF_PLAN_RIGHT = re.compile(
    rf"\s*(?:\)\s*)?(?:so\s+với\s+|của\s+|tổng\s+|trên\s+)?(?:cùng\s+)?(?:{lexicon.alternation(lexicon.phrases('statements', 'share_of_plan'))})(?!\w)"
)
_COMPARED_RIGHT = re.compile(r"[^.;]{0,28}?(?:so với|so cùng|cùng kỳ|cùng kì)")
_DURATIONS = frozenset(("năm", "tháng", "ngày", "tuần", "giờ", "phút", "giây"))
_COUNT_VERB = re.compile(
    r"(?:có|còn|đạt|được|với|tổng số|trong số|số|giảm|tăng|thêm|cắt giảm(?: được)?|tạo|giải quyết|thu hút|đón|xây dựng|hoàn thành|công nhận|thành lập|trồng|đào tạo|hỗ trợ|cấp|khánh thành|khởi công|là|lên|khoảng|gần|hơn|trên|bố trí|xử lý|tiếp nhận|phát hiện|cho|đã|sửa chữa|ước|phấn đấu|tối thiểu|ít nhất|duy trì|kết nạp|triển khai|thực hiện|mới|quy hoạch|bình quân|còn lại|chỉ|gồm|xây mới|đưa|ra mắt|xuất cảnh)\s+(?:(?:được|thêm|khoảng|gần|hơn|trên|mới|là|tới|đến|cho|có|thành công|tổng cộng|ít nhất|tối thiểu|chỉ|đã)\s+)*$"
)
_PLANS_OWN = "plan's own"
_BOUND_TAIL = re.compile(r"\s+(?:khoảng|hơn|gần|trên|dưới|không dưới|tối đa|tối thiểu|ít nhất|đến|tới|xấp xỉ|lên đến|lên tới|ước|là|số tiền|tổng cộng)\s*$")
_STRUCTURAL = re.compile(r"(?:đủ|một\s+trong(?:\s+số)?|cả|của|các|những|thuộc|trong|theo|giữa|về|hàng|mỗi|từng|\()\s*$")
_STRUCTURE_NOUN = re.compile(
    r"(?:khâu|giải pháp|nhóm|nội dung|nhiệm vụ|điểm|mục|phần|khu vực|lĩnh vực|bước|trụ cột|chương trình|ban|bên|mặt|vấn đề|nguyên tắc|miền|vùng|cấp|quan điểm|nước|bộ|ông|bà|người con|đồng chí|lần|vị|phương án|kịch bản|hướng|trường hợp|ngả|câu|kiến nghị|đột phá|chuyên đề|chiều|hình thức|tầng|khâu đột phá|nghị quyết|luật|thế hệ|đời|địa phương|hội|bị cáo|bị can|kbnn)(?!\w)"
)


@cache
def _peels() -> tuple[tuple[re.Pattern[str], str], ...]:
    """What may stand between an indicator and its figure, by kind, tried at the end of the words before."""
    order = ("to_level", "up", "down", "level", "adverbs")
    out = [(re.compile(rf"(?<!\w)(?P<w>{lexicon.alternation(lexicon.phrases('statements', kind))})\s*$"), kind) for kind in order]
    out.append((re.compile(r"(?<!\w)(?:khoảng|xấp xỉ|chừng|trên dưới|vượt mức|tối đa|không dưới|dự)\s*$"), "bound"))
    return tuple(out)


def find_statements(scene: Scene) -> list[Fact]:
    """The statements of a text, in the order of their figures."""
    facts: list[Fact] = []
    context = Context()
    per_sentence = _figures_by_sentence(scene)
    for number, (start, end) in enumerate(scene.sentences):
        zone = scene.zone_at.get(number, "body")
        if zone == "furniture":
            continue
        if zone != context.zone:
            context = Context(zone=zone)
        _heed_heading(scene, context, start, end, number)
        figures = per_sentence.get(number, [])
        sentence = _Sentence(scene, context, number, start, end, figures)
        facts.extend(sentence.facts())
        _heed_times(scene, context, start, end, number)
        _heed_places(scene, context, start, end, number)
    return _worth_keeping(scene, facts)


def _worth_keeping(scene: Scene, facts: list[Fact]) -> list[Fact]:
    """Leaves out small counts of things in texts that speak of no indicator at all (crime, anecdotes)."""
    known = sum(1 for f in facts if indicators.find_alias(scene.plain[f.start : f.end]) is not None)
    if known >= 2 or known * 4 >= len(facts):
        return facts
    return [
        f
        for f in facts
        if not (f.rule in ("counted", "carried on", "giving", "given") and (scene.figures[f.figure].value or 0) < 20 and scene.figures[f.figure].of is None)
    ]


def _figures_by_sentence(scene: Scene) -> dict[int, list[int]]:
    out: dict[int, list[int]] = {}
    s = 0
    for i, figure in enumerate(scene.figures):
        while s + 1 < len(scene.sentences) and scene.sentences[s][1] <= figure.start:
            s += 1
        out.setdefault(s, []).append(i)
    return out


_GOAL_HEADING = re.compile(r"(?:chỉ\s+tiêu|mục\s+tiêu|phấn\s+đấu|định\s+hướng|tầm\s+nhìn|kế\s+hoạch\s+phát\s+triển)(?!\w)")
_BULLET = re.compile(r"\s*(?:[-+*•–]|\(?[a-zđ\d]{1,3}[.)]|\(?[ivx]{1,4}[.)])\s*")
_REPORT_HEADING = re.compile(r"(?:kết\s+quả|tình\s+hình|đạt\s+được|thực\s+hiện|đã)(?!\w)")


def _heed_heading(scene: Scene, context: Context, start: int, end: int, number: int) -> None:
    """A heading or lead-in that announces goals makes the items after it targets, for its time."""
    text = scene.lower[start:end]
    own_line = start == 0 or scene.plain[start - 1] == "\n"
    if context.in_goals and own_line:
        if _BULLET.match(text):
            context.bullets = True
        elif context.bullets and context.soft and not text.endswith((":", "?")):
            context.in_goals = context.bullets = False
    heading = text.endswith((":", "?")) or (not text.endswith((".", ";", ",")) and len(text) < 160)
    if not heading:
        return
    has_goal = _GOAL_HEADING.search(text) is not None
    soft = False
    if text.endswith(":") and not has_goal and re.search(r"(?:xác định|đặt ra|đề ra|dự kiến|quyết tâm|yêu cầu)[^,;.]{0,40}:$", text):
        has_goal = soft = any(scene.times[i].role == "deadline" for i in scene.times.within(start, end))
    if text.endswith(":") or has_goal or len(text) < 120:
        if has_goal:
            context.in_goals, context.bullets, context.soft = True, False, soft
        elif _REPORT_HEADING.search(text) or not _BULLET.match(text):
            if text.endswith(":") and context.in_goals and (len(text) < 60 or not _REPORT_HEADING.search(text)):
                pass  # "- Về kinh tế:", "Căn cứ …, cụ thể như sau:" go on with the list of goals
            elif re.match(r"\(?[ivx]{1,4}[.)]\s|[-+]", text) and "chỉ tiêu" not in text:
                pass
            else:
                context.in_goals = False
    times = [i for i in scene.times.within(start, end) if scene.times[i].role in ("deadline", "period") and scene.times[i].until]
    if context.in_goals and has_goal:
        context.goal_time = times[-1] if times else (None if re.search(r"nghị\s+quyết|theo\s+điều", text) and text.endswith("?") else context.goal_time)
        if times:
            deadline = [i for i in times if scene.times[i].role == "deadline"]
            context.goal_time = deadline[0] if deadline else times[-1]


def _heed_times(scene: Scene, context: Context, start: int, end: int, number: int) -> None:
    for i in scene.times.within(start, end):
        t = scene.times[i]
        if t.role == "period" and (t.grain != "day" or t.prefix == "asof") and t.grain != "relative" and t.rule not in ("year.range", "year.bare", "year.part", "month.part") and not _OF_PLAN.search(scene.lower[max(start, t.start - 40) : t.start]):
            context.period, context.period_sentence = i, number


def _heed_places(scene: Scene, context: Context, start: int, end: int, number: int) -> None:
    local = [p for p in map(scene.places.__getitem__, scene.places.within(start, end)) if p.kind not in ("country", "region", "area")]
    topic = [p for p in local if p.start - start < 30]
    if topic:
        context.place, context.place_sentence = topic[0].name, number
    elif local:
        context.place = None


class _Sentence:
    """Reads the figures of one sentence from left to right."""

    def __init__(self, scene: Scene, context: Context, number: int, start: int, end: int, figures: list[int]) -> None:
        self.scene, self.context, self.number = scene, context, number
        self.start, self.end, self.figures = start, end, figures
        self.lower = scene.lower
        self.times = scene.times.within(start, end)
        self.places = [scene.places[i] for i in scene.places.within(start, end)]
        self.text = scene.lower[start:end]
        self.last: Fact | None = None
        self.progress_seen = False
        self.carried_role = ""
        """Role of the last statement but for plans' own figures, which say nothing of what follows."""
        self.lead_time: int | None = None
        """Time of the first statement of the sentence: it holds for those that name none."""

    def facts(self) -> list[Fact]:
        out: list[Fact] = []
        before = self.start
        for n, i in enumerate(self.figures):
            figure = self.scene.figures[i]
            following = self.scene.figures[self.figures[n + 1]].start if n + 1 < len(self.figures) else self.end
            fact = self._fact(i, figure, before, following)
            if fact is not None:
                if not out or self.lead_time is None or self._leads_clause(fact.time, before):
                    self.lead_time = fact.time
                if fact.rule != _PLANS_OWN:
                    self.carried_role = fact.role
                out.append(fact)
                self.last = fact
                self.context.indicator = (fact.start, fact.end)
                self.context.indicator_sentence = self.number
                self.context.role = fact.role
                if self.scene.figures[fact.figure].unit == "%":
                    self.context.share, self.context.share_sentence, self.context.share_role = (fact.start, fact.end), self.number, fact.role
                before = figure.end
        return out

    def _leads_clause(self, time: int | None, before: int) -> bool:
        """Whether a time stands at the head of a clause after the figure before: it holds for what follows."""
        if time is None or time not in self.times or self.scene.times[time].start < before:
            return False
        start = self.scene.times[time].start
        return bool(re.search(r";\s*(?:tính chung\s+|riêng\s+|trong\s+|đến\s+)?$", self.lower[before:start]))

    # One figure ------------------------------------------------------------------------------

    def _fact(self, i: int, figure: Figure, before: int, following: int) -> Fact | None:
        if self._is_beside_the_point(figure):
            return None
        aimed = self._aimed_at(figure, before)
        if aimed is not None:
            return Fact(i, *aimed, "target", "", self._time(figure, following, "aim", aimed), self._place(figure), _PLANS_OWN, 0.7)
        peeled, kinds, peeled_words = self._peel(before, figure.start)
        right = self.lower[figure.end : min(following, self.end)]
        direction = self._direction(kinds, peeled_words, figure)
        progress = self._is_progress(figure, peeled, kinds, peeled_words, right)
        against = _COMPARED_LEFT.search(self.lower, max(before, figure.start - 70), figure.start) if self.last is not None else None
        if against and figure.dimension in ("share", "points", "money", "count", "area"):
            direction = "up" if against["up"] else "down"
            progress = against["than"] not in ("cùng kỳ", "cùng kì", "bình quân", "trung bình")
            peeled, kinds = against.start(), ["down"]
        if figure.dimension in ("points", "share") and direction and re.match(r"\s*(?:so với|so)\s+(?:mốc|mục tiêu|kế hoạch|chỉ tiêu|dự toán)", right):
            progress = True
        if progress and self.last is None and "vượt" in peeled_words and figure.unit == "%":
            direction = "up"
        named = self._name(figure, before, peeled, kinds, peeled_words, following, progress, bool(direction))
        if named is None:
            return None
        start, end, rule, confidence = named
        if end <= start or end - start < 2:
            return None
        goal = self._is_goal(figure, right) or "phải" in peeled_words
        role = self._role(figure, direction, progress, goal, right)
        if self.last is not None and figure.unit == "%" and role == "actual" and not any(k in ("level", "up", "down", "to_level") for k in kinds):
            same = self.scene.figures[self.last.figure].unit == "%"
            in_brackets = self.lower[before : figure.start].strip() == "("
            if same and rule == "subject" and self.last.role in ("change", "target"):
                role, direction = self.last.role, self.last.direction  # "nông nghiệp 3,2%, công nghiệp 8,1%"
            elif in_brackets and self.progress_seen and self.scene.figures[self.last.figure].dimension != "count":
                role = "progress"
        if figure.unit == "lần" and role == "actual" and re.search(r"gấp\s+(?:\w+\s+)?$", self.lower[max(self.start, figure.start - 16) : figure.start] + " ") and re.match(r"\s*(?:so với\s+)?(?:cùng kỳ|cùng kì|năm trước|năm ngoái|tháng trước|quý trước)", right):
            role, direction = "change", "up"
        if rule == "of place" and figure.unit == "%" and self.context.share_role == "progress" and role == "actual":
            role = "progress"
        if role in ("actual",) or (role == "target" and not direction):
            direction = ""
        self.progress_seen = self.progress_seen or role == "progress"
        base = self._base_before(figure) if rule == "in brackets" else None
        time = base if base is not None else self._time(figure, following, role, (start, end))
        if base is not None and figure.unit == "%" and self.progress_seen:
            role, direction = "progress", ""
        if role == "target" and time is None and self.context.goal_time is not None and self.context.in_goals:
            time = self.context.goal_time
        return Fact(i, start, end, role, direction, time, self._place(figure), rule, confidence)

    def _aimed_at(self, figure: Figure, before: int) -> Span | None:
        """The indicator of a plan's own figure: that of the figure measured against it."""
        if figure.dimension not in ("share", "money", "count", "area", "weight", "points") or figure.of is not None:
            return None
        if not _AIMED.search(self.lower, max(self.start, figure.start - 40), figure.start):
            return None
        if self.last is not None:
            gap = self.lower[before : figure.start]
            return (self.last.start, self.last.end) if len(gap) < 60 and ";" not in gap else None
        return None

    def _is_beside_the_point(self, figure: Figure) -> bool:
        """Figures that give no indicator: durations, ages, bases of rates, halves."""
        left = self.lower[max(self.start, figure.start - 40) : figure.start]
        if figure.dimension == "voltage":
            return True
        if figure.unit in _DURATIONS or figure.unit.startswith("giờ"):
            if re.search(r"(?:thời hạn|thời gian)(?:\s+[^\W\d_]+){0,8}:\s+$", left):
                return False  # "Thời hạn thực hiện dự án: 50 năm"
            return not re.search(r"(?:(?<!trong )thời gian(?! (?:tối đa|công tác|bắn|làm việc|qua|không))|tiến độ|tuổi thọ|sớm hơn|rút ngắn)[^,;.]{0,40}$", left)
        if figure.unit == "tuổi":
            return not re.search(r"tuổi thọ|tuổi trung bình|độ tuổi bình quân", left)
        if figure.unit in ("dân", "người dân", "trẻ", "ca đẻ sống") and (figure.value or 0) in (1, 100, 1000, 10000, 100000):
            return True
        if figure.unit in ("kV", "cm", "mm", "m", "MPa", "GB", "kVA", "MVA", "điểm cầu", "lớp", "tầng", "kbnn", "°C", "km/h", "kg/m2", "làn xe", "làn"):
            return not _INDICATOR_HEAD.search(left)
        if figure.dimension == "length":
            return not self._is_due(figure, self.end) and bool(re.search(r"(?:dài|rộng|cao|sâu|cách|bán kính|đường kính|khoảng cách|chạy|đi|xa|dày)\s+(?:(?:khoảng|gần|hơn|trên|chỉ|là|tới|đến)\s+)*$", left))
        if figure.unit == "" and figure.rule == "words":
            return True
        return False

    def _peel(self, before: int, at: int) -> tuple[int, list[str], list[str]]:
        """Peels verbs, adverbs, bounds and times off the words before a figure, from the right.

        Returns where the peeled words begin, the kinds peeled and their words.
        """
        kinds: list[str] = []
        words: list[str] = []
        end = at
        for _ in range(14):
            peeled = False
            segment = self.lower[before:end].rstrip()
            trimmed = before + len(segment)
            time = next((self.scene.times[i] for i in self.times if self.scene.times[i].end == trimmed and self.scene.times[i].start >= before), None)
            if time is not None and (kinds or time.role != "base"):
                end = time.start
                kinds.append("time")
                words.append("")
                continue
            if segment.endswith((",", "(")) and kinds and kinds[-1] == "time":
                end = trimmed - 1
                continue
            for pattern, kind in _peels():
                m = pattern.search(segment, max(0, len(segment) - 32))
                if m and kind == "up" and m["w"].startswith("tăng trưởng") and self._names_growth(before, before + m.start()):
                    break
                if m and m.group().strip() == "mới" and re.search(r"(?:nông thôn|xây|làm|đổi|thành lập|đăng ký|cấp|phát hiện|tuyển)\s+$", segment[: m.start()]):
                    break  # "nông thôn mới" ends in an adjective, not in "only now"
                if m:
                    end = before + m.start()
                    kinds.append(kind)
                    words.append(m.group().strip())
                    peeled = True
                    break
            if not peeled:
                break
        return end, kinds, words

    def _names_growth(self, before: int, at: int) -> bool:
        """Whether "tăng trưởng" is the indicator itself ("tăng trưởng đạt 8%") and not a verb with a subject."""
        region = self.lower[before:at].rstrip(" ,")
        if any(self.scene.times[i].end == before + len(region) for i in self.times):
            return True
        last = re.search(r"([^\W\d_]+)$", region)
        return last is None or bool(re.search(r"(?:^|\s)(?:mức|để|sức|được|tốc độ|và|phải|tp|tỉnh|thành phố|vào|cho|của|mục tiêu|chỉ tiêu|bảo đảm|đảm bảo|nước|địa phương|với|về)$", region))

    # Naming ----------------------------------------------------------------------------------

    def _name(
        self, figure: Figure, before: int, peeled: int, kinds: list[str], words: list[str], following: int, progress: bool, moved: bool
    ) -> tuple[int, int, str, float] | None:
        count = figure.dimension == "count" and figure.unit not in ("",)
        if self.last is not None and self.lower[before : figure.start].strip().endswith("(") and (self.lower[before : figure.start].strip() == "(" or self._base_before(figure) is not None):
            return self.last.start, self.last.end, "in brackets", 0.75
        left = None if progress and self.last is not None and self._all_verbs(before, peeled) else self._left_phrase(before, peeled, kinds)
        if count:
            return self._name_count(figure, left, kinds, words, following, before, peeled)
        if moved and left is None and figure.dimension in ("share", "points") and (right := self._right_phrase(figure, following)):
            tagged = tag(" ".join(self.lower[right[0] : right[1]].split()[:4]))
            if tagged and tagged[0][1].startswith("N"):
                return (*right, "changed", 0.7)
        about = _ABOUT.match(self.lower, figure.end, self.end) if moved else None
        if about:
            return about.start("np"), about.end("np"), "said of", 0.8
        if left is not None and self.lower[left[0] : left[1]] in _NOMINAL_GIVING and (object_ := self._given(figure, before, left[1], following)):
            return object_
        if left is not None:
            return (*left, "subject", 0.85)
        topic = re.match(r"(?:[-+*•]\s*)?về\s+(?:công tác\s+|lĩnh vực\s+)?(?P<t>[^,;:.\d]{3,60}),", self.lower[self.start : figure.start])
        if topic and figure.dimension in ("share", "money", "points") and (self.last is None or self.last.rule == "topic") and indicators.find_alias(topic["t"]) is not None:
            return self.start + topic.start("t"), self.start + topic.end("t"), "topic", 0.7
        given = self._given(figure, before, peeled, following)
        if given is not None:
            return given
        named_place = self._place_subject(before, peeled)
        if named_place and figure.unit == "%" and self.last is not None and self.scene.figures[self.last.figure].unit == "%":
            return self.last.start, self.last.end, "of place", 0.7
        if named_place and figure.unit == "%" and self.context.share is not None and self.number - self.context.share_sentence <= 8:
            return (*self.context.share, "of place", 0.55)
        if figure.unit == "%" and not progress and not moved and (right := self._right_phrase(figure, following, goal=True)):
            verbs = any(k in ("level", "up", "down", "to_level") for k in kinds)
            if self.last is None or (self._starts_clause(before, peeled) and not verbs):
                return (*right, "share of", 0.8)
        if self.last is not None and self._joined(before, figure.start) and self._comparable(figure):
            return self.last.start, self.last.end, "carried on", 0.75
        if figure.unit == "%" and not progress and (right := self._right_phrase(figure, following, goal=True)):
            return (*right, "share of", 0.6)
        if self.context.indicator is not None and self.number - self.context.indicator_sentence <= 2 and self._leans_back(before, peeled):
            return (*self.context.indicator, "sentence before", 0.6)
        if figure.dimension in ("money", "area", "weight") and (right := self._purpose(figure, following)):
            return (*right, "purpose", 0.5)
        if figure.dimension in ("money", "area", "weight", "length", "energy") and self._is_due(figure, following) and (right := self._right_phrase(figure, following)):
            return (*right, "due", 0.6)
        if figure.dimension in ("money", "area", "weight", "energy", "volume") and (self._starts_clause(before, peeled) or self._place_subject(before, peeled)) and (right := self._right_phrase(figure, following)):
            tagged = tag(" ".join(self.lower[right[0] : right[1]].split()[:4]))
            if tagged and tagged[0][1].startswith("N"):
                return (*right, "measured", 0.6)
        return None

    def _given(self, figure: Figure, before: int, peeled: int, following: int) -> tuple[int, int, str, float] | None:
        """The object of a giving verb: "thu hút được 310 triệu USD | vốn FDI"; else the verb itself, where it names a flow."""
        region = self.lower[before : figure.start]
        region = _BOUND_TAIL.sub("", region)
        m = _GIVING.search(region.rstrip())
        if m is None or figure.dimension not in ("money", "weight", "area", "share", "volume", "energy"):
            return None
        right = self._right_phrase(figure, following)
        if right is not None and not tag(" ".join(self.lower[right[0] : right[1]].split()[:4]))[0][1].startswith(("V", "E", "C", "R", "P")):
            return (*right, "given", 0.65)
        verb = next((v for v in _NOMINAL_GIVING if m.group().startswith(v)), None)
        if verb is None:
            return None
        start = before + m.start()
        return start, start + len(verb), "giving", 0.55

    def _base_before(self, figure: Figure) -> int | None:
        """The base time right before a bracket: "thấp hơn cùng kỳ năm 2023 (14,17%)" gives that year's figure."""
        at = figure.start - 1
        if at < 1 or self.lower[at] != "(":
            return None
        return next((i for i in self.times if self.scene.times[i].role == "base" and 0 <= at - self.scene.times[i].end <= 1), None)

    def _place_subject(self, before: int, peeled: int) -> bool:
        """Whether the words before a figure's verb end in a place and nothing else."""
        region = self.lower[before:peeled].rstrip(" ,")
        end = before + len(region)
        if any(p.end == end and p.start >= before and p.kind not in ("country", "region", "area") for p in self.places):
            return True
        return bool(re.search(r"(?:,|;|^|\s)(?:có nơi|nơi|một số nơi)$", region))

    def _all_verbs(self, before: int, peeled: int) -> bool:
        return not re.search(r"[^\W\d_]", self.lower[before:peeled])

    def _starts_clause(self, before: int, peeled: int) -> bool:
        gap = self.lower[before:peeled].strip()
        return not gap or gap[-1] in ";:.,-+*•" or gap.endswith("và")

    def _comparable(self, figure: Figure) -> bool:
        """Whether a figure can be said of the indicator of the last one: a share, a change, or the same kind of measure."""
        assert self.last is not None
        last = self.scene.figures[self.last.figure]
        return figure.dimension in ("share", "points", "ratio", "rank") or figure.unit == last.unit or figure.dimension == last.dimension == "money" or last.dimension in ("share", "points", "ratio")

    def _joined(self, before: int, at: int) -> bool:
        gap = self.lower[before:at]
        return len(gap) < 130 and not re.search(r"[.!?]\s", gap)

    def _leans_back(self, before: int, peeled: int) -> bool:
        gap = self.lower[before:peeled]
        return bool(_PRONOUN.search(gap)) or len(re.sub(r"[\W\d_]+", "", gap)) < 14

    def _label(self, before: int, peeled: int) -> tuple[int, int] | None:
        """ "Phụ nữ: 133 người", "[4] Tổng mức đầu tư: 159 tỷ đồng": the label before a colon."""
        region = self.lower[before:peeled]
        m = re.search(r"(?:^|[;.(\n]|,\s)(?P<label>[^;.:\n]{3,110}):\s*$", region)
        if m is None:
            return None
        start, end = before + m.start("label"), before + m.end("label")
        start = self._skip_connectors(start, end)
        if self.last is None and start > self.start and self.lower[self.start : start].strip(" -+*•[]()0123456789.,ivx"):
            head = self.lower[self.start : start]
            if ":" not in head and "." not in head and ";" not in head and "," not in head:
                return None
        label = self.lower[start:end].strip()
        if not 1 <= len(label.split()) <= 18 or re.search(r"(?<!\w)(?:cụ thể|như sau|gồm|sau đây|cho biết|nói|thông tin|khẳng định|nhấn mạnh|trong đó|theo đó|đáng chú ý|kết quả|chia sẻ|ví dụ|đặc biệt|yêu cầu)$", label):
            return None
        if re.match(r"(?:năm|tháng|quý|giai đoạn)\s", label):
            return None
        return start, end

    def _left_phrase(self, before: int, peeled: int, kinds: list[str]) -> tuple[int, int] | None:
        """The noun phrase before a figure's verb: `before` to `peeled`, cut to the phrase that matters."""
        label = self._label(before, peeled)
        if label is not None:
            return label
        lower = self.lower
        end = peeled
        while end > before and lower[end - 1] in " ,:-–\"'“”\t":
            end -= 1
        if end <= before:
            return None
        start = before
        closing = lower[end - 1] == ")"
        region = lower[start:end]
        if closing:
            opening = region.rfind("(")
            cut_from = opening if opening > 0 else len(region)
        else:
            cut_from = len(region)
        boundary = max(region.rfind(c, 0, cut_from) for c in ";:?!…\"“")
        opened = region.rfind("(", 0, cut_from)
        if opened > boundary and ")" not in region[opened:cut_from]:
            boundary = opened
        stop = max((m.start() + 1 for m in re.finditer(r"(?<!\btp)(?<!\bt\.p)\.\s|\n", region[:cut_from])), default=-1)
        boundary = max(boundary, stop)
        start += boundary + 1
        for m in _CLAUSE_WORD.finditer(lower[start:cut_from + before]):
            if end - (start + m.end()) > 3:
                last_clause = start + m.end()
                if "(" not in lower[start:last_clause] or ")" in lower[start:last_clause]:
                    start_of_clause = last_clause
                    break
        else:
            start_of_clause = start
        start = self._last_piece(start_of_clause, end)
        if re.match(r"\s*(?:đối với|riêng (?:các|những|huyện|xã|tỉnh|thành phố|khu vực|vùng))\s", lower[start:end]) and (topic := self._topic(start)) is not None:
            return topic
        start = self._skip_connectors(start, end)
        start, end = self._cut_times(start, end)
        start = self._skip_connectors(start, end)
        start = self._after_verb(start, end, kinds)
        if (_PRONOUN.match(lower, start, end) or _BARE_HEAD.fullmatch(lower[start:end].strip())) and self.context.indicator is not None:
            return self.context.indicator
        end = self._cut_tail(start, end)
        if end - start < 2 or not re.search(r"[^\W\d_]{2,}", lower[start:end]):
            return None
        phrase = lower[start:end]
        if re.search(r"\s(?:và|hoặc|hay|cùng)$", phrase):
            return None  # what the figure before is said of
        if len(phrase.split()) > 32 or len(re.findall(r"\d", phrase)) > 12 or re.search(r"\d{1,2}:\d|\|", phrase):
            return None
        said = re.search(r"\s*(?:cho thấy|cho biết|cho rằng|cho hay|quy định|ghi rõ|nêu rõ|kết quả|hình thức|trong trường hợp|tên gọi)$", phrase)
        if said:
            if not _INDICATOR_HEAD.match(phrase) or said.start() < 3:
                return None
            end = start + said.start()
        if re.fullmatch(r"(?:kế hoạch|dự toán|cùng kỳ|năm trước|năm|so với|cả năm|tỉnh|thành phố|cả nước|kế hoạch năm|kế hoạch giao|dự toán giao|gdp|trong đó|tổng số|bình quân|trung bình|cả tỉnh|toàn tỉnh|ông|bà|người|nhưng|song|việc|nay|điều|chính phủ|quốc hội|kế hoạch đề ra|kh|đó|này|họ|nó|đây)(?:\s.*)?", phrase) and not _INDICATOR_HEAD.match(phrase) and not phrase.startswith("gdp "):
            if phrase != "gdp" or before != self.start:
                return None
        if self.last is not None and re.match(r"(?:dự toán|kế hoạch|nghị quyết|chỉ tiêu|mục tiêu|so với|cùng kỳ|năm trước|khối lượng)", phrase):
            return None
        return self._nominal(start, end, kinds)

    def _nominal(self, start: int, end: int, kinds: list[str]) -> tuple[int, int] | None:
        """The phrase, cut to the indicator inside a clause ("tỉnh ghi nhận | doanh thu"), or None if it is none."""
        phrase = self.lower[start:end]
        if _PLACE_NAME.fullmatch(phrase) or any(p.start <= start and end <= p.end for p in self.places):
            return None  # "huyện Văn Bàn đạt 19,7%": of what has been spoken of
        giving = _GIVING.search(phrase)
        if giving and giving.group().startswith("giải ngân") and not any(k in ("level", "time") for k in kinds) and re.fullmatch(r"(?:(?:toàn|cả)\s)?(?:tỉnh|thành phố|huyện|địa phương)?\s*(?:đã|mới|thực)?\s*", phrase[: giving.start()]):
            return None
        if _INDICATOR_HEAD.match(phrase):
            return start, end
        if phrase.endswith(" tăng trưởng"):
            return end - len("tăng trưởng"), end
        inner = list(re.finditer(rf"(?<!\w)(?:ghi nhận|với|có|và|trên nền tảng|nền tảng|trên cơ sở)\s+(?=(?:{_HEADS})(?!\w))", phrase))
        alias = indicators.find_alias(phrase)
        if inner and (alias is None or alias[0] >= inner[-1].end() or alias[1] <= inner[-1].start()):
            return start + inner[-1].end(), end
        if alias is not None:
            if alias[0] > 0 and re.search(r"(?<!\w)(?:ghi nhận|thu hút|báo cáo|công bố|tổ chức|giải quyết|thực hiện|tạo|góp phần|có|với|đưa|nâng|giúp|cho|về|là)\s+$", phrase[: alias[0]]):
                return start + alias[0], end
            return start, end
        if _AIM_TAIL.search(phrase) or _GENERIC.fullmatch(phrase):
            return None
        tail = _GIVING.search(phrase)
        if tail:
            return None
        strong = any(k in ("up", "down", "to_level") for k in kinds) or "level" in kinds
        first = tag(" ".join(phrase.split()[:5]))
        verbal = bool(first) and first[0][1].startswith("V") and first[0][0] not in _VERBAL_HEADS
        if verbal or (first and first[0][1] in ("P", "R", "C", "E")):
            head = list(_INNER_HEAD.finditer(phrase))
            return (start + head[-1].start("head"), end) if head and strong else None
        if not strong and len(phrase.split()) > 6:
            return None
        return (start, end) if strong or (first and first[0][1].startswith("N")) else None

    def _topic(self, at: int) -> tuple[int, int] | None:
        """What "đối với …" is a part of: the indicator before, or the topic that opens the sentence ("Công tác giải ngân …,")."""
        if self.last is not None:
            return self.last.start, self.last.end
        m = re.match(r"(?:[-+*•]\s*)?(?:(?:về|công tác|việc)\s+)*(?P<topic>[^,;:]{6,110}),", self.lower[self.start : at])
        return (self.start + m.start("topic"), self.start + m.end("topic")) if m else None

    def _last_piece(self, start: int, end: int) -> int:
        """Start of the last comma piece, taken back over the commas of an enumeration."""
        region = self.lower[start:end]
        cuts = [m.end() for m in re.finditer(r",\s+", region) if region[: m.start()].count("(") == region[: m.start()].count(")") and not _PAIR.search(region, max(0, m.start() - 14), m.end() + 14)]
        if not cuts:
            return start
        pieces = [0, *cuts]
        at = len(pieces) - 1
        first = 1 if self.last is not None and start == self.scene.figures[self.last.figure].end and not re.match(r"\s*[,;]", region) else 0
        while at > first:
            piece = region[pieces[at] :]
            previous = region[pieces[at - 1] : pieces[at]].strip(" ,-–")
            bare = _CONNECTOR.sub("", previous, count=1) if _CONNECTOR.match(previous) else previous
            if not bare or re.search(r"\d", bare) and not re.search(r"\d+\s*$", bare) and "%" in bare:
                break
            raised = _RAISE.sub("", bare)
            verbless = not re.search(r"(?<!\w)(?:đạt|tăng|giảm|chiếm|là|ước|cho biết|cho rằng|đã|sẽ|được|cho hay|nêu|phát biểu|nói|báo cáo|theo|nhờ|do|với|khi|nếu)(?!\w)", raised)
            is_time = any(start + pieces[at - 1] <= self.scene.times[i].start and self.scene.times[i].end <= start + pieces[at] and len(previous) - (self.scene.times[i].end - self.scene.times[i].start) < 12 for i in self.times)
            headed = _INDICATOR_HEAD.match(raised) is not None and verbless
            short = len(bare.split()) <= 3 and verbless and (" và " in piece or " hoặc " in piece) and len(piece.split()) <= 8 and not _INDICATOR_HEAD.match(piece)
            own_head = _INDICATOR_HEAD.match(_CONNECTOR.sub("", piece, count=1))
            if is_time or own_head or not (headed or short):
                # An enumeration may have its head several pieces back.
                earlier = region[pieces[max(0, at - 2)] : pieces[at - 1]].strip(" ,-–")
                if not (at >= 2 and verbless and not is_time and not own_head and _INDICATOR_HEAD.match(_CONNECTOR.sub("", earlier, count=1) if _CONNECTOR.match(earlier) else earlier) and len(bare.split()) <= 6):
                    break
            at -= 1
        return start + pieces[at]

    def _skip_connectors(self, start: int, end: int) -> int:
        for _ in range(5):
            while start < end and self.lower[start] in " ,:\"'“”()\n-+*•–":
                start += 1
            m = _CONNECTOR.match(self.lower, start, end)
            if m and m.end() < end and not (_INDICATOR_HEAD.match(self.lower, start) and not re.match(r"chỉ tiêu|mục tiêu|mức|kết quả là", self.lower[start:end])):
                if self.lower.startswith(("đạt", "tỉnh", "địa phương"), start) and m.end() - start > end - start - 3:
                    return start
                start = m.end()
                continue
            time = next((self.scene.times[i] for i in self.times if self.scene.times[i].start <= start < self.scene.times[i].end), None)
            if time is not None and time.end <= end:
                start = time.end
                continue
            return start
        return start

    def _cut_times(self, start: int, end: int) -> tuple[int, int]:
        """A time inside the phrase ends it ("Tăng trưởng kinh tế | 6 tháng đầu năm | của tỉnh …")."""
        for i in self.times:
            t = self.scene.times[i]
            if start < t.start and t.end <= end:
                head = self.lower[start : t.start].strip(" ,")
                open_bracket = head.count("(") > head.count(")")
                if open_bracket:
                    continue
                rest = self.lower[t.end : end]
                if re.match(r"(?:để|nhằm|phấn đấu|bảo đảm|đảm bảo|dự kiến|ước|tính|theo)(?!\w)", head) and len(rest.split()) >= 1:
                    return t.end, end
                if len(head.split()) >= 2 or _INDICATOR_HEAD.match(head) or head in ("gdp", "grdp", "cpi"):
                    return start, t.start
                return t.end, end
        return start, end

    def _after_verb(self, start: int, end: int, kinds: list[str]) -> int:
        """Where no verb ties figure and phrase, the phrase begins after the last verb: "có quy mô | 3.200 MW"."""
        if any(k in ("level", "up", "down", "to_level") for k in kinds):
            pattern = r"(?<!\w)(?:cho biết|cho rằng|nêu rõ|cho thấy|báo cáo là|thông tin|nhấn mạnh|khẳng định|đặt mục tiêu|phấn đấu|có thể|nâng|đưa|để|thúc đẩy|kiểm soát|kiềm chế|dự báo|làm cho|giúp|mục tiêu về|chỉ tiêu về)\s+"
        else:
            pattern = r"(?<!\w)(?:cho biết|cho rằng|nêu rõ|có|với|đạt|là|gồm|mức|tạo|thu hút|nâng|đưa|để|chiếm|giúp|kiểm soát|kiềm chế|được giao|giao|phấn đấu|bố trí|phân bổ|trên)\s+(?=[^\W\d_])"
        last = start
        for m in re.finditer(pattern, self.lower[start:end]):
            after = start + m.end()
            if end - after >= 3 and (m.group().strip() != "trên" or False):
                last = after
        if last != start and _INDICATOR_HEAD.match(self.lower, start) and not _INDICATOR_HEAD.match(self.lower, last):
            return start
        return last

    def _cut_tail(self, start: int, end: int) -> int:
        for _ in range(3):
            m = _PLACE_TAIL.search(self.lower[start:end])
            if m and m.start() > 2 and not re.search(r"(?:ngân sách|ubnd|hđnd)\s*$", self.lower[start : start + m.start()]):
                place = self.lower[start + m.start() : start + m.end()]
                if re.search(r"các\s", place):
                    break
                end = start + m.start()
            m = _TAIL_NOISE.search(self.lower[start:end])
            if m:
                end = start + m.start()
            else:
                break
        while end > start and self.lower[end - 1] in " ,:;-–":
            end -= 1
        return end

    def _right_phrase(self, figure: Figure, following: int, *, goal: bool = False) -> tuple[int, int] | None:
        """The noun phrase after a figure: of a count, or what a share is said of."""
        start = figure.number_end if figure.dimension == "count" else figure.end
        while start < self.end and self.lower[start] in " \"“'":
            start += 1
        quoted = re.compile(r"[^\"”\n]{3,70}(?=[\"”])").match(self.scene.plain, start, self.end) if self.scene.plain[start - 1 : start] in ("\"", "“") else None
        if quoted and not re.search(r"\d", quoted.group()):
            return start, quoted.end()
        stop = (_STOP_GOAL if goal else _STOP_RIGHT).search(self.lower, max(start, figure.end), self.end)
        end = stop.start() if stop else self.end
        for i in self.times:
            t = self.scene.times[i]
            if start < t.start < end:
                end = t.start
        nxt = next((f.start for f in map(self.scene.figures.__getitem__, self.figures) if f.start > figure.start), self.end)
        if start < nxt <= end + 1 and not goal:
            end = min(end, nxt)
            joint = self.lower.rfind(" và ", start, end)
            if joint > start:
                end = joint
        while end > start and self.lower[end - 1] in " ,:;-–\"”'":
            end -= 1
        m = _TAIL_NOISE.search(self.lower[start:end])
        if m:
            end = start + m.start()
        phrase = self.lower[start:end]
        if not re.match(r"[^\W\d_]{2,}", phrase) or re.match(r"(?:so với|và|hoặc|thì|là|trong|của|kế hoạch|dự toán|với|cho|ở|tại|cùng kỳ|gdp|grdp|tăng|giảm|nhưng|mỗi|trở|vào|từ|đến|do|để|tiền lãi|lãi suất|theo|khi|nếu|sau|trước|như|hằng năm|hàng năm|mà|này)(?!\w)", phrase):
            return None
        return start, min(end, start + 170)

    def _name_count(
        self, figure: Figure, left: tuple[int, int] | None, kinds: list[str], words: list[str], following: int, before: int, peeled: int
    ) -> tuple[int, int, str, float] | None:
        """Counts: named by a subject that is an indicator ("Số giường bệnh … đạt"), else by what is counted."""
        spoken = any(k in ("level", "up", "down") for k in kinds)
        label = None if spoken else self._label(before, peeled)
        if label is not None:
            return (*label, "label", 0.8)
        if spoken and left is not None and self.lower[before:peeled].rstrip().endswith(":"):
            left = None  # "Nông thôn mới: có thêm 12 xã …"
        head = left is not None and _INDICATOR_HEAD.match(self.lower, left[0]) is not None
        verb = any(k in ("level", "up", "down", "to_level") for k in kinds)
        if head and left is not None and verb and not re.match(r"(?:tổng số|trong số|số)\s*$", self.lower[left[0] : left[1]]) and not (words and words[-1] in ("có", "còn") and words[0] in ("có", "còn")):
            return (*left, "subject", 0.8)
        jobs = re.compile(r"(?:tạo|giải quyết)(?:\s+thêm)?\s+(?P<np>việc\s+làm(?:\s+mới)?)\s+cho\s").search(self.lower, max(self.start, figure.start - 60), figure.start)
        if jobs:
            return jobs.start("np"), jobs.end("np"), "jobs", 0.85
        if head and left is not None and not verb and self.scene.plain[figure.start].isdigit() and figure.start - left[1] < 16 and len(self.lower[left[0] : left[1]].split()) <= 8 and not re.match(r"(?:tổng số|trong số|số|tổng)$", self.lower[left[0] : left[1]]):
            return (*left, "subject", 0.75)
        right = self._right_phrase(figure, following)
        if right is None:
            return None
        bare = self.lower[right[0] : right[1]].strip() in (figure.unit, "người", "hộ")
        if bare and left is not None and verb and not _GENERIC.fullmatch(self.lower[left[0] : left[1]]) and len(self.lower[left[0] : left[1]].split()) >= 2 and figure.unit in ("người", "hộ", "lượt", "trường hợp", "vụ"):
            return (*left, "subject", 0.7)
        if len(self.lower[right[0] : right[1]].split()) <= 2 and self.context.indicator is not None and self.number - self.context.indicator_sentence <= 3:
            known = self.lower[self.context.indicator[0] : self.context.indicator[1]]
            if known.startswith(figure.unit + " ") and figure.unit in ("xã", "dự án", "hộ", "huyện", "công trình", "doanh nghiệp", "trường", "thôn", "chỉ tiêu", "tiêu chí", "cơ sở", "căn", "hồ sơ"):
                return (*self.context.indicator, "same things", 0.65)
        digits = self.scene.plain[figure.start : figure.start + 1].isdigit()
        left_words = self.lower[max(self.start, figure.start - 40) : figure.start]
        noun = self.lower[figure.number_end : figure.end].strip()
        indicator_noun = re.match(r"(?:chỉ tiêu|tiêu chí|hộ|xã)(?!\w)", noun) is not None
        if figure.of is not None:
            return (*right, "n of m", 0.85)
        if not digits and not indicator_noun:
            return None
        if _STRUCTURE_NOUN.match(noun) and not re.search(r"(?:tổng số|hiện có|ước|phấn đấu)\s[^,;.]{0,20}$", left_words) and (figure.value or 0) < 50:
            return None
        if _STRUCTURAL.search(left_words) and not re.search(r"(?:trong số|tổng số|tổng cộng|theo đó,? trong)\s+$", left_words) and not indicator_noun:
            return None
        if self._is_due(figure, following):
            return (*right, "due", 0.65)
        if _COUNT_VERB.search(left_words) or (self.last is not None and re.search(r"(?:,|và|;)\s*(?:\w+\s+){0,2}$", left_words)) or self._starts_clause(self.start, figure.start) or indicator_noun:
            return (*right, "counted", 0.7)
        return None

    def _is_due(self, figure: Figure, following: int) -> bool:
        """Whether a deadline stands right after a figure ("phát dọn 380 km đường băng trước ngày 10/6/2024")."""
        limit = min(self.end, figure.end + 75)
        return any(figure.end <= self.scene.times[i].start < limit and self.scene.times[i].role == "deadline" and not re.search(r"[;.]\s|\d", self.lower[figure.end : self.scene.times[i].start]) for i in self.times)

    def _purpose(self, figure: Figure, following: int) -> tuple[int, int] | None:
        """Money with no subject: "mang lại 3 tỷ đồng cho ngân sách địa phương"."""
        m = re.compile(r"\s+(?:mỗi năm\s+)?cho\s+(?P<np>[^,;.()\d]{6,60})").match(self.lower, figure.end, self.end)
        return (m.start("np"), m.end("np")) if m else None

    # Roles -----------------------------------------------------------------------------------

    def _direction(self, kinds: list[str], words_: list[str], figure: Figure) -> str:
        verbs = [(k, w) for k, w in zip(kinds, words_, strict=True) if k in ("to_level", "up", "down", "level")]
        if len(verbs) > 1 and verbs[0][1] in ("đến", "tới", "hơn", "gấp", "gần", "trên") and verbs[1][0] in ("up", "down") and figure.dimension in ("share", "points", "ratio"):
            return verbs[1][0]
        for kind in kinds:
            if kind == "to_level":
                return ""
            if kind == "up":
                return "up"
            if kind == "down":
                return "down"
            if kind == "level":
                return ""
        return ""

    def _is_progress(self, figure: Figure, peeled: int, kinds: list[str], words: list[str], right: str) -> bool:
        if figure.of is not None and figure.unit not in ("chỉ tiêu", "tiêu chí") and re.search(r"(?:thực hiện xong|hoàn thành|thực hiện được|xử lý xong|giải quyết xong)\s+(?:được\s+)?$", self.lower[max(self.start, figure.start - 30) : figure.start]):
            return True
        if figure.unit == "lần" and _SHARE_OF_PLAN_RIGHT.match(right):
            return True
        if figure.unit != "%":
            return False
        if _SHARE_OF_PLAN_RIGHT.match(right) and not re.match(r"\s*(?:số dư)?$", right[:0] or " x"):
            return True
        left = self.lower[max(self.start, figure.start - 110) : figure.start]
        clause = re.split(r"[;.]", left)[-1]
        if re.match(r"\s*(?:so với |so )?(?:cùng kỳ|cùng kì|năm trước|năm ngoái)", right):
            return False
        levelled = any(k == "level" and w.startswith(("đạt", "mới đạt", "bằng", "được")) for k, w in zip(kinds, words, strict=True))
        if levelled and self.last is not None and self.scene.figures[self.last.figure].dimension == "money" and self._all_verbs(self.scene.figures[self.last.figure].end, peeled):
            return True  # "giải ngân 5.318 tỷ đồng, đạt 86%"
        if levelled and re.search(r"(?:^|[.;,:]\s|\s)(?:nguồn )?vốn\s[^;.%]{0,70}$", self.lower[max(self.start, peeled - 90) : peeled]) and not re.search(r"(?:chiếm|tỷ trọng|tỉ trọng)", clause):
            return True
        if re.search(r"(?:tỷ lệ|tỉ lệ|tiến độ|kết quả)?\s*giải ngân(?:[^;.\d]|\d{1,2}/\d{1,2}(?:/\d{4})?|năm \d{4}){0,80}$", clause) and not re.search(r"(?:tăng|giảm)\s+(?:\w+\s+){0,2}$", clause):
            return True
        if re.search(r"(?:hoàn thành|thực hiện được|đạt tỷ lệ|đạt tỉ lệ)\s+(?:\w+\s+){0,4}$", clause) and self.last is not None:
            return True
        if re.search(r"(?:bằng|tương đương)\s+$", clause) and self.last is not None and not re.match(r"\s*(?:so với\s+)?(?:cùng kỳ|năm trước|năm ngoái|gdp|grdp|mức)", right):
            return True
        if "vượt" in words and not _COMPARED_RIGHT.match(right):
            return True
        return False

    def _is_goal(self, figure: Figure, right: str) -> bool:
        """Whether the figure is aimed at, by the nearest word of aim or report before it."""
        left = self.lower[self.start : figure.start]
        last_break = max(left.rfind(";"), -1)
        goals = [m for m in lexicon.anywhere("statements", "goal").finditer(left) if not (m.group().startswith(("chỉ tiêu", "mục tiêu")) and re.search(r"(?:hoàn thành(?: cơ bản)?|các|những|số|nhiều|trong|tổng số|đạt|một|\d)\s+$", left[: m.start()]))]
        goal_at = max((m.end() for m in goals), default=-1)
        purpose = re.match(r"\s*(?:[-+*•]\s*)?(?:để|nhằm)\s", left)
        if purpose:
            goal_at = max(goal_at, purpose.end())
        if figure.of is not None and re.search(r"(?:hoàn thành|đạt)\s+$", left) or (figure.unit in ("chỉ tiêu", "tiêu chí") and not re.search(r"phấn đấu|mục tiêu|quyết tâm|phải", left)):
            return False
        done_at = max((m.end() for m in lexicon.anywhere("statements", "done").finditer(left)), default=-1)
        before_this = self.scene.figures[self.last.figure].end - self.start if self.last is not None else -1
        due = [i for i in self.times if before_this + self.start <= self.scene.times[i].start < figure.start and self.scene.times[i].role == "deadline" and self.scene.times[i].prefix in ("until", "before", "latest")]
        if due and done_at <= before_this:
            return True
        if self.last is not None and goal_at <= before_this and done_at <= before_this:
            return self.carried_role == "target"
        time = self._nearest_time(figure)
        if time is not None and time.prefix == "asof" and time.start - self.start >= goal_at:
            return False
        ahead = time is not None and time.role == "deadline"
        if re.search(r"(?:là|bằng|đạt|so với|vượt)\s+[^,;]{0,60}(?:chỉ tiêu|kế hoạch|dự toán|mục tiêu)[^,;]{0,20}$", left) and done_at > -1:
            goal_at = -1
        if re.search(r"ước (?:cả năm|thực hiện)|ước đạt", left[last_break + 1 :]):
            return self.context.in_goals and self.last is not None and self.last.role == "target"
        if goal_at > done_at and goal_at >= 0:
            return True
        if done_at > goal_at and not ahead:
            return False
        if ahead:
            return True
        return self.context.in_goals and done_at < 0

    def _nearest_time(self, figure: Figure) -> Found | None:
        left = [self.scene.times[i] for i in self.times if self.scene.times[i].end <= figure.start and self.scene.times[i].role != "base"]
        right = [self.scene.times[i] for i in self.times if figure.end <= self.scene.times[i].start <= figure.end + 12 and self.scene.times[i].role != "base"]
        return right[0] if right else (left[-1] if left else None)

    def _role(self, figure: Figure, direction: str, progress: bool, goal: bool, right: str) -> str:
        if progress and not goal:
            return "progress"
        if goal and not (progress and self.last is not None and self.last.role != "target"):
            return "target"
        if progress:
            return "progress"
        return "change" if direction else "actual"

    # Time and place --------------------------------------------------------------------------

    def _time(self, figure: Figure, following: int, role: str, indicator: Span) -> int | None:
        usable = [i for i in self.times if not (indicator[0] < self.scene.times[i].start < indicator[1]) and (self.scene.times[i].role in ("period", "deadline") or (self.scene.times[i].role == "date" and self.scene.times[i].grain in ("day", "year", "month") and self.scene.times[i].rule != "day.same" and self.scene.times[i].start - self.start < 12))]
        right_limit = self.lower.find(",", figure.end, following)
        right_limit = following if right_limit < 0 else right_limit
        last_end = self.scene.figures[self.last.figure].end if self.last is not None else self.start
        after = figure.end
        bracket = re.compile(r"\s\([^()]{1,40}\)").match(self.lower, after, self.end)
        if bracket:
            beside = [i for i in usable if 0 <= self.scene.times[i].start - bracket.end() <= 2]
            if beside:
                return beside[0]
        if self.last is not None and self.lower[last_end : figure.start].strip() == "(" and (closing := self.lower.find(")", figure.end, self.end)) > 0:
            beside = [i for i in usable if 0 <= self.scene.times[i].start - closing <= 3]
            if beside:
                return beside[0]
        if role == "target":
            stop = re.compile(r"[;.]\s").search(self.lower, figure.end, self.end)
            right_limit = min(following, stop.start() if stop else self.end)
        adjacent = [i for i in usable if figure.end <= self.scene.times[i].start <= min(right_limit, figure.end + (70 if role == "target" else 45)) and self.scene.times[i].role in ("period", "deadline")]
        adjacent = [i for i in adjacent if not re.search(r"so với|[;.]", self.lower[figure.end : self.scene.times[i].start])]
        usable = [i for i in usable if role == "target" or not _OF_PLAN.search(self.lower[max(self.start, self.scene.times[i].start - 40) : self.scene.times[i].start])]
        usable = [i for i in usable if self.scene.times[i].grain != "relative" or not re.search(r"(?:nhất|qua)\s+(?:trong|từ|kể từ)?\s*$", self.lower[max(self.start, self.scene.times[i].start - 14) : self.scene.times[i].start + 1])]
        yardstick = [i for i in self.times if self.scene.times[i].rule == "same.period" and 0 <= self.scene.times[i].start - figure.end <= 2]
        if yardstick and re.search(r"mức (?:tăng |giảm |tăng trưởng )?$", self.lower[max(self.start, figure.start - 18) : figure.start]):
            return yardstick[0]
        before = [i for i in usable if last_end <= self.scene.times[i].start and self.scene.times[i].end <= figure.start]
        if role == "aim":
            return adjacent[0] if adjacent else self.lead_time
        due_before = any(self.scene.times[i].role == "deadline" for i in before)
        if adjacent and (not before or (self.scene.times[adjacent[0]].start - figure.end <= 12 and not (role == "target" and due_before)) or (role == "target" and not due_before)):
            return adjacent[0]
        if before:
            wanted = [i for i in before if self.scene.times[i].role == ("deadline" if role == "target" else "period")]
            if role == "target" and wanted:
                return wanted[-1]
            named = [i for i in before if self.scene.times[i].role != "date"] or before
            return named[-1]
        if adjacent:
            return adjacent[0]
        if self.last is not None and not re.search(r"(?<!\w)(?:giờ đây|đến nay|hiện nay|hiện tại|bây giờ)(?!\w)", self.lower[last_end : figure.start]):
            return self.lead_time
        if role == "target":
            return None
        if figure.dimension != "share" and re.search(r"(?<!\w)(?:đến nay|hiện nay|hiện tại|hiện có|(?<!thực )(?<!thể )(?<!phát )(?<!xuất )hiện|khi mới|trước đây|bây giờ|giờ đây|tới nay)(?!\w)", self.lower[self.start : figure.start]):
            return None
        if self.context.period is not None and self.scene.times[self.context.period].grain in ("months", "quarter", "month", "half") and not self.context.in_goals:
            if self.number - self.context.period_sentence <= (14 if figure.dimension != "count" else 4):
                return self.context.period
        reach = 6 if figure.dimension in ("share", "money", "points") or figure.of is not None or role == "change" else 3
        if self.context.period is not None and self.number - self.context.period_sentence <= reach and not self.context.in_goals:
            return self.context.period
        return None

    def _place(self, figure: Figure) -> str | None:
        left = [p for p in self.places if p.end <= figure.start]
        left = [p for p in left if not self._is_yardstick(p)]
        local = [p for p in left if p.kind in ("district", "commune")]
        if left:
            chosen = left[-1]
            if chosen.kind == "country" and local:
                chosen = local[-1]
            return chosen.name
        if self.context.place is not None and self.number - self.context.place_sentence <= (4 if re.match(r"xã|phường|huyện|thị|quận", self.context.place) else 1):
            return self.context.place
        return self.scene.main_place

    def _is_yardstick(self, place: Named) -> bool:
        left = self.lower[max(self.start, place.start - 24) : place.start]
        if place.kind in ("country", "region", "area") and re.search(r"(?:\d|thứ \w+|tỉnh, thành|tỉnh|vùng)\s*$", left):
            return True  # "xếp thứ 14/63 cả nước"
        return place.kind in ("country", "region", "area") and bool(re.search(r"(?:nhất|so với|hơn|bình quân|trung bình|khu vực|vùng|nhất của|của)\s*$", left) or place.kind in ("region", "area"))

