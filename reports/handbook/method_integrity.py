"""Rà soát số liệu: what is marked for checking, by which rule, how sure that is, and when it is silent."""

from __future__ import annotations

from decimal import Decimal

from config import insight
from metrics.integrity import Flag
from reports import formats
from reports.handbook.markdown import bullets, paragraphs, table
from reports.marks import WORDS


def method() -> str:
    """Say how each mark is made, with the numbers of insight.toml, and what it does not say."""
    by = insight.load().integrity
    return paragraphs(
        "Dấu hiệu là câu hỏi cần rà soát, làm rõ, không phải kết luận: dấu hiệu nào cũng có cách hiểu bình thường. Dấu "
        "hiệu không làm đổi số liệu nào, không tô màu, không xếp hạng. Trang: “Rà soát số liệu”; trang của từng hồ sơ. "
        f"Xét {by.days} ngày gần nhất. Tệp cài đặt: `insight.toml`, mục `integrity`.",
        table(
            ("Dấu hiệu", "Là gì", "Có thể không sai"),
            [(words.title, words.what, words.innocent) for words in WORDS.values()],
        ),
        bullets(_rules(by)),
    )


def _rules(by: insight.Integrity) -> tuple[str, ...]:
    pauses = formats.number(by.pause_limit)
    return (
        f"**{WORDS[Flag.MOVED].title}**: mỗi ngày hẹn từng thấy được đối chiếu với phiếu của nguồn. Nguồn giải thích "
        f"dưới {_percent(by.told_share)} lần đổi thì coi là không ghi phiếu: không xét.",
        f"**{WORDS[Flag.SEEN_OPEN].title}**: lần đọc nguồn cuối cùng trước lần đọc thấy hồ sơ đóng là lúc hồ sơ còn "
        f"mở. Chỉ nêu khi lúc đó muộn hơn ngày kết thúc quá {by.seen_open_hours} giờ, và quá độ trễ quen thuộc của "
        f"nguồn: {_percent(by.usual_delay)} hồ sơ kết thúc trước hẹn về nhanh hơn thế, vì ghi lùi không có "
        "lợi cho những hồ sơ này. Hồ sơ về cùng đợt sau khi mất kết nối thì không nêu. Tệp nạp tay chỉ nói về hồ sơ "
        "có trong tệp.",
        f"**{WORDS[Flag.BUNCHED].title}**: theo đơn vị và lĩnh vực, chỉ hồ sơ có hẹn dài hơn năm ngày làm việc. Năm "
        "ngày trước hẹn cho một đường thẳng trên thang lô-ga; kéo đến ngày hẹn là số dự kiến. Ví dụ: 2, 4, 8, 16, 32 "
        "thì dự kiến 64. Độ phân tán giữa các ngày hẹn được tính vào. Chỉ nêu khi gấp "
        f"{formats.number(by.bunch_ratio, 1)} lần dự kiến, từ {by.bunch_closings} hồ sơ, mỗi ngày từ {by.bunch_day}.",
        "Số dự kiến từ năm ngày cũng dao động, nên cách này chỉ thấy phần dồn lớn; hẹn ngắn nằm trọn trong năm ngày "
        "đó nên không xét được.",
        f"**{WORDS[Flag.EVENING].title}**: bù cho chỗ trên, xét mọi hẹn từ hai ngày. Cuối ngày: còn dưới "
        f"{by.evening_minutes} phút làm việc, hoặc sau giờ. Tỷ lệ cuối ngày của hồ sơ xong trước hẹn là mức thường của "
        "chính nhóm; số cuối ngày hẹn so với mức đó. Ký nhiều hồ sơ một lượt chỉ tính như một lần: mọi số chia cho độ "
        f"phân tán giữa các ngày. Chỉ nêu khi gấp {formats.number(by.bunch_ratio, 1)} lần, từ {by.evening_fewest} hồ "
        f"sơ xong ngày hẹn và {by.bunch_closings} hồ sơ xong trước đó. Ghi lùi rải đều trong ngày thì không thấy; hồ "
        "sơ chỉ có ngày, không có giờ thì không xét.",
        f"**{WORDS[Flag.PAUSED].title}**: hồ sơ có hẹn từ {pauses} ngày làm việc; “nếu rải đều” là số lượt rơi vào "
        "những ngày đó nếu yêu cầu bổ sung chia đều cả thời hạn.",
        f"**{WORDS[Flag.PEAK].title}**: biểu đồ kiểm soát p′ của chính đơn vị, tuần trọn; từ {by.peak_fewest} hồ sơ. "
        f"**{WORDS[Flag.WITHDRAWN].title}**: so với mức chia đều và mức của hồ sơ có kết quả, lấy mức cao hơn.",
        f"**{WORDS[Flag.NIGHT].title}**: từ {by.night_fewest} hồ sơ, cách nhau không quá {by.night_gap_minutes} phút, "
        f"cách giờ làm việc của đơn vị hơn {by.night_margin_minutes} phút. Nguồn có hơn "
        f"{_percent(by.night_share)} kết quả ngoài giờ thì ghi giờ theo máy: không xét.",
        "**Nhiều phép thử**: mỗi dấu hiệu của nhóm được xét trên mọi nhóm cùng lúc. Theo Benjamini và Hochberg (1995), "
        f"trong các nhóm được nêu, khoảng {_percent(by.false_finds)} là ngẫu nhiên. Dấu hiệu của nhóm không "
        "nói được hồ sơ nào là phần vượt mức.",
        "**Độ tin cậy**: dữ liệu mô phỏng gài sẵn từng hành vi; tỷ lệ phát hiện và tỷ lệ nêu nhầm in trong "
        "`docs/evidence.md`. Sửa ngày trước khi hệ thống đọc lần đầu thì không dấu hiệu nào thấy được. Hồ sơ chuyển "
        "đơn vị trong ngày thì dấu hiệu còn ở đơn vị cũ đến lần tính đêm sau.",
    )


def _percent(share: float) -> str:
    return formats.percent_of(Decimal(str(round(100 * share, 2))), 0)
