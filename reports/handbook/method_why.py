"""How a change is split into volume, mix and performance, how sure that is, and when it is silent."""

from __future__ import annotations

from config import catalogue
from reports.handbook.markdown import bullets


def method() -> str:
    """Say how the parts of a change are worked out, from what, and what they do not say."""
    small = catalogue.load().small
    return bullets(
        (
            "**Trang**: “Vì sao thay đổi”, mở từ chữ “Vì sao?” của mỗi chỉ số. So kỳ đang xem với kỳ ngay trước, theo "
            "đơn vị, lĩnh vực hoặc thủ tục, trong đúng phạm vi và bộ lọc của người xem.",
            "**Thực hiện**: mỗi nơi có tỷ lệ cao hơn hay thấp hơn trước. **Cơ cấu**: tỷ trọng công việc chuyển giữa "
            "nơi có tỷ lệ cao và nơi có tỷ lệ thấp; nơi mới có việc hoặc không còn việc nằm cả ở đây. **Khối lượng**: "
            "nhiều hay ít việc hơn; với tỷ lệ, phần này luôn bằng 0.",
            "**Công thức đối xứng**: tỷ lệ theo Kitagawa (1955), số đếm theo Shapley (1953). Không kỳ nào làm gốc; đổi "
            "chỗ hai kỳ thì mọi phần chỉ đổi dấu. Các phần cộng đúng bằng thay đổi, tính bằng phân số, không phần nào "
            "lấy theo số còn lại.",
            "**Hình** đi từ số trước đến số nay, qua từng phần; dải nền là dao động thường. Tính theo đơn vị hiện nay.",
            "**Báo cáo**: khi tỷ lệ đúng hạn vượt dao động thường, trang đầu nêu các phần này và nơi đóng góp nhiều "
            "nhất, theo cơ quan, đơn vị; bản của từng đơn vị nêu theo lĩnh vực. Trong dao động thường thì không nêu.",
            "**Tồn quá hạn**: số lượt vào (qua ngày hẹn chưa xong, nhận khi đã qua ngày hẹn, hết tạm dừng, hẹn dời "
            "sớm) và số lượt ra (có kết quả, rút, trả lại, dừng, tạm dừng, ngày hẹn dời muộn). Vào trừ ra bằng đúng "
            "thay đổi, ở từng dòng.",
            "**Sắp đến hạn**: số hồ sơ đến hẹn trong ba ngày làm việc, trên số đang mở, so với cùng ngày của kỳ trước.",
            "**Hài lòng** tách theo số phiếu. Trung vị không cộng được từ các phần nên không tách; Chỉ số 766 dẫn tới "
            "mục làm mất điểm, phần mềm dẫn tới các lần đọc và lỗi.",
            f"**Ít hồ sơ**: với tỷ lệ, nơi có dưới {small} hồ sơ ở cả hai kỳ gộp vào “Còn lại”; cả phạm vi dưới "
            f"{small} thì không giải thích.",
            "**Nơi không có dữ liệu** đến hết kỳ này không tính ở cả hai kỳ, và có nêu tên; với số tồn, vẫn tính theo "
            "lần cuối được biết ở cả hai kỳ.",
            "**Kỳ chưa hết**: tỷ lệ so với cả kỳ trước, như thẻ chỉ số; số đếm so với cùng số ngày của kỳ trước.",
            "**Chắc đến đâu**: câu đầu tiên nói thay đổi có vượt dao động thường hay không (phần Tín hiệu). Trong dao "
            "động thường thì không cần giải thích. Các phần chỉ tách phép tính, không nói nguyên nhân.",
        )
    )
