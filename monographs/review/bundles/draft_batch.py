"""Changing the drafts of many pages into one bundle, each in a transaction, and what became of each."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page

from monographs.core.posted_keys import KEY, posted_key
from monographs.core.users import authenticated_user
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

#: A ticked page and the revision of its draft that was shown, both by primary key.
_TICKED = re.compile(rf"({KEY}):({KEY})")

#: Returns the action for a page, which puts it into a bundle (None: a new one).
MakeAction = Callable[[Page, ReviewBundle | None], ChangeDraft]


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What became of a page: refused with ``reason``, or in review (an empty one)."""

    title: str
    url: str
    reason: str = ""


def page_choice(page: Page) -> str:
    """Return what a form sends for ``page``, as ``ticked_pages`` reads it."""
    return f"{page.pk}:{page.latest_revision_id}"


def ticked_pages(values: Iterable[str]) -> dict[int, int]:
    """Return the revisions of the ticked pages, both by primary key, without what no form of ours sends."""
    found = (match for value in values if (match := _TICKED.fullmatch(value)))
    return {int(match[1]): int(match[2]) for match in found}


def own_bundle(request: HttpRequest) -> ReviewBundle | None:
    """Return the bundle that the posted form continues; None to make one."""
    own = ReviewBundle.objects.filter(created_by=authenticated_user(request))
    return own.filter(pk=posted_key(request.POST.get("bundle", ""))).first()


@dataclass
class DraftBatch:
    """One change on many pages; all join ``bundle``, made by the first.

    A bundle that takes no more is left for a new one; ``left_bundle`` says why then.
    """

    user: User
    bundle: ReviewBundle | None
    left_bundle: str = ""

    def change(self, actions: Sequence[tuple[int, MakeAction]]) -> dict[str, Any]:
        """Change the first pages (by primary key), and return what became of them, for ``outcome.html``."""
        outcomes = [self._changed(pk, make) for pk, make in actions[:MOST_AT_ONCE]]
        return {
            "done": [outcome for outcome in outcomes if not outcome.reason],
            "refused": [outcome for outcome in outcomes if outcome.reason],
            "bundle": self.bundle,
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
        self.bundle = submission.bundle
        return PageOutcome(page.title, reverse("review:review", args=[submission.pk]))

    def _leave_bundle_that_takes_no_more(self) -> None:
        if self.bundle is None:
            return
        verdict = bundle_takes_more(self.bundle)
        if not verdict.allowed:
            self.bundle, self.left_bundle = None, verdict.message
