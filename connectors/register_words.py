"""Headings and words by which lists of procedures are known: those of ministries, the national portal, provinces."""

from __future__ import annotations

from typing import Final

#: Our column → headings, bare of accents and signs (connectors.texts.bare); the first that a file has is taken.
HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "procedure": ("mathutuc", "mathutuchanhchinh", "matthc", "masotthc", "maso", "code", "procedure"),
    "name": ("tenthutuc", "tenthutuchanhchinh", "tentthc", "ten", "thutuchanhchinh", "thutuc", "name"),
    "field": ("linhvuc", "tenlinhvuc", "field"),
    "department": (
        "coquanthuchien", "coquangiaiquyet", "donvigiaiquyet", "coquanchutri", "sobannganh", "department",
    ),
    "ministry": ("coquanbanhanh", "bonganh", "coquancongbo", "ministry"),
    "level": ("capthuchien", "capgiaiquyet", "cap", "level"),
    "channels": ("channels", "cachthucthuchien", "hinhthucnop", "hinhthuctiepnhan"),
    "statutory": (
        "durationmax", "thoihangiaiquyet", "thoihantheoquydinh", "thoigiangiaiquyet", "thoihanquydinh", "statutory",
    ),
    "statutory_least": ("durationmin",),
    "statutory_unit": ("durationunit", "donvitinh", "donvithoigian"),
    "committed": ("thoihancamket", "thoigiancamket", "thoihansaucatgiam", "thoigiansaucatgiam", "committed"),
    "kind": ("loaicoquan", "khoi", "kind"),
    "centre": ("taitrungtam", "duavaotrungtam", "thuchientaitrungtam", "centre"),
    "on_site": ("thuchientaicho", "sobuoc", "quytrinhtaicho", "onsite"),
    "awaits": ("xinykien", "choykien", "awaits"),
    "post": ("buuchinh", "buuchinhcongich", "quabuuchinh", "post"),
    "online": ("mucdodvc", "mucdodichvucong", "dichvucongtructuyen", "dvctructuyen", "mucdo", "online"),
    "charges": ("thuphi", "philephi", "cophilephi", "charges"),
    "status": ("tinhtrang", "trangthai", "hieuluc", "status"),
    "basis": ("soquyetdinh", "quyetdinhcongbo", "cancu", "basis"),
}  # fmt: skip
YES: Final = ("có", "co", "x", "yes", "1", "true", "đúng", "✓", "✔", "+")
_YES_NO: Final = {**dict.fromkeys(YES, "yes"), **dict.fromkeys(("không", "khong", "no", "0", "false"), "no")}
_UNITS: Final = {
    "ngày làm việc": "wd", "ngày": "d", "ngày liên tục": "d", "giờ": "wh", "giờ làm việc": "wh", "tháng": "m",
}  # fmt: skip
#: Our column → word of a list → our word. Hours are working hours, as one-stop software counts them.
WORDS: Final[dict[str, dict[str, str]]] = {
    "level": {
        "cấp bộ": "central", "bộ": "central", "trung ương": "central", "cấp trung ương": "central",
        "cấp tỉnh": "province", "tỉnh": "province", "cấp huyện": "district", "huyện": "district", "cấp xã": "commune",
        "xã": "commune", "cơ quan khác": "other", "khác": "other",
    },
    "kind": {
        "ngành dọc": "vertical", "cơ quan ngành dọc": "vertical", "cơ quan trung ương": "vertical",
        "doanh nghiệp": "enterprise", "thuộc tỉnh": "own", "cơ quan thuộc tỉnh": "own", "của tỉnh": "own",
    },
    "centre": _YES_NO, "post": _YES_NO, "charges": _YES_NO,
    "on_site": {
        "4 bước": "4", "bốn bước": "4", "4 bước tại chỗ": "4", "4 tại chỗ": "4", "5 bước": "5", "5 tại chỗ": "5",
        "5 bước tại chỗ": "5", "năm bước": "5",
    },
    "awaits": {
        "bộ": "ministry", "bộ, ngành": "ministry", "bộ ngành trung ương": "ministry", "trung ương": "ministry",
        "tỉnh ủy": "committee", "ban thường vụ": "committee", "ubnd tỉnh": "committee",
    },
    "online": {
        "mức độ 3": "3", "mức 3": "3", "mức độ 4": "4", "mức 4": "4", "một phần": "partly",
        "trực tuyến một phần": "partly", "toàn trình": "fully", "trực tuyến toàn trình": "fully", "trực tuyến": "yes",
        "có": "yes",
        "cung cấp thông tin": "information", "cung cấp thông tin trực tuyến": "information", "mức độ 1": "information",
        "mức độ 2": "information", "1": "information", "2": "information", "không": "none", "chưa": "none",
    },
    "status": {
        "hết hiệu lực": "ended", "bãi bỏ": "ended", "bị bãi bỏ": "ended", "hủy bỏ": "ended", "còn hiệu lực": "",
        "công khai": "", "đang áp dụng": "",
    },
    "statutory_unit": _UNITS, "committed_unit": _UNITS,
    "channels": {
        "trực tuyến": "online", "trực tiếp": "counter", "dịch vụ bưu chính": "post", "bưu chính": "post",
        "bưu chính công ích": "post", "qua bưu chính": "post", "dịch vụ bưu chính công ích": "post",
    },
}  # fmt: skip
#: Texts that stand for nothing.
NOTHING: Final = ("không có thông tin", "không quy định", "chưa quy định", "không xác định")
