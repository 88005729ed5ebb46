"""Why a row was refused, and what is kept but odd, in Vietnamese: for pages and for the reports of a folder."""

from __future__ import annotations

from typing import Final

#: Why a row was refused, in words (connectors, docs/mapping.md); an unknown reason is shown by its name.
REASONS: Final = {
    "started": "không có ngày nộp, ngày tiếp nhận",
    "no_start_date": "không có ngày nộp, ngày tiếp nhận",
    "finish_of_a_result_known": "đã kết thúc nhưng không có ngày kết thúc",
    "closed_without_finish": "đã kết thúc nhưng không có ngày kết thúc",
    "received_before_a_result": "có kết quả nhưng không có ngày tiếp nhận",
    "result_without_receipt": "có kết quả nhưng không có ngày tiếp nhận",
    "believable_years": "năm ngoài khoảng 1990–2100",
    "unbelievable_year": "năm ngoài khoảng 1990–2100",
    "unknown_status": "trạng thái không có trong bảng ánh xạ",
    "status_missing": "thiếu trạng thái",
    "ambiguous_date": "ngày không rõ ngày trước hay tháng trước",
    "non_existent_time": "giờ không có thật",
    "unreadable_date": "ngày không đọc được",
    "event_time_missing": "sự kiện không có thời điểm",
    "supplement_without_date": "yêu cầu bổ sung không có ngày",
    "due_days_unreadable": "số ngày hẹn không đọc được",
    "unreadable_line": "dòng không đọc được",
    "unreadable_amount": "số tiền không đọc được, hoặc âm",
    "code_missing": "thiếu mã hồ sơ",
    "code_broken": "mã hồ sơ là số có phần lẻ",
    "code_shortened": "mã hồ sơ bị bảng tính rút gọn",
    "too_many_cells": "nhiều ô hơn dòng tiêu đề",
    "damaged_text": "chữ bị hỏng",
    "code_too_long": "mã hồ sơ quá dài",
    "conflicting_copies": "các bản cùng mã trái nhau",
    "source_missing": "thiếu tên nguồn",
}
#: What was kept of a file and is worth a look.
FLAGS: Final = {
    "due_missing": "không có ngày hẹn trả",
    "department_missing": "không có đơn vị giải quyết",
    "finish_before_receipt": "có kết quả trước ngày tiếp nhận",
    "finish_instant_before_receipt": "có kết quả trước giờ tiếp nhận",
    "open_with_finish": "còn mở mà có ngày kết thúc",
    "closed_word_without_finish": "ghi đã xong mà không có ngày kết thúc",
    "stopped_without_date": "dừng xử lý mà không có ngày",
    "unknown_channel": "kênh nộp chưa rõ nghĩa",
    "unknown_level": "cấp chưa rõ nghĩa",
    "unknown_applicant_kind": "đối tượng chưa rõ nghĩa",
    "due_days_unreadable": "số ngày hẹn không đọc được",
    "same_code_other_receipt": "mã trùng mà ngày tiếp nhận khác nhau",
    "due_moved_in_log": "nhật ký có nhiều ngày hẹn",
    "sheets_not_read": "trang tính khác không đọc",
    "files_not_read": "tệp trong gói không đọc",
    "number_unreadable": "số không đọc được, để trống",
    "unknown_payment": "cách nộp phí chưa rõ nghĩa",
    "unknown_returned_by": "cách trả kết quả chưa rõ nghĩa",
    "wait_ends_before_it_begins": "bổ sung trước khi yêu cầu",
    "answer_without_request": "có ngày bổ sung mà không có ngày yêu cầu",
    "activity_never_seen": "sự kiện khai mà không thấy",
}
