"""What is kept of people, of which sources a masked form is, and what everybody is told: as the settings say."""

from __future__ import annotations

from config import public, sources
from config.errors import DunghanError
from config.sources import Source
from reports.handbook.markdown import bullets, paragraphs


def people() -> str:
    """Say what is kept of applicants and officers, and name the sources of which a masked form is kept."""
    kept = [f"{source.title or source.name} ({', '.join(columns)})" for source, columns in _masked()]
    return paragraphs(
        bullets(
            (
                "**Người nộp hồ sơ**: tên, số giấy tờ, điện thoại, địa chỉ, thư điện tử bị bỏ ngay khi đọc; không có "
                "trong kho, trong dòng cách ly, trong bản gốc lưu lại hay trong báo cáo.",
                "**Cán bộ**: giữ dưới bí danh (cb-…), tính bằng khóa riêng của cơ quan; không có khóa thì không đọc "
                "ngược lại được.",
                "**Nội dung tự do**: chỉ đọc phần nói về đồng hồ của hồ sơ, không lưu.",
                f"**Bản che** (Ng\\*\\*\\* V\\*\\* A, …123) để nhận ra hồ sơ: {'; '.join(kept)}."
                if kept
                else "**Bản che** (Ng\\*\\*\\* V\\*\\* A, …123) để nhận ra hồ sơ: không nguồn nào trong `sources.toml` "
                "bật (`keep_masked`).",
                f"**Trang công khai** (`public.toml`): {_public(public.load())}",
            )
        )
    )


def _public(told: public.Public) -> str:
    """Say what everybody is told, or that there is no such page."""
    if not told.open:
        return "đang tắt; không ai xem được gì khi chưa đăng nhập."
    return (
        "đang mở, không cần đăng nhập; chỉ có số liệu theo đơn vị, lĩnh vực và văn bản xin lỗi theo mã hồ sơ. "
        f"Không nêu số có dưới {told.smallest} hồ sơ làm mẫu số."
    )


def _masked() -> list[tuple[Source, tuple[str, ...]]]:
    """Give the sources whose mapping keeps a masked form; a mapping that cannot be read is the doctor's to tell."""
    found = []
    for source in sources.load():
        try:
            columns = source.mapping_file().personal.keep_masked if source.mapping else ()
        except DunghanError:
            continue
        if columns:
            found.append((source, columns))
    return found
