"""The marks for checking in words: what each is, what its share is of, and when it means nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from metrics.integrity import Flag


@dataclass(frozen=True, slots=True)
class Words:
    """A mark in words. ``looked``: what the share is of; ``innocent``: when it means nothing."""

    code: str  # in the address
    title: str
    what: str
    looked: str
    innocent: str


WORDS: Final[Mapping[Flag, Words]] = {
    Flag.MOVED: Words(
        "doi-hen", "Đổi hẹn không có phiếu",
        "Ngày hẹn trả đổi sang ngày khác mà nguồn không ghi gia hạn, bổ sung hay đính chính.",
        "hồ sơ có ngày hẹn", "Sửa lỗi nhập ngày; có phiếu giấy nhưng chưa nhập vào phần mềm.",
    ),
    Flag.SEEN_OPEN: Words(
        "ket-thuc-som", "Kết thúc trước lúc còn mở",
        "Ngày kết thúc được ghi sớm hơn một lúc mà nguồn vẫn ghi hồ sơ đang mở.",
        "hồ sơ đã kết thúc",
        "Nguồn đồng bộ chậm một hồ sơ lẻ; kết quả ký trước, nhập sau. Độ trễ quen thuộc của nguồn đã được trừ.",
    ),
    Flag.BUNCHED: Words(
        "don-ngay-hen", "Kết thúc dồn đúng ngày hẹn",
        "Số hồ sơ kết thúc đúng ngày hẹn nhiều hơn hẳn mức mà năm ngày làm việc trước đó cho thấy.",
        "hồ sơ xong trong sáu ngày tính đến ngày hẹn",
        "Đơn vị quá tải làm hồ sơ gần hạn nhất trước; trả kết quả theo lịch hẹn.",
    ),
    Flag.EVENING: Words(
        "cuoi-ngay-hen", "Kết thúc dồn cuối ngày hẹn",
        "Cuối ngày hẹn có nhiều hồ sơ kết thúc hơn hẳn mức cuối ngày của hồ sơ xong trước hẹn trong cùng nhóm.",
        "hồ sơ xong đúng ngày hẹn, có giờ", "Làm nốt hồ sơ đến hạn trước khi hết giờ; ký, trả theo đợt cuối ngày.",
    ),
    Flag.PAUSED: Words(
        "dung-truoc-han", "Tạm dừng ngay trước hạn",
        "Đồng hồ dừng vào ngày hẹn hoặc ngày làm việc liền trước.",
        "hồ sơ có tạm dừng, hẹn đủ dài", "Thiếu giấy tờ phát hiện muộn; chờ nộp phí ở bước cuối.",
    ),
    Flag.LATE_LETTER: Words(
        "gia-han-sau-hen", "Gia hạn sau ngày hẹn",
        "Văn bản xin lỗi, gia hạn có ngày sau ngày hẹn đang có hiệu lực.",
        "hồ sơ có gia hạn", "Văn bản ký đúng hạn nhưng nhập muộn; xin lỗi sau khi đã trễ là đúng quy định.",
    ),
    Flag.AGAIN: Words(
        "gia-han-nhieu-lan", "Gia hạn nhiều lần",
        "Hồ sơ có từ hai lần gia hạn với ngày hẹn khác nhau; quy định cho một lần.",
        "hồ sơ có gia hạn", "Nhập lại văn bản cũ với ngày đã sửa.",
    ),
    Flag.PEAK: Words(
        "rut-tang-vot", "Rút, trả lại tăng vọt",
        "Một tuần có số hồ sơ rút hoặc trả lại cao hơn hẳn các tuần trước của chính đơn vị.",
        "hồ sơ rút, trả lại", "Một đợt dọn hồ sơ chờ bổ sung quá lâu; thủ tục thay đổi; người dân rút theo đợt.",
    ),
    Flag.WITHDRAWN: Words(
        "rut-truoc-han", "Rút, trả lại ngay trước hạn",
        "Hồ sơ rút, trả lại vào ngày hẹn hay ngày liền trước nhiều hơn mức chia đều và mức của hồ sơ có kết quả.",
        "hồ sơ rút, trả lại trước hoặc đúng hẹn", "Thẩm định xong mới biết hồ sơ không đủ điều kiện.",
    ),
    Flag.NIGHT: Words(
        "xong-ngoai-gio", "Kết thúc hàng loạt ngoài giờ",
        "Nhiều hồ sơ của một đơn vị kết thúc liền nhau ngoài giờ làm việc.",
        "hồ sơ có kết quả, có giờ", "Làm thêm giờ cuối kỳ; phần mềm ghi giờ đồng bộ thay cho giờ ký.",
    ),
    Flag.BACK: Words(
        "xong-roi-mo-lai", "Đã xong rồi mở lại",
        "Nguồn ghi hồ sơ đã xong, sau đó lại ghi đang xử lý.",
        "hồ sơ đã kết thúc", "Phần mềm gửi hồ sơ tạm dừng thành đã xong; bấm nhầm rồi sửa.",
    ),
}  # fmt: skip
