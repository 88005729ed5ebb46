"""What a page says of the analyses it shows: of which evening they are, when they were made, or that there are none."""

from __future__ import annotations

from typing import Final

from dashboard import wording
from store.insight import Made

#: Title and advice while nothing was made.
NONE: Final = ("Chưa có kết quả phân tích", "Phân tích được tính lúc đêm, hoặc ngay sau khi có dữ liệu đầu tiên.")


def said(made: Made, analysis: str) -> str:
    """Say of which evening the results of ``analysis`` (a name of jobs.insights.MAKERS) are."""
    told = f"Phân tích theo số liệu đến hết ngày {wording.day(made.as_of)}; tính lúc {wording.moment(made.made_at)}."
    failed = " Lần tính gần nhất không xong: kết quả bên dưới là của lần trước." if analysis in made.failed else ""
    return told + failed
