"""One round of link checks: which addresses, in which order, and what is saved."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from time import sleep
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q

from monographs.core.db_clock import database_now
from monographs.document.versions.stored_document import UnreadableDocument
from monographs.editions.models import Publication, PublicationState
from monographs.rules.draft_queries import drafts
from monographs.rules.linkcheck.client import ClientSettings, LinkResponse, fetch_link
from monographs.rules.models import LinkCheck, LinkOutcome
from monographs.rules.text_index import TextIndex
from monographs.source_library.models import LibrarySource

logger = logging.getLogger(__name__)

#: How long a result is valid; an address that failed is checked again sooner.
VALID_FOR, FAILURE_VALID_FOR = timedelta(days=1), timedelta(hours=6)
#: Results for addresses that are in no text any more are deleted after this.
DELETED_AFTER = timedelta(days=90)
#: Hosts checked in parallel; the addresses of one host are checked one after another, with a pause.
HOSTS_AT_ONCE = 8
PAUSE_SECONDS = 1.0
LONGEST_ADDRESS: int = LinkCheck._meta.get_field("address").max_length or 0


class NetworkDown(Exception):
    """No address answered at all: the network of this machine is probably down."""


@dataclass(slots=True)
class LinkCheckReport:
    """Result of a round: number of addresses in texts, number checked now, and those that fail."""

    known: int = 0
    checked: int = 0
    failing: list[LinkCheck] = field(default_factory=list)


def client_settings() -> ClientSettings:
    """Return the client settings of this service."""
    return ClientSettings(
        allow_private=settings.LINK_CHECKS_REACH_PRIVATE,
        user_agent=f"monographs-link-check/{settings.VERSION} (+{settings.WAGTAILADMIN_BASE_URL})",
    )


def addresses() -> set[str]:
    """Return every web address in drafts, in current editions and in the library of sources.

    A text that is in review or scheduled is the locked draft of its page, so its addresses are included.
    """
    library = LibrarySource.objects.exclude(address="").values_list("address", flat=True)
    in_texts = (link.address for text in _texts() for link in text.links)
    return {
        address
        for address in chain(library, in_texts)
        if address.lower().startswith(("http://", "https://")) and len(address) <= LONGEST_ADDRESS
    }


def _texts() -> Iterator[TextIndex]:
    for draft in drafts():
        try:
            yield TextIndex(draft.to_document())
        except ValueError:  # an incomplete draft; the rule ``unreadable-draft`` reports it
            continue
    current = Publication.objects.filter(state=PublicationState.CURRENT).select_related("edition")
    for publication in current.iterator(chunk_size=100):
        try:
            yield TextIndex(publication.edition.document)
        except UnreadableDocument as error:  # `ledger verify` reports one that is not just of a newer release
            logger.warning("links of %s are not checked: its text is %s", publication.path, error)


def check_links(*, everything: bool = False, pause: float = PAUSE_SECONDS) -> LinkCheckReport:
    """Check addresses whose last result is no longer valid, or with ``everything`` all, and save the results.

    Raises ``NetworkDown``, and saves nothing, when two hosts or more were requested and none answered.
    """
    known, now = addresses(), database_now()
    due = known if everything else known - _with_valid_result(now)
    responses = _responses(due, pause)
    hosts = {urlsplit(address).hostname for address in responses}
    if len(hosts) > 1 and all(
        a.status is None and a.outcome == LinkOutcome.SILENT for a in responses.values()
    ):
        raise NetworkDown(
            f"None of {len(responses)} addresses answered. This machine's network seems to be down; "
            "no result was saved."
        )
    checks = [_save_result(address, response, now) for address, response in sorted(responses.items())]
    LinkCheck.objects.filter(checked_at__lt=now - DELETED_AFTER).exclude(address__in=known).delete()
    return LinkCheckReport(len(known), len(checks), [check for check in checks if check.failing])


def _with_valid_result(now: datetime) -> set[str]:
    """Return addresses whose last result is still valid."""
    failing = Q(outcome__in=[LinkOutcome.GONE, LinkOutcome.SILENT])
    rows = LinkCheck.objects.filter(
        (~failing & Q(checked_at__gt=now - VALID_FOR)) | (failing & Q(checked_at__gt=now - FAILURE_VALID_FOR))
    )
    return set(rows.values_list("address", flat=True))


def _responses(due: set[str], pause: float) -> dict[str, LinkResponse]:
    by_host: dict[str, list[str]] = {}
    for address in sorted(due):
        by_host.setdefault(urlsplit(address).netloc.lower(), []).append(address)
    client = client_settings()
    responses: dict[str, LinkResponse] = {}
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        for done in as_completed(
            [pool.submit(_check_host, group, client, pause) for group in by_host.values()]
        ):
            responses |= done.result()
    return responses


def _check_host(group: list[str], client: ClientSettings, pause: float) -> dict[str, LinkResponse]:
    responses: dict[str, LinkResponse] = {}
    for number, address in enumerate(group):
        if number:
            sleep(pause)
        responses[address] = fetch_link(address, client)
    return responses


def _save_result(address: str, response: LinkResponse, now: datetime) -> LinkCheck:
    """Store what an address answered.

    That it does not let a program see disproves nothing: a dead address stays dead until it answers. Where it
    moved to holds until it answers otherwise, or is dead.
    """
    check = LinkCheck.objects.filter(address=address).first() or LinkCheck(address=address)
    was_failing = check.failing
    if check.dead and response.outcome in (LinkOutcome.UNCLEAR, LinkOutcome.NOT_ASKED):
        check.checked_at = now
        check.save()
        return check
    check.outcome, check.status, check.detail = response.outcome, response.status, response.detail[:300]
    check.checked_at = now
    if not check.failing:
        check.first_failed_at = None
    elif not was_failing or check.first_failed_at is None:
        check.first_failed_at = now
    if check.outcome == LinkOutcome.ANSWERS:
        check.moved_to = response.moved_to if len(response.moved_to) <= LONGEST_ADDRESS else ""
    elif check.dead:
        check.moved_to = ""
    check.save()
    return check
