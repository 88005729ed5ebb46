"""What a dashboard process does once, before anybody asks: one diary for it, Streamlit and the server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import streamlit.logger
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse
from streamlit.runtime import app_session
from streamlit.runtime.backend_operation_handler import DeferredFileHandler

from config import diary, heaps, products
from dashboard import spared, watched

#: What Streamlit logs of a page that broke; ours has it, under its number (components.show_broken).
_TWICE: Final = ("streamlit.error_util", "Uncaught app execution")


def begin() -> None:
    """Take the diary over. Raises ConfigError for a form that it cannot have."""
    heaps.keep_small()
    products.alone()
    diary.begin("dashboard")
    streamlit.logger.setup_formatter = _ours  # its loggers come with a screen of their own, whenever one is made
    logging.getLogger(_TWICE[0]).addFilter(lambda record: record.msg != _TWICE[1])
    app_session.DeferredFileHandler = _Files  # type: ignore[attr-defined]
    spared.begin()


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Take the diary over once more: the server set its own up after this program was read."""
    diary.take_over()
    spared.at_once(asyncio.get_running_loop())
    diary.diary("dashboard").info("begun")
    yield
    diary.diary("dashboard").info("stopped")


def _ours(logger: logging.Logger) -> None:
    logger.propagate = True
    diary.take_over()


class _Files(DeferredFileHandler):
    """Make the files that readers ask for; of one that could not be made they are told the number of the incident."""

    async def handle(self, request: BackendOperationRequest, session_id: str) -> BackendOperationResponse:
        try:
            return await self._made(request)
        except Exception as error:
            told = watched.of_file(error)
            return BackendOperationResponse(request_id=request.request_id, error_msg=told)

    async def _made(self, request: BackendOperationRequest) -> BackendOperationResponse:
        found = BackendOperationResponse(request_id=request.request_id)
        files = self._get_media_file_mgr()
        found.deferred_file.url = await asyncio.to_thread(files.execute_deferred, request.deferred_file.file_id)
        return found
