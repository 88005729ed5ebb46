"""Every term of the report, explained as this report uses it."""

from __future__ import annotations

from typing import Final

from config import insight
from reports.slots import Slots

_PARTS: Final = [
    "Thực hiện, cơ cấu",
    "why",
    "Phần của thay đổi do từng nơi có tỷ lệ cao hơn hay thấp hơn trước, và phần do công việc chuyển giữa nơi có tỷ lệ "
    "cao và nơi có tỷ lệ thấp. Hai phần cộng đúng bằng thay đổi; số in ra đã làm tròn.",
]


def definitions(slots: Slots) -> list[list[str]]:
    """Give term, id and sentence of each."""
    rules = insight.load().signal
    before, small = slots.fixed("k.before", rules.before), slots.fixed("k.small", rules.small)
    this = slots.edition.this
    parted = [_PARTS] if "why.done" in slots.figures else []
    whole = slots.put("k.hundred", "100\u00a0%", v=1, metric="parameter")
    near = slots.put("k.near", "99\u00a0%", v=0.99, metric="parameter")
    return [
        [
            "Đúng hạn theo ngày hẹn trả",
            "on_time_due",
            "Số hồ sơ có kết quả chậm nhất vào ngày hẹn trả, chia cho số hồ sơ có ngày hẹn trả trong kỳ, kể cả hồ sơ "
            "đến hạn mà chưa có kết quả; không kể hồ sơ đang tạm dừng vào ngày hẹn và hồ sơ rút, trả lại, dừng giải "
            "quyết trước đó.",
        ],
        [
            "Quá hạn đang tồn",
            "overdue_pending",
            "Hồ sơ chưa có kết quả mà ngày hẹn trả đã qua khi hết ngày cuối kỳ, không trong thời gian tạm dừng. Hồ sơ "
            "hẹn trả đúng ngày cuối kỳ mà chưa có kết quả là trễ trong tỷ lệ, nhưng đến hôm sau mới vào số tồn. Tuổi "
            "tính bằng ngày làm việc.",
        ],
        [
            "Đúng hạn trên số đã giải quyết",
            "on_time_resolved",
            "Trước hạn và đúng hạn chia cho số hồ sơ đã giải quyết có ngày hẹn trả. Không phản ánh hồ sơ tồn.",
        ],
        [
            "Ngày hẹn trả",
            "effective_due_on",
            "Ngày hẹn có hiệu lực vào từng ngày: lần hẹn đầu, thay bằng ngày hẹn sau khi hết tạm dừng hoặc sau gia hạn "
            "hợp lệ.",
        ],
        [
            "Giới hạn kiểm soát",
            "lcl, ucl",
            f"Trung bình {before} {slots.noun} trước cộng, trừ ba lần độ lệch chuẩn: biểu đồ Laney p′ với tỷ lệ, XmR "
            f"với số tồn. Dưới {slots.fixed('k.full', rules.full)} điểm, kể cả {this}, gọi là giới hạn tạm; tính lại "
            "từ đầu sau khi sắp xếp đơn vị hoặc có quy định mới.",
        ],
        [
            "Vượt dao động",
            "signal",
            f"{this[:1].upper()}{this[1:]} nằm ngoài giới hạn kiểm soát; hoặc "
            f"{slots.fixed('k.of_three', rules.near)} trong {slots.fixed('k.near_of', rules.near_of)} {slots.noun} gần "
            "đây sát một giới hạn, "
            f"{slots.fixed('k.shift', rules.shift)} {slots.noun} liền ở một phía của trung bình, "
            f"{slots.fixed('k.trend', rules.trend)} {slots.noun} liền tăng dần hoặc giảm dần. Còn lại là dao động "
            "thường, không quy cho đơn vị.",
        ],
        *parted,
        ["Số nhỏ", "small_n", f"Mẫu số dưới {small} hồ sơ: nêu số lượng, không kết luận tăng hay giảm."],
        ["Điểm %", "points", "Hiệu của hai tỷ lệ như đã in."],
        [
            "Làm tròn",
            "rounding",
            f"Tỷ lệ chưa đủ {whole} không in thành {whole}; khi mọi tỷ lệ chung trên {near} thì in hai số lẻ.",
        ],
        ["Không có số liệu", "no_data", "Nguồn không cung cấp. Không thay bằng số không, không suy đoán."],
    ]
