"""A suggested mapping, its remarks in Vietnamese. (What the readers say of a file: config.trouble_words.)"""

from __future__ import annotations

import re
from typing import Final

#: English beginning or whole sentence → Vietnamese; groups carry over.
_SUGGESTED: Final = (
    (r"^# A start for (.+): check every line.*$", r"# Gợi ý cho \1: xem lại từng dòng, sửa chỗ chưa đúng."),
    (r"  # the clock the file was written by$", "  # múi giờ của tệp"),
    (r"  # 03/04 is 3 April; false: 4 March$", "  # 03/04 là ngày 3 tháng 4; false: ngày 4 tháng 3"),
    (r"  # one row per event; the last one wins$", "  # mỗi dòng một sự kiện; dòng cuối quyết định"),
    (r"  # (\d+) rows: one of the statuses$", r"  # \1 dòng: chọn một trạng thái (docs/mapping.md, mục 6)"),
    (r"  # (\d+) rows: online, counter or post$", r"  # \1 dòng: online, counter hoặc post"),
    (r"  # (\d+) rows$", r"  # \1 dòng"),
)


def suggested(text: str) -> str:
    """Give a suggested mapping with its remarks in Vietnamese; keys and values stay."""
    return "\n".join(_told(line) for line in text.split("\n"))


def _told(text: str) -> str:
    for english, vietnamese in _SUGGESTED:
        text = re.sub(english, vietnamese, text)
    return text.rstrip()
