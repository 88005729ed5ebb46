"""How the season of arrivals and the time to clear the backlog are told, and when they are silent."""

from __future__ import annotations

from config import insight
from reports.formats import number
from reports.handbook.markdown import paragraphs


def method() -> str:
    """Say how season and pace are worked out, on what they rest, and when nothing is said."""
    told = insight.load().capacity
    return paragraphs(
        "**Mùa**: số hồ sơ tiếp nhận trên mỗi ngày làm việc của từng tháng, chia cho mức của cả năm đó; 1 là ngày "
        "thường. Hồ sơ nộp ngày nghỉ tính cho ngày làm việc kế tiếp. Chỉ lấy năm đủ mười hai tháng trọn. Có nhiều năm "
        "thì nêu năm thấp nhất và cao nhất.",
        f"**Quanh Tết và năm mới**: {number(told.around_tet)} đoạn năm ngày làm việc trước và sau, xếp theo "
        "khoảng cách "
        "tới ngày nghỉ đầu tiên, vì Tết đổi ngày theo âm lịch. Lần nào không biết đủ thì bỏ lần đó.",
        f"**Tồn hết khi nào**: số đang giải quyết chia cho số giảm mỗi ngày làm việc (giải quyết trừ tiếp nhận) của "
        f"{number(told.pace_weeks)} tuần trọn gần nhất; tuần không có ngày làm việc không tính. Khoảng lấy theo "
        "dao động "
        "giữa các tuần (90 %, phân bố t). Giải quyết không nhiều hơn nhận thì ghi “không giảm”. Bên cạnh là số "
        "ngày công "
        "việc đang có nếu không nhận thêm. Nơi không có dữ liệu đến hết tuần trọn gần nhất không tính ở cả nhịp và số "
        "đang giải quyết, và có nêu tên.",
        f"**Khi nào im lặng**: dưới mười hai tháng trọn thì không nói về mùa; dưới {number(told.fewest_years)} năm thì "
        f"ghi là chưa đủ để kết luận. Dưới {number(told.fewest_weeks)} tuần thì không nói về nhịp. Nhịp là trung "
        "bình đã "
        "qua, không phải lời hứa.",
    )
