"""What somebody who leaves has to hand over: pages, submitted texts, and reviews that they are asked for.

Reviews are of texts in review, and of pages whose next review is due.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from wagtail.models import Page

from monographs.editions.models import Contribution, Edition
from monographs.models import reviewed_page_models
from monographs.presentation.moments import long_day_text
from monographs.review.assignments import asked_reviews, in_force
from monographs.review.models import UNDER_WAY, SetAsideDraft, SetAsideStatus, Submission


class WorkKind(StrEnum):
    """The kind of work that is handed over; the value is part of names of form fields."""

    PAGE = "page"
    SUBMITTED = "submitted"
    REVIEW = "review"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A page, a submission or an assignment, by its primary key, that needs another person."""

    kind: WorkKind
    pk: int
    key: UUID
    title: str
    #: What about it is the leaver's, as a phrase.
    what: str

    @property
    def name(self) -> str:
        """The name of its form field."""
        return f"{self.kind}-{self.pk}"


def work_of(leaver: User) -> list[WorkItem]:
    """Return everything that ``leaver`` has to hand over. Nine queries."""
    return [*_pages(leaver), *_submitted(leaver), *_reviews(leaver), *_due_reviews(leaver)]


def locked_pages(leaver: User) -> QuerySet[Page]:
    """Return the pages that ``leaver`` has locked, which nobody else could edit once they are gone."""
    return Page.objects.filter(locked_by=leaver).order_by("title", "pk")


def pages_to_hand_over(leaver: User) -> Q:
    """Return the condition for pages that get a new owner: owned by ``leaver``, or by no active account."""
    return Q(owner=leaver) | Q(owner=None) | Q(owner__is_active=False)


def _pages(leaver: User) -> Iterable[WorkItem]:
    """Yield pages that the leaver owns, and drafts of pages without an active owner that they worked on.

    The latter have unpublished words of theirs, or are set aside and have words of theirs or were set aside
    by them.
    """
    standing = Contribution.objects.standing().filter(user_id=leaver.pk)
    wrote = dict(standing.order_by("after_edition").values_list("key", "after_edition"))
    newest = Edition.objects.filter(key__in=wrote).order_by("key", "-number").distinct("key")
    numbers = dict(newest.values_list("key", "number"))
    drafts = {key for key, after in wrote.items() if numbers.get(key, 0) == after}
    aside = {
        row.key: row.by_id == leaver.pk or leaver.pk in {person.id for person in row.people()}
        for row in SetAsideDraft.objects.filter(status=SetAsideStatus.OPEN)
    }
    theirs = drafts | {key for key, is_theirs in aside.items() if is_theirs}
    pages = Page.objects.filter(Q(owner=leaver) | Q(translation_key__in=theirs), pages_to_hand_over(leaver))
    reviewed = pages.type(*reviewed_page_models())
    # Values, not instances: these may be thousands
    columns = ("pk", "translation_key", "draft_title", "title", "owner_id", "has_unpublished_changes")
    for pk, key, draft_title, title, owner, changed in reviewed.order_by("title", "pk").values_list(*columns):
        is_draft = key in drafts and changed
        owned = owner == leaver.pk
        if owned or is_draft or aside.get(key):
            what = _what(is_draft=is_draft, owned=owned, aside=key in aside)
            yield WorkItem(WorkKind.PAGE, pk, key, draft_title or title, what)


def _what(*, is_draft: bool, owned: bool, aside: bool) -> str:
    """Return why a page is handed over, in words."""
    phrases = {
        "a draft with their words": is_draft,
        "the page is theirs": owned and not is_draft,
        "a draft that is set aside": aside,
    }
    return ", and ".join(phrase for phrase, holds in phrases.items() if holds)


def _submitted(leaver: User) -> Iterable[WorkItem]:
    for submission in _under_way().filter(submitted_by=leaver):
        what = f"submitted by them, {submission.get_status_display().lower()}"
        yield WorkItem(WorkKind.SUBMITTED, submission.pk, submission.key, submission.title, what)


def _reviews(leaver: User) -> Iterable[WorkItem]:
    for submission in _under_way().filter(reviewers=leaver):
        due = f", due {long_day_text(submission.due_on)}" if submission.due_on else ""
        what = f"they are asked to review it{due}"
        yield WorkItem(WorkKind.REVIEW, submission.pk, submission.key, submission.title, what)


def _due_reviews(leaver: User) -> Iterable[WorkItem]:
    for review in asked_reviews(in_force().filter(reviewer=leaver)):
        what = f"they are asked for its next review, due {long_day_text(review.assignment.due_on)}"
        yield WorkItem(WorkKind.DUE, review.assignment.pk, review.assignment.key, review.title, what)


def _under_way() -> QuerySet[Submission]:
    return Submission.objects.filter(status__in=UNDER_WAY).defer("canonical").order_by("title", "pk")
