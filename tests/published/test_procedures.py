"""The published figures of registers, read off lists that were loaded through a connector: never off a stored total."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config import registered
from metrics.procedures_register import at_level, counted, each, in_force, reduction, reductions
from reports.formats import percent
from tests.published.procedures import MAPPING, of_districts, of_the_province, workbook
from tests.register.conftest import Load, load, office

__all__ = ("load", "office")
ON = date(2018, 6, 30)


@pytest.fixture
def quang_ninh(load: Load, tmp_path: Path) -> None:  # noqa: F811 - the fixture of the other package
    """Load the list of the province, then that of each district for its own system."""
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    file = tmp_path / "danh-muc.xlsx"
    file.write_bytes(workbook(of_the_province()))
    code, told = load(file, "--mapping", str(tmp_path / "m.toml"), "--write", "--strict")
    assert (code, told["new"], told["refused"]) == (0, 1_758 + 18 + 14 + 24 + 16 + 1, [])
    for source, rows in of_districts():
        file.write_bytes(workbook(rows))
        assert load(file, "--mapping", str(tmp_path / "m.toml"), "--source", source, "--write", "--strict")[0] == 0


@pytest.mark.usefixtures("quang_ninh")
def test_quang_ninh_s_procedures_come_out_of_the_register_with_their_residual() -> None:
    rows = in_force(registered.load(), ON)
    procedures = each(rows)
    whole = counted(procedures).row(0, named=True)
    by_level = {row["levels"]: row for row in counted(procedures, ["levels"]).to_dicts()}
    assert whole["procedures_published"] == 1_758
    assert [by_level[level]["procedures_published"] for level in ("province", "district", "commune")] == [
        1_360,
        301,
        97,
    ]
    assert (whole["procedures_vertical"], whole["procedures_enterprise"]) == (18 + 14 + 24, 16 + 1)
    top = counted(at_level(procedures, "province")).row(0, named=True)
    centre = top["procedures_centre"]
    assert centre == 1_250 and percent(centre, top["procedures_published"], 0) == "92\u00a0%"
    shares = {
        name: (top[f"procedures_{name}"], percent(top[f"procedures_{name}"], centre, 2))
        for name in ("four_step", "ministry", "committee")
    }
    assert shares == {
        "four_step": (982, "78,56\u00a0%"), "ministry": (28, "2,24\u00a0%"), "committee": (208, "16,64\u00a0%"),
    }  # fmt: skip
    assert top["procedures_residual"] == 32  # 1,250 − 982 − 28 − 208: nobody says what they are
    online = top["procedures_online_centre"]
    assert (online, top["centre_online_3"], top["centre_online_4"]) == (1_009, 943, 66)
    assert percent(online, centre) == "80,7\u00a0%"
    assert (whole["procedures_post"], percent(whole["procedures_post"], 1_758)) == (1_180, "67,1\u00a0%")


@pytest.mark.usefixtures("quang_ninh")
def test_what_districts_give_online_is_counted_place_by_place() -> None:
    rows = in_force(registered.load(), ON)
    places = rows.filter(rows["source"] != "")
    told = counted(places).row(0, named=True)
    assert places["source"].n_unique() == 14
    assert (told["procedures_online"], told["procedures_published"]) == (3_599, 4_295)
    assert percent(3_599, 4_295) == "83,8\u00a0%"


@pytest.mark.usefixtures("quang_ninh")
def test_the_reductions_of_quang_ninh_are_means_over_each_department_s_procedures() -> None:
    found = {one.department: one.cut for one in reductions(each(in_force(registered.load(), ON)))}
    shares = {name: found[name].share or 0.0 for name in found}
    assert shares["Sở Công Thương"] > 0.57
    assert shares["Ban Xúc tiến và Hỗ trợ đầu tư"] > 0.70  # 40 days → 9
    exact = {
        "Sở Xây dựng": "48,5", "Ban Quản lý Khu kinh tế": "48,8", "Sở Tài nguyên và Môi trường": "38,1",
        "Sở Khoa học và Công nghệ": "55,0",
    }  # fmt: skip
    assert {name: f"{100 * shares[name]:.1f}".replace(".", ",") for name in exact} == exact
    assert found["Sở Nội vụ"].share is None and found["Sở Nội vụ"].limited == 0


def test_thanh_hoa_s_limits_were_cut_from_25_to_13_from_20_to_15_and_from_15_to_10_days(
    load: Load,  # noqa: F811 - the fixture of the other package
    tmp_path: Path,
) -> None:
    rows = "".join(
        f"1.00000{n},Thủ tục {n},{law} ngày làm việc,{promise} ngày làm việc\n"
        for n, (law, promise) in enumerate([(25, 13), (20, 15), (15, 10)])
    )
    (tmp_path / "x.csv").write_text(f"Mã TTHC,Tên TTHC,Thời hạn giải quyết,Thời hạn cam kết\n{rows}", encoding="utf-8")
    assert load(tmp_path / "x.csv", "--write", "--strict")[0] == 0
    told = in_force(registered.load(), date(2022, 12, 31))
    limits = told.select(law=told["statutory"].struct.field("size"), promise=told["committed"].struct.field("size"))
    assert limits.rows() == [(25, 13), (20, 15), (15, 10)]
    found = reduction(told)
    assert (found.limited, found.shortened, round(100 * (found.share or 0), 1)) == (3, 3, 35.4)  # (48 + 25 + 33,3) / 3
