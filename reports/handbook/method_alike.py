"""How units are put beside each other as like with like, how sure that is, and when it is silent."""

from __future__ import annotations

from config import catalogue, insight
from reports.formats import number
from reports.handbook.markdown import bullets


def method() -> str:
    """Say how a rate is standardised, what it stands for, and how Simpson's cases are found."""
    rules, small = insight.load().alike, catalogue.load().small
    parts, gap = number(100 * rules.nearly), number(100 * rules.gap, 1)
    return bullets(
        (
            "**Trang**: “Cơ quan, đơn vị”. 13 tuần gần nhất, theo tỷ lệ đúng hạn theo ngày hẹn.",
            "**Cùng thủ tục**: đơn vị bên cạnh tổng của các đơn vị khác, trên các thủ tục cùng làm, theo tỷ trọng của "
            "chính đơn vị.",
            "**Chuẩn hóa trực tiếp**: tỷ lệ của từng thủ tục tại đơn vị, nhân với tỷ trọng của thủ tục đó trong toàn "
            "tỉnh. Bên cạnh luôn có tỷ lệ thô và tỷ lệ toàn tỉnh trên cùng các thủ tục. Chuẩn hóa toàn tỉnh theo chính "
            "cơ cấu của tỉnh thì ra đúng tỷ lệ thô của tỉnh.",
            "**Đại diện**: phần hồ sơ đến hẹn của tỉnh thuộc các thủ tục mà đơn vị có số liệu. Dưới "
            f"{number(100 * rules.covered)} % thì không chuẩn hóa.",
            f"**Thủ tục ít hồ sơ** (dưới {small} tại đơn vị) tính gộp làm một; gộp vẫn ít thì để ra ngoài và nói rõ. "
            f"Thủ tục có dưới {rules.others} đơn vị khác làm cũng để ra ngoài: không ai suy ra được số của một đơn vị "
            "khác.",
            "**Chắc đến đâu**: khoảng 95 %, ghép từ khoảng Wilson của từng thủ tục (Zou, Donner, 2008). Hai khoảng "
            "chồng lên nhau thì chưa nên nói ai hơn.",
            f"**Ngược chiều** (nghịch lý Simpson): hơn ở từ {parts} % số thủ tục trở lên mà cộng lại kém hơn từ {gap} "
            "điểm, hoặc ngược lại; so với các đơn vị khác, và so với 13 tuần trước đó. Khi đó chênh lệch là do cơ cấu "
            "thủ tục.",
            "**Không xếp hạng.** Chuẩn hóa chỉ bỏ khác biệt về cơ cấu thủ tục, không bỏ khác biệt khác như hồ sơ khó "
            "trong cùng một thủ tục.",
        )
    )
