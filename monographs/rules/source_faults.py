"""What is wrong with sources of the library: why a text that shows one has to be looked at again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import Max

from monographs.core.db_clock import database_today
from monographs.label_watch.models import LabelCheck, LabelVersion
from monographs.presentation.moments import stored_day_text
from monographs.rules.models import LinkCheck
from monographs.source_library.identifiers import IdentifierScheme, UnknownIdentifier, normal_url
from monographs.source_library.models import LibrarySource


class SourceFaultKind(StrEnum):
    """A reason to look at a source again."""

    GONE = "gone"
    SUPERSEDED = "superseded"
    NEWER_LABEL = "newer_label"
    DEAD_LINK = "dead_link"
    MOVED = "moved"
    OLD = "old"
    #: Of an edition only: patients follow another address than the library's.
    OTHER_ADDRESS = "other_address"
    #: Of an edition only: its writer read the source before it had the library's date.
    RENEWED = "renewed"


#: Faults of what patients read, which a new edition settles although the library says the same.
OF_EDITIONS = frozenset({SourceFaultKind.OTHER_ADDRESS, SourceFaultKind.RENEWED})


@dataclass(frozen=True, slots=True)
class SourceFault:
    """One reason, with what makes it this one (``detail``) and a sentence for people."""

    kind: SourceFaultKind
    detail: str
    words: str

    def as_record(self) -> dict[str, Any]:
        """Plain data for a row."""
        return {"kind": self.kind.value, "detail": self.detail, "words": self.words}


def source_faults(sources: Iterable[LibrarySource]) -> dict[int, list[SourceFault]]:
    """Return what is wrong with each of ``sources``, by primary key, also of those that are right.

    Four queries, however many sources there are.
    """
    found = list(sources)
    newer = LibrarySource.objects.in_bulk({each.superseded_by_id for each in found} - {None})
    addresses = {each.address for each in found if each.address}
    links = {check.address: check for check in LinkCheck.objects.filter(address__in=addresses)}
    newest = _newest_versions({each.identifier for each in found if each.scheme == IdentifierScheme.SET_ID})
    today = database_today()
    faults: dict[int, list[SourceFault]] = {}
    for source in found:
        link = links.get(source.address)
        faults[source.pk] = [
            fault
            for fault in (
                _gone(source),
                _superseded(source, newer),
                _newer_label(source, newest),
                _dead_link(link) if link else None,
                _moved(link) if link else None,
                _old(source, today),
            )
            if fault
        ]
    return faults


def other_address(source: LibrarySource, shown: Iterable[str]) -> SourceFault | None:
    """Return that a page shows another web address of ``source`` than the library has."""
    if source.address in {*shown, ""}:
        return None
    return SourceFault(
        SourceFaultKind.OTHER_ADDRESS,
        source.address,
        f"the library has another address for it now: {source.address}",
    )


def renewed(source: LibrarySource, seen_on: date) -> SourceFault | None:
    """Return that ``source`` is of a later day than that on which the writer of a page read it."""
    if source.published_on is None or source.published_on <= seen_on:
        return None
    on = source.published_on
    return SourceFault(
        SourceFaultKind.RENEWED,
        on.isoformat(),
        f"it has a newer date, {stored_day_text(on)}; the page saw it on {stored_day_text(seen_on)}",
    )


def _gone(source: LibrarySource) -> SourceFault | None:
    if source.gone_since is None:
        return None
    since = source.gone_since
    words = f"it is withdrawn or retracted since {stored_day_text(since)}"
    return SourceFault(SourceFaultKind.GONE, since.isoformat(), words)


def _superseded(source: LibrarySource, newer: dict[int, LibrarySource]) -> SourceFault | None:
    if source.superseded_by_id is None:
        return None
    by = newer[source.superseded_by_id]
    return SourceFault(SourceFaultKind.SUPERSEDED, str(by.pk), f"it is superseded by “{by}”")


def _newest_versions(set_ids: set[str]) -> dict[str, int]:
    """Return the highest version of each label that is stored or that its source has named. Two queries."""
    stored = LabelVersion.objects.filter(set_id__in=set_ids).order_by()
    newest = dict(stored.values_list("set_id").annotate(Max("version")))
    named = LabelCheck.objects.filter(set_id__in=set_ids, newest_version__isnull=False)
    for set_id, version in named.values_list("set_id", "newest_version"):
        newest[set_id] = max(version, newest.get(set_id, 0))
    return newest


def _newer_label(source: LibrarySource, newest: dict[str, int]) -> SourceFault | None:
    version = newest.get(source.identifier, 0) if source.scheme == IdentifierScheme.SET_ID else 0
    if version <= int(source.version or 0):
        return None
    return SourceFault(
        SourceFaultKind.NEWER_LABEL,
        str(version),
        f"its label has version {version}, this is {source.version}",
    )


def _dead_link(link: LinkCheck) -> SourceFault | None:
    since = link.first_failed_at
    if not link.dead or since is None:
        return None
    said = link.detail or link.get_outcome_display().lower()
    return SourceFault(
        SourceFaultKind.DEAD_LINK,
        # With the day: an answer holds until it has answered again, not for the next time that it fails
        f"{link.address} {since:%Y-%m-%d}",
        f"its address has not answered since {stored_day_text(since)}: {said}",
    )


def _moved(link: LinkCheck) -> SourceFault | None:
    if not link.moved_to or _same_place(link.address, link.moved_to):
        return None
    return SourceFault(SourceFaultKind.MOVED, link.moved_to, f"it moved for good to {link.moved_to}")


def _same_place(address: str, other: str) -> bool:
    """Whether two addresses differ in scheme, “www.” or the last slash only, which needs no other text."""
    try:
        return normal_url(address) == normal_url(other)
    except UnknownIdentifier:
        return False


def _old(source: LibrarySource, today: date) -> SourceFault | None:
    limit = settings.SOURCE_YEARS.get(source.kind, 0)
    if not limit or source.published_on is None:
        return None
    on = source.published_on
    years = today.year - on.year - ((today.month, today.day) < (on.month, on.day))
    if years < limit:
        return None
    return SourceFault(SourceFaultKind.OLD, str(years), f"it is {years} years old, of {stored_day_text(on)}")
