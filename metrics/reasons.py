"""Why a promise counts or does not, in the words of the office, with the rule that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from config.rules import Rules
from metrics.dossier import Suspension
from metrics.verdicts import Move, Verdict

FIRST: Final = "first"
RENAMED_ON: Final = date(2025, 9, 15)  # Thông tư 03/2025: until then the letter "hẹn lại", since then "gia hạn"
BY_SOURCE: Final = "thiết lập của nguồn: ngày hẹn lấy theo nguồn"
BY_OFFICE: Final = "thiết lập của nguồn: ngày hẹn do hệ thống tự tính"
BY_OPERATOR: Final = "đính chính của người vận hành có ghi lý do"
SILENT: Final = "ngày hẹn đổi không rõ lý do chỉ được tính khi đổi chậm nhất vào ngày hẹn đang có hiệu lực"
LATE: Final = "hồ sơ đã quá hạn trước khi tạm dừng thì vẫn là quá hạn"
CLOSED: Final = "hồ sơ đã kết thúc được xét theo ngày hẹn có hiệu lực vào ngày kết thúc"
IN_FORCE_ON: Final = "ngày có hiệu lực"
WAITS: Final[dict[str, str]] = {
    Suspension.SUPPLEMENT: "bổ sung hồ sơ",
    Suspension.PAYMENT: "thực hiện nghĩa vụ tài chính",
    Suspension.OTHER: "tạm dừng",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One promise to be explained: what moved it, the verdict, the promise it met (``force``), and what stood beside.

    ``letter``: the how-manieth letter of apology; ``wait``: why the clock stood before; ``waited``: for how many
    working days; ``note``: an operator's reason; ``by``: who recorded it.
    """

    kind: str
    verdict: str
    on: date | None
    due_on: date
    force: date | None = None
    letter: int = 0
    wait: str = Suspension.OTHER
    waited: int = 0
    note: str = ""
    by: str | None = None
    closed_on: date | None = None


def why(case: Case, law: Rules) -> tuple[str, str]:
    """Give the sentence and the rule for one promise; ``law`` is the one in force on the day of receipt."""
    if case.kind == FIRST:
        return "Tính: là ngày hẹn đầu tiên, có hiệu lực từ khi tiếp nhận.", law.basis
    if case.verdict == Verdict.COUNTS:
        return _counts(case, law)
    return _does_not(case, law)


def _counts(case: Case, law: Rules) -> tuple[str, str]:
    if case.kind == Move.CORRECTION:
        recorded = f"; người ghi: {case.by}" if case.by else ""
        return f"Tính: người vận hành đính chính, lý do: {case.note or 'không ghi'}{recorded}.", BY_OPERATOR
    if case.force is None:
        return "Tính: trước đó hồ sơ chưa có ngày hẹn.", law.basis
    match case.kind:
        case Move.RETURN:
            said = (
                f"Tính: nguồn ghi ngày hẹn mới khi hết thời gian {wait_of(case.wait)}; "
                "thời gian chờ không tính vào thời hạn."
            )
            return said, law.basis
        case Move.WAITED:
            return _waited(case), law.basis
        case Move.EXTENSION:
            said = (
                f"Tính: {_sent(case)}, trước ngày hẹn {_day(case.force)} "
                f"ít nhất {law.letter_notice_days} ngày làm việc, là lần thứ {_turn(case.letter)} "
                f"(được tối đa {law.letters_at_most} lần)."
            )
            return said, law.basis
    said = f"Tính, có gắn cờ: nguồn đổi ngày hẹn không ghi lý do, nhưng đổi khi chưa quá ngày hẹn {_day(case.force)}."
    return said, SILENT


def _sent(case: Case) -> str:
    """Say when a letter counts from: the day it was sent, or on which somebody recorded it here."""
    if case.by:
        return f"văn bản xin lỗi do {case.by} ghi ngày {_day(case.on)} và tính từ ngày đó"
    return f"văn bản xin lỗi gửi ngày {_day(case.on)}"


def _waited(case: Case) -> str:
    if not case.waited or case.force is None or case.due_on < case.force:
        return f"Tính: ngày hẹn được tính lại khi hết thời gian {wait_of(case.wait)}."
    return (
        f"Tính: thời gian {wait_of(case.wait)} là {case.waited} ngày làm việc, không tính vào thời hạn, "
        "nên ngày hẹn lùi lại theo."
    )


def _does_not(case: Case, law: Rules) -> tuple[str, str]:
    match case.verdict:
        case Verdict.AS_TOLD:
            return "Tính theo nguồn: theo quy định thì không tính, nhưng nguồn này được lấy đúng như đã ghi.", BY_SOURCE
        case Verdict.LATE_NOTICE:
            said = (
                f"Không tính: {_sent(case)}; phải gửi trước ngày hẹn {_day(case.force)} "
                f"ít nhất {law.letter_notice_days} ngày làm việc."
            )
            return said, law.basis
        case Verdict.ONE_LETTER_TOO_MANY:
            said = (
                f"Không tính: là lần thứ {_turn(case.letter)}; "
                f"chỉ được {extension(case.on)} tối đa {law.letters_at_most} lần."
            )
            return said, law.basis
        case Verdict.AFTER_CLOSING:
            return f"Không tính: ghi nhận sau khi hồ sơ đã kết thúc ngày {_day(case.closed_on)}.", CLOSED
        case Verdict.LATE_BEFORE:
            said = (
                f"Không tính: hồ sơ đã quá ngày hẹn {_day(case.force)} trước khi tạm dừng; "
                "thời gian chờ không làm hết quá hạn."
            )
            return said, LATE
    said = f"Không tính: nguồn đổi ngày hẹn vào ngày {_day(case.on)}, khi đã quá ngày hẹn {_day(case.force)}."
    return said, SILENT


def extension(on: date | None) -> str:
    """Name what a letter of apology of a day does to the due day: hẹn lại, gia hạn."""
    return "hẹn lại" if on and on < RENAMED_ON else "gia hạn"


def unverified(rules: Sequence[Rules], law: Rules) -> str:
    """Say for whom ``law`` holds where the day it came into force is open in rules.toml; nothing where it is known."""
    if IN_FORCE_ON not in law.open:
        return ""
    until = min((later.from_ for later in rules if later.from_ > law.from_), default=None)
    said = f"áp dụng cho hồ sơ nhận trước {until.day}/{until.month}/{until.year}; " if until else ""
    return f"{said}{IN_FORCE_ON}: chưa xác minh"


def wait_of(kind: str) -> str:
    """Say what a clock waits for (metrics.dossier.Suspension)."""
    return WAITS.get(kind, WAITS[Suspension.OTHER])


def _turn(number: int) -> str:
    return {1: "nhất", 2: "hai", 3: "ba"}.get(number, str(number))


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "không rõ"
