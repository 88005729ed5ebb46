"""Unpack what was packed, within limits: a small file must not become a full memory."""

from __future__ import annotations

import gzip
import lzma
import zipfile
import zlib
from io import BytesIO
from typing import Final

from config.errors import SourceError

#: Unpacked bytes of one file. An export of ten million dossiers stays below it.
MOST_BYTES: Final = 2 * 1024**3
#: Tables shrink to a tenth, those of many copies to a hundredth; a bomb to a thousandth.
MOST_TIMES: Final = 250
#: Below this nothing is looked at: even a bomb would be harmless.
SMALL: Final = 64 * 1024**2
MOST_MEMBERS: Final = 1_000
_LOCKED: Final = 0x1


def gunzipped(data: bytes, name: str) -> bytes:
    """Give the content of gzip bytes, any other bytes as they are. Raises SourceError: cut off, or too big inside."""
    if data[:2] != b"\x1f\x8b":
        return data
    most = min(MOST_BYTES, max(SMALL, MOST_TIMES * len(data)))
    try:
        with gzip.open(BytesIO(data)) as packed:
            content = packed.read(most + 1)
    except (OSError, EOFError, zlib.error):
        raise SourceError(name, "is a cut off gzip file.", "Transfer it again.") from None
    if len(content) > most:
        raise _bomb(name, f"more than {most:,}", len(data))
    return content


def members(data: bytes, name: str) -> list[zipfile.ZipInfo]:
    """List the files of a zip archive, by name. Raises SourceError: damaged, locked, or too big inside as it says."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            listed = [m for m in archive.infolist() if not m.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        raise SourceError(name, "is a cut off or damaged zip file.", "Transfer it again.") from None
    if any(m.flag_bits & _LOCKED for m in listed):
        raise SourceError(name, "is locked with a password.", "Pack it again without one, or unpack it first.")
    if len(listed) > MOST_MEMBERS:
        raise SourceError(name, f"holds {len(listed)} files, more than {MOST_MEMBERS}.", "Unpack it first.")
    size = sum(m.file_size for m in listed)
    if size > MOST_BYTES or (size > SMALL and size > MOST_TIMES * len(data)):
        raise _bomb(name, f"{size:,}", len(data))
    return listed


def content(data: bytes, member: zipfile.ZipInfo, name: str) -> bytes:
    """Give one file of an archive. Raises SourceError when it is damaged, or larger than the archive says."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive, archive.open(member) as packed:
            return packed.read()  # stops at the declared size, and compares the checksum
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, lzma.LZMAError, RuntimeError, ValueError) as error:
        found = f"cannot be unpacked: {str(error).splitlines()[0][:120] or type(error).__name__}."
        raise SourceError(f"{name}/{member.filename}", found, "Pack it again as an ordinary zip file.") from None


def is_zip(data: bytes) -> bool:
    """Say whether these are the bytes of a zip archive; workbooks are some too."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def is_workbook(listed: list[zipfile.ZipInfo]) -> bool:
    """Say whether an archive is a workbook (.xlsx, .xlsb, .ods)."""
    return any(m.filename.startswith("xl/") or m.filename == "content.xml" for m in listed)


def _bomb(name: str, unpacked: str, packed: int) -> SourceError:
    found = f"would unpack to {unpacked} bytes from {packed:,}: that is no table."
    return SourceError(name, found, "If it truly is one, unpack it first, and load it in parts.")
