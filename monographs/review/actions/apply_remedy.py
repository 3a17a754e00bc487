"""Writing the remedy of a house rule into a page's draft, as a new revision."""

import uuid

from django.contrib.auth.models import User

from monographs.editions.queries import current_edition
from monographs.imports.draft_writer import save_draft_row
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions.base import Action
from monographs.review.policies.remedy_policy import user_can_apply_remedy
from monographs.rules.band_choice import BandChoice
from monographs.rules.draft_check import DraftCheck, check_draft
from monographs.rules.finding import Finding
from monographs.rules.remedy_text import apply_to_page
from monographs.rules.rule import AnyRemedy
from monographs.rules.source_choice import SourceChoice

_GONE = "The text has changed meanwhile, so nothing was replaced. Look at the findings as they are now."
_ELSEWHERE = (
    "These words are not in a field of this page (a name is taken from the page it belongs to), or stand in "
    "several places. Nothing was replaced; change them in the editor."
)


class ApplyRemedy(Action[AnyRemedy]):
    """Apply the remedy with this ``number`` that the rule ``rule`` offers at one place.

    The place is known by ``fingerprint``; ``offer`` is what the button said (empty: not compared). Refused
    unless what it replaces is still there exactly, and unless nothing else of the text changes.
    """

    name = "apply remedy"

    def __init__(
        self,
        user: User,
        page: ReviewedPage,
        *,
        rule: str,
        fingerprint: str,
        number: int = 0,
        offer: str = "",
    ) -> None:
        super().__init__(user)
        self.page = page
        self.rule, self.fingerprint, self.number, self.offer = rule, fingerprint, number, offer

    def subject(self) -> uuid.UUID:
        return self.page.translation_key

    def perform(self) -> AnyRemedy:
        page = type(self.page).objects.get(pk=self.page.pk)
        user_can_apply_remedy(self.user, page).enforce()
        draft: ReviewedPage = page.get_latest_revision_as_object()
        before = _checked(draft)
        remedy = self._remedy(finding := self._finding(before))
        if not apply_to_page(draft, finding.anchor, remedy):
            raise PolicyError(Rule.NOT_ALLOWED_HERE, _ELSEWHERE)
        if not _is_all_that_changed(remedy, before, _checked(draft)):
            raise PolicyError(Rule.NOT_ALLOWED_HERE, _ELSEWHERE)
        save_draft_row(draft)
        draft.save_revision(user=self.user, clean=False, log_action=True, changed=True)
        return remedy

    def _finding(self, check: DraftCheck) -> Finding:
        for finding in check.findings():
            if (finding.rule, finding.fingerprint) == (self.rule, self.fingerprint):
                return finding
        raise PolicyError(Rule.STALE, _GONE)

    def _remedy(self, finding: Finding) -> AnyRemedy:
        if not 0 <= self.number < len(finding.remedies):
            raise PolicyError(Rule.STALE, _GONE)
        remedy = finding.remedies[self.number]
        if self.offer not in ("", remedy.offer):
            raise PolicyError(Rule.STALE, _GONE)
        if remedy.only_shown:
            raise PolicyError(
                Rule.NOT_ALLOWED_HERE, "This is a proposal only. Write it in the editor if it is right."
            )
        return remedy


def _checked(draft: ReviewedPage) -> DraftCheck:
    edition = current_edition(draft.translation_key)
    return check_draft(draft, published=edition.document if edition else None)


def _is_all_that_changed(remedy: AnyRemedy, before: DraftCheck, after: DraftCheck) -> bool:
    if isinstance(remedy, BandChoice | SourceChoice):
        return before.document is not None and remedy.chosen_in(before.document) == after.document
    return _changed_passages(before, after) == [(remedy.passage, remedy.applied)]


def _changed_passages(before: DraftCheck, after: DraftCheck) -> list[tuple[str, str]] | None:
    """Return the passages that differ, as they were and as they are; None if one was added or lost."""
    if before.index is None or after.index is None:
        return None
    old, new = before.index.passages, after.index.passages
    if [p.anchor for p in old] != [p.anchor for p in new]:
        return None
    return [(a.text, b.text) for a, b in zip(old, new, strict=True) if a.text != b.text]
