"""A drawing that stands ready: what a part of a page said to the browser, kept and said again without being drawn.

A part is drawn once, its messages are noted, and whoever asks the same again is told the same messages. What belongs to
one session alone (``live``: files that are offered, what waits for a browser) is done anew each time, in its place.
A part that broke, that wrote to the address or that listens to its reader (a callback, a choice made in it) is never
kept. Who may see what is the caller's key (dashboard.drawn); this module only says again what was said.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from streamlit.cursor import RunningCursor
from streamlit.delta_generator import DeltaGenerator
from streamlit.delta_generator_singletons import context_dg_stack
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext, get_script_run_ctx
from streamlit.runtime.state.common import WidgetMetadata, unpack_widget_state_value
from streamlit.runtime.state.session_state import Serialized, SessionState

#: Bytes of messages that are kept at most, and how many states of the figures they may be of.
MOST_BYTES: Final = 96 * 1024 * 1024
STATES: Final = 2
#: Messages that say the same whoever hears them, and that the server itself remembers nothing of.
KEPT: Final = ("delta", "logo", "page_config_changed")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next element stands: in which container, under which blocks, as which of them."""

    root: int
    parents: tuple[int, ...]
    index: int


@dataclass(frozen=True, slots=True)
class _Live:
    """What is done anew, and where."""

    place: Place
    call: Callable[[], object]


@dataclass(frozen=True, slots=True)
class _Untouched:
    """A widget, its key, and what its state is while nobody touched it."""

    about: WidgetMetadata[Any]
    key: str | None
    value: Any


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a part said, the widgets in it, where what follows it stands, and how many bytes that is."""

    steps: tuple[ForwardMsg | _Live, ...]
    widgets: Mapping[str, _Untouched]
    end: int
    size: int


@dataclass(slots=True)
class _Noted:
    """What is noted while a part is drawn. ``kept`` False: it will not be said again."""

    steps: list[ForwardMsg | _Live] = field(default_factory=list)
    live: set[str] = field(default_factory=set)  # widgets that are registered anew each time
    kept: bool = True
    aside: bool = False


@dataclass(slots=True)
class _Shelf:
    """Drawings by state of the figures and key, the longest unasked first; how many bytes they are, and the newest
    states that they are of, the newest last."""

    drawings: OrderedDict[tuple[str, Hashable], Drawing] = field(default_factory=OrderedDict)
    size: int = 0
    states: list[str] = field(default_factory=list)
    one: Lock = field(default_factory=Lock)

    def find(self, key: tuple[str, Hashable]) -> Drawing | None:
        with self.one:
            found = self.drawings.get(key)
            if found is not None:
                self.drawings.move_to_end(key)
            return found

    def keep(self, key: tuple[str, Hashable], made: Drawing) -> None:
        """Keep a drawing; the longest unasked ones go, and those of states of the figures that have passed."""
        with self.one:
            self._drop(key)
            self._heed(key[0])
            self.drawings[key] = made
            self.size += made.size
            while self.size > MOST_BYTES and len(self.drawings) > 1:
                self._drop(next(iter(self.drawings)))

    def forget(self) -> None:
        with self.one:
            self.drawings.clear()
            self.states.clear()
            self.size = 0

    def _heed(self, state: str) -> None:
        if not state or self.states[-1:] == [state]:
            return
        self.states = [*(each for each in self.states if each != state), state][-STATES:]
        for old in [key for key in self.drawings if key[0] and key[0] not in self.states]:
            self._drop(old)

    def _drop(self, key: tuple[str, Hashable]) -> None:
        gone = self.drawings.pop(key, None)
        self.size -= gone.size if gone else 0


_NOTED: Final[ContextVar[_Noted | None]] = ContextVar("noted", default=None)
_shelf: Final = _Shelf()


def shown(version: str, key: Hashable, draw: Callable[[], None]) -> bool:
    """Say what ``draw`` said when it was last asked under ``key`` about this state of the figures ("": about none), or
    draw and note it; give whether it stood ready."""
    ctx = get_script_run_ctx()
    if ctx is None or _NOTED.get() is not None or ctx.fragment_ids_this_run:
        draw()
        return False
    place = _here()
    whole = version, (place, ctx.page_script_hash, key)
    drawing = _shelf.find(whole)
    if drawing is not None and _is_untouched(drawing, ctx):
        _say(drawing, ctx)
        return True
    known = ctx.shared.widget_ids_this_run.snapshot()
    with _noting(ctx) as noted:
        draw()
    if noted.kept and (made := _made(noted, ctx, known)) is not None:
        _shelf.keep(whole, made)
    return False


def live(call: Callable[[], object]) -> None:
    """Do what belongs to this session alone, now and whenever the part round it is said again."""
    noted, ctx = _NOTED.get(), get_script_run_ctx()
    if noted is None or noted.aside or ctx is None:
        call()
        return
    before = ctx.shared.widget_ids_this_run.snapshot()
    noted.steps.append(_Live(_here(), call))
    noted.aside = True
    try:
        call()
    finally:
        noted.aside = False
        noted.live |= ctx.shared.widget_ids_this_run.snapshot() - before


def spoil() -> None:
    """Let what is being drawn not be kept: something in it broke, or is of this moment alone."""
    noted = _NOTED.get()
    if noted is not None and not noted.aside:
        noted.kept = False


def forget() -> None:
    """Forget every drawing."""
    _shelf.forget()


def size() -> int:
    """Say how many bytes of messages are kept."""
    return _shelf.size


def _cursor() -> RunningCursor:
    """Give where the next element is to stand."""
    cursor = context_dg_stack.get()[-1]._cursor
    if not isinstance(cursor, RunningCursor):
        raise RuntimeError("a part of a page is drawn where no page is")
    return cursor


def _here() -> Place:
    cursor = _cursor()
    return Place(cursor.root_container, tuple(cursor.parent_path), cursor.index)


@contextmanager
def _noting(ctx: ScriptRunContext) -> Iterator[_Noted]:
    """Note every message of this run until the block ends; one that is no element or block says the part is not ours to
    keep."""
    noted, told = _Noted(), ctx.enqueue

    def noting(msg: ForwardMsg) -> None:
        if not noted.aside:
            noted.kept &= msg.WhichOneof("type") in KEPT
            noted.steps.append(msg)
        told(msg)

    token = _NOTED.set(noted)
    ctx.enqueue = noting  # type: ignore[method-assign]
    try:
        yield noted
    finally:
        del ctx.enqueue
        _NOTED.reset(token)


def _made(noted: _Noted, ctx: ScriptRunContext, known: frozenset[str]) -> Drawing | None:
    """Give what was noted as a drawing; None where a widget in it calls back, or shows what its reader chose."""
    state = _state(ctx)
    widgets = {}
    for name in ctx.shared.widget_ids_this_run.snapshot() - known - noted.live:
        about: WidgetMetadata[Any] | None = state.get_widget_metadata(name)
        if about is None:  # what only has a name of its own: nothing is told of it
            continue
        if about.callback is not None or about.callbacks:
            return None
        untouched = _Untouched(about, state._key_id_mapper.id_key_mapping.get(name), about.deserializer(None))
        if state[name] != untouched.value:
            return None
        widgets[name] = untouched
    told = sum(each.ByteSize() for each in noted.steps if isinstance(each, ForwardMsg))
    return Drawing(tuple(noted.steps), widgets, _here().index, told)


def _state(ctx: ScriptRunContext) -> SessionState:
    return ctx.session_state._state


def _is_untouched(drawing: Drawing, ctx: ScriptRunContext) -> bool:
    """Say whether the reader did nothing in the part: of each widget the browser says what it was drawn with."""
    state = _state(ctx)
    for name, each in drawing.widgets.items():
        told = state._new_widget_state.states.get(name)
        if told is None:
            if name in state._old_state and state._old_state[name] != each.value:
                return False
            continue
        value = (
            each.about.deserializer(unpack_widget_state_value(told.value))
            if isinstance(told, Serialized)
            else told.value
        )
        if value != each.value:
            return False
    return True


def _say(drawing: Drawing, ctx: ScriptRunContext) -> None:
    """Say it again, and let what follows stand behind it."""
    cursor = _cursor()
    for each in drawing.steps:
        if isinstance(each, ForwardMsg):
            ctx.enqueue(each)
        else:
            _do(each)
    for name, widget in drawing.widgets.items():
        ctx.shared.widget_ids_this_run.check_and_add(name)
        ctx.session_state.register_widget(widget.about, widget.key)
    cursor._index = drawing.end


def _do(step: _Live) -> None:
    place = step.place
    cursor = RunningCursor(place.root, place.parents)
    cursor._index = place.index
    with DeltaGenerator(root_container=place.root, cursor=cursor):
        step.call()
