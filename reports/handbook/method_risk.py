"""How the chance of a pending dossier to miss its day is estimated, how sure that is, and when it is silent."""

from __future__ import annotations

from config import insight
from reports.formats import number
from reports.handbook.markdown import bullets, paragraphs


def method() -> str:
    """Say what the forecast is, from what it is made, how it is tried, and when it is hidden."""
    told = insight.load().risk
    ahead = ", ".join(map(number, told.ahead[:-1]))
    return paragraphs(
        "**Câu hỏi**: hồ sơ đang giải quyết này có kịp ngày hẹn đang có hiệu lực không? Gia hạn sau đó không cứu được "
        "ngày hẹn cũ; thời gian tạm dừng thì không tính, ngày hẹn lùi theo.",
        "**Cách tính**: nhìn lại từng tối đã qua. Mỗi tối lấy các hồ sơ đang mở đúng như đã biết tối đó: bước, "
        "ngày hẹn "
        "có hiệu lực, số ngày làm việc còn lại. Từ tối đó, đường Kaplan–Meier theo ngày làm việc cho biết bao "
        "nhiêu phần "
        "còn mở; hồ sơ chưa kết thúc vẫn tính đến ngày thấy lần cuối. Giá trị của đường khi hết số ngày còn lại là khả "
        "năng trễ.",
        bullets(
            (
                "**Hồ sơ tương tự**: cùng đơn vị, thủ tục, bước, thời hạn tương đương và còn gần ngày hẹn như nhau.",
                "**Khi có ít**: đường dựa dần vào bước đó ở mọi đơn vị, thủ tục, lĩnh vực, nguồn, như thể đã "
                "thấy thêm "
                f"{number(told.lean)} hồ sơ của nhóm lớn hơn.",
                f"**Nhịp của đơn vị**: {number(told.lately)} ngày làm việc gần nhất nhanh hay chậm hơn hồ sơ "
                "tương tự thì "
                "đường cong theo; thấy càng nhiều kết quả càng cong.",
                f"**Nhìn lại**: {number(told.history)} ngày làm việc. Nguồn chỉ giữ bước cuối thì không dùng "
                "bước; nguồn chỉ báo bước khi đã xong thì dùng bước đã xong gần nhất tính đến tối đó.",
            )
        ),
        f"**Số hồ sơ sẽ trễ** trong {ahead} và {number(told.ahead[-1])} ngày làm việc tới là tổng các khả năng. Khoảng "
        "tính theo phân bố Poisson nhị thức, rồi nới vì hồ sơ của một đơn vị thường trễ cùng nhau (thiếu người, bão). "
        "Nới bao nhiêu do các tối đã qua cho biết; mỗi tối chỉ tính một lần. Biết ít tối thì nới thêm (phân bố "
        "Student). Hồ sơ sẽ nhận thêm không tính.",
        f"**Danh sách hồ sơ có khả năng trễ**: các hồ sơ có khả năng trễ từ {number(round(100 * told.likely))} % trở "
        "lên.",
        f"**Thử lại**: ở {number(told.origins)} tối đã qua, dự báo được làm lại chỉ từ điều đã biết lúc đó, rồi so với "
        "điều đã xảy ra. Hồ sơ đã chuyển đơn vị được tính cho đơn vị hiện nay ở "
        "mọi tối. Sai số Brier là trung bình bình phương khoảng cách; 0 là không bao giờ sai. Mốc so là tỷ lệ "
        "trễ chung: phần đã lỡ hẹn trong mọi hồ sơ, ở các tối trước, có ngày hẹn đã đến vào lúc đó. Bên cạnh còn "
        "có mốc "
        "mạnh hơn: tỷ lệ của từng thủ tục. Biểu đồ hiệu chuẩn có số dự báo của từng nhóm.",
        f"**Khi nào im lặng**: nguồn có dưới {number(told.least_scored)} dự báo đã biết kết quả, hoặc không tốt "
        "hơn tỷ lệ "
        "chung, thì mọi dự báo của nguồn đó bị ẩn, có ghi từ ngày nào và vì sao. Không dự báo hồ sơ đang tạm dừng, hẹn "
        "trả ngay trong ngày, còn trên "
        f"{number(told.horizon)} ngày làm việc, hoặc không có ngày hẹn.",
        "**Không phải là**: kết quả. Dự báo không vào chỉ số nào, không tô màu ô nào, không dùng để đánh giá. Một biến "
        "cố chưa từng thấy (bão, thiếu người đột ngột) chỉ được biết sau vài ngày.",
    )
