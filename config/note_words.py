"""Every sentence of a note (config.notes), in English and in Vietnamese side by side."""

from __future__ import annotations

from typing import Final

#: The code of a sentence that was kept before notes had codes.
PLAIN: Final = "plain"

#: code → the sentence in English and in Vietnamese, with the same values in both.
SENTENCES: Final[dict[str, tuple[str, str]]] = {
    PLAIN: ("{text}", "{text}"),
    # how a file is laid out
    "encoding": ("encoding {name}", "bảng mã {name}"),
    "delimiter": ("delimiter {sign}", "dấu phân cách: {sign}"),
    "sheet": ('sheet "{sheet}"', 'trang tính "{sheet}"'),
    "sheets": ("sheets {sheets}", "các trang tính {sheets}"),
    "not_read": ("not read: {names}", "không đọc: {names}"),
    "archive": ("{files} files of the archive", "{files} tệp trong gói"),
    "json": ("JSON", "JSON"),
    "json_lines": ("JSON lines", "mỗi dòng một bản ghi JSON"),
    "xes": ("XES", "nhật ký sự kiện XES"),
    # what lies in a watched folder
    "held_deleted": (
        "{file} waited in held/ for {days} days and was deleted.",
        "{file} đã chờ {days} ngày trong held/ và đã bị xóa.",
    ),
    "still_written": (
        "{files}: still being written; the next run looks again.",
        "{files}: đang được ghi; lần sau sẽ xem lại.",
    ),
    "no_pattern": (
        "{files}: no pattern of [source.folder] fits, so nobody reads it.",
        "{files}: không khớp mẫu tên nào trong [source.folder] nên không được đọc.",
    ),
    "folder_inside": (
        "{folders}: nobody looks into folders in the folder; put files into it itself.",
        "{folders}: thư mục con không được đọc; hãy đặt tệp ngay trong thư mục.",
    ),
    "no_file": (
        "{names}: no file, or a link that leads nowhere; nobody reads it.",
        "{names}: không phải tệp, hoặc liên kết hỏng; không được đọc.",
    ),
    "cannot_take_away": (
        "{file} was loaded and cannot be taken away: {why}.",
        "{file} đã nạp nhưng không chuyển đi được: {why}.",
    ),
    "known_file": (
        "{file} was loaded before: nothing was loaded twice.",
        "{file} đã nạp từ trước: không nạp lần thứ hai.",
    ),
    "read_again": (
        "{file}: its content was loaded before; it is newer now, and others were loaded since: it was read again.",
        "{file}: nội dung đã nạp trước đây, nay mới hơn, và đã nạp tệp khác từ đó: đã đọc lại.",
    ),
    "older_file": (
        "{file} is older than a file that was loaded before: only what no newer file told was taken from it, and "
        "nothing is missing because of it.",
        "{file} cũ hơn tệp đã nạp trước đó: chỉ lấy những gì chưa có tệp nào mới hơn cho biết, và không hồ sơ nào "
        "bị coi là thiếu vì tệp này.",
    ),
    "failed_before": (
        "{file} could not be loaded before, and has not changed.",
        "{file} trước đây không nạp được, và chưa thay đổi.",
    ),
    "left_inside": (
        "{file}: {count} sheets or files in it were not read.",
        "{file}: có {count} trang tính hoặc tệp bên trong không được đọc.",
    ),
    "not_whole": (
        "{file} was not read whole, so nothing is missing because of it.",
        "{file} không được đọc trọn, nên không hồ sơ nào bị coi là thiếu vì tệp này.",
    ),
    "held": (
        "{count} files wait in held/ ({files}): mend the mapping, or take them away.",
        "{count} tệp đang chờ trong held/ ({files}): hãy sửa ánh xạ, hoặc lấy tệp đi.",
    ),
    "uploaded_by": ("uploaded by {who}", "{who} tải lên"),
    # what a mapping did
    "left_out": (
        "{rows} rows were left out by [rows] of the mapping.",
        "{rows} dòng bị bỏ qua theo [rows] của ánh xạ.",
    ),
    "unknown_channel": (
        "channel: {words} unknown, left empty; add it to the mapping.",
        "Kênh nộp: chưa rõ nghĩa của {words}, để trống; hãy bổ sung vào ánh xạ.",
    ),
    "unknown_level": (
        "level: {words} unknown, left empty; add it to the mapping.",
        "Cấp: chưa rõ nghĩa của {words}, để trống; hãy bổ sung vào ánh xạ.",
    ),
    "unknown_applicant_kind": (
        "applicant_kind: {words} unknown, left empty; add it to the mapping.",
        "Đối tượng: chưa rõ nghĩa của {words}, để trống; hãy bổ sung vào ánh xạ.",
    ),
    # what a server showed
    "clock_went_back": (
        "The source's clock says {said}, and it was read up to {before}: it is read again from {said} on.",
        "Đồng hồ của nguồn chỉ {said}, trong khi đã đọc đến {before}: đọc lại từ {said}.",
    ),
    "clock_behind": (
        "The service's clock stands at {at}, before what is stored; it is read again from there.",
        "Đồng hồ của dịch vụ chỉ {at}, trước dữ liệu đã lưu; đọc lại từ đó.",
    ),
    "page_forgotten": (
        "The service no longer knows the page at which the last pull ended; it was read anew.",
        "Dịch vụ không còn nhận ra trang mà lần đọc trước dừng lại; đã đọc lại từ đầu.",
    ),
    "columns_new": (
        "columns new since the last pull: {columns}.",
        "Cột mới có từ lần đọc trước: {columns}.",
    ),
    "columns_gone": (
        "columns gone since the last pull: {columns}.",
        "Cột không còn từ lần đọc trước: {columns}.",
    ),
    "no_cursor": (
        "{rows} rows have no {column}: they come with a full reading only.",
        "{rows} dòng không có {column}: chỉ đọc được khi đọc lại toàn bộ.",
    ),
    "cursor_gone_back": (
        "no row has {column} {at} or later any more: the source was put back from a backup, or its newest rows "
        "were deleted; everything is read again.",
        "Không còn dòng nào có {column} từ {at} trở đi: nguồn đã được phục hồi từ bản sao lưu, hoặc các dòng mới nhất "
        "đã bị xóa; đọc lại toàn bộ.",
    ),
    "open_not_shown": (
        "{count} open dossiers are not shown any more ({codes}); the next sweeps look for them.",
        "{count} hồ sơ đang giải quyết không còn thấy ở nguồn ({codes}); các lần quét toàn bộ sau sẽ tìm lại.",
    ),
    "steps_kept": (
        "The steps of {count} dossiers are not handed out.",
        "Nguồn không cung cấp các bước xử lý của {count} hồ sơ.",
    ),
    "steps_in_turn": (
        "Steps of {asked} of {of} open and late dossiers were asked for, in turn.",
        "Lần này hỏi các bước của {asked} trong {of} hồ sơ đang giải quyết hoặc trễ; các hồ sơ khác đến lượt sau.",
    ),
    "days_of_theirs": (
        "OpenCPS has days off that our calendar works: {days}.",
        "Ngày OpenCPS nghỉ mà lịch của đơn vị làm việc: {days}.",
    ),
    "days_of_ours": (
        "Our calendar has days off that OpenCPS works: {days}.",
        "Ngày lịch của đơn vị nghỉ mà OpenCPS làm việc: {days}.",
    ),
    "other_hours": (
        "OpenCPS works other hours on weekdays than hours.toml: {hours}.",
        "Giờ làm việc ngày thường của OpenCPS khác hours.toml: {hours}.",
    ),
    "masked_unseen": (
        "keep_masked: the source's answers never had {names}, so nothing of it is kept; is it written as there?",
        "keep_masked: câu trả lời của nguồn chưa bao giờ có {names} nên không giữ được gì; tên trường viết đúng chưa?",
    ),
    "days_not_compared": ("Calendar not compared: {found}", "Không so được lịch làm việc: {found}"),
    # what a reading of the whole source tells
    "not_found": (
        "{count} dossiers were not found; if the next reading of all of it misses them too, they are gone.",
        "{count} hồ sơ không thấy; nếu lần đọc toàn bộ sau vẫn không thấy thì coi là không còn ở nguồn.",
    ),
    "gone": (
        "{count} dossiers are gone: two readings of the whole source did not find them.",
        "{count} hồ sơ không còn ở nguồn: hai lần đọc toàn bộ đều không thấy.",
    ),
    "missing_accepted": (
        "{count} of {of} dossiers lack in this reading of all of it; somebody has said that this is so "
        "(--accept-missing).",
        "Lần đọc toàn bộ này thiếu {count} trong {of} hồ sơ; người vận hành đã xác nhận là đúng (--accept-missing).",
    ),
    "sweep_refused": (
        "The reading of all of the source of {at} came to nothing ({why}); it is tried again from {again} on.",
        "Lần đọc toàn bộ nguồn lúc {at} không thành ({why}); sẽ thử lại từ {again}.",
    ),
    "back": (
        "{count} dossiers that had been missing are there again.",
        "{count} hồ sơ từng không thấy nay đã có lại.",
    ),
    "twice": (
        "Dossiers came more than once in this reading of all of it, in different states and without a stamp that says "
        "which is newer: the first state shown was kept.",
        "Có hồ sơ xuất hiện nhiều lần trong lần đọc toàn bộ này, ở các trạng thái khác nhau và không có thời điểm cho "
        "biết trạng thái nào mới hơn: giữ trạng thái được đưa ra trước.",
    ),
    "behind": (
        "{count} dossiers were shown in an older state than was stored ({codes}): was the source put back from a "
        "backup, or its clock? What was stored since the last reading of all of it stands until the next one.",
        "{count} hồ sơ được nguồn đưa ra ở trạng thái cũ hơn đã lưu ({codes}): nguồn có được phục hồi từ bản sao lưu, "
        "hoặc đồng hồ bị lùi? Những gì đã lưu từ lần đọc toàn bộ trước được giữ đến lần đọc toàn bộ sau.",
    ),
    # why a report is not sent
    "report_silent": (
        "silent sources hold {percent} % of the dossiers, more than {most} %: {sources}.",
        "nguồn không gửi số liệu giữ {percent} % số hồ sơ, quá mức cho phép {most} %: {sources}.",
    ),
    "report_part": (
        "sources have not been read whole yet: {sources}.",
        "nguồn chưa được đọc hết lần đầu: {sources}.",
    ),
    "report_unbalanced": (
        "form II.06 does not balance.",
        "biểu II.06 không cân đối.",
    ),
    "report_stock": (
        "{pending} dossiers are pending by the daily counts, and {expected} by the dossiers themselves.",
        "số hồ sơ đang giải quyết không khớp: {pending} theo số đếm hằng ngày, {expected} theo từng hồ sơ.",
    ),
    "report_no_headline": (
        'the headline "{label}" has no figure.',
        "thiếu số ở chỉ tiêu chính “{label}”.",
    ),
    "report_not_made": (
        "it could not be made: {why}",
        "không lập được báo cáo; chi tiết kỹ thuật cho người vận hành: {why}",
    ),
    "report_seal": (
        "its content does not carry its own hash.",
        "mã nội dung không khớp với nội dung báo cáo.",
    ),
    "report_lacks": (
        "the printed pages lack figures of the content: {figures}.",
        "bản in thiếu số của nội dung: {figures}.",
    ),
    "report_too_late": (
        "it asks for something by {days}, which has come; it is drafted anew with later days.",
        "kiến nghị ghi hạn {days}, nay đã đến; báo cáo được lập lại với hạn mới.",
    ),
    # what the operator is told of the outbox and of the worker's turns
    "mail_refused": (
        "Message {id} was refused and is not sent again: {reply}",
        "Thư số {id} bị từ chối và không được gửi lại: {reply}",
    ),
    "mail_unknown": (
        "Message {id} was cut off while it was sent: nobody knows whether it arrived, so it is not sent again by "
        "itself. Ask the recipient, then: dunghan outbox retry, or give-up. {reply}",
        "Thư số {id} bị ngắt trong khi gửi: không rõ đã đến hay chưa nên hệ thống không tự gửi lại. Hãy hỏi người "
        "nhận rồi chọn gửi lại (dunghan outbox retry) hoặc bỏ (dunghan outbox give-up). {reply}",
    ),
    "mail_given_up": (
        "Message {id} could not be sent after all attempts and was given up: {reply}",
        "Thư số {id} không gửi được sau mọi lần thử và đã dừng: {reply}",
    ),
    "turn_failed": (
        "{job}, due {due}, failed: {why}",
        "Việc định kỳ {job}, lịch {due}, không chạy được: {why}",
    ),
}  # fmt: skip
