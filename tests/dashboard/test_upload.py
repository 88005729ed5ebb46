"""The upload page: who may open it, what it shows before anything is stored, and what it says afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from connectors.preview import preview_upload
from dashboard import shapes, uploading
from dashboard.answers import upload, upload_words
from jobs import uploads
from store import inbox
from store.database import Store
from tests.connectors.made import HEADER, PLAIN
from tests.dashboard.conftest import NOW, Visit
from tests.dashboard.test_pages import texts

ROWS = "A,03/11/2026,21/11/2026,20/11/2026\nB,hôm qua,,\n"
WORDED = PLAIN + 'status = "Tình trạng"\nchannel = "Kênh"\n'
TABLE = HEADER.replace("\n", ",Tình trạng,Kênh,Chủ hồ sơ,Thừa\n") + (
    "A,03/11/2026,21/11/2026,,Đang xử lý,Zalo,Nguyễn Văn Kín,x\nB,04/11/2026,,,Chờ sếp,Trực tiếp,Trần Thị Hở,y\n"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(uploading, "settings", lambda: Settings(home=tmp_path))
    return tmp_path


def put(app: Any, name: str, content: bytes) -> None:
    app.get("file_uploader")[0].upload(name, content, "text/csv")
    app.run()


def test_a_head_of_department_reads_who_may_upload(visit: Visit, home: Path) -> None:
    app = visit(shapes.UPLOAD, who="truongphong")
    assert "Trang này dành cho người vận hành" in texts(app)
    assert not app.get("file_uploader")


def test_a_director_may_choose_a_file_and_a_known_source(visit: Visit, home: Path) -> None:
    (home / "mappings").mkdir()
    (home / "mappings" / "dat-dai.toml").write_text('title = "Đất đai"\n' + PLAIN, encoding="utf-8")
    app = visit(shapes.UPLOAD)
    assert not app.exception
    assert app.selectbox[0].options == [upload.NEW, "Đất đai"]
    assert "Chưa chọn tệp" in texts(app)


def test_an_upload_is_previewed_then_loaded_and_its_counts_are_shown(visit: Visit, home: Path, store: Store) -> None:
    app = visit(shapes.UPLOAD)
    put(app, "thang-11.csv", (HEADER + ROWS).encode())
    assert "**2** dòng đọc = 1 hồ sơ + 0 gộp + 1 cách ly." in texts(app)
    assert 'source = "thang11"' in str(app.text_area[0].value)
    app.button[0].click().run()
    assert "Đã nhận tệp" in app.info[0].value
    assert uploads.take(store, home, now=NOW) == 1
    app.run()
    assert "2 dòng đọc = 1 mới + 0 đổi + 0 không đổi + 0 gộp + 1 cách ly" in app.success[0].value
    assert [p.name for p in (home / "inbox").rglob("bytes")] == []


def test_a_file_that_cannot_be_read_says_why_in_vietnamese_and_cannot_be_loaded(visit: Visit, home: Path) -> None:
    app = visit(shapes.UPLOAD)
    put(app, "a.pdf.csv", b"%PDF-1.7")
    assert "là PDF" in app.error[0].value
    assert "xuất ra Excel (.xlsx) hoặc CSV" in app.error[0].value.replace("\\", "")
    assert app.button[0].disabled


def test_the_preview_tells_columns_words_refusals_and_what_is_dropped() -> None:
    shown = preview_upload(TABLE.encode(), name="thang-11.csv", mapping=WORDED)
    assert upload.summary(shown) == "**2** dòng đọc = 1 hồ sơ + 0 gộp + 1 cách ly."
    assert upload.layout(shown).replace("\\", "") == "Tiêu đề ở dòng 1; bảng mã utf-8; dấu phân cách: ,"
    read = {row[0]: row[1:5] for row in upload.columns(shown).rows()}
    assert read["Ngày tiếp nhận"] == ("Ngày tiếp nhận", "dd/MM/yyyy × 2 (ngày trước)", "2", "0")
    assert ("Trạng thái", "Đang xử lý", "Đang xử lý", "1") in upload.words(shown).rows()
    assert ("Trạng thái", "Chờ sếp", "▲ chưa rõ: cách ly", "1") in upload.words(shown).rows()
    assert ("Kênh nộp", "Zalo", "◆ chưa rõ: để trống", "1") in upload.words(shown).rows()
    assert upload.refused(shown).row(0)[:2] == ("thang-11.csv, dòng 3", "trạng thái không có trong bảng ánh xạ")
    said = "\n".join(upload.remarks(shown)).replace("\\", "")
    assert "Cột cá nhân, không bao giờ giữ: Chủ hồ sơ" in said
    assert "Cột không dùng: Thừa" in said


@pytest.mark.parametrize("mapping", ["", PLAIN.split("due_at")[0]])
def test_no_cell_of_a_personal_column_is_in_a_preview(mapping: str) -> None:
    rows = "Mã hồ sơ,Chủ hồ sơ,Ngày tiếp nhận\nA,Kín,21/11/2026\nB,Hở,hôm kia\n"
    shown = preview_upload(rows.encode(), name="x", mapping=mapping)
    assert shown.quarantined == 1
    assert "Kín" not in repr(shown)
    assert "Hở" not in repr(shown)


def test_a_suggestion_keeps_its_keys_and_speaks_vietnamese() -> None:
    shown = preview_upload(TABLE.encode(), name="thang-11.csv", mapping="")
    text = upload_words.suggested(shown.suggestion or "")
    assert 'code = "Mã hồ sơ"' in text
    assert "# Gợi ý cho thang-11.csv" in text
    assert "rows" not in text
    assert "one of the statuses" not in text


def test_what_was_loaded_before_is_said() -> None:
    counts = {"read": 3, "new": 0, "changed": 0, "unchanged": 2, "merged": 1, "quarantined": 0}
    told = {"file": "a.csv", "source": "x", "counts": counts}
    assert "Không có gì thay đổi" in upload.done(told)
    counts["new"] = 1
    assert "Không có gì thay đổi" not in upload.done(told)
    assert inbox.KEPT.days == 1
