"""Which due reviews people are asked for, and by whom each page is to be reviewed."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, QuerySet
from wagtail.models import Page

from monographs.accounts.actors import person_of
from monographs.core.db_clock import database_now, database_today
from monographs.document.canonical import canonical_json, sha256_hex
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Publication, PublicationState
from monographs.editions.person import Person
from monographs.review.models import UNDER_WAY, Absence, ReviewAssignment, Submission

#: The name of a list of what a user is asked for, in query strings.
MINE = "mine"


def in_force() -> QuerySet[ReviewAssignment]:
    """Return the assignments to a review that nobody has made yet, the earliest first."""
    due_then = Publication.objects.filter(
        key=OuterRef("key"), state=PublicationState.CURRENT, edition__next_due=OuterRef("due_on")
    )
    found = ReviewAssignment.objects.filter(Exists(due_then))
    return found.select_related("reviewer__reviewer_profile").order_by("due_on", "pk")


def assignments_by_page(keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, ReviewAssignment]:
    """Return the assignment in force of each page that has one. One query."""
    return {each.key: each for each in in_force().filter(key__in=list(keys))}


def waiting_for(user: User, away: Mapping[int, Absence]) -> QuerySet[ReviewAssignment]:
    """Return the due reviews that ``user`` is asked for, or stands in for, and that are not in review."""
    under_way = Submission.objects.filter(key=OuterRef("key"), status__in=UNDER_WAY)
    return in_force().filter(~Exists(under_way), reviewer__in=people_covered_by(user, away))


@dataclass(frozen=True, slots=True)
class AskedReview:
    """A due review that somebody is asked for, with the page's name and its row in the admin, if any."""

    assignment: ReviewAssignment
    title: str
    page_id: int | None

    @property
    def late(self) -> bool:
        """Whether the day has passed."""
        return self.assignment.due_on < database_today()


def asked_reviews(assignments: Iterable[ReviewAssignment]) -> list[AskedReview]:
    """Return ``assignments`` in force with what they are about. Two queries."""
    found = list(assignments)
    keys = [each.key for each in found]
    current = Publication.objects.filter(key__in=keys, state=PublicationState.CURRENT)
    titles = dict(current.values_list("key", "edition__title"))
    pages = page_ids_of(keys)
    return [AskedReview(each, titles.get(each.key, ""), pages.get(each.key)) for each in found]


def page_ids_of(keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return the primary keys of the pages that the admin still has. One query."""
    pages = Page.objects.filter(translation_key__in=list(keys), alias_of=None)
    return dict(pages.values_list("translation_key", "pk"))


def people_covered_by(user: User, away: Mapping[int, Absence]) -> list[int]:
    """Return the accounts whose work ``user`` sees as theirs: their own, and those they stand in for."""
    return [user.pk, *(pk for pk, absence in away.items() if absence.delegate_id == user.pk)]


def counts_by_reviewer(people: Collection[int]) -> dict[int, int]:
    """Return how many due reviews each of ``people`` is asked for. One query."""
    found = in_force().filter(reviewer__in=people).order_by()
    return dict(found.values_list("reviewer_id").annotate(Count("pk")))


def assignment_stamp(key: uuid.UUID, due_on: date, reviewer: User | None) -> str:
    """Return the hash of who is asked for which review, by which a change made meanwhile is noticed."""
    return sha256_hex(canonical_json([str(key), due_on.isoformat(), reviewer.pk if reviewer else None]))


def store_assignment(
    actor: Person, key: uuid.UUID, due_on: date, *, before: User | None, after: User | None
) -> None:
    """Ask ``after`` for the review of a page instead of ``before``, with an entry in the ledger.

    Who calls it has decided that they can be asked, and holds the lock of the page.
    """
    if after:
        terms = {"due_on": due_on, "reviewer": after, "assigned_at": database_now()}
        ReviewAssignment.objects.update_or_create(key=key, defaults=terms)
    else:
        ReviewAssignment.objects.filter(key=key).delete()
    data = {
        "due_on": due_on.isoformat(),
        "before": person_of(before).as_record() if before else None,
        "after": person_of(after).as_record() if after else None,
    }
    append_entry(Event.REVIEW_ASSIGNED, actor, data, key)


def forget_finished() -> int:
    """Delete the assignments to reviews that were made, or are not due any more; return how many."""
    finished = ReviewAssignment.objects.exclude(pk__in=in_force().order_by().values("pk"))
    deleted, _ = finished.delete()
    return deleted
