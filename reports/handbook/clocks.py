"""The two clocks, the law by date, which moves of a promise count, and how the word of a source is taken."""

from __future__ import annotations

from typing import Final

from config import rules
from config.rules import Rules
from metrics.verdicts import Move, Verdict
from reports.handbook.markdown import bullets, day, paragraphs, table

ON_RETURN: Final = {
    "shift": "cộng thêm số ngày làm việc đã chờ",
    "restart": "tính lại từ đầu",
}
MOVES: Final[dict[Move, tuple[str, str]]] = {
    Move.RETURN: (
        "Nguồn ghi ngày hẹn mới khi hết tạm dừng",
        "tính từ ngày hết tạm dừng; không tính, và gắn cờ, nếu đã quá hạn trước lúc tạm dừng",
    ),
    Move.WAITED: (
        "Hết tạm dừng, không ai ghi ngày hẹn mới",
        "ngày hẹn lùi theo số ngày làm việc đã chờ (hoặc tính lại từ đầu, theo cài đặt); không tính nếu đã quá hạn "
        "trước lúc tạm dừng",
    ),
    Move.EXTENSION: (
        "Văn bản xin lỗi có ngày hẹn mới (gia hạn; trước 15/9/2025: hẹn lại)",
        "tính nếu đủ sớm, không quá số lần cho phép và trước khi hồ sơ kết thúc",
    ),
    Move.CORRECTION: ("Người vận hành đính chính, có ghi lý do", "luôn tính, kể từ ngày đính chính"),
    Move.UNEXPLAINED: (
        "Nguồn đổi ngày hẹn mà không cho biết vì sao",
        "tính nếu đổi chậm nhất vào ngày hẹn đang có hiệu lực (đang tạm dừng thì xét ngày bắt đầu tạm dừng); luôn gắn "
        "cờ",
    ),
}
VERDICTS: Final[dict[Verdict, tuple[str, str]]] = {
    Verdict.COUNTS: ("tính", "ngày hẹn mới có hiệu lực từ ngày thay đổi"),
    Verdict.AS_TOLD: ("tính theo nguồn", "theo quy định thì không tính; nguồn được cài đặt lấy đúng như đã ghi"),
    Verdict.LATE_NOTICE: ("không tính: văn bản muộn", "không đủ số ngày làm việc trước ngày hẹn"),
    Verdict.ONE_LETTER_TOO_MANY: ("không tính: quá số lần", "đã hết số lần gia hạn cho phép"),
    Verdict.AFTER_DUE: ("không tính: đổi sau ngày hẹn", "ngày hẹn đã qua mới bị đổi"),
    Verdict.AFTER_CLOSING: ("không tính: đổi sau khi kết thúc", "hồ sơ đã kết thúc mới có thay đổi"),
    Verdict.LATE_BEFORE: ("không tính: đã quá hạn trước khi tạm dừng", "thời gian chờ không làm hết quá hạn"),
}
#: Setting, value, what it does; the first of each setting is the default.
TERMS: Final = (
    ("counting", "days", "Thời hạn tính bằng ngày làm việc trọn vẹn; hết hạn vào cuối ngày làm việc cuối cùng."),
    ("counting", "minutes", "Thời hạn tính bằng phút làm việc kể từ phút tiếp nhận; 1 ngày làm việc là 8 giờ."),
    ("precision", "day", "Đúng hay quá hạn xét theo ngày: xong trong ngày hẹn, bất kể giờ, là đúng hạn."),
    ("precision", "minute", "Xét đến phút, cho nguồn hẹn người nộp đến phút; ngày hẹn ghi 00:00 chỉ là ngày."),
    ("promise", "source", "Ngày hẹn là ngày nguồn ghi."),
    ("promise", "computed", "Nơi biết thời hạn, ngày hẹn là ngày tự tính; nơi không biết vẫn là ngày nguồn ghi."),
    ("moves", "judged", "Ngày hẹn bị đổi được xét theo bảng ở chương 5."),
    ("moves", "as_told", "Mọi ngày hẹn mới nguồn ghi đều được tính; các con số phải ghi kèm “theo nguồn”."),
    ("figures", "counted", "Hồ sơ của nguồn được tính vào số liệu."),
    ("figures", "beside", "Chỉ để đối soát với nguồn khác nói về cùng hồ sơ, không tính vào số liệu."),
)


def law() -> str:
    """Write which rules hold for dossiers received, and for the acceptance clock submitted, from which day on."""
    heads = ("Từ ngày", "Văn bản", "Trả lời hồ sơ trực tuyến", "Văn bản xin lỗi trước ngày hẹn", "Số lần gia hạn",
             "Khi nộp lại hồ sơ bổ sung")  # fmt: skip
    known = rules.load()
    return paragraphs(
        "Có hai đồng hồ. **Đồng hồ tiếp nhận**: hồ sơ nộp trực tuyến phải được tiếp nhận hoặc từ chối trong số giờ làm "
        "việc quy định kể từ khi nộp; áp dụng văn bản có hiệu lực vào ngày nộp. **Đồng hồ giải quyết**: từ khi tiếp "
        "nhận "
        "đến ngày đến hạn có hiệu lực; áp dụng văn bản có hiệu lực vào ngày tiếp nhận, cho đến khi hồ sơ kết thúc. "
        "Ngày "
        "trả kết quả cho người nộp không tính cho đơn vị giải quyết.",
        table(heads, (_rules(entry, _since(known, n)) for n, entry in enumerate(known))),
        "Các giá trị này nằm trong tệp `rules.toml`. Thủ tục có thể quy định khác về việc nộp lại (tệp "
        "`procedures.csv`).",
    )


def _since(known: tuple[Rules, ...], n: int) -> str:
    """Say from when; the first entry holds for all days before the second, whatever day it names."""
    return f"trước {day(known[1].from_)}" if n == 0 and len(known) > 1 else day(known[n].from_)


def _rules(entry: Rules, since: str) -> tuple[str, ...]:
    hours = f"{entry.acceptance_hours} giờ làm việc ({entry.acceptance_basis})" if entry.acceptance_hours else ""
    return (
        since,
        entry.basis + (" *(có điểm còn để mở, chương cuối)*" if entry.open else ""),
        hours,
        f"ít nhất {entry.letter_notice_days} ngày làm việc",
        f"tối đa {entry.letters_at_most} lần",
        ON_RETURN[entry.on_return],
    )


def effective_due_day() -> str:
    """Write which moves of a promise count, from the closed sets that code judges by."""
    return paragraphs(
        "Mỗi ngày chỉ có một ngày đến hạn có hiệu lực: ngày hẹn đầu tiên, được thay, kể từ ngày thay đổi, bằng ngày "
        "hẹn "
        "mới nếu thay đổi đó được tính. Ngày đã qua được xét theo ngày hẹn có hiệu lực vào ngày đó: hẹn 5/11, đến "
        "10/11 "
        "mới dời sang 20/11, thì ngày 8/11 là quá hạn và mãi mãi được tính là quá hạn. Ngày hẹn đầu tiên luôn được "
        "giữ.",
        table(("Thay đổi", "Có tính không", "Trong mã"), ((*MOVES[m], f"`{m.value}`") for m in Move)),
        "Kết luận với từng thay đổi:",
        table(("Kết luận", "Nghĩa là", "Trong mã"), ((*VERDICTS[v], f"`{v.value}`") for v in Verdict)),
        bullets(
            (
                "Thay đổi không được tính vẫn được giữ lại và gắn cờ.",
                "Tạm dừng trong ngày D: ngày yêu cầu ≤ D < ngày nộp lại. Đang tạm dừng thì không thành quá hạn; đã quá "
                "hạn trước lúc tạm dừng thì vẫn là quá hạn.",
                "Kết thúc khi đang tạm dừng: xét theo ngày hẹn đã lùi bằng số ngày làm việc chờ đến lúc đó.",
                "Quá hạn bắt đầu từ ngày sau ngày đến hạn; chính ngày đến hạn vẫn là trong hạn.",
            )
        ),
    )


def terms() -> str:
    """Write the settings by which the word of one source is taken."""
    first: set[str] = set()
    rows = []
    for name, value, meaning in TERMS:
        default = " (mặc định)" if name not in first else ""
        first.add(name)
        rows.append((f"`{name}`", f'`"{value}"`{default}', meaning))
    return paragraphs(
        "Khai ở mục `[terms]` của tệp ánh xạ, hoặc `[source.terms]` trong `sources.toml`. Đổi cài đặt thì mọi con số "
        "của "
        "nguồn đó được tính lại.",
        table(("Cài đặt", "Giá trị", "Tác dụng"), rows),
    )
