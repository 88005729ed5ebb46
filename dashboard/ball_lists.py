"""With whom open dossiers lie, in words, and the lists of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from dashboard.listing import Listing, by_code
from metrics.ball import Ball

#: With whom a dossier lies → in words, and the code of its list.
HOLDERS: Final[Mapping[Ball, tuple[str, str]]] = {
    Ball.DEPARTMENT: ("Đơn vị giải quyết", "o-don-vi"),
    Ball.OTHER: ("Cơ quan, đơn vị khác", "o-noi-khac"),
    Ball.APPLICANT: ("Người nộp bổ sung hồ sơ", "o-nguoi-nop"),
    Ball.PAYMENT: ("Người nộp thực hiện nghĩa vụ tài chính", "o-nghia-vu"),
    Ball.PAUSED: ("Tạm dừng, không rõ lý do", "o-tam-dung"),
    Ball.INTAKE: ("Chờ tiếp nhận", "cho-tiep-nhan"),
    Ball.UNKNOWN: ("Nguồn không cho biết", "o-khong-ro"),
}
#: Who waits to be accepted has a list of old (dashboard.lists).
LISTS: Final = by_code(
    Listing(code, f"Đang ở: {title}", "open", pl.col("ball") == who.value, ("step_since_on", "received_on"))
    for who, (title, code) in HOLDERS.items()
    if who is not Ball.INTAKE
)
