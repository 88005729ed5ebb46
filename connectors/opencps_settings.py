"""What is told about a site of OpenCPS, [source.opencps]; sites differ in prefix, statuses and what they answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from config.mapping import StatusWord
from config.sources import Level
from connectors.access import Access
from connectors.manners import Manners
from connectors.words import OPENCPS


class Settings(Manners):
    """Every key has a default but ``group_id``; docs/connectors.md explains each."""

    prefix: str = "/o/rest/v2"
    group_id: Annotated[str, Field(pattern=r"^\d+$")]  # the site: header groupId of every request
    access: Access = Access(kind="basic")
    system_ids: str = "0,1,2"
    rows_a_page: Annotated[int, Field(ge=1, le=1000)] = 200
    window: Annotated[int, Field(ge=2)] = 10_000  # offsets beyond it are not answered
    rows_a_batch: Annotated[int, Field(ge=1)] = 2_000  # a slice of days that holds more is halved
    first_day: date = date(2015, 1, 1)  # nothing is older
    overlap_days: Annotated[int, Field(ge=0, le=366)] = 1  # lists are asked by day: read again at every pull
    rereads: Annotated[int, Field(ge=1, le=20)] = 4  # of a slice that came with holes
    agencies: tuple[str, ...] = ()  # govAgencyCode by which a day that is too full is split; else those that are seen
    #: Which of its numbers is the dossier's code. ``dossierId`` is there from the first day on and never changes;
    #: ``dossierNo`` is given at the counter only, so that who waits for acceptance would have none.
    code: Literal["dossierId", "referenceUid", "dossierNo"] = "dossierId"
    unit: Literal["govAgencyName", "govAgencyCode"] = "govAgencyName"
    #: Statuses without a date of receipt: asked by status; those turned down, by their last day too.
    waiting: tuple[str, ...] = ("receiving",)
    turned_down: tuple[str, ...] = ("denied",)
    statuses: dict[str, StatusWord] = {}
    halted: Literal["paused", "stopped"] = "paused"  # stopped without a closing date: the clock stands still
    not_accepted_after_receipt: Literal["refused", "not_accepted"] = "refused"
    levels: dict[str, Level] = {"UBND xã": "commune", "UBND phường": "commune", "UBND đặc khu": "commune"}
    level: Level | None = "province"
    by_post: tuple[str, ...] = ("2",)  # viaPostal: the result goes by post; anything else, over the counter
    steps: Literal["open_and_late", "none"] = "open_and_late"
    steps_a_pull: Annotated[int, Field(ge=0)] = 300  # one request a dossier; the next pull goes on behind the last
    calendar: bool = True  # compare its holidays and hours with ours, once a sweep, and say what differs
    may_lack: tuple[str, ...] = ()  # columns that may stop coming: the office knows why

    @property
    def words(self) -> dict[str, str]:
        """Give the table of statuses: the known words, and before them the site's own."""
        return OPENCPS | self.statuses

    @property
    def largest_slice(self) -> int:
        """Rows from which on a slice of days is halved; a list as long as the window may hide more."""
        return min(self.rows_a_batch, self.window - 1)
