"""The analyses beside the figures: for each its method, what it rests on, how sure it is and when it is silent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from reports.handbook import (
    method_alike,
    method_capacity,
    method_index766,
    method_integrity,
    method_risk,
    method_signal,
    method_steps,
    method_why,
)
from reports.handbook.markdown import paragraphs

#: Heading and text of each analysis, in the order in which a reader meets them.
METHODS: Final[tuple[tuple[str, Callable[[], str]], ...]] = (
    ("Tín hiệu hay dao động thường", method_signal.method),
    ("So sánh trên cùng cơ cấu thủ tục", method_alike.method),
    ("Vì sao thay đổi", method_why.method),
    ("Điểm nghẽn", method_steps.method),
    ("Rà soát số liệu", method_integrity.method),
    ("Dự báo hồ sơ trễ", method_risk.method),
    ("Mùa và nhịp giải quyết", method_capacity.method),
    ("Ước tính Chỉ số 766", method_index766.method),
)


def methods() -> str:
    """Write how every analysis is made, each under a heading of level 3."""
    return paragraphs(
        "Phần này nói vì sao con số thay đổi, điều gì có thể xảy ra và con số đáng tin đến đâu. Mỗi phương pháp nêu độ "
        "không chắc chắn ngay trên màn hình, và tự ẩn khi không tốt hơn cách ước tính đơn giản nhất.",
        *(text for title, method in METHODS for text in (f"### {title}", method())),
    )
