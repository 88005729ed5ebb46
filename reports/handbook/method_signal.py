"""Signal or noise: how it is told whether a change means anything, how sure a rate is, and who lies outside."""

from __future__ import annotations

from config import insight
from metrics.funnel import FEWEST
from reports import formats
from reports.handbook.markdown import bullets


def method() -> str:
    """Say by which rules a figure is a signal, from what, how sure that is, and when nothing is said."""
    told, hours = insight.load().signal, formats.number(insight.load().outages.least_hours)
    return bullets(
        (
            f"**Từ đâu**: {told.before} kỳ trước của chính đơn vị. Tỷ lệ: biểu đồ p′ (Laney, 2002), vì số hồ sơ mỗi kỳ "
            "khác nhau; số tồn: biểu đồ XmR, giới hạn không hẹp hơn ba lần độ lệch chuẩn của các kỳ đó.",
            "**Quy tắc** (NHS England, “Making Data Count”): ngoài giới hạn; "
            f"{told.near} trong {told.near_of} kỳ sát một giới hạn; {told.shift} kỳ liền ở một phía của trung bình; "
            f"{told.trend} kỳ liền tăng dần hoặc giảm dần. Với số tồn chỉ dùng quy tắc đầu và cuối.",
            "**Một bộ quy tắc** cho màn hình, báo cáo và cảnh báo: insight.toml, phần [signal].",
            f"**Khi im lặng**: dưới {told.fewest} kỳ trước, hoặc dưới {told.small} hồ sơ: không kết luận. Dưới "
            f"{told.full} điểm, kể cả kỳ đang xét: gọi là giới hạn tạm.",
            "**Tính lại giới hạn** từ ngày sắp xếp đơn vị, ngày có quy định mới, và ngày mà người vận hành ghi trong "
            "annotations.toml với restarts = true.",
            f"**Không nghe được nguồn**: nguồn im lâu hơn quy tắc của nó, và ít nhất {hours} giờ làm việc, thì biểu đồ "
            "và báo cáo của nơi nguồn đó phục vụ ghi từ ngày nào đến ngày nào. Giới hạn không tính lại; kỳ chưa nghe "
            "hết không có kết luận. Nghe lại thì số của những ngày đó đủ như không hề mất.",
            "**Chắc đến đâu**: tuần yên ổn vẫn có thể bị gọi là bất thường, khoảng 1 đến 4 trên 100 tuần; số đo nằm ở "
            "docs/evidence.md. Dao động thường không có nghĩa là tốt.",
            f"**Khoảng 95 %** (Wilson, 1927) ghi cạnh tỷ lệ dưới {told.interval_below} hồ sơ: may rủi có thể đưa tỷ lệ "
            "đi xa đến đó.",
            "**Hình phễu** thay cho bảng xếp hạng: tỷ lệ của từng đơn vị theo số hồ sơ, giới hạn 95 % và 99,8 % quanh "
            "mức chung, nới rộng khi các đơn vị khác nhau hơn may rủi (Spiegelhalter, 2005). Chỉ nêu tên đơn vị ngoài "
            f"99,8 %; dưới {FEWEST} đơn vị đủ hồ sơ thì không có hình.",
        )
    )
