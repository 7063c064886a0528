"""Tasks: who is ordered to do what, by when.

An order opens with a word of command and the body it goes to ("yêu cầu thủ trưởng các sở …"), with
a body that "phải"/"cần"/"chịu trách nhiệm", or with a numbered body after such a lead-in. The
clauses after it that begin with a verb are tasks of the same body until the text turns to
something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from chitieu.nlp import lexicon
from chitieu.nlp.times import Found


@dataclass(slots=True)
class Order:
    """One ordered clause in plain offsets; `time` is the position of its deadline in the times."""

    start: int
    end: int
    who: tuple[int, int] | None
    time: int | None
    rule: str
    confidence: float


@dataclass(slots=True)
class _Standing:
    """The order that later clauses may continue."""

    who: tuple[int, int] | None = None
    active: bool = False
    strict: bool = False
    """Whether a section of orders was opened ("yêu cầu:", "chỉ đạo như sau:"), not one sentence."""
    quiet: int = 0
    """Sentences since the last task."""


_ITEM = re.compile(r"\s*(?:[-+*•–]{1,2}\s*|\(?(?:\d{1,2}|[a-zđ]|[ivx]{1,4})[.)]\s*|\d{1,2}(?:\.\d{1,2})+\.?\s+|\d{1,2}\s?[-–/]\s+)*")
_CONNECTOR = re.compile(r"(?:ngoài ra|đồng thời|bên cạnh đó|cùng với đó|trong đó|theo đó|do đó|do vậy|vì vậy|và|mặt khác|trước mắt|cụ thể|đặc biệt|nhất là|từ đó|trong thời gian tới|thời gian tới|trước hết|trên cơ sở đó|cần|phải|cần phải|ngay)(?!\w)[\s,:]*")
_CLAUSE_BREAK = re.compile(r";|,\s+(?=đồng thời)|(?<=\w)\s+(?=đồng thời[, ])|\.\s+(?=[^\W\d_])")
_SPOKEN = re.compile(r"[\"“][^\"”]{0,400}$")


@cache
def _order() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{lexicon.alternation(lexicon.phrases('tasks', 'order'))})(?!\w)")


@cache
def _duty() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{lexicon.alternation(lexicon.phrases('tasks', 'duty'))})(?!\w)")


@cache
def _action() -> re.Pattern[str]:
    return lexicon.at_start("tasks", "action")


@cache
def _action_inside() -> re.Pattern[str]:
    verbs = [v for v in lexicon.phrases("tasks", "action") if v not in ("có", "không", "cho", "tạo", "tìm", "trình", "lập", "cấp", "giảm", "tăng", "chống", "phòng", "chuyển", "dành", "đưa", "gắn", "giao", "sớm", "dừng", "đầu tư", "sản xuất", "quản lý", "kiểm tra", "thanh tra", "giám sát", "phát triển", "khai thác", "sử dụng", "thi công", "vận hành", "đào tạo", "quy hoạch", "bảo vệ", "thẩm định", "đấu thầu", "tổng hợp", "tổ chức", "thông báo", "báo cáo", "trực tiếp", "hướng dẫn")]
    return re.compile(rf"(?<!\w)(?:(?:cần|phải|cần phải|tiếp tục|có trách nhiệm|chịu trách nhiệm)\s+)?(?:{lexicon.alternation(verbs)}|tổ chức(?=\s+(?:thực hiện|triển khai|sơ kết|tổng kết|kiểm tra))|báo cáo(?=\s+(?:\w+\s+){{0,6}}(?:trước|kết quả))|hướng dẫn|thẩm định|giám sát|tổng hợp|kiểm tra)(?!\w)")


@cache
def _body() -> re.Pattern[str]:
    return lexicon.at_start("tasks", "body")


_NOT_AN_ORDER_LEFT = re.compile(r"(?:theo|đáp ứng|các|những|được|thời hạn|đúng|nội dung|sự|công tác|văn bản|ý kiến|ban|tinh thần|nhiệm vụ|chỉ tiêu|kế hoạch|vốn|mức|việc|đơn|bị|không đạt|so với|số|quyết liệt|kịp thời|lãnh đạo,?|trong|đã được|cơ quan|bàn|thường xuyên|trực tiếp|phục vụ|có|thực hiện|hành động|trên cơ sở|kiến nghị,?|và|,)\s+$")
_NOT_AN_ORDER_RIGHT = re.compile(r"\s*(?:của|nêu trên|đề ra|đặt ra|mới|cấp bách|điều hành|thực hiện|sau|này|trên|về|là|phát triển|nhiệm vụ\b(?!\s+cho)|thông|hàng|dịch|đất|lưu|quyền|ban|kế hoạch|chỉ tiêu|đạt|cao|thấp|,|\.|;)(?!\w)")
_UPWARD = re.compile(rf"(?:{lexicon.alternation(lexicon.phrases('tasks', 'higher'))})(?!\w)")
_HEADING_ORDERS = re.compile(r"(?:yêu cầu|chỉ đạo|giao|đề nghị|chịu trách nhiệm|có trách nhiệm|nhiệm vụ chủ yếu|nhiệm vụ, giải pháp|tổ chức thực hiện|phân công)[^.;]{0,120}:\s*$|(?:như sau|gồm|cụ thể|sau đây)\s*:\s*$")
_PRINCIPLES = re.compile(r"(?:nguyên tắc|mục tiêu|quan điểm|đột phá|định hướng|quy mô|điều kiện|khái niệm|chỉ tiêu)[^.;]{0,120}[:?]\s*$")
_REPORTED = re.compile(r"(?<!\w)(?:đã(?! yêu cầu| đề nghị| chỉ đạo| giao)|đạt|ước|tăng|được|cho biết|cho rằng|đang|vừa|diễn ra)(?!\w)")


def find_tasks(
    lower: str,
    plain: str,
    sentences: list[tuple[int, int]],
    zones: dict[int, str],
    times: list[Found],
) -> list[Order]:
    """The tasks of a text in text order. `zones` gives the zone of each sentence by its number."""
    out: list[Order] = []
    standing = _Standing()
    for number, (start, end) in enumerate(sentences):
        if zones.get(number, "body") not in ("body", "sapo", "title"):
            standing = _Standing() if zones.get(number) == "teaser" else standing
            continue
        found = _Reader(lower, plain, start, end, times, standing).orders(zones.get(number, "body"))
        out.extend(found)
        standing.quiet = 0 if found else standing.quiet + 1
        if standing.quiet >= (4 if standing.strict else 2):
            standing.active, standing.strict, standing.who = False, False, None
    return _distinct(out)


def _distinct(orders: list[Order]) -> list[Order]:
    out: list[Order] = []
    for order in sorted(orders, key=lambda o: o.start):
        if out and order.start < out[-1].end and order.start - out[-1].start < 12:
            continue
        out.append(order)
    return out


class _Reader:
    """Reads one sentence."""

    def __init__(self, lower: str, plain: str, start: int, end: int, times: list[Found], standing: _Standing) -> None:
        self.lower, self.plain, self.start, self.end = lower, plain, start, end
        self.times = times
        self.standing = standing

    def orders(self, zone: str) -> list[Order]:
        text = self.lower[self.start : self.end]
        if _PRINCIPLES.search(text) and not _order().search(text):
            self.standing.active = False
            return []
        begin = _ITEM.match(self.lower, self.start, self.end).end()  # type: ignore[union-attr]
        opened = self._open(begin)
        if opened is not None:
            return opened
        return self._continue(begin)

    # Opening an order --------------------------------------------------------------------------

    def _open(self, begin: int) -> list[Order] | None:
        for m in _order().finditer(self.lower, begin, self.end):
            left = self.lower[max(self.start, m.start() - 30) : m.start()]
            word = re.sub(r"\s+", " ", m.group())
            if _NOT_AN_ORDER_LEFT.search(left) and not re.search(r"đã\s+$", left):
                continue
            if m.start() == begin and word in ("chỉ đạo", "giao", "phân công", "quán triệt", "đôn đốc", "yêu cầu", "lưu ý", "đề nghị") and self.standing.active:
                continue
            if _NOT_AN_ORDER_RIGHT.match(self.lower, m.end()) and not self.lower.startswith(":", m.end()):
                continue
            orders = self._after_order(m.end(), word)
            if orders is not None:
                return orders
        return self._duty(begin)

    def _after_order(self, at: int, word: str) -> list[Order] | None:
        """The addressee and the clauses after a word of command, or None if it commands nothing."""
        while at < self.end and self.lower[at] in " :,\n":
            at += 1
        rest = self.lower[at : self.end]
        if not rest:
            self.standing.active = self.standing.strict = True
            self.standing.who = None
            return []
        verb = self._first_verb(at)
        if verb is None:
            if rest.rstrip().endswith(":") or "như sau" in rest or rest.rstrip().endswith("sau đây"):
                who = self._addressee(at, self.end)
                self.standing.active = self.standing.strict = True
                self.standing.who = who
                return []
            return None
        who = self._addressee(at, verb) if verb > at else None
        if who is not None and word in ("đề nghị", "mong muốn", "kiến nghị") and _UPWARD.match(self.lower, who[0]):
            return None
        if who is None and verb > at:
            return None
        if verb == at and word in ("giao", "lưu ý", "mong muốn", "chỉ đạo", "quán triệt", "kêu gọi", "phân công"):
            return None
        if re.match(r"(?:trong\s+)?(?:thời\s+gian|nội\s+dung)", rest):
            return None
        self.standing.active, self.standing.who = True, who
        self.standing.strict = self.lower[self.start : self.end].rstrip().endswith(":")
        return self._clauses(verb, who, f"order.{word}")

    def _first_verb(self, at: int) -> int | None:
        """Where the ordered verb begins: right here, or after the addressee."""
        if _action().match(self.lower, at) and not _body().match(self.lower, at):
            return at
        limit = min(self.end, at + 420)
        for m in _action_inside().finditer(self.lower, at, limit):
            if m.start() - at < 2:
                continue
            between = self.lower[at : m.start()]
            if re.search(r"[.;!?]\s", between) or between.count(":") > 1:
                return None
            if re.search(r"(?:được|phụ trách|chịu trách nhiệm|ban|sở|cơ quan|công tác|và|quỹ|việc|tổ|chuyên môn|đoàn|hội đồng|phòng|trung tâm|bộ phận)\s+$", between):
                continue
            return m.start()
        return None

    def _addressee(self, at: int, verb: int) -> tuple[int, int] | None:
        """The body between a word of command and the ordered verb."""
        end = verb
        region = self.lower[at:end]
        m = re.search(r"(?:\s+(?:cần|phải|cần phải|tiếp tục|trong thời gian tới|thời gian tới|có trách nhiệm|sớm|hãy|chủ động|khẩn trương|trên cơ sở[^,]{0,80}|từ nay|ngay))+[\s,]*$", region)
        if m:
            end = at + m.start()
        on = self.lower.find(" trên cơ sở ", at, end)
        if on > 0:
            end = on
        while end > at and self.lower[end - 1] in " ,:;\n":
            end -= 1
        start = at
        lead = re.match(r"(?:cho|các đồng chí:|đối với|rằng|đến|tới)\s+", self.lower[start:end])
        if lead:
            start += lead.end()
        if end - start < 2 or end - start > 330:
            return None
        return start, end

    def _duty(self, begin: int) -> list[Order] | None:
        """A body that has to: "Tỉnh cần tiếp tục …", "Sở Xây dựng chủ trì …", "2. Bộ Xây dựng chủ trì …"."""
        subject = begin
        lead = re.match(r"[^,;.]{4,70},\s+", self.lower[begin : self.end])
        if _body().match(self.lower, begin) is None and lead and _body().match(self.lower, begin + lead.end()):
            subject = begin + lead.end()
        if _body().match(self.lower, subject) is None:
            return self._duty_inside(begin)
        m = _duty().search(self.lower, subject, min(self.end, subject + 330))
        head = self.lower[subject : m.start()] if m else ""
        if m and not re.search(r"[.;:]|(?<!\w)(?:đã|là|cho biết|có thể|khi|những)(?!\w)", head) and (len(head) < 90 or self.standing.active):
            verb = m.end()
            while verb < self.end and self.lower[verb] in " :":
                verb += 1
            if verb >= self.end:
                self.standing.active = self.standing.strict = True
                self.standing.who = self._addressee(subject, m.start())
                return []
            if self._looks_ordered(m, verb, head):
                who = self._addressee(subject, m.start())
                start = m.start() if re.match(r"không được|nghiêm cấm|chịu trách nhiệm", m.group()) else verb
                self.standing.active, self.standing.who = True, who
                return self._clauses(start, who, "duty")
        if not self.standing.active and not self._official_item(begin):
            return self._duty_inside(begin)
        verb_at = self._subject_verb(subject)
        if verb_at is None:
            return self._duty_inside(begin)
        who = self._addressee(subject, verb_at)
        if who is None:
            return None
        between = self.lower[subject:verb_at]
        if re.search(r"(?<!\w)(?:đã|đang|là|được|vừa|cho biết|cho rằng|nêu|phát biểu|có|nhấn mạnh)(?!\w)", between):
            return None
        self.standing.active, self.standing.who = True, who
        return self._clauses(verb_at, who, "body verb")

    def _looks_ordered(self, duty: re.Match[str], verb: int, head: str) -> bool:
        word = duty.group()
        if word in ("có trách nhiệm", "chịu trách nhiệm", "có nhiệm vụ", "không được", "nghiêm cấm", "được giao", "được phân công"):
            return True
        return bool(_action().match(self.lower, verb)) or self.standing.active

    def _official_item(self, begin: int) -> bool:
        """ "2. Bộ Xây dựng chủ trì …": a numbered body in an official text."""
        return begin > self.start and bool(re.match(r"\s*\d{1,2}[.)]", self.lower[self.start : begin]))

    def _subject_verb(self, subject: int) -> int | None:
        limit = min(self.end, subject + 420)
        strong = re.compile(r"(?<!\w)(?:chủ trì|chủ động|khẩn trương|phối hợp|chỉ đạo|tập trung|tăng cường|chịu trách nhiệm|có trách nhiệm|tiếp tục|nghiêm túc|thường xuyên|kịp thời|tổ chức(?= triển khai| thực hiện|\s+\S+ ban)|rà soát|hạn chế|chú trọng|báo cáo|tham mưu|hướng dẫn|theo dõi|đôn đốc|xây dựng|bố trí|thực hiện|triển khai|quán triệt|cho ý kiến|xem xét|quyết định|căn cứ|theo chức năng|đẩy mạnh|đẩy nhanh|nâng cao|thẩm định|tổng hợp|cung cấp|công bố|không|trực tiếp)(?!\w)")
        for m in strong.finditer(self.lower, subject + 2, limit):
            between = self.lower[subject : m.start()]
            if re.search(r"[.;!?]\s", between):
                return None
            if re.search(r"(?:sở|bộ|phòng|ban|và|cơ quan|đơn vị|được|phụ trách|việc|công tác)\s+$", between):
                continue
            at = m.start()
            if m.group() in ("căn cứ", "theo chức năng"):
                comma = re.compile(r",\s+(?=[^\W\d_])").finditer(self.lower, at, limit)
                for c in comma:
                    if _action().match(self.lower, c.end()):
                        return c.end()
                continue
            return at
        return None

    def _duty_inside(self, begin: int) -> list[Order] | None:
        """ "… thì phải kiểm điểm", "do đó phải tìm biện pháp": a duty in mid-sentence while orders are given."""
        m = re.compile(r"(?<!\w)(?:phải|cần phải|cần)\s+").search(self.lower, begin, self.end)
        if m is None:
            return None
        left = self.lower[begin : m.start()]
        if re.search(r"(?:không|chưa|còn|có thể|lẽ ra|nếu|sẽ|mới|để|là|vì|do|như|khi|bị|điều)\s+$", left) or len(left) > 190:
            return None
        if not self.standing.active:
            return None
        if not _action().match(self.lower, m.end()) and not re.match(r"tổng thể|bảo đảm|đảm bảo|gắn|lấy|coi|xem", self.lower[m.end() : m.end() + 12]):
            return None
        start = m.start() if not _action().match(self.lower, m.end()) else m.end()
        return self._clauses(start, self.standing.who, "duty inside")

    # Continuing an order -------------------------------------------------------------------------

    def _continue(self, begin: int) -> list[Order]:
        """A sentence that begins with a verb while an order stands."""
        if not self.standing.active:
            return []
        at = begin
        for _ in range(3):
            m = _CONNECTOR.match(self.lower, at, self.end)
            if m:
                at = m.end()
                continue
            time = next((t for t in self.times if t.start <= at < t.end), None)
            if time is not None:
                at = time.end
                while at < self.end and self.lower[at] in " ,":
                    at += 1
                continue
            break
        if not _action().match(self.lower, at):
            about = re.match(r"(?:đối với|về|trường hợp|riêng|từ|trong|với)[^,;.:]{3,200}[,:]\s+", self.lower[at : self.end])
            if about and _action().match(self.lower, at + about.end()):
                at += about.end()
            else:
                return []
        if re.match(r"(?:có thể|không chỉ|không những|có \d|báo cáo của|quyết định số|quyết định \d|kế hoạch số|thông báo số|chương trình)", self.lower[at : self.end]):
            return []
        text = self.lower[at : self.end]
        if not self.standing.strict and re.search(r"(?<!\w)(?:đã|đạt được|cho biết)(?!\w)", text[:90]):
            return []
        if text.rstrip().endswith((":", "?")) and len(text) < 60:
            return []
        return self._clauses(at, self.standing.who, "continued")

    def _clauses(self, at: int, who: tuple[int, int] | None, rule: str) -> list[Order]:
        """The ordered clauses from `at` to the end of the sentence, one for each main verb."""
        bounds = [at]
        for m in _CLAUSE_BREAK.finditer(self.lower, at, self.end):
            bounds.append(m.end())
        out: list[Order] = []
        for n, start in enumerate(bounds):
            end = bounds[n + 1] if n + 1 < len(bounds) else self.end
            clause_who = who
            begin = start
            while begin < end and self.lower[begin] in " ;,.":
                begin += 1
            if n:
                m = _CONNECTOR.match(self.lower, begin, end)
                while m:
                    begin = m.end()
                    m = _CONNECTOR.match(self.lower, begin, end)
                if not _action().match(self.lower, begin):
                    turned = self._new_subject(begin, end)
                    if turned is None:
                        continue
                    clause_who, begin = turned
            stop = end
            while stop > begin and self.lower[stop - 1] in " ;,.\n/…":
                stop -= 1
            if stop - begin < 6:
                continue
            out.append(Order(begin, stop, clause_who, self._deadline(begin, end), rule, 0.8 if n == 0 else 0.7))
        return out

    def _new_subject(self, begin: int, end: int) -> tuple[tuple[int, int] | None, int] | None:
        """A clause after ";" with a body of its own: "; yêu cầu các chủ đầu tư có cam kết …"."""
        m = re.match(r"(?:yêu cầu|đề nghị|giao|chỉ đạo)\s+", self.lower[begin:end])
        at = begin + (m.end() if m else 0)
        if _body().match(self.lower, at) is None:
            return None
        verb = re.compile(r"(?<!\w)(?:phải|cần|có(?!\s+thẩm quyền)|chủ trì|phối hợp|chủ động|tập trung|tăng cường|thực hiện|triển khai|khẩn trương|báo cáo|chỉ đạo|rà soát)(?!\w)").search(self.lower, at + 2, end)
        if verb is None or verb.start() - at > 160:
            return None
        start = verb.start()
        if verb.group() in ("phải", "cần"):
            start = verb.end() + 1
        return self._addressee(at, verb.start()), start

    def _deadline(self, start: int, end: int) -> int | None:
        inside = [i for i, t in enumerate(self.times) if start <= t.start < end and t.role == "deadline" and t.until is not None]
        return inside[0] if inside else None
