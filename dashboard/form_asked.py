"""Form II.06 for its page and its files: kept like every answer, by the version of the figures and the scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from config import report
from dashboard import analysed, cached, counts, data, filters, periods, wording
from dashboard.answers.taken import reach
from dashboard.data import Ask
from dashboard.filters import NONE, UNTOLD, Choice
from dashboard.keys import HASH
from metrics import form_ii06
from metrics.form_ii06 import Form
from metrics.heard import Left, Question
from metrics.scope import Scope
from reports import period_form, taken
from reports.period_form import ROWS, Asked, Content
from reports.taken import About


@dataclass(frozen=True, slots=True)
class Filled:
    """A form with what its words need; ``rows``: which dimension its rows are."""

    rows: str
    form: Form
    asked: Asked
    left: tuple[Left, ...]

    @property
    def names(self) -> Mapping[str, str]:
        return self.asked.names


def filled(ask: Ask, rows: str) -> Filled:
    """Fill the form for the choice's period, within scope and choice. ``rows``: a name of reports.period_form.ROWS."""
    choice = ask.choice
    asked = Question(choice.period, choice.today, ask.scope, (rows,), choice.filters, choice.on_map)
    told = Asked(
        choice.period, _named(choice), choice.as_of, rows, where(choice, ask.scope), ask.version, _names(ask, rows)
    )
    return Filled(rows, _form(ask.version, asked), told, data.left_out(ask))


@cached.resource(max_entries=64, hash_funcs=HASH)
def _form(version: str, asked: Question) -> Form:
    return form_ii06.form(
        counts.of(version, asked), period=asked.period, as_of=asked.as_of, rows=asked.by[0], scope=asked.scope,
        filters=asked.filters, on_map=asked.on_map,
    )  # fmt: skip


def _named(choice: Choice) -> str:
    return periods.words(choice.named) if choice.named else wording.week(choice.monday)


def _names(ask: Ask, rows: str) -> Mapping[str, str]:
    if rows == "level":
        return wording.LEVELS
    return analysed.names(ask) if rows == "procedure" else {}


def where(choice: Choice, scope: Scope) -> str:
    """Say in words what the form is about: the units in scope, narrowed by what was chosen."""
    unit = f"Đơn vị: {UNTOLD.lower()}" if choice.department == NONE else choice.department
    field = f"lĩnh vực: {UNTOLD.lower()}" if choice.field == NONE else choice.field
    told = [unit or reach(scope), field, wording.CHANNELS.get(choice.channel or "")]
    return "; ".join(text for text in told if text)


def content(found: Filled) -> Content:
    """Give what the files print."""
    letterhead = report.load().letterhead
    return period_form.build(found.form, found.asked, letterhead, left=found.left, sources=data.sources())


def file(found: Filled, kind: str) -> bytes:
    """Write the form as ``pdf``, as ``csv``, or as a workbook."""
    if kind == "csv":
        return taken.csv(period_form.plain(found.form, found.asked), _about(found))
    told = content(found)
    return period_form.paper(told) if kind == "pdf" else period_form.workbook(told)


def _about(found: Filled) -> About:
    told = found.asked
    chosen = (("Kỳ", told.period_name), ("Về", told.where), ("Số liệu đến hết ngày", wording.day(told.as_of)))
    now = filters.now().astimezone(wording.LOCAL)
    return About("Biểu II.06", period_form.MEANS, chosen, told.where, told.data_version, now)


def known(rows: str) -> str:
    """Give a way to fill rows that there is; units for a word that is none."""
    return rows if rows in ROWS else "department"
