"""Changing the drafts of many pages into one bundle, each in a transaction, and what became of each."""

import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page

from monographs.core.posted_keys import KEY, posted_key
from monographs.core.users import authenticated_user
from monographs.document.canonical import canonical_json
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions.change_draft import ChangeDraft
from monographs.review.models import ReviewBundle
from monographs.review.policies.bundle_policy import bundle_takes_more

#: Pages that one request changes and submits, within the time that servers before us wait; then the editor
#: continues with the rest.
MOST_AT_ONCE = 25
#: Drafts that are not ready say more than fits a list.
_LONGEST_REASON = 400

#: A ticked page and the revision of its draft that was shown, by primary key, and a stamp of what else was.
_TICKED = re.compile(rf"({KEY}):({KEY})(?::([0-9a-f]{{1,64}}))?")
#: The field of a form that differs each time it is shown.
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # a name
#: Namespace of the bundles of posted forms.
_FORMS = uuid.UUID("5f0f9a52-3a4e-4b5e-9a53-0c7a6f2f7d11")

#: Returns the action for a page, which puts it into a bundle.
MakeAction = Callable[[Page, ReviewBundle], ChangeDraft]


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """The result for a page: refused with ``reason``, or in review (an empty reason)."""

    title: str
    url: str
    reason: str = ""


class TickedPage(NamedTuple):
    """What the screen showed of a ticked page: the revision of its draft, and a stamp of all else."""

    revision: int
    seen: str


def page_choice(page: Page, seen: str = "") -> str:
    """Return what a form sends for ``page``, as ``ticked_pages`` reads it."""
    return ":".join(filter(None, [str(page.pk), str(page.latest_revision_id), seen]))


def ticked_pages(values: Iterable[str]) -> dict[int, TickedPage]:
    """Return what was shown of the ticked pages, by primary key, without what no form of ours sends."""
    found = (match for value in values if (match := _TICKED.fullmatch(value)))
    return {int(match[1]): TickedPage(int(match[2]), match[3] or "") for match in found}


def own_bundle(request: HttpRequest) -> ReviewBundle:
    """Return the bundle that the posted form continues, or else its own, which may not be stored yet.

    A form has the same bundle however often it is sent: a double click makes one of it.
    """
    user = authenticated_user(request)
    own = ReviewBundle.objects.filter(created_by=user)
    continued = own.filter(pk=posted_key(request.POST.get("bundle", ""))).first()
    posted = sorted((name, values) for name, values in request.POST.lists() if name != _TOKEN)
    return continued or _bundle_of(user, canonical_json([user.pk, request.path, posted]).decode())


def _bundle_of(user: User, form: str) -> ReviewBundle:
    """Return the bundle of ``user`` that follows from ``form``: the one that is stored, or one to store."""
    facts = {"uuid": uuid.uuid5(_FORMS, form), "created_by": user}
    return ReviewBundle.objects.filter(**facts).first() or ReviewBundle(**facts)


@dataclass
class DraftBatch:
    """One change on many pages; all join ``bundle``, stored by the first if it is new.

    A bundle that takes no more is left for a new one; ``left_bundle`` says why then.
    """

    user: User
    bundle: ReviewBundle
    left_bundle: str = ""

    def change(self, actions: Sequence[tuple[int, MakeAction]]) -> dict[str, Any]:
        """Change the first pages (by primary key), and return what became of them, for ``outcome.html``."""
        outcomes = [self._changed(pk, make) for pk, make in actions[:MOST_AT_ONCE]]
        return {
            "done": [outcome for outcome in outcomes if not outcome.reason],
            "refused": [outcome for outcome in outcomes if outcome.reason],
            "bundle": self.bundle if self.bundle.pk else None,
            "left_bundle": self.left_bundle,
            "later": len(actions[MOST_AT_ONCE:]),
            "waiting": {pk for pk, _ in actions[MOST_AT_ONCE:]},
        }

    def _changed(self, pk: int, make: MakeAction) -> PageOutcome:
        page = Page.objects.filter(pk=pk).first()
        if page is None or not issubclass(page.specific_class or Page, ReviewedPage):
            return PageOutcome("A page", reverse("bundles:list"), "There is no such page any more.")
        edit = partial(PageOutcome, page.title, reverse("wagtailadmin_pages:edit", args=[page.pk]))
        self._leave_bundle_that_takes_no_more()
        try:
            submission = make(page, self.bundle).execute()
        except PolicyError as refusal:
            long = refusal.rule == Rule.NOT_READY
            return edit(refusal.message[:_LONGEST_REASON] if long else refusal.message)
        self.bundle = submission.bundle or self.bundle
        return PageOutcome(page.title, reverse("review:review", args=[submission.pk]))

    def _leave_bundle_that_takes_no_more(self) -> None:
        while self.bundle.pk and not (verdict := bundle_takes_more(self.bundle)).allowed:
            self.bundle, self.left_bundle = _bundle_of(self.user, str(self.bundle.uuid)), verdict.message
