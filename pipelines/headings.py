"""What columns and coded values are called in Vietnamese, for people who read the exports."""

from __future__ import annotations

from collections.abc import Mapping

HEADINGS: Mapping[str, str] = {
    "indicator": "Chỉ tiêu",
    "place": "Địa phương",
    "value": "Giá trị",
    "low": "Giá trị thấp",
    "high": "Giá trị cao",
    "of_total": "Trên tổng số",
    "unit": "Đơn vị tính",
    "bound": "Mức độ",
    "dir": "Tăng/giảm",
    "deadline": "Thời hạn",
    "period_from": "Từ ngày",
    "period_to": "Đến ngày",
    "role": "Loại số liệu",
    "kind": "Loại",
    "what": "Nội dung",
    "task": "Nhiệm vụ",
    "who": "Đơn vị thực hiện",
    "number": "Số, ký hiệu",
    "type": "Loại văn bản",
    "date": "Ngày ban hành",
    "issuer": "Cơ quan ban hành",
    "signer": "Người ký",
    "subject": "Trích yếu",
    "mentions": "Số lần nhắc đến",
    "articles": "Số bài viết",
    "first_published": "Bài đầu tiên",
    "last_published": "Bài gần nhất",
    "sentence": "Câu gốc",
    "article_title": "Tên bài viết",
    "address": "Đường dẫn",
    "published": "Ngày đăng",
    "source": "Nguồn",
    "confidence": "Độ tin cậy",
    "rule": "Quy tắc",
    "zone": "Vị trí trong bài",
    "indicator_id": "Mã chỉ tiêu",
    "place_id": "Mã địa phương",
    "article_id": "Mã bài viết",
    "record_id": "Mã bản ghi",
    "document_id": "Mã văn bản",
}

VALUES: Mapping[str, Mapping[str, str]] = {
    "bound": {"=": "đúng", "~": "khoảng", ">=": "ít nhất", ">": "trên", "<=": "nhiều nhất", "<": "dưới"},
    "role": {"target": "mục tiêu", "actual": "thực hiện", "change": "biến động", "progress": "tiến độ"},
    "dir": {"up": "tăng", "down": "giảm"},
    "kind": {"task": "nhiệm vụ", "target": "mục tiêu"},
    "zone": {"title": "tiêu đề", "sapo": "sapo", "body": "nội dung", "caption": "chú thích ảnh"},
}
"""By column: coded values and their words; what is not listed stays as it is."""
