"""Fetch a file: settled bytes from disk, then a table of texts under its header. Nothing is interpreted here."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from config.errors import SourceError, nearest
from config.mapping import FileShape, Mapping
from connectors import delimited, unpacking, workbook
from connectors.base import RawTable
from connectors.headers import under_header, wanted_of

_UNFINISHED: Final = (".part", ".partial", ".crdownload", ".tmp", ".filepart")


def is_unfinished(name: str) -> bool:
    """Say whether a file has the name of one that is still being transferred or edited."""
    return name.lower().endswith(_UNFINISHED) or name.startswith(("~$", "."))


def read_settled(path: Path) -> bytes:
    """Read a file that nobody is writing. Raises ``SourceError``: absent, empty, unreadable, still growing."""
    place = path.name
    if is_unfinished(place):
        raise SourceError(place, "is still being transferred or edited.", "Load it when it has its name.")
    try:
        before = _state(path)
        time.sleep(0.05)
        data = path.read_bytes()
        after = _state(path)
    except IsADirectoryError:
        raise SourceError(place, "is a folder.", "Name one file in it.") from None
    except FileNotFoundError:
        raise SourceError(place, f"does not exist in {path.parent}.{_near(path)}", "Check the path.") from None
    except OSError as error:
        raise SourceError(place, f"cannot be read: {error.strerror}.", "Give the account read access.") from None
    if before != after or len(data) != after[0]:
        raise SourceError(place, "is still being written: it changed while being read.", "Load it when complete.")
    refuse_empty(data, place)
    return data


def refuse_empty(data: bytes, name: str) -> None:
    """Raise ``SourceError`` when there is nothing in a file but blanks and marks."""
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise SourceError(name, "is empty.", "Ask the source to export it again.")


def _state(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _near(path: Path) -> str:
    return nearest(path.name, [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else [])


def read_table(data: bytes, *, name: str, mapping: Mapping | None = None) -> RawTable:
    """Turn a workbook or delimited text into a raw table, by content. Raises ``SourceError``, ``MappingError``."""
    how = mapping.file if mapping else FileShape()
    data = unpacking.gunzipped(data, name)
    if is_workbook(data, how):
        return workbook.read(data, name=name, mapping=mapping)
    if _head(data).startswith(b"%pdf"):
        step = "Ask the vendor or the sender for an export to Excel (.xlsx) or CSV."
        raise SourceError(name, "is a PDF, not a table: what stands in which column cannot be told safely.", step)
    if is_page(data):
        raise SourceError(name, "is a web page or XML, not a table.", "Open it in Excel and save it as .xlsx.")
    grid, notes, wide = delimited.read(data, name, how, list(wanted_of(mapping)))
    return under_header(grid, name, mapping, notes, wide)


def is_workbook(data: bytes, how: FileShape) -> bool:
    """Say whether these bytes are to be read as a workbook: declared so, or by their first signs."""
    return how.format == "xlsx" or (how.format == "auto" and (unpacking.is_zip(data) or data[:4] == workbook.OLD))


def is_page(data: bytes) -> bool:
    """Say whether these are the bytes of a web page, XML or PDF, in whatever encoding."""
    return _head(data).startswith((b"<html", b"<table", b"<!doctype", b"<?xml", b"<meta", b"<style", b"<head", b"%pdf"))


def _head(data: bytes) -> bytes:
    """Give the first letters, small, without the marks and zeros of whatever encoding."""
    return data[:1024].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
