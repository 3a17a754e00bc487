"""Public medicines whose next edition is in review, made without the public site's or Wagtail's screens."""

import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Barrier, Event, Thread
from time import sleep
from typing import Any

from django.db import connection
from django.utils import timezone

from devtools.synthetic.publisher import publish
from monographs.editions.models import Publication, Withdrawal
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import Sign, Withdraw
from monographs.review.models import Submission
from tests.factories import PASSWORD, edit, make_monograph, read_all, submit

#: Letters for hexadecimal digits: a made-up name must hold no unit, such as “cc”, and no number.
_LETTERS = str.maketrans("0123456789abcdef", "bdefghijklmnopqr")


@dataclass(frozen=True, slots=True)
class People:
    """Who writes, races to sign and races to withdraw."""

    writer: Any
    signer: Any
    withdrawer: Any


@dataclass(frozen=True, slots=True)
class Raced:
    """What is left of a page after a race: how each competitor ended, and what patients read."""

    ends: dict[str, str]
    state: str
    edition: int
    submission: str
    withdrawals: int

    @property
    def row(self) -> tuple[str, ...]:
        """The outcome as a row of the table."""
        return (*(f"{who}: {end}" for who, end in sorted(self.ends.items())), f"patients: {self.state}")


def page_in_review(people: People, *, publish_at: datetime | None = None) -> Submission:
    """Return a submission, read by the signer, of the second edition of a public medicine."""
    name = uuid.uuid4().hex[:14].translate(_LETTERS) + "umab"
    page = make_monograph(name, by=people.writer)
    publish(page.get_latest_revision_as_object().to_document())
    edit(MonographPage.objects.get(pk=page.pk), people.writer, how_it_works="An unsafe text.")
    submission = submit(MonographPage.objects.get(pk=page.pk), people.writer, publish_at=publish_at)
    read_all(submission, people.signer)
    return submission


def signing(people: People, submission: Submission) -> Callable[[], Any]:
    """Return the signer's attempt."""
    user = type(people.signer).objects.get(pk=people.signer.pk)
    return Sign(user, submission, password=PASSWORD, seen_sha256=submission.sha256).execute


def withdrawing(people: People, submission: Submission) -> Callable[[], Any]:
    """Return the withdrawer's attempt."""
    user = type(people.withdrawer).objects.get(pk=people.withdrawer.pk)
    act = Withdraw(
        user, submission.key, cause=WithdrawalReason.MISTAKE, note="Tenfold dose.", password=PASSWORD
    )
    return act.execute


def race(
    submission: Submission,
    starters: dict[str, tuple[float, Callable[[], Any]]],
    *,
    background: Sequence[Callable[[], Any]] = (),
    ended: Event | None = None,
) -> Raced:
    """Run each attempt in a thread of its own connection, after its delay in seconds.

    Each of ``background`` runs meanwhile, until ``ended`` is set.
    """
    ends: dict[str, str] = {}
    barrier = Barrier(len(starters) + len(background))

    def run(who: str, delay: float, attempt: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            sleep(delay)
            attempt()
            ends[who] = "done"
        except PolicyError as refusal:
            ends[who] = f"refused ({refusal.rule.value})"
        except Exception as error:  # the outcome that must not occur
            ends[who] = f"died ({type(error.__cause__ or error).__name__})"
        finally:
            connection.close()

    attempts = [Thread(target=run, args=(who, *start)) for who, start in starters.items()]
    others = [
        Thread(target=run, args=(f"scheduler {n}", 0, repeated)) for n, repeated in enumerate(background)
    ]
    for thread in (*attempts, *others):
        thread.start()
    for thread in attempts:
        thread.join()
    if ended:
        ended.set()
    for thread in others:
        thread.join()
    return _raced(submission, ends)


def _raced(submission: Submission, ends: dict[str, str]) -> Raced:
    publication = Publication.objects.select_related("edition").get(key=submission.key)
    return Raced(
        ends,
        publication.state,
        publication.edition.number,
        Submission.objects.get(pk=submission.pk).status,
        Withdrawal.objects.filter(key=submission.key).count(),
    )


def offsets(number: int, spread: float, seed: int) -> Iterator[tuple[float, float]]:
    """Yield ``number`` pairs of delays up to ``spread`` seconds, one of each pair zero."""
    chance = random.Random(seed)  # noqa: S311  # moments are no secrets
    for _ in range(number):
        delay = chance.uniform(-spread, spread)
        yield max(delay, 0.0), max(-delay, 0.0)


def now() -> datetime:
    """Return the present moment."""
    return timezone.now()
