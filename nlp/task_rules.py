"""Hand-written rules for tasks: evidence that the models (`tasks.py`) weigh with the rest.

An order opens with a word of command and the body it goes to ("yêu cầu thủ trưởng các sở …"), with
a body that "phải", "cần" or "có trách nhiệm", or, where orders are being given or in the items of an
official text, with a body and a verb ("2. Bộ Xây dựng chủ trì …"). Clauses that begin with a verb
are tasks of the same body until the text turns to something else. Proposals to higher bodies,
principles and goals are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from chitieu.nlp import lexicon, words
from chitieu.nlp.orders import Order
from chitieu.nlp.text import Ordered, compile_pattern
from chitieu.nlp.times import Found

Span = tuple[int, int]


@dataclass(slots=True)
class _Standing:
    """The order that later clauses may continue."""

    who: Span | None = None
    active: bool = False
    strict: bool = False
    """A section of orders was opened ("yêu cầu:", "như sau:"), not a sentence in passing."""
    principles: bool = False
    """A list of principles, goals or conditions is being read: its verbs order nothing."""
    quiet: int = 0

    def close(self) -> None:
        self.who, self.active, self.strict, self.quiet = None, False, False, 0


_ITEM = re.compile(r"\s*(?:[-+*•–]{1,2}\s*|\[\d{1,2}\]\s*|\(?(?:\d{1,2}|[a-zđ]|[ivx]{1,4})[.)]\s*|\d{1,2}(?:\.\d{1,2})+\.?\s+|\d{1,2}\s?[-–/]\s+|bước\s+\d{1,2}\s*:\s*|[\"“'(]\s*)*")
_CONNECTOR = re.compile(
    r"(?:ngoài ra|đồng thời|bên cạnh đó|cùng với đó|trong đó|theo đó|do đó|do vậy|vì vậy|vì thế|và|mặt khác|trước mắt|cụ thể|đặc biệt|nhất là|từ đó|trong thời gian tới|thời gian tới|trước hết|trên cơ sở đó|như vậy|tuy nhiên|thời gian tới đây|sau đó|riêng)(?!\w)[\s,:]*"
)
_MUST = re.compile(r"(?:cần phải|cần|phải)\s+")
_GLUE = re.compile(r"(?:\s*,?\s+(?:cần phải|cần|phải|trong thời gian tới|thời gian tới|có trách nhiệm|chịu trách nhiệm|hãy|từ nay|ngay|đều|cũng|tự|theo chức năng[^,]{0,60},|trên cơ sở[^,]{0,90}))+[\s,]*$")
_BODY_LEAD = r"(?:(?:cho|đối với|tới|đến)\s+)?(?:(?:các|những|toàn thể|từng|mỗi|một số|tất cả|toàn bộ|hai|ba|\d{1,2}|đồng chí|ông|bà|cả)\s+){0,3}"
_NO_BODY = (
    r"(?!ban\s+hành|trường\s+hợp|tổ\s+chức\s+(?!,|và|chính|đảng|xã|đoàn|hội|tín|khác|cơ|có\s+liên|hành|kinh|cá|sự|khoa|quốc|trong|thành)|báo\s+cáo|bộ\s+(?:cơ\s+sở|chỉ\s+số|tiêu|máy|phận|luật|đề|sách|hồ|tài|mặt)|hội\s+(?:nghị|thảo|đàm|chợ)|đoàn\s+kết|phòng\s*,?\s+(?:chống|ngừa|cháy|tránh)|cấp\s+(?:phép|giấy|tài|kinh|phát|vốn|nước|điện|bách|cứu|thiết|độ|dưỡng)|"
    r"vụ\s+(?:việc|án|mùa)|hộ\s+(?:khẩu|chiếu)|xã\s+hội|hội\s+nhập|báo\s+chí\s+nêu|quỹ\s+đất|khối\s+lượng|ngành\s+nghề|đài\s+loan|thuế\s+(?:suất|thu|giá)|đoàn\s+(?:tham|công|khách|kiểm)|tỉnh\s+táo|thanh\s+tra\s+(?:phát|công)|viện\s+trợ|ban\s+đầu|sở\s+hữu|bộ\s+đội\s+ta|trường\s+(?:tồn|kỳ)|địa\s+phương\s+hóa|lãnh\s+đạo\s*,|công\s+ty\s+hóa)"
)
_NAME_BODY = compile_pattern(r"(?:[\p{Lu}][\w]*(?:\s+(?:[\p{Lu}][\w]*|và|-)){1,7})(?=\s)")
_NOUN_BEFORE = re.compile(
    r"(?:cơ quan|đơn vị|công tác|cán bộ|bộ phận|người|lực lượng|đoàn|tổ|ban|hội đồng|phòng|việc|được|chuyên môn|nhà|chủ|cấp|bên|đối tượng|cơ sở|trung tâm|sở|bộ|cục|vụ|quỹ|các|và|chi cục|khu|dự án|công trình|văn bản|hoạt động|quá trình|sự|nội dung|tiến độ|giai đoạn|chương trình|kế hoạch|đề án|chỉ tiêu|nhiệm vụ|lĩnh vực|hệ thống|hội|viện|ngân hàng|tổng công ty|công ty|thanh tra|trường|cá nhân|chính sách|phát triển|đầu tư|quản lý|tổ chức|tham gia|phụ trách|trách nhiệm|kết quả|khả năng|thẩm quyền|vốn|số liệu|dịch vụ|phó ban|trưởng ban|vị|hành chính|tín dụng|được phân công|ủy quyền|thành viên|thực hiện|phương tiện|yêu cầu|quy định|khi|liên quan đến|thuộc|của|để|từ|đến|với|về|tại|trong|ở|là|như|mà|do)\s+$"
)
_OF_A_NAME = re.compile(r"(?:cơ quan|đơn vị|việc|công tác|được|sự|để|và|người|tổ|tiến độ|quá trình|các|bộ phận|nhà|về|trong|khi|sau|đang|đã|không)\s+$")
"""Before a verb that is firmly one of command, only these make it part of a name or a clause."""
_NOUN_TAKING = frozenset(("tổ chức", "quản lý", "kiểm tra", "thanh tra", "giám sát", "đầu tư", "phát triển", "sản xuất", "khai thác", "sử dụng", "vận hành", "đào tạo", "quy hoạch", "bảo vệ", "thẩm định", "đấu thầu", "thông báo", "báo cáo", "thi công", "hỗ trợ", "chuyển đổi", "điều tra", "truyền thông", "thu", "chi", "lập", "cấp", "trình", "có", "không", "cho", "làm", "lấy", "xem", "giữ", "ký", "nộp", "trực", "xét", "tăng", "giảm", "đưa", "tạo", "tìm", "gắn", "giao", "sớm", "chuyển", "dành", "dừng", "đón", "nhập", "đổi", "mời", "nắm", "coi", "chịu", "thông tin", "phục vụ", "công nhận", "ổn định", "tham gia", "dự kiến", "xét xử", "thuế", "chăm sóc", "hợp tác", "kết nối", "thí điểm", "bồi thường", "tích hợp", "cứu trợ"))
_STRONG_VERB = re.compile(
    r"(?:chủ trì|chủ động|khẩn trương|phối hợp|chỉ đạo|tập trung|tăng cường|tiếp tục|nghiêm túc|thường xuyên|kịp thời|rà soát|chú trọng|tham mưu|đẩy mạnh|đẩy nhanh|quán triệt|bố trí|triển khai|thực hiện|xây dựng kế hoạch|hoàn thành|hướng dẫn|đôn đốc|báo cáo|gửi|tổ chức|lập|ban hành|xem xét|quyết định|cung cấp|tổng hợp|trực tiếp|hạn chế|không|tiếp nhận|trích xuất|nâng cao|bảo đảm|đảm bảo|theo dõi|chuẩn bị|căn cứ|thẩm định|phê duyệt|công bố|cập nhật|phân công|rút kinh nghiệm|kiểm điểm|chấp hành|tuân thủ|hỗ trợ|tuyên truyền|vận động)(?!\w)"
)
_NOT_ORDER_LEFT = re.compile(
    r"(?:theo|đáp ứng|đáp ứng được|các|những|được|thời hạn|đúng|nội dung|sự|công tác|văn bản|ý kiến|tinh thần|nhiệm vụ|chỉ tiêu|kế hoạch|vốn|mức|việc|đơn|bị|không đạt|so với|số|lãnh đạo,?|cơ quan|bàn|phục vụ|hành động|điểm|nút|chuyển|bộ|ban|hội đồng|ủy ban|phiếu|đạt|lời|người|sau khi|để|có|tờ trình|hồ sơ|bản|giấy)\s+$"
)
_NOT_ORDER_RIGHT = re.compile(r"\s*(?:thông(?!\s+tấn)|dịch|lưu|nhau|ban(?!\s+(?:cán|quản|chỉ|thường|tổ|tuyên|nội|dân|chấp|qlda|giám|đại))|đất|hữu|tranh|thoa|thừa|diện|thời|hàng|cảm)(?!\w)")
_PROPOSAL = re.compile(r"(?<!\w)(?:kiến nghị|đề xuất(?:,?\s+kiến nghị)?|mong muốn|xin ý kiến|xin phép|xin)(?!\w)")
_PRINCIPLES = re.compile(r"(?:nguyên tắc|mục tiêu|quan điểm|đột phá|quy mô|điều kiện|khái niệm|chỉ tiêu|tầm nhìn|thế nào|là gì|ra sao|hay không|được không)[^.;]{0,150}[:?]\s*$")
_NARRATIVE = re.compile(r"(?<!\w)(?:đã(?!\s+(?:yêu cầu|đề nghị|chỉ đạo|giao))|vừa|đang|cho biết|cho rằng|cho hay|nói|phát biểu|nêu|khẳng định|nhấn mạnh|đạt được|diễn ra|được|là|bị|có thể|cũng)(?!\w)")
_NOT_TASK_VERB = re.compile(r"(?:cấp (?:tỉnh|xã|huyện|trung ương|cơ sở|có|trên|dưới|ủy|uỷ|ngành|học|thành)|có thể|không chỉ|không những|không phải|không còn|có \d|báo cáo của|quyết định số|quyết định \d|kế hoạch số|thông báo số|quy định tại|có được|không có|không ít|có \w+ (?:người|ý kiến)|căn cứ|thông tin|tải|xem thêm|làm thế nào|cho biết|xem tại|dự kiến (?:đến|năm|tổng))(?!\w)")
_LABEL_WHO = re.compile(r"\s*[-+*•]?\s*(?:cơ quan\s+|đơn vị\s+)?chủ trì(?:\s+(?:thực hiện|tham mưu|soạn thảo))?\s*:\s*(?P<who>\S.{1,160})$")
_LABEL_TIME = re.compile(r"\s*[-+*•]?\s*(?:thời (?:gian|hạn)|tiến độ|hạn)(?:\s+(?:hoàn thành|thực hiện|báo cáo))?\s*:\s*\S")
_OFFICIAL = re.compile(r"(?:^|\n)[^\S\n]*(?:điều \d+\.|căn cứ |số\s*:\s*\d|\d{1,2}\. |[-+] |\(\d\) |\[\d\] )")


@cache
def _order() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{lexicon.alternation(lexicon.phrases('tasks', 'order'))})(?!\w)")


@cache
def _action() -> re.Pattern[str]:
    return lexicon.at_start("tasks", "action")


@cache
def _action_inside() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?P<verb>{lexicon.alternation(lexicon.phrases('tasks', 'action'))})(?!\w)")


@cache
def _body() -> re.Pattern[str]:
    return re.compile(rf"{_BODY_LEAD}{_NO_BODY}(?:{lexicon.alternation(lexicon.phrases('tasks', 'body'))})(?!\w)")


@cache
def _higher() -> re.Pattern[str]:
    return re.compile(rf"(?:{lexicon.alternation(lexicon.phrases('tasks', 'higher'))})(?!\w)")


_PEOPLE = re.compile(rf"{_BODY_LEAD}(?:người dân|hộ|cán bộ|học sinh|công ty|doanh nghiệp|cá nhân|giáo viên|người lao động|đại biểu|đoàn|trường|bệnh viện|hội|báo|ngân hàng|xã|phường|huyện|quận|công an|giám đốc|tổng giám đốc|chủ hộ)(?!\w)")
_DUTY = re.compile(r"(?<!\w)(?P<w>cần phải|phải|cần|có trách nhiệm|chịu trách nhiệm|có nhiệm vụ|không được|nghiêm cấm|được giao nhiệm vụ|được giao|được phân công)(?!\w)")


def find_tasks(
    lower: str,
    plain: str,
    sentences: list[Span],
    zones: dict[int, str],
    found_times: list[Found],
) -> list[Order]:
    """The tasks of a text in text order. `zones` gives the zone of each sentence by its number."""
    times = Ordered(found_times)
    official = len(_OFFICIAL.findall(lower)) >= 4
    standing = _Standing()
    out: list[Order] = []
    readers: list[_Reader] = []
    for number, (start, end) in enumerate(sentences):
        zone = zones.get(number, "body")
        if zone in ("teaser", "furniture", "caption"):
            if zone == "teaser":
                standing.close()
            continue
        reader = _Reader(lower, plain, start, end, times, standing, official)
        readers.append(reader)
        found = reader.orders()
        out.extend(found)
        standing.quiet = 0 if found or reader.opened else standing.quiet + 1
        if standing.quiet > (3 if standing.strict else 1):
            standing.close()
    out.extend(_planned(lower, plain, sentences, times, out))
    return _distinct(out)


def _distinct(orders: list[Order]) -> list[Order]:
    out: list[Order] = []
    for order in sorted(orders, key=lambda o: (o.start, o.who is None)):
        if out and order.start < out[-1].end and order.start - out[-1].start < 12:
            continue
        out.append(order)
    return out


def _planned(lower: str, plain: str, sentences: list[Span], times: Ordered[Found], known: list[Order]) -> list[Order]:
    """Plans list their tasks with labels after each: "(1) Ban hành …", "- Chủ trì: Sở Nội vụ", "- Thời gian: …"."""
    out: list[Order] = []
    known_at = {order.start: order for order in reversed(known)}
    for n, (start, end) in enumerate(sentences):
        label = _LABEL_WHO.match(lower[start:end])
        if label is None:
            continue
        who = (start + label.start("who"), start + len(lower[start:end].rstrip(" .;")))
        due = None
        for s, e in sentences[n + 1 : n + 4]:
            if _LABEL_TIME.match(lower, s, e):
                due = next((i for i in times.within(s, e) if times[i].until), None)
                break
        for s, e in reversed(sentences[max(0, n - 4) : n]):
            begin = _ITEM.match(lower, s, e).end()  # type: ignore[union-attr]
            if begin > s and re.match(r"[(\[]?\d", lower[s:begin]) and _is_action(lower, plain, begin):
                order = known_at.get(begin)
                if order is not None:
                    order.who, order.time = who, due if order.time is None else order.time
                else:
                    out.extend(_split(lower, plain, begin, e, who, times, "planned", due))
                break
    return out


def _is_action(lower: str, plain: str, at: int, *, tagged: bool = True) -> bool:
    """Whether an ordered verb stands at `at`: one of the list, or (`tagged`) what underthesea tags as a verb."""
    if _NOT_TASK_VERB.match(lower, at):
        return False
    if _action().match(lower, at):
        return True
    if not tagged:
        return False
    m = re.compile(r"[^\W\d_]+(?:\s[^\W\d_]+){1,4}").match(lower, at)
    if m is None:
        return False
    tagged = words.tag(" ".join(m.group().split()))
    return bool(tagged) and tagged[0][1] == "V" and tagged[0][0] not in ("là", "được", "bị", "gồm", "thuộc", "nằm", "nói", "cho biết", "đạt", "theo", "ra", "vào", "đến", "qua", "chiếm", "đáng", "tải", "liên quan", "bao gồm", "tính", "kể", "quy định")


def _split(lower: str, plain: str, at: int, end: int, who: Span | None, times: Ordered[Found], rule: str, due: int | None = None) -> list[Order]:
    """The ordered clauses from `at` to `end`, one for each main verb: parted by ";" outside brackets."""
    bounds = [at]
    depth = 0
    for i in range(at, end):
        c = lower[i]
        if c == "(":
            depth += 1
        elif c == ")":
            depth = max(0, depth - 1)
        elif c == ";" and depth == 0:
            bounds.append(i + 1)
    out: list[Order] = []
    for n, start in enumerate(bounds):
        stop = bounds[n + 1] if n + 1 < len(bounds) else end
        begin = start
        while begin < stop and lower[begin] in " ;,.\n-+":
            begin += 1
        clause_who = who
        if n:
            begin = _skip(lower, begin, stop, times)
            must = _MUST.match(lower, begin, stop)
            if must:
                begin = must.end()
            responsible = re.compile(r"(?:có trách nhiệm|chịu trách nhiệm)\s+(?=[^\W\d_])").match(lower, begin, stop)
            if responsible and responsible.group().startswith("có"):
                begin = responsible.end()
            if _body().match(lower, begin) or re.compile(r"(?:yêu cầu|đề nghị|giao)\s").match(lower, begin):
                turned = _turn(lower, plain, begin, stop)
                if turned is None:
                    if not _is_action(lower, plain, begin):
                        continue
                else:
                    clause_who, begin = turned
            elif not _is_action(lower, plain, begin):
                continue
        last = stop
        while last > begin and lower[last - 1] in " ;,.\n/…":
            last -= 1
        if last - begin < 6:
            continue
        inside = next((i for i in times.within(begin, stop) if times[i].role == "deadline" and times[i].until is not None), None)
        out.append(Order(begin, last, clause_who, inside if inside is not None else due, rule, 0.8 if n == 0 else 0.7))
    return out


def _skip(lower: str, at: int, end: int, times: Ordered[Found]) -> int:
    """Skips connectors and times at the head of a clause."""
    for _ in range(4):
        while at < end and lower[at] in " ,:":
            at += 1
        m = _CONNECTOR.match(lower, at, end)
        if m:
            at = m.end()
            continue
        time = times.at(at)
        if time is None or time.end > end:
            return at
        at = time.end
    return at


def _turn(lower: str, plain: str, at: int, end: int) -> tuple[Span | None, int] | None:
    """A clause with a body of its own: "; yêu cầu các chủ đầu tư có cam kết …"."""
    m = re.compile(r"(?:yêu cầu|đề nghị|giao)\s+").match(lower, at, end)
    subject = m.end() if m else at
    if _body().match(lower, subject) is None:
        return None
    verb = _first_verb(lower, plain, subject, end)
    if verb is None:
        return None
    return _addressee(lower, subject, verb), verb


def _first_verb(lower: str, plain: str, at: int, end: int, *, reach: int = 430) -> int | None:
    """Where the ordered verb after a body begins: the first verb that is no part of the body's name."""
    limit = min(end, at + reach)
    # Verbs count after the head word of the body itself.
    m = _body().match(lower, at)
    first = m.end() if m else at + 2
    for m in _action_inside().finditer(lower, first, limit):
        start = m.start("verb")
        between = lower[at:start]
        if re.search(r"[.!?]\s|\n", between):
            return None
        if plain[start].isupper():
            continue  # "Ban Quản lý …"
        verb = re.sub(r"\s+", " ", m["verb"])
        if re.search(r"(?:^|\s)(?:và|hoặc)\s+$", between) and not re.search(r"(?:cần|phải|tiếp tục)\s", between):
            continue
        if between.endswith(", ") and verb in _NOUN_TAKING and verb != "không":
            continue
        glue = re.search(r"(?:cần phải|cần|phải|có trách nhiệm|tiếp tục|sớm|chịu trách nhiệm)\s+$", between)
        firm = verb not in _NOUN_TAKING and _STRONG_VERB.match(lower, start)
        noun = (_OF_A_NAME if firm else _NOUN_BEFORE).search(between) if glue is None else None
        if noun is not None and not plain[at + noun.start()].isupper():
            continue  # but "Sở Kế hoạch và Đầu tư hoàn thiện …": the name ends in a noun
        if _NOT_TASK_VERB.match(lower, start) or (verb == "cấp" and re.search(r"(?:nâng|cung|trung|sơ|cao|phân|các|thứ|trợ|đẳng)\s+$", between)):
            continue
        if glue is None and verb in ("có", "không", "cho", "làm", "lấy", "thu", "chi", "trực", "xem", "giữ") and not re.match(r"có (?:giải pháp|biện pháp|kế hoạch|phương án|chương trình|văn bản|hướng dẫn|cam kết|báo cáo|trách nhiệm|cơ chế|chính sách)|không (?:để|được|đùn|điều|giải|tổ|lơ|chủ|ngừng)|làm (?:tốt|việc|rõ)|cho (?:hai|các|phép|ý)|lấy ý", lower[start : start + 20]):
            continue
        return start
    return None


def _addressee(lower: str, at: int, verb: int) -> Span | None:
    """The body between a word of command and the ordered verb, without what glues them."""
    end = verb
    lead = re.compile(r"(?:cho|đối với|rằng|tới|đến)\s+").match(lower, at, verb)
    start = lead.end() if lead else at
    for _ in range(3):
        m = _GLUE.search(lower[start:end])
        if m is None:
            break
        end = start + m.start()
    while end > start and lower[end - 1] in " ,:;\n":
        end -= 1
    return (start, end) if 2 <= end - start <= 420 else None


class _Reader:
    """Reads one sentence."""

    def __init__(self, lower: str, plain: str, start: int, end: int, times: Ordered[Found], standing: _Standing, official: bool) -> None:
        self.lower, self.plain, self.start, self.end = lower, plain, start, end
        self.times, self.standing, self.official = times, standing, official
        self.item = start
        """Where the sentence begins after the mark of a list item."""
        self.opened = False
        """Whether the sentence opened a section of orders without giving one itself."""

    def orders(self) -> list[Order]:
        text = self.lower[self.start : self.end]
        if self._is_heading(text):
            return []
        item = _ITEM.match(self.lower, self.start, self.end).end()  # type: ignore[union-attr]
        begin = _skip(self.lower, item, self.end, self.times)
        self.item = item
        is_item = bool(re.search(r"[\w)\]+*•:-]", self.lower[self.start : item]))
        if self.standing.active and not self.standing.principles and (found := self._continued(begin)):
            return found
        if (found := self._labelled_body(begin, is_item)) is not None:
            return found
        if (found := self._duty(begin)) is not None:
            return found
        if (found := self._ordered(begin, is_item)) is not None:
            return found
        return self._must(begin)

    # Headings -----------------------------------------------------------------------------------

    def _is_heading(self, text: str) -> bool:
        """Questions, titles and lead-ins: they open or close what may follow."""
        if text.endswith("?") or "(hình từ internet)" in text or (len(text) < 120 and not text.endswith((".", ";", ":", ",", '"', "”", "…")) and self._titled(text)):
            self.standing.close()
            self.standing.principles = bool(_PRINCIPLES.search(text))
            return True
        if text.endswith(":"):
            if _PRINCIPLES.search(text) and not _order().search(text):
                self.standing.close()
                self.standing.principles = True
                return True
            self.standing.principles = False
            of_body = re.search(r"(?:nghĩa vụ|trách nhiệm|nhiệm vụ(?:,? (?:và )?quyền hạn)?|quyền hạn) của (?P<who>[^:;.]{4,140}?)(?:\s+(?:đối với|trong|được|khi|như sau|quy định)[^:;.]*)?:$", text)
            if of_body and _body().match(self.lower, self.start + of_body.start("who")):
                self.standing.active = self.standing.strict = self.opened = True
                self.standing.who = (self.start + of_body.start("who"), self.start + of_body.end("who"))
                return True
            section = re.match(r"(?:[-+*•]\s*|\(?[\da-zđ]{1,3}[.)]\s*)?(?:các\s+)?yêu cầu (?:về|đối với)\s", text)
            if section:
                self.standing.close()
                self.standing.active = self.standing.strict = self.opened = True
                return True
            charged = re.match(r"(?P<who>[^,:;.]{6,120}?)(?:\s+\w+)?,?[^:;.]{0,200}(?:thực hiện|có) (?:các )?nhiệm vụ(?: sau| như sau| sau đây)?:$", text)
            if charged and _body().match(self.lower, self.start):
                self.standing.active = self.standing.strict = self.opened = True
                verb = _first_verb(self.lower, self.plain, self.start, self.end)
                self.standing.who = _addressee(self.lower, self.start, verb) if verb else None
                return True
        return False

    def _titled(self, text: str) -> bool:
        """A short line that does not end like a sentence and stands on a line of its own."""
        alone = (self.start == 0 or self.plain[self.start - 1] == "\n") and (self.end >= len(self.plain) or self.plain[self.end] == "\n")
        return alone and not _ITEM.match(text).end() and not _is_action(self.lower, self.plain, self.start) and not _body().match(text) and not _order().search(text)  # type: ignore[union-attr]

    # Orders -------------------------------------------------------------------------------------

    def _continued(self, begin: int) -> list[Order] | None:
        """A sentence that begins with a verb while an order stands."""
        at = begin
        must = _MUST.match(self.lower, at, self.end)
        if must:
            at = must.end()
        if _body().match(self.lower, at) and not must:
            return None
        if not _is_action(self.lower, self.plain, at, tagged=self.standing.strict):
            about = re.compile(r"(?:đối với|về|riêng|trong|với|trường hợp cần thiết)[^.;:]{2,160}?[,:]\s+").match(self.lower, at, self.end)
            if about is None or not _is_action(self.lower, self.plain, about.end()):
                return None
            at = about.end()
        text = self.lower[at : self.end]
        if not self.standing.strict and re.search(r"(?<!\w)(?:đã|cho biết|đạt được|cho rằng)(?!\w)", text[:80]):
            return None
        if text.rstrip().endswith(":") and len(text) < 70 and re.match(r"(?:về|căn cứ|gồm|cụ thể)", text):
            return None
        return self._give(at, self.standing.who, "continued")

    def _give(self, at: int, who: Span | None, rule: str) -> list[Order]:
        self.standing.active, self.standing.who = True, who
        if self.lower[self.start : self.end].rstrip().endswith(":"):
            self.standing.strict = True
            section = re.search(r"(?:các )?(?:nội dung|nhiệm vụ|công việc)(?: chủ yếu| trọng tâm| cụ thể)?(?: sau| như sau| sau đây)?\s*:?\s*$", self.lower[at : self.end])
            if section and self.end - at < 130:
                self.opened = True
                return []  # "chủ trì, phối hợp thực hiện các nội dung sau:" hands over to the items
        return _split(self.lower, self.plain, at, self.end, who, self.times, rule)

    def _labelled_body(self, begin: int, is_item: bool) -> list[Order] | None:
        """ "2. Bộ Xây dựng chủ trì …", and bodies that head a sentence while orders are given."""
        if not (self.standing.active or (is_item and self.official)):
            return None
        subject = self._subject(begin)
        if subject is None:
            return None
        verb = _first_verb(self.lower, self.plain, subject, self.end)
        if verb is None:
            return self._body_alone(subject)
        if begin > self.item and not self.standing.strict and any(self.times[i].grain == "day" for i in self.times.within(self.start, begin)):
            return None  # "Ngày 28/1, TP Hội An tổ chức lễ …" tells what happened
        head = self.lower[subject:verb]
        if (_STRONG_VERB.match(self.lower, verb) is None and not is_item and not self.standing.strict) or re.search(r"(?<!\w)(?:yêu cầu|đề nghị|giao)\s", head):
            return None
        if _NARRATIVE.search(re.sub(r"được (?:phân công|giao)[^,]{0,60}|(?:đã )?được\s+\w+\s+\w+", "", head)):
            return None
        if self.standing.principles and not re.search(r"(?:phải|có trách nhiệm|chịu trách nhiệm)\s+$", head):
            return None
        who = _addressee(self.lower, subject, verb)
        start = verb
        if re.match(r"(?:căn cứ|theo chức năng)", self.lower[verb:]):
            after = next((c.end() for c in re.compile(r",\s+").finditer(self.lower, verb, self.end) if _is_action(self.lower, self.plain, c.end())), None)
            if after is None:
                return None
            start = after
        return self._give(start, who, "body")

    def _body_alone(self, subject: int) -> list[Order] | None:
        """ "1. Ban Quản lý dự án … chịu trách nhiệm:" and "- Sở Nội vụ:": the items that follow are its tasks."""
        text = self.lower[subject : self.end].rstrip()
        m = re.search(r"\s*(?:có trách nhiệm|chịu trách nhiệm|có nhiệm vụ)?\s*:$", text)
        if m is None or not m.group().strip() or len(text) > 330:
            return None
        self.standing.active = self.standing.strict = True
        self.standing.principles = False
        self.standing.who = (subject, subject + m.start())
        self.opened = True
        return []

    def _subject(self, begin: int) -> int | None:
        """Where the body that the sentence is about begins: at its head, or after a clause that leads in."""
        if _body().match(self.lower, begin):
            return begin
        found: int | None = None
        lead = re.compile(r"(?:theo|căn cứ|trong|đối với|khi|trường hợp|để|kể từ|sau khi|từ|trên cơ sở|trước)\s[^.;]{3,260}?,\s+").match(self.lower, begin, self.end)
        while lead:
            if _body().match(self.lower, lead.end()):
                found = lead.end()
            more = re.compile(r"[^.;,]{2,160},\s+").match(self.lower, lead.end(), self.end)
            if more is None or more.end() - begin > 330 or (found is not None and (_STRONG_VERB.search(self.lower, found, more.end()) or _DUTY.search(self.lower, found, more.end()))):
                return found
            lead = more
        return found

    def _duty(self, begin: int) -> list[Order] | None:
        """A body that has to: "Tỉnh cần tiếp tục …", "UBND cấp tỉnh có trách nhiệm xem xét …"."""
        subject = self._subject(begin)
        if subject is None:
            return None
        for m in _DUTY.finditer(self.lower, subject + 2, min(self.end, subject + 330)):
            head = self.lower[subject : m.start()]
            if re.search(r"[.;!?]\s", head) or (m["w"] in ("được giao", "được phân công") and re.search(r"(?:nhiệm vụ|vốn|chỉ tiêu|kế hoạch|công việc|theo)\s+$", head)):
                return None
            if re.search(r"(?:không|chưa|còn|có thể|lẽ ra|nếu|mới|để|vì|do|như|điều|những|mà|nào)\s+$", head):
                continue
            inner = re.sub(r"được (?:phân công|giao|cấp phép|ủy quyền)[^.;]{0,60}", "", head)
            if re.search(r"(?<!\w)(?:đã|là|cho biết|cho rằng|có thể|vừa|đang|nêu|nói|gồm)(?!\w)", inner):
                return None
            at = m.end()
            while at < self.end and self.lower[at] in " :":
                at += 1
            who = _addressee(self.lower, subject, m.start())
            if at >= self.end:
                self.standing.active = self.standing.strict = True
                self.standing.who, self.standing.principles, self.opened = who, False, True
                return []
            if m["w"] in ("được phân công",):
                continue
            if m["w"] in ("phải", "cần") and not (self.standing.active or self.official) and _PEOPLE.match(self.lower, subject):
                return None  # "người dân phải đi vòng" tells, it orders nothing
            if m["w"] in ("phải", "cần", "cần phải", "được giao") and not _is_action(self.lower, self.plain, at):
                return None
            if m["w"] in ("có trách nhiệm", "được giao", "cần", "phải", "cần phải", "có nhiệm vụ", "được giao nhiệm vụ") or self.lower.startswith("phối hợp", at):
                start = at
            else:
                start = m.start()
            trailing = re.search(r"(?:trực tiếp|thường xuyên|chủ động)\s+$", self.lower[subject : m.start()])
            if trailing and start == m.start():
                start = subject + trailing.start()
                who = _addressee(self.lower, subject, start)
            return self._give(start, who, "duty")
        return None

    def _ordered(self, begin: int, is_item: bool) -> list[Order] | None:
        """A word of command and what follows it."""
        proposal = _PROPOSAL.search(self.lower, begin, self.end)
        for m in _order().finditer(self.lower, begin, self.end):
            word = re.sub(r"\s+", " ", m.group())
            left = self.lower[max(self.start, m.start() - 24) : m.start()]
            if proposal and proposal.start() < m.start() and "yêu cầu" not in word:
                return None
            if (_NOT_ORDER_LEFT.search(left) and m.start() != begin) or _NOT_ORDER_RIGHT.match(self.lower, m.end()):
                continue
            found = self._after_order(m.end(), word)
            if found is not None:
                return found
        spoken = re.compile(r"(?:nhấn mạnh|nêu rõ|cho rằng|lưu ý|khẳng định|đề nghị|yêu cầu|cho biết)[,:]?\s+[\"“]?(?:[^.;,\"“]{0,40},\s+)?(?:cần phải|cần|phải)\s+").search(self.lower, begin, self.end)
        if spoken and _is_action(self.lower, self.plain, spoken.end()):
            return self._give(spoken.end(), self.standing.who, "spoken")
        return None

    def _after_order(self, at: int, word: str) -> list[Order] | None:
        """The addressee and the clauses after a word of command, or None if it commands nothing."""
        while at < self.end and self.lower[at] in " :,\"“\n":
            at += 1
        if at >= self.end:
            if word in ("yêu cầu", "chỉ đạo", "đề nghị", "chỉ thị", "chỉ thị yêu cầu", "giao", "chỉ đạo yêu cầu"):
                self.standing.active = self.standing.strict = self.opened = True
                self.standing.who, self.standing.principles = None, False
                return []
            return None
        must = _MUST.match(self.lower, at, self.end)
        if must and word in ("yêu cầu", "đề nghị", "lưu ý", "nhấn mạnh yêu cầu", "chỉ đạo"):
            at = must.end()
        body = _body().match(self.lower, at)
        if body is None and _is_action(self.lower, self.plain, at):
            if (word in ("yêu cầu", "chỉ đạo yêu cầu", "chỉ thị yêu cầu") or must) and not re.match(r"(?:phát triển|sử dụng|bảo vệ|quản lý|đầu tư|thực hiện nhiệm vụ|có trong|kiểm tra chuyên)", self.lower[at:]):
                return self._give(at, self.standing.who if must else None, f"order: {word}")
            return None
        if body is None:
            name = _NAME_BODY.match(self.plain, at)
            if name is None or name.end() - at > 90:
                return None
        elif word in ("đề nghị", "mong muốn") and (_higher().match(self.lower, at) or self._asks_upward(at)):
            return None
        verb = _first_verb(self.lower, self.plain, at, self.end)
        rest = self.lower[at : self.end].rstrip()
        if verb is None:
            alone = rest.endswith(":") or re.search(r"(?:như sau|sau đây)\s*:?$", rest) or (self.end >= len(self.plain) or self.plain[self.end] == "\n") and word in ("giao", "yêu cầu", "đề nghị") and len(rest) < 160
            if not alone:
                return None
            end = at + len(re.sub(r"\s*(?:thực hiện|một số|những|các)?\s*(?:nội dung|nhiệm vụ|việc)?\s*(?:như sau|sau đây|sau)?\s*:?$", "", rest))
            self.standing.active = self.standing.strict = self.opened = True
            self.standing.principles = False
            self.standing.who = _addressee(self.lower, at, end)
            return []
        who = _addressee(self.lower, at, verb)
        if who is None:
            return None
        if self._names_no_body(who):
            return None
        return self._give(verb, who, f"order: {word}")

    def _asks_upward(self, at: int) -> bool:
        """A province that asks a ministry: a proposal, no order."""
        left = self.lower[self.start : at]
        return bool(re.match(r"(?:các )?(?:bộ|trung ương)\s", self.lower[at:])) and bool(re.search(r"(?:ubnd|hđnd|tỉnh|thành phố|tp|sở|huyện|địa phương)\b", left))

    def _names_no_body(self, who: Span) -> bool:
        text = self.lower[who[0] : who[1]]
        return bool(re.search(r"(?<!\w)(?:đã|vừa|cho biết|nói|khi|nếu)(?!\w)", text)) or text.count(":") > 1

    def _must(self, begin: int) -> list[Order]:
        """ "Do đó phải tìm …" and, while orders are given, "… thì phải kiểm điểm …"."""
        must = _MUST.match(self.lower, begin, self.end)
        if must and _is_action(self.lower, self.plain, must.end()):
            return self._give(must.end(), self.standing.who, "must")
        if not self.standing.active:
            return []
        m = re.compile(r"(?<!\w)(?:phải|cần phải|cần)\s+").search(self.lower, begin, self.end)
        if m is None:
            return []
        left = self.lower[begin : m.start()]
        if len(left) > 190 or re.search(r"(?:không|chưa|còn|có thể|lẽ ra|nếu|sẽ|mới|để|vì|do|như|khi|bị|điều|mà|làm sao|kết quả|vừa|đồng thời)\s+$|(?:năm|kết quả)[^,]{0,20}$", left):
            return []
        own = re.search(r",\s+(?P<who>[^,]{3,60})\s+$", left)
        who = self.standing.who
        if own and _body().match(self.lower, begin + own.start("who")):
            who = (begin + own.start("who"), begin + own.end("who"))
        if _is_action(self.lower, self.plain, m.end()):
            return self._give(m.end(), who, "must inside")
        if re.match(r"tổng thể|gắn|lấy|coi|xem|đồng bộ", self.lower[m.end() : m.end() + 12]):
            return self._give(m.start(), who, "must inside")
        return []
