"""What an open page may say to the server: what pages of ours do, and none of what Streamlit offers developers beside.

Streamlit takes all of it from anybody who has a socket, signed in or not: among it to forget what the whole process
keeps made, and to tell in which repository the program lies.
"""

from __future__ import annotations

from typing import Final

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.app_session import AppSession

KINDS: Final = frozenset(
    ("rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "backend_operation_request")
)
#: Files that a page may ask places for at once; it has a place for one.
MOST_FILES: Final = 16
_heard: Final = AppSession.handle_backmsg


def may_be_said(message: BackMsg) -> bool:
    """Say whether a page of ours says such a thing."""
    kind = message.WhichOneof("type")
    return kind in KINDS and len(message.file_urls_request.file_names) <= MOST_FILES


def hold_to_it() -> None:
    """Let Streamlit not hear the rest."""
    AppSession.handle_backmsg = _hear  # type: ignore[method-assign]


def _hear(self: AppSession, msg: BackMsg) -> None:
    if may_be_said(msg):
        _heard(self, msg)
