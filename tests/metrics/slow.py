"""The slow, obvious twin of the clocks: one dossier, one day, step by step through the words of the specification."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from config.calendar import load
from tests.metrics.province import ZONE

DAYS = load()
AMOUNTS = (
    "fees", "charged", "charged_unknown", "paid_online", "components_known", "components", "components_digitised",
    "components_reused", "components_reuse_unknown", "results_known", "results_digital",
)  # fmt: skip


def working(day: date) -> bool:
    return day in DAYS.made_up or (day.weekday() < 5 and day not in DAYS.off)


def waited(start: date, end: date) -> int:
    """Count working days d with start < d ≤ end, one by one."""
    return sum(working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def after(start: date, n: int) -> date:
    """Walk forward until ``n`` working days are counted."""
    while n:
        start += timedelta(days=1)
        n -= working(start)
    return start


def local(value: datetime | int | None) -> date | None:
    if value is None:
        return None
    stamp = value if isinstance(value, datetime) else datetime.fromtimestamp(value / 1_000_000, UTC)
    return stamp.astimezone(ZONE).date()


class Slow:
    """One dossier read from the row that tests.metrics.province.dossier writes."""

    def __init__(self, row: dict[str, Any]) -> None:
        status = row["status"]
        self.received = None if status == "not_accepted" else local(row["received_at"])
        closed = status in ("resolved", "returned", "withdrawn", "refused", "stopped")
        self.closed = local(row["resolved_at"] or row["returned_at"]) if closed else None
        self.halted_now = status in ("supplement", "payment", "paused")
        self.since = local(row["changed_at"] or row["first_seen_at"])
        self.halts = self._halts(row)
        self.first, self.moves = self._promises(row)
        self.row, self.with_result = row, status in ("resolved", "returned")

    def _halts(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        told = json.loads(row["suspensions"] or "[]") or self._seen_halts(row)
        halts: list[dict[str, Any]] = [
            {k: local(h[k]) for k in ("from_at", "to_at", "due_before", "due_after")} for h in told
        ]
        for halt, said in zip(halts, told, strict=True):
            halt["live"] = said.get("live", False) or local(row["first_seen_at"]) <= halt["from_at"]
        for halt in halts:
            halt["open"] = halt["to_at"] is None and not self.closed and self.halted_now
            halt["returned"] = False
            if self.closed and (halt["to_at"] is None or self.closed < halt["to_at"]):
                halt["to_at"], halt["due_after"] = self.closed, None
                continue
            if halt["to_at"] is None and not self.halted_now:
                halt["to_at"] = self.since
            halt["returned"] = halt["to_at"] is not None
        if self.halted_now and not any(h["open"] for h in halts):
            nothing = dict.fromkeys(("to_at", "due_before", "due_after", "live"))
            halts.append({"from_at": self.since, "returned": False, **nothing})
        return [h for h in halts if h["to_at"] is None or h["from_at"] < h["to_at"]]

    @staticmethod
    def _seen_halts(row: dict[str, Any]) -> list[dict[str, Any]]:
        """Read suspensions off the statuses, one after the other."""
        halts: list[dict[str, Any]] = []
        standing = False
        for turn in row["turns"] or []:
            stands = turn["status"] in ("supplement", "payment", "paused")
            if stands and not standing:
                halts.append({"from_at": turn["at"], "to_at": None, "due_before": None, "due_after": None})
                halts[-1]["live"] = turn is not row["turns"][0]
            if standing and not stands:
                halts[-1]["to_at"] = turn["at"]
            standing = stands
        return halts

    def _promises(self, row: dict[str, Any]) -> tuple[date | None, list[tuple[Any, str, Any, Any]]]:
        letters = json.loads(row["extensions"] or "[]")
        seen = [(local(p["happened_at"]), local(p["due_at"])) for p in row["promises"] or []]
        seen = seen or [(self.received, local(row["due_at"]))]
        noted = [h["due_before"] for h in self.halts if h["due_before"]][:1]
        noted += [local(x["due_before"]) for x in letters[:1]]
        first = min(noted) if noted else seen[0][1]
        shown = [on for on, _ in seen[1:]]
        moves: list[tuple[Any, str, Any, Any]] = []
        for wait in self._waits():
            since = wait[0]["from_at"]
            if self._closed_waiting(wait):
                continue
            spoken = False
            for h in wait:
                in_sight = h["live"]
                open_then = self.closed is None or (h["to_at"] is not None and h["to_at"] < self.closed)
                if h["due_after"] and h["to_at"]:
                    moves.append((h["to_at"], "return", h["due_after"], since))
                    spoken = True
                elif h["returned"] and in_sight and open_then and h["to_at"] in shown:
                    moves.append((h["to_at"], "return", [due for on, due in seen if on == h["to_at"]][-1], since))
                    spoken = True
            # Nobody wrote a due day beside the return, and the promise of before was in sight: the days waited count.
            quiet = [h for h in wait if h["returned"] and h["live"]]
            quiet = [h for h in quiet if self.closed is None or h["to_at"] < self.closed]
            if quiet and not spoken and all(h["returned"] for h in wait):
                moves.append((max(h["to_at"] for h in quiet), "waited", None, since))
        back = max((h["to_at"] for h in self.halts if h["due_after"] and h["to_at"]), default=None)
        moves += [(local(x["at"]), "extension", local(x["due_after"]), None) for x in letters]
        moves += [(local(x["at"]), "correction", local(x["due_at"]), None) for x in row["corrections"] or []]
        notes = [due for _, kind, due, _ in moves if kind != "waited"] + ([first] if seen[0][1] == first else [])
        seen[0] = (back or self.received, seen[0][1])
        for on, due in seen:
            if due in notes:
                notes.remove(due)  # one note explains one sight
            elif due:
                moves.append((on, "unexplained", due, None))
        return first, sorted(moves, key=lambda m: m[0])  # stable: the source's own notes come first

    def _waits(self) -> list[list[dict[str, Any]]]:
        """Join halts that touch or overlap."""
        waits: list[list[dict[str, Any]]] = []
        for h in sorted(self.halts, key=lambda h: h["from_at"]):
            ends = [g["to_at"] for g in waits[-1]] if waits else []
            if waits and (None in ends or h["from_at"] <= max(ends)):
                waits[-1].append(h)
            else:
                waits.append([h])
        return waits

    def _closed_waiting(self, wait: list[dict[str, Any]]) -> bool:
        """Say whether the closing ended a wait, and no due date was written beside a return of that very day."""
        ends = [h["to_at"] for h in wait]
        if self.closed is None or None in ends or max(ends) != self.closed:
            return False
        return not any(h["due_after"] and h["returned"] and h["to_at"] == self.closed for h in wait)

    def suspended_since(self, day: date) -> date | None:
        inside = [h["from_at"] for h in self.halts if h["from_at"] <= day and (h["to_at"] is None or day < h["to_at"])]
        return min(inside) if inside else None

    def promise(self, day: date) -> date | None:
        """Replay every move up to ``day``."""
        due, letters = self.first, 0
        for on, kind, new, since in self.moves:
            letters += kind == "extension"
            if on > day:
                continue
            open_then = self.closed is None or on <= self.closed
            in_time = due is None or (self.suspended_since(on) or on) <= due
            notice = due is not None and waited(on, due) >= 1 if due is None or on <= due else False
            if kind == "waited":
                due = after(due, waited(since, on)) if due is not None and since <= due else due
                continue
            valid = {
                "return": due is None or since is None or since <= due,
                "correction": True,
                "extension": due is None or (notice and open_then and letters == 1),
                "unexplained": due is None or (in_time and open_then),
            }[kind]
            due = new if valid else due
        return self._moved_by_waiting(due, day)

    def _moved_by_waiting(self, due: date | None, day: date) -> date | None:
        """Closed while suspended: the due day moves by the working days waited so far."""
        if self.closed is None or day < self.closed or due is None:
            return due
        asked = min((w[0]["from_at"] for w in self._waits() if self._closed_waiting(w)), default=None)
        return due if asked is None or due < asked else after(due, waited(asked, self.closed))

    def overdue_since_halt(self, since: date) -> bool:
        """Say whether it was already late when the clock was halted; halts that touch are one."""
        while (before := self.suspended_since(since - timedelta(days=1))) is not None:
            since = before
        due = self.promise(since)
        return due is not None and due < since

    def stands(self, day: date) -> str | None:
        """Give the standing at the end of ``day``; None for a dossier not in settlement then."""
        if self.received is None or self.received > day:
            return None
        if self.closed is not None and max(self.closed, self.received) <= day:
            due = self.promise(self.closed)
            if due is None:
                return "resolved_undetermined"
            return (
                "resolved_early"
                if self.closed < due
                else "resolved_on_time"
                if self.closed == due
                else "resolved_overdue"
            )
        due = self.promise(day)
        if due is None:
            return "undetermined"
        since = self.suspended_since(day)
        late = due < day and (since is None or self.overdue_since_halt(since))
        return "overdue" if late else "in_term"

    def amounts(self, start: date, end: date) -> dict[str, int]:
        """Count fees, papers and results of the days ``start`` to ``end``, one question after the other."""
        counts = dict.fromkeys(AMOUNTS, 0)
        if self.received is None:
            return counts
        fee, payment = self.row["fee"], self.row["payment"]
        if start <= self.received <= end and fee is not None and fee > 0:
            counts["fees"] = fee
            counts["charged_unknown" if payment is None else "charged"] = 1
            counts["paid_online"] = int(payment == "online")
        if start <= self.received <= end:
            self._papers(counts)
        if self.closed is not None and self.with_result and start <= max(self.closed, self.received) <= end:
            counts["results_known"] = int(self.row["results"] is not None)
            counts["results_digital"] = int((self.row["results"] or 0) > 0)
        return counts

    def _papers(self, counts: dict[str, int]) -> None:
        papers, digitised, reused = (self.row[f"components{part}"] for part in ("", "_digitised", "_reused"))
        if papers is None or digitised is None or digitised > papers:
            return
        counts["components_known"], counts["components"], counts["components_digitised"] = 1, papers, digitised
        if reused is None or reused > papers:
            counts["components_reuse_unknown"] = papers
        else:
            counts["components_reused"] = reused
