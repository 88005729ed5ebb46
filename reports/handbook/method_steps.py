"""Điểm nghẽn: how time is told by steps, from what, how sure that is, and when nothing is said."""

from __future__ import annotations

from config import insight
from metrics.officers import FEWEST_OTHERS
from reports.handbook.markdown import bullets, paragraphs


def method() -> str:
    """Say how times of steps, lost days, loops and ways are counted, and who has the ball."""
    by = insight.load().steps
    again = "; ".join(f"“{name}” là quay lại “{first}”" for name, first in by.same.items())
    return paragraphs(
        "Trang: “Điểm nghẽn”. Số ở đây nói hồ sơ **được ghi nhận ở đâu**, không nói ai đang làm việc với hồ sơ: không "
        f"nguồn nào cho biết điều đó. Tính hằng đêm trên hồ sơ kết thúc trong {by.days} ngày qua và hồ sơ đang mở; xem "
        f"riêng được {by.recent_days} ngày gần nhất. Tệp cài đặt: `insight.toml`, mục `steps`.",
        bullets(
            (
                "**Từ đâu**: từng bước mà nguồn gửi (lúc bắt đầu, lúc kết thúc, người giữ theo mã, đơn vị); nhật ký "
                "sự kiện trong tệp cũng là các bước chỉ có lúc kết thúc. Nguồn không gửi bước thì dùng bước và người "
                "giữ thấy đổi giữa các lần đọc; trước lần thấy đầu tiên là “chưa rõ bước”. Trang ghi tỷ lệ hồ sơ biết "
                "được từng bước và nguồn nào không gửi.",
                "**Chờ và giữ**: chờ là từ lúc bước trước kết thúc đến lúc bước này bắt đầu, và cả bước không ghi "
                "người giữ; giữ là từ lúc bắt đầu đến lúc kết thúc. Bước chỉ có lúc kết thúc thì không tách được. "
                "Thời gian tạm dừng để riêng. Bốn phần cộng đúng bằng thời gian làm việc từ tiếp nhận đến kết quả, "
                "theo lịch và giờ của đơn vị giải quyết; lúc hai bước chồng nhau chỉ tính cho bước đến trước.",
                "**Ví dụ**: tiếp nhận 08:00 thứ Hai, thẩm định từ 09:00 đến 08:30 thứ Ba, ký từ 10:00 đến 11:00. Thẩm "
                "định chờ 1 giờ, giữ 7,5 giờ; ký chờ 1,5 giờ, giữ 1 giờ; cộng lại 11 giờ làm việc.",
                "**Trung vị và mức 90 %**: chính xác đến nửa giờ dưới 2 ngày làm việc, nửa ngày dưới 10 ngày, một ngày "
                "từ đó trở lên; một ngày là 8 giờ. Ít lượt thì chỉ ghi n.",
                "**Mất ở đâu**: với mỗi hồ sơ trễ (đã xong hoặc đang quá hạn), phần thời gian ở một bước dài hơn trung "
                "vị của hồ sơ đúng hạn cùng thủ tục ở bước đó; không ghi thủ tục thì so cùng lĩnh vực. Thủ tục có dưới "
                f"{by.least} hồ sơ đúng hạn thì không so, và trang ghi bao nhiêu hồ sơ trễ được so. “Sau bước X” là "
                "bước X đã xong mà bước kế tiếp chưa bắt đầu: hàng chờ của bước kế tiếp nằm ở đó khi nguồn chỉ gửi "
                "bước lúc bắt đầu.",
                "**Quay lại**: vào lại một bước sau khi đã sang bước khác. Đổi người trong cùng bước không phải quay "
                f"lại, là chuyển tay. {again or 'Không có tên bước nào được coi là một'}.",
                f"**Đường đi**: chuỗi các bước. Mỗi thủ tục nêu tên {by.ways} đường nhiều hồ sơ nhất, các đường khác "
                "gộp chung.",
                "**Đang ở đâu**: hồ sơ tạm dừng ở người nộp (bổ sung, nghĩa vụ tài chính); đơn vị đang giữ là một đơn "
                "vị khác trong danh mục thì ở nơi đó; ghi bước hoặc người giữ thì ở đơn vị giải quyết; không ghi gì "
                "thì “nguồn không cho biết”. Tên phòng không có trong danh mục đơn vị được coi là phòng của đơn vị "
                "giải quyết.",
                f"**Theo cán bộ**: theo mã, cho người chịu trách nhiệm, từng đơn vị; chỉ đặt cạnh số cộng chung của từ "
                f"{FEWEST_OTHERS} người khác trở lên ở cùng bước, cùng thủ tục. Không nêu số của một hoặc hai đơn vị "
                "khác cho người không xem được các đơn vị đó.",
                "**Khi nào không nói**: nguồn không gửi bước và không thấy bước đổi; thủ tục không đủ hồ sơ đúng hạn "
                "để so; ít lượt. Trình tự bước của nguồn được tin như ghi: ghi lùi giờ thì số ở đây cũng lùi theo.",
            )
        ),
    )
