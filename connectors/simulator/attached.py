"""What hangs on a dossier of the exchange: fees, papers handed in and given out, and the people who are in all of them.

Everybody is plainly made up ("Người Giả Định 000123"), and stands wherever real systems put people: fields of their
own, names of files, free text, titles of results. Whatever of it is found behind the border was let through.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from connectors.simulator.days import NEVER

FEES: Final = ("TenPhiLePhi", "MaPhiLePhi", "HinhThucThu", "Gia", "LoaiPhiLePhi")
PAPERS: Final = (
    "MaThanhPhanHoSo", "TenTepDinhKem", "DuongDanTaiTepTin", "DuocSoHoa", "DuocTaiSuDung", "DuocLayTuKhoDMQG",
)  # fmt: skip
RESULTS: Final = ("TenGiayTo", "MaThanhPhanHoSo", "GiayToId", "DuongDanTepTinKetQua", "MaGiayToKetQua")
#: Of those who pay a fee online: by the national portal, by the province's own gateway, at the counter all the same.
_PAID_AT: Final = ((0.50, "1"), (0.68, "2"))
DIGITISED, REUSED, FROM_STORE, RESULT_KEPT = 0.78, 0.31, 0.12, 0.85


def number() -> pl.Expr:
    """Give the number that a made-up person bears."""
    return pl.col("number").cast(pl.String).str.zfill(6)


def named(words: str) -> pl.Expr:
    """Put the applicant and the applicant's telephone behind ``words``, as free text does."""
    return pl.format("{} của Người Giả Định {}, điện thoại 0000{}", pl.lit(words), number(), number())


def drawn(of: int) -> pl.Expr:
    """Draw a share in [0, 1) from the dossier's number alone; another ``of``, another draw. Nothing is random here."""
    mixed = pl.col("number").cast(pl.UInt64) * (2_654_435_761 + 7_919 * 2 * of) % 2**32
    return (mixed * (40_503 + 2 * of) % 2**32) / 2**32


def attached() -> dict[str, pl.Expr]:
    """Write fees, payment, papers and results; wants procedure_code, paid, received, closed, end, channel, number."""
    return {
        "DanhSachLePhi": _fees(),
        "DuocThanhToanTrucTuyen": _paid_online(),
        "HoSoCoThanhPhanSoHoa": pl.when(_received() & (digitised(1) | (second() & digitised(2))))
        .then(pl.lit("1"))
        .otherwise(pl.lit("0")),
        "TaiLieuNop": _papers(),
        "DanhSachGiayToKetQua": _results(),
    }


def personal() -> dict[str, pl.Expr]:
    """Add what a real system sends along and nobody here may keep: plainly made-up values."""
    return {
        "ChuHoSo": pl.format("Người Giả Định {}", number()),
        "SoGiayToChuHoSo": pl.format("000000{}", number()),
        "DinhDanhCHS": pl.format("GIADINH{}", number()),
        "MaDoiTuong": pl.format("DT-GIADINH-{}", number()),
        "SoDienThoai": pl.format("0000{}", number()),
        "Email": pl.format("giadinh{}@example.invalid", number()),
        "Fax": pl.lit(""),
    }


def empty(names: tuple[str, ...]) -> pl.Expr:
    """Give the empty list of entries with these fields."""
    return pl.lit([], pl.List(pl.Struct(dict.fromkeys(names, pl.String))))


def _fees() -> pl.Expr:
    fee = pl.struct(
        TenPhiLePhi=pl.lit("Phí thẩm định, lệ phí cấp giấy"), MaPhiLePhi=pl.lit("LP01"),
        HinhThucThu=pl.when(pl.col("channel") == 2).then(pl.lit("2")).otherwise(pl.lit("1")),
        Gia=((pl.col("procedure") % 7 + 1) * 15000).cast(pl.String), LoaiPhiLePhi=pl.lit("1"),
    )  # fmt: skip
    return pl.when(pl.col("paid") == 1).then(pl.concat_list(fee)).otherwise(empty(FEES))


def _paid_online() -> pl.Expr:
    """Say whether and where the fee was paid online: 0 no, 1 on the national portal, 2 on the province's gateway."""
    (first, portal), (second, gateway) = _PAID_AT
    at = pl.when(drawn(1) < first).then(pl.lit(portal)).when(drawn(1) < second).then(pl.lit(gateway))
    return pl.when(_pays_online()).then(at.otherwise(pl.lit("0"))).otherwise(pl.lit("0"))


def _papers() -> pl.Expr:
    one, two = pl.concat_list(_paper(1, "Đơn đề nghị")), pl.concat_list(_paper(1, "Đơn đề nghị"), _paper(2, "Giấy tờ"))
    return pl.when(_received() & second()).then(two).when(_received()).then(one).otherwise(empty(PAPERS))


def _paper(at: int, title: str) -> pl.Expr:
    return pl.struct(
        MaThanhPhanHoSo=pl.format("{}.{}", "procedure_code", pl.lit(at)),
        TenTepDinhKem=pl.format("{} - Người Giả Định {}.pdf", pl.lit(title), number()),
        DuongDanTaiTepTin=pl.format("https://tep.example.invalid/000000{}/{}", number(), pl.lit(at)),
        DuocSoHoa=_flag(digitised(at)),
        DuocTaiSuDung=_flag(reused(at)),
        DuocLayTuKhoDMQG=_flag(reused(at) & (drawn(30 + at) < FROM_STORE)),
    )


def _results() -> pl.Expr:
    kept = pl.format("https://tep.example.invalid/ket-qua/000000{}", number())
    paper = pl.struct(
        TenGiayTo=pl.format("Giấy chứng nhận cấp cho Người Giả Định {}, số 000000{}", number(), number()),
        MaThanhPhanHoSo=pl.format("{}.KQ", "procedure_code"),
        GiayToId=pl.lit("1"),
        DuongDanTepTinKetQua=pl.when(result_kept()).then(kept).otherwise(pl.lit("")),
        MaGiayToKetQua=pl.format("KQ.000000{}.GIADINH", number()),
    )
    with_result = (pl.col("closed") > NEVER) & (pl.col("end") == 0)
    return pl.when(with_result).then(pl.concat_list(paper)).otherwise(empty(RESULTS))


def _received() -> pl.Expr:
    return pl.col("received") > NEVER


def second() -> pl.Expr:
    """Say whether the procedure wants a second paper."""
    return pl.col("procedure") % 2 == 1


def digitised(at: int) -> pl.Expr:
    """Say whether a paper was digitised."""
    return drawn(10 + at) < DIGITISED


def reused(at: int) -> pl.Expr:
    """Say whether a paper is an earlier one, used again."""
    return digitised(at) & (drawn(20 + at) < REUSED)


def result_kept() -> pl.Expr:
    """Say whether the result is there in electronic form."""
    return drawn(3) < RESULT_KEPT


def paid_online() -> pl.Expr:
    """Say whether a fee was paid online."""
    return _pays_online() & (drawn(1) < _PAID_AT[-1][0])


def _pays_online() -> pl.Expr:
    return (pl.col("paid") == 1) & (pl.col("channel") == 2) & _received()


def _flag(told: pl.Expr) -> pl.Expr:
    return pl.when(told).then(pl.lit("1")).otherwise(pl.lit("0"))
