"""What holds for every case: refused in plain words, or every row accounted for; never a traceback, never for long."""

from __future__ import annotations

import json
import re
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from config.errors import DunghanError
from metrics.dossier import COLUMNS, PLAIN, REJECTS, Dossier
from store.steps import STEPS
from tests.fuzz.case import Case
from tests.fuzz.ways import SECRETS, SESSION, WAYS, ZONE, Line, Outcome

SECONDS: Final = 5.0  # of processor, at 200 kB and below
MEGABYTES: Final = 600  # that one case may add to the most that was ever held
_LONGEST: Final = 3_000  # letters of a message
_DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
#: Reasons that docs/mapping.md and docs/connectors.md explain.
REASONS: Final = frozenset(
    re.findall(r"`([a-z_]+)`", "".join((_DOCS / f"{n}.md").read_text("utf-8") for n in ("mapping", "connectors")))
)
_TEXTS: Final = tuple(c for c, kind in PLAIN.items() if kind == pl.String and c not in ("status", "level", "channel"))
_JSON: Final = ("suspensions", "extensions")


def broken(case: Case, line: Line) -> tuple[str, ...]:
    """Feed the case to our reader and name every law that it breaks."""
    began, held = time.process_time(), _held()
    try:
        outcome: Outcome | BaseException = WAYS[case.way](case, line)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of a library in Rust is no Exception
        outcome = error
    took, more = time.process_time() - began, _held() - held
    found = [] if took <= SECONDS else [f"too slow: {took:.1f} s of processor for {len(case.data):,} bytes"]
    found += [] if more <= MEGABYTES else [f"too much: {more:,.0f} MB more for {len(case.data):,} bytes"]
    return tuple(found) + tuple(_refusal(case, outcome) if isinstance(outcome, BaseException) else _rows(case, outcome))


def digest(case: Case, line: Line) -> str:
    """Give what became of a case as one text: the same in every process."""
    try:
        done = WAYS[case.way](case, line)
    except DunghanError as error:
        return str(error).replace(line.url, "")
    frames = [f.write_json() for f in (*done.good, *done.rejects, *done.kept, *done.steps)]
    return "\n".join([*frames, str((done.merged, done.read, done.skipped)), *done.words])


def _held() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _refusal(case: Case, error: BaseException) -> Iterator[str]:
    if not isinstance(error, DunghanError):
        said = str(error).splitlines()[0][:300] if str(error) else ""
        yield f"traceback: {type(error).__name__}: {said}"
        return
    for name, told in (("place", error.place), ("found", error.found), ("next_step", error.next_step)):
        if not told.strip():
            yield f"a message without {name}"
    said = str(error)
    if len(said) > _LONGEST:
        yield f"a message of {len(said):,} letters"
    yield from _told(case, said, "the message")


def _told(case: Case, text: str, where: str) -> Iterator[str]:
    hidden = (*SECRETS.values(), SESSION, *([case.person] if case.person else []))
    yield from (f"{where} tells {word!r}" for word in hidden if word in text)


def _rows(case: Case, done: Outcome) -> Iterator[str]:
    if case.refused:
        yield "a file that is cut off was taken for a whole one"
    accounted = sum(f.height for f in (*done.good, *done.rejects)) + done.merged
    if done.read != accounted or done.merged < 0:
        yield f"{done.read} rows read, {accounted} accounted for ({done.merged} merged)"
    if done.laid is not None and done.laid - done.skipped != done.read:
        yield f"{done.laid} rows less {done.skipped} skipped are not {done.read} read"
    if case.rows is not None and done.read != case.rows:
        yield f"{case.rows} dossiers stand there, {done.read} were read"
    for frame in done.good:
        yield from _good(frame)
    for frame in done.rejects:
        yield from _rejected(frame)
    for frame in done.steps:
        if frame.schema != STEPS or frame["code"].null_count():
            yield f"steps are no steps: {frame.schema}"
    yield from _days(case, done)
    everything = "".join(f.write_json() for f in (*done.good, *done.rejects, *done.kept, *done.steps))
    yield from _told(case, everything + "".join(done.words), "what is kept")


def _good(frame: pl.DataFrame) -> Iterator[str]:
    if tuple(frame.columns) != COLUMNS or not Dossier.is_valid(frame):
        yield f"a good row is no dossier: {Dossier.filter(frame, cast=True)[1].counts()}"
    if frame["code"].n_unique() != frame.height:
        yield "a code stands on two good rows"
    texts = [c for c in _TEXTS if c not in _JSON]
    unclean = frame.select(_is_unclean(pl.col(c)).any() for c in texts).row(0)
    yield from (f"{c} is no clean text" for c, bad in zip(texts, unclean, strict=True) if bad)
    for column in _JSON:
        if any(not isinstance(json.loads(text), list) for text in frame[column].drop_nulls()):
            yield f"{column} is no list"


def _is_unclean(text: pl.Expr) -> pl.Expr:
    tidy = text.str.normalize("NFC").str.strip_chars()
    return (tidy != text) | (text == "") | text.str.contains(r"[\x00-\x1F]")


def _rejected(frame: pl.DataFrame) -> Iterator[str]:
    if frame.schema != REJECTS:
        yield f"refused rows are no REJECTS: {frame.schema}"
        return
    if frame["place"].null_count() or frame["raw"].null_count() or frame["found"].null_count():
        yield "a refused row says not where it stood, what stood there, or what was found"
    if frame.height and frame["reasons"].list.len().min() == 0:
        yield "a row is refused without a reason"
    if any("\x00" in text for name in ("place", "code", "found", "raw") for text in frame[name].drop_nulls()):
        yield "a refused row holds NUL, which PostgreSQL takes in no text"
    unknown = set(frame["reasons"].explode().drop_nulls()) - REASONS
    if unknown:
        yield f"reasons that no handbook explains: {sorted(unknown)}"
    if any(not isinstance(json.loads(raw), dict) for raw in frame["raw"].drop_nulls()):
        yield "the raw row of a refused one is no object"


def _days(case: Case, done: Outcome) -> Iterator[str]:
    """Compare the days of receipt with what the maker knows; a code may have been refused for something else."""
    if not case.days:
        return
    day = pl.col("received_at").dt.convert_time_zone(ZONE).dt.date().cast(pl.String)
    read = dict(pl.concat(done.good).select("code", day.fill_null("")).iter_rows())
    refused = {code for frame in done.rejects for code in frame["code"]}
    for code, right in case.days:
        if code not in read and code not in refused:
            yield f"{code} stands there, and is neither good nor refused"
        if code in read and read[code] != right:
            yield f"{code} was received on {right or 'a day that nobody can tell'}, read as {read[code]}"
