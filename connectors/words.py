"""Words that sources are known to use: statuses, channels, levels, headers. A mapping's own words come first."""

from __future__ import annotations

from typing import Final

NATIONAL: Final = {  # TrangThaiHoSo of the national exchange
    "1": "submitted", "2": "accepted", "3": "not_accepted", "4": "processing", "5": "supplement", "6": "payment",
    "7": "withdrawn", "8": "stopped", "9": "resolved", "10": "returned",
}  # fmt: skip
VIETNAMESE: Final = {
    "mới đăng ký": "submitted", "chờ tiếp nhận": "submitted", "đã nộp": "submitted", "mới nộp": "submitted",
    "được tiếp nhận": "accepted", "đã tiếp nhận": "accepted", "tiếp nhận": "accepted", "mới tiếp nhận": "accepted",
    "không được tiếp nhận": "not_accepted", "không tiếp nhận": "not_accepted", "từ chối tiếp nhận": "not_accepted",
    "từ chối": "not_accepted", "đang xử lý": "processing", "đang giải quyết": "processing",
    "đang thẩm định": "processing",
    "chờ phê duyệt": "processing", "đang trình ký": "processing", "chưa giải quyết": "processing",
    "yêu cầu bổ sung": "supplement", "bổ sung hồ sơ": "supplement", "chờ bổ sung": "supplement",
    "yêu cầu bổ sung hồ sơ": "supplement", "yêu cầu bổ sung giấy tờ": "supplement",
    "yêu cầu nghĩa vụ tài chính": "payment", "yêu cầu thực hiện nghĩa vụ tài chính": "payment",
    "chờ thực hiện nghĩa vụ tài chính": "payment", "tạm dừng": "paused", "tạm dừng xử lý": "paused",
    "công dân rút": "withdrawn", "công dân rút hồ sơ": "withdrawn", "rút hồ sơ": "withdrawn", "đã rút": "withdrawn",
    "trả lại hồ sơ": "refused", "trả lại": "refused", "không giải quyết": "refused",
    "dừng xử lý": "stopped", "dừng giải quyết": "stopped", "đã hủy": "stopped",
    "đã xử lý xong": "resolved", "đã giải quyết": "resolved", "đã có kết quả": "resolved", "có kết quả": "resolved",
    "hoàn thành": "resolved", "đã hoàn thành": "resolved", "chờ trả kết quả": "resolved",
    "đã trả kết quả": "returned", "đã trả": "returned",
}  # fmt: skip
OPENCPS: Final = {
    "receiving": "submitted", "new": "accepted", "denied": "not_accepted", "processing": "processing",
    "interoperating": "processing", "waiting": "supplement", "correcting": "supplement", "pausing": "paused",
    "paying": "payment", "cancelling": "processing", "cancelled": "withdrawn", "unresolved": "stopped",
    "handover": "processing", "collecting": "processing", "posting": "resolved", "releasing": "resolved",
    "done": "returned",
}  # fmt: skip
ENGLISH: Final = {
    "open": "processing", "in progress": "processing", "pending": "processing", "processing": "processing",
    "new": "accepted", "received": "accepted", "accepted": "accepted", "assigned": "processing",
    "submitted": "submitted", "closed": "resolved", "resolved": "resolved", "completed": "resolved",
    "complete": "resolved", "done": "resolved", "returned": "returned", "withdrawn": "withdrawn",
    "cancelled": "stopped", "canceled": "stopped", "rejected": "refused", "on hold": "paused",
}  # fmt: skip
STATUS_LISTS: Final = {"vietnamese": VIETNAMESE, "national": NATIONAL, "opencps": OPENCPS, "english": ENGLISH}
CHANNELS: Final = {
    "trực tuyến": "online", "nộp trực tuyến": "online", "qua mạng": "online", "online": "online", "internet": "online",
    "web": "online", "trực tiếp": "counter", "nộp trực tiếp": "counter", "tại quầy": "counter", "một cửa": "counter",
    "counter": "counter", "desk": "counter", "bưu chính": "post", "bưu chính công ích": "post", "bưu điện": "post",
    "qua bưu chính": "post", "post": "post",
}  # fmt: skip
PAYMENTS: Final = {
    "trực tuyến": "online", "online": "online", "chuyển khoản": "online", "qua mạng": "online",
    "trực tiếp": "direct", "tiền mặt": "direct", "tại quầy": "direct", "direct": "direct", "cash": "direct",
}  # fmt: skip
RETURNS: Final = {
    "trực tiếp": "counter", "tại quầy": "counter", "một cửa": "counter", "counter": "counter",
    "bưu chính": "post", "bưu chính công ích": "post", "bưu điện": "post", "qua bưu chính": "post", "post": "post",
}  # fmt: skip
LEVELS: Final = {
    "tỉnh": "province", "cấp tỉnh": "province", "province": "province", "thành phố": "province",
    "huyện": "district", "cấp huyện": "district", "district": "district",
    "xã": "commune", "cấp xã": "commune", "phường": "commune", "commune": "commune",
}  # fmt: skip
APPLICANTS: Final = {
    "người dân": "citizen", "công dân": "citizen", "cá nhân": "citizen", "citizen": "citizen",
    "doanh nghiệp": "business", "business": "business", "cơ quan nhà nước": "agency", "cqnn": "agency",
    "cơ quan": "agency", "agency": "agency", "tổ chức": "organisation", "organisation": "organisation",
}  # fmt: skip
#: Our field → headers that mean it, bare of accents, spaces and case.
_HEADERS_OF: Final = {
    "code": (
        "maso mahoso sohoso mahs sobiennhan code caseid casenumber caseconceptname caseenquiryid dossierno "
        "uniquekey srnumber servicerequestnumber servicerequestid requestid case id ticketid"
    ),
    "other_code": "mahosokhac dossieridctn",
    "status": "trangthai trangthaihoso tinhtrang tinhtranghoso status casestatus dossierstatus currentstatus",
    "procedure": "matthc mathutuc mathutuchanhchinh servicecode",
    "procedure_name": (
        "tenthutuc tentthc thutuc srtype tenthutuchanhchinh servicename type requesttype complainttype "
        "servicerequesttype"
    ),
    "field": "linhvuc tenlinhvuc domainname category reason",
    "department": (
        "coquan donvi donvixuly coquanxuly agency coquangiaiquyet donvigiaiquyet coquanthuchien agencyname "
        "department govagencyname casedepartment responsibleagency"
    ),
    "receiving_unit": "noinophoso noitiepnhan donvitiepnhan",
    "holding_unit": "donvidanggiu noidanggiu donvidangxuly noidangxuly",
    "level": "cap capthuchien level",
    "channel": (
        "kenh kenhthuchien hinhthucnop hinhthuctiepnhan channel casechannel channeltype methodreceived "
        "opendatachanneltype"
    ),
    "applicant_kind": "loaidoituong doituong",
    "step": "buochientai buocxuly stepcode step",
    "handler": "nguoixuly canboxuly chuyenvien",
    "submitted_at": "ngaynop ngaynophoso submitdate",
    "received_at": (
        "ngaytiepnhan ngaynhan thoigiantiepnhan receivedate opendt createddate srcreatedate casestartdate "
        "opened opendate datecreated creationdate"
    ),
    "due_at": (
        "ngayhentra hentra hantra hanxuly hangiaiquyet ngayhentraketqua duedate slatargetdt casedeadline deadline"
    ),
    "resolved_at": (
        "ngayketthucxuly ngaycoketqua ngayhoanthanh closeddate ngayketthuc ngaygiaiquyetxong closeddt "
        "dateclosed caseenddate releasedate closed resolutiondate"
    ),
    "returned_at": "ngaytra ngaytraketqua finishdate",
    "rejected_at": "ngaytuchoi",
    "changed_at": "ngaycapnhat updateddate lastmodified",
    "fee": "lephi philephi phi tonglephi feeamount fee",
}
#: Header → our field: where a suggested mapping begins, and how a header row is found.
HEADERS: Final = {header: field for field, headers in _HEADERS_OF.items() for header in headers.split()}
#: Rows that sum up or sign, where they stand under the table without a code.
TOTALS: Final = ("tổng cộng", "tổng số", "tổng", "cộng", "total", "grand total", "người lập", "ghi chú:")
