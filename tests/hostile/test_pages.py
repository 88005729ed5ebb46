"""No page makes anything of a hostile text but the text: not in Markdown, not in HTML of ours, not in a chart."""

from __future__ import annotations

import pytest

from dashboard import frame
from store import audit
from store.database import Store
from tests.hostile import drawn
from tests.hostile.conftest import Visit
from tests.hostile.province import HEAD, MANY, SOURCE, cleaned, codes
from tests.hostile.texts import TEXTS, dangers, tags

PAGES = sorted({path for entries in frame.PAGES.values() for path, *_ in entries})


def hurt(app: object) -> list[str]:
    """Give what of a page the browser would obey."""
    assert not app.exception  # type: ignore[attr-defined]
    found = [f"{danger!r} in {text[:120]!r}" for text in drawn.markdown(app) for danger in dangers(text)]  # type: ignore[arg-type]
    return found + [f"{tag!r} in HTML" for text in drawn.html(app) for tag in tags(text)]  # type: ignore[arg-type]


def test_what_hurts_is_seen() -> None:
    assert dangers(f"**x** {TEXTS['link']}") and dangers(TEXTS["heading"]) and dangers(f"a\n{TEXTS['list']}")
    assert all(
        dangers(TEXTS[name]) for name in ("script", "image", "vector", "scheme", "markdown", "directives", "latex")
    )
    assert tags(TEXTS["script"]) and tags(TEXTS["image"]) and not tags("&lt;script&gt;")


@pytest.mark.parametrize("who", ["giamdoc", HEAD], ids=["director", "head"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_hostile_texts_as_texts(visit: Visit, page: str, who: str) -> None:
    assert hurt(visit(page, who=who)) == []


@pytest.mark.parametrize(
    "name", ["script", "link", "markdown", "heading", "directives", "latex", "typst", "turned", "long"]
)
def test_one_dossier_of_each_text(visit: Visit, name: str) -> None:
    app = visit("pages/dossier.py", nguon=SOURCE.name, ma=codes()[name])
    assert "không tồn tại" not in " ".join(str(m.value) for m in app.markdown)
    assert hurt(app) == []


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("pages/worklist.py", {"nhom": "den-hen", "tim": TEXTS["markdown"]}),
        ("pages/worklist.py", {"nhom": "qua-han", "thu_tuc": cleaned(TEXTS["link"]), "buoc": TEXTS["directives"]}),
        ("pages/worklist.py", {"nhom": TEXTS["script"], "ky": TEXTS["link"], "tuan": TEXTS["latex"]}),
        ("pages/departments.py", {"don_vi": cleaned(TEXTS[MANY])}),
        ("pages/departments.py", {"don_vi": cleaned(TEXTS["directives"])}),
        ("pages/departments.py", {"don_vi": "**đậm** không có", "linh_vuc": TEXTS["latex"]}),
        ("pages/fields.py", {"linh_vuc": cleaned(TEXTS[MANY])}),
        ("pages/form.py", {"dong": "procedure", "ky": "2026"}),
        ("pages/form.py", {"dong": "receiving_unit", "ky": "2026-Q4"}),
        ("pages/quality.py", {"ky": "2026"}),
        ("pages/dossier.py", {"nguon": TEXTS["link"], "ma": TEXTS["script"]}),
    ],
    ids=lambda told: str(told)[:40],
)
def test_an_address_full_of_markup_is_harmless(visit: Visit, page: str, query: dict[str, str]) -> None:
    assert hurt(visit(page, **query)) == []


def test_the_log_keeps_hostile_names_and_the_page_lives(visit: Visit, in_use: Store) -> None:
    visit("pages/dossier.py", who=HEAD, nguon=SOURCE.name, ma=codes()[MANY])
    seen = audit.read(in_use, person=HEAD, act="view_dossier")
    assert f"{SOURCE.name} {codes()[MANY]}" in seen["what"].to_list()
