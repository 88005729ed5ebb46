"""What one table of a scenario says about another: names that must be known, kinds that somebody must handle."""

from __future__ import annotations

from collections.abc import Iterator

from config.errors import ConfigError, nearest
from connectors.simulator.flow.scenario import HANDING_OUT, Procedure, Route, Scenario, Step, Unit
from connectors.simulator.tables import tables

#: The routes of a scenario that tells none: within the day or two, the ordinary way, and the long one.
ROUTES = (
    Route(name="quick", to_limit=2, step=(
        Step(name="Tiếp nhận", desk="intake", hours=0.15),
        Step(name="Thẩm định", desk="appraisal", hours=0.4, asks=True),
        Step(name="Phê duyệt", desk="approval", hours=0.08),
        Step(name="Trả kết quả", desk=HANDING_OUT),
    )),
    Route(name="ordinary", to_limit=15, step=(
        Step(name="Tiếp nhận", desk="intake", hours=0.2),
        Step(name="Phân công", desk="assignment", hours=0.05),
        Step(name="Thẩm định", desk="appraisal", hours=1.5, lag=0.35, asks=True),
        Step(name="Phê duyệt", desk="approval", hours=0.15, lag=0.05),
        Step(name="Trả kết quả", desk=HANDING_OUT),
    )),
    Route(name="long", step=(
        Step(name="Tiếp nhận", desk="intake", hours=0.25),
        Step(name="Phân công", desk="assignment", hours=0.05),
        Step(name="Thẩm định", desk="appraisal", hours=3.0, lag=0.25, asks=True),
        Step(name="Thẩm định thực địa", desk="survey", hours=1.5, lag=0.2),
        Step(name="Phê duyệt", desk="approval", hours=0.2, lag=0.05),
        Step(name="Trả kết quả", desk=HANDING_OUT),
    )),
)  # fmt: skip


def must_be_meant(told: Scenario, place: str) -> Scenario:
    """Fill in what a scenario leaves to the made-up province. Raises ConfigError for what cannot be meant."""
    full = told.model_copy(
        update={
            "unit": told.unit or _units(),
            "procedure": told.procedure or _procedures(),
            "route": told.route or ROUTES,
        }
    )
    for found, step in _faults(full):
        raise ConfigError(place, found, step)
    return full


def route_of(procedure: Procedure, routes: tuple[Route, ...]) -> int:
    """Give the number of the route that a procedure takes: the one it names, else the first with room for its limit."""
    if procedure.route:
        return [r.name for r in routes].index(procedure.route)
    fits = [n for n, r in enumerate(routes) if procedure.limit <= r.to_limit]
    return fits[0] if fits else len(routes) - 1


def _units() -> tuple[Unit, ...]:
    rows = tables().units.select("code", "name", "level", "kind", "weight").iter_rows(named=True)
    return tuple(Unit(**row) for row in rows)


def _procedures() -> tuple[Procedure, ...]:
    columns = ("code", "name", "field", "kind", "limit", "unit", "weight", "paid")
    return tuple(Procedure(**row) for row in tables().procedures.select(columns).iter_rows(named=True))


def _faults(told: Scenario) -> Iterator[tuple[str, str]]:
    """Name everything that cannot be meant: what was found, and what would mend it."""
    units, routes = {u.name: u for u in told.unit}, {r.name for r in told.route}
    desks = {s.desk for r in told.route for s in r.step}
    for names, what in ((_twice(u.name for u in told.unit), "unit"), (_twice(u.code for u in told.unit), "unit code")):
        for name in names:
            yield f'two of the {what}s are called "{name}".', "Give each its own name and code."
    yield from _succession(told, units)
    kinds = {u.kind for u in told.unit}
    for procedure in told.procedure:
        if procedure.route and procedure.route not in routes:
            found = f'procedure {procedure.code}: no route is called "{procedure.route}".'
            yield f"{found}{nearest(procedure.route, routes)}", f"Known: {', '.join(sorted(routes))}."
    for kind in sorted(kinds - {p.kind for p in told.procedure}):
        yield f'no procedure is of kind "{kind}", which is that of a unit.', "Give it one, or the unit another kind."
    for at in sorted({s.at for r in told.route for s in r.step if s.at} - kinds):
        yield f'a step is done at units of kind "{at}", and there are none.{nearest(at, kinds)}', "Mend the kind."
    for staff in told.staff:
        if staff.unit not in units:
            yield f'staff: no unit is called "{staff.unit}".{nearest(staff.unit, units)}', "Mend its name."
        if staff.desk not in desks - {HANDING_OUT}:
            known = ", ".join(sorted(desks - {HANDING_OUT}))
            yield f'staff: no step is at desk "{staff.desk}".{nearest(staff.desk, desks)}', f"Known: {known}."
    for name in (n for n in told.lies.units if n not in units):
        yield f'lies: no unit is called "{name}".{nearest(name, units)}', "Mend its name."
    for outage in told.outage:
        for name in (n for n in outage.units if n not in units):
            yield f'outage: no unit is called "{name}".{nearest(name, units)}', "Mend its name."


def _succession(told: Scenario, units: dict[str, Unit]) -> Iterator[tuple[str, str]]:
    for unit in told.unit:
        if bool(unit.to_on) != bool(unit.successor):
            yield f'unit "{unit.name}": to_on and successor go together.', "Say both, or neither."
        elif unit.to_on and unit.successor not in units:
            found = f'unit "{unit.name}": its successor "{unit.successor}" is no unit.'
            yield f"{found}{nearest(unit.successor, units)}", "Mend its name."
        elif unit.to_on and ((units[unit.successor].from_on or told.from_on) - unit.to_on).days > 1:
            found = f'unit "{unit.name}" ends on {unit.to_on}, its successor begins later.'
            yield found, "Let it begin on the next day at the latest."
        elif unit.to_on and (units[unit.successor].to_on or told.to_on) <= unit.to_on < told.to_on:
            yield f'unit "{unit.name}": its successor has ended by then.', "Name the one that follows both."


def _twice(names: Iterator[str]) -> list[str]:
    seen: set[str] = set()
    return [n for n in names if n in seen or seen.add(n)]  # type: ignore[func-returns-value]
