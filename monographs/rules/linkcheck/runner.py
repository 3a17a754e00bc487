"""One round of asking: which addresses, in which order, and what is kept of it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import sleep
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from monographs.editions.models import Publication, PublicationState
from monographs.rules.draft_queries import drafts
from monographs.rules.linkcheck.client import LinkResponse, Manners, fetch_link
from monographs.rules.models import LinkCheck, LinkOutcome
from monographs.rules.text_index import TextIndex

#: How long an answer is believed; what failed is asked again sooner.
BELIEVED, BELIEVED_FAILING = timedelta(days=1), timedelta(hours=6)
#: Results of addresses that no text names any more are forgotten after this.
FORGOTTEN = timedelta(days=90)
#: Hosts asked at the same time; each host is asked one address after another, with a pause between.
HOSTS_AT_ONCE = 8
PAUSE_SECONDS = 1.0
LONGEST_ADDRESS: int = LinkCheck._meta.get_field("address").max_length or 0


class NetworkDown(Exception):
    """Nothing at all answered: more likely our fault than everybody's."""


@dataclass(slots=True)
class LinkCheckReport:
    """What came of a round: addresses in texts, how many were asked, and those that failed."""

    known: int = 0
    asked: int = 0
    failing: list[LinkCheck] = field(default_factory=list)


def manners() -> Manners:
    """How this service asks."""
    return Manners(
        reach_private=settings.LINK_CHECKS_REACH_PRIVATE,
        name=f"monographs-link-check (+{settings.WAGTAILADMIN_BASE_URL})",
    )


def addresses() -> set[str]:
    """Every web address in drafts and in what is public.

    A text in review or waiting for its day is the frozen draft of its page, so its addresses are here too.
    """
    return {
        link.address
        for reading in _readings()
        for link in reading.links
        if link.address.lower().startswith(("http://", "https://")) and len(link.address) <= LONGEST_ADDRESS
    }


def _readings() -> Iterator[TextIndex]:
    for draft in drafts():
        try:
            yield TextIndex(draft.to_document())
        except ValueError:  # a draft too unfinished to be a document has its own finding
            continue
    current = Publication.objects.filter(state=PublicationState.CURRENT).select_related("edition")
    for publication in current.iterator(chunk_size=100):
        yield TextIndex(publication.edition.document)


def check_links(*, everything: bool = False, pause: float = PAUSE_SECONDS) -> LinkCheckReport:
    """Ask what has not been asked lately, or all of it, and keep what came of it.

    Raises ``NetworkDown``, and keeps nothing, when two hosts or more were asked and nothing answered.
    """
    known, now = addresses(), timezone.now()
    waiting = known if everything else known - _believed(now)
    answers = _answers(waiting, pause)
    hosts = {urlsplit(address).hostname for address in answers}
    if len(hosts) > 1 and all(a.status is None and a.outcome == LinkOutcome.SILENT for a in answers.values()):
        raise NetworkDown(
            f"None of {len(answers)} addresses answered. This machine's network seems to be down; "
            "nothing was noted."
        )
    checks = [_kept(address, answer, now) for address, answer in sorted(answers.items())]
    LinkCheck.objects.filter(checked_at__lt=now - FORGOTTEN).exclude(address__in=known).delete()
    return LinkCheckReport(len(known), len(checks), [check for check in checks if check.failing])


def _believed(now: datetime) -> set[str]:
    """Addresses whose last answer still holds."""
    failing = Q(outcome__in=[LinkOutcome.GONE, LinkOutcome.SILENT])
    rows = LinkCheck.objects.filter(
        (~failing & Q(checked_at__gt=now - BELIEVED)) | (failing & Q(checked_at__gt=now - BELIEVED_FAILING))
    )
    return set(rows.values_list("address", flat=True))


def _answers(waiting: set[str], pause: float) -> dict[str, LinkResponse]:
    by_host: dict[str, list[str]] = {}
    for address in sorted(waiting):
        by_host.setdefault(urlsplit(address).netloc.lower(), []).append(address)
    how = manners()
    answers: dict[str, LinkResponse] = {}
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        for done in as_completed([pool.submit(_one_host, group, how, pause) for group in by_host.values()]):
            answers |= done.result()
    return answers


def _one_host(group: list[str], how: Manners, pause: float) -> dict[str, LinkResponse]:
    answers: dict[str, LinkResponse] = {}
    for number, address in enumerate(group):
        if number:
            sleep(pause)
        answers[address] = fetch_link(address, how)
    return answers


def _kept(address: str, answer: LinkResponse, now: datetime) -> LinkCheck:
    check = LinkCheck.objects.filter(address=address).first() or LinkCheck(address=address)
    was_failing = check.failing
    check.outcome, check.status, check.detail = answer.outcome, answer.status, answer.detail[:300]
    check.checked_at = now
    if not check.failing:
        check.first_failed_at = None
    elif not was_failing or check.first_failed_at is None:
        check.first_failed_at = now
    check.save()
    return check
