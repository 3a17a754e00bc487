"""Setting an unpublished draft aside to correct what patients read; then merging it, or leaving it."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from wagtail.models import Page, Revision

from monographs.accounts.actors import contributor_of
from monographs.core.db_clock import database_now
from monographs.document.canonical import sha256_hex
from monographs.editions.contributions import contributors_since
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Edition
from monographs.editions.person import Person
from monographs.editions.queries import current_edition, public_edition
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import notifications
from monographs.review.actions.base import Action
from monographs.review.authorship.draft_follow import MergedDrafts, follow
from monographs.review.authorship.stored_passages import UNFOLLOWABLE
from monographs.review.contributors.direct import MadeRevision, revision_made_of, unfollowed_contributors
from monographs.review.contributors.indirect import people_who_deleted
from monographs.review.draft_merge.merge_conflict import ConflictAnswer
from monographs.review.draft_merge.page_merge import PageMerge, merge_contents
from monographs.review.models import DraftAuthorship, SetAsideDraft, SetAsideStatus
from monographs.review.policies.set_aside_policy import (
    open_set_aside,
    user_can_leave,
    user_can_merge,
    user_can_set_aside,
)
from monographs.review.publication.integrity import revision_matches_hash, revision_with
from monographs.review.publication.page_log import log_page_action
from monographs.review.record_locks import lock_rows

CHANGED_MEANWHILE = (
    "The draft was changed meanwhile, so nothing was done. Look at it as it is now, then decide again."
)
_REWRITTEN = (
    "The draft that was set aside is not what it was: somebody changed it in the database. Do not rely on "
    "it, and tell an operator."
)
_NO_BASE = (
    "None of the stored drafts of this page says what patients read (a name or a picture that it uses was "
    "changed since), so there is no draft to begin the correction with. Copy what you need from the "
    "unpublished draft and change it, or restore edition {} on the page’s history."
)


def content_sha256(revision: Revision) -> str:
    """Return the SHA-256 of the stored content of a revision."""
    return sha256_hex(json.dumps(revision.content, sort_keys=True).encode())


def merge_of(
    row: SetAsideDraft, page: ReviewedPage, answers: Mapping[str, ConflictAnswer] | None = None
) -> PageMerge:
    """Return the draft set aside and the latest one in one. Stores nothing.

    Raises ``PolicyError`` if the draft that was set aside was rewritten.
    """
    if content_sha256(row.revision) != row.content_sha256:
        raise PolicyError(Rule.STALE, _REWRITTEN)
    latest = page.latest_revision
    base, set_aside = row.base_revision.content, row.revision.content
    return merge_contents(base, set_aside, latest.content, type(page), answers)


class _DraftAction(Action[SetAsideDraft]):
    """An attempt on the draft of ``page``; ``seen`` is the revision that the user decided on."""

    def __init__(self, user: User, page: Page, *, seen: int | None = None) -> None:
        super().__init__(user)
        self.page: ReviewedPage = page.specific
        self.seen = seen

    def subject(self) -> uuid.UUID:
        return self.page.translation_key

    def lock_page(self) -> None:
        """Lock the page's record until the transaction ends, and read the page again."""
        lock_rows(self.page.translation_key)
        self.page = type(self.page).objects.select_related("latest_revision").get(pk=self.page.pk)

    def check_seen(self) -> None:
        """Refuse a draft that the user has not seen."""
        if self.page.latest_revision_id != self.seen:
            raise PolicyError(Rule.STALE, CHANGED_MEANWHILE)

    def open_row(self, pk: int) -> SetAsideDraft:
        """Return what is set aside. Raises ``PolicyError`` unless it is what the user saw."""
        row = open_set_aside(self.subject())
        if row is None or row.pk != pk:
            raise PolicyError(Rule.STALE, CHANGED_MEANWHILE)
        return row

    def log(self, revision: Revision, comment: str, *, changed: bool = True) -> None:
        """Add an entry to Wagtail's history of the page."""
        data = {"comment": comment}
        log_page_action(self.page, "wagtail.edit", self.user, revision.pk, data, changed=changed)


class SetAside(_DraftAction):
    """Set the draft of ``page`` aside; its next draft is what patients read.

    The user becomes no author: nothing is typed. Who wrote the draft is kept with it. Refused unless a stored
    draft says what patients read.
    """

    name = "set aside"

    def perform(self) -> SetAsideDraft:
        self.lock_page()
        user_can_set_aside(self.user, self.page).enforce()
        self.check_seen()
        edition = public_edition(self.page.translation_key)
        assert edition is not None  # noqa: S101  # the rule above has refused
        base = self._base(edition)
        unpublished = self.page.latest_revision
        authorship, removers = self._authorship(unpublished)
        unfollowed = [*unfollowed_contributors(self.subject(), edition), *removers]
        row = SetAsideDraft.objects.create(
            key=self.page.translation_key,
            revision=unpublished,
            base_revision=base,
            base_edition=edition,
            authorship=authorship,
            contributors=[p.as_record() for p in contributors_since(self.subject(), edition)],
            unfollowed=[p.as_record() for p in dict.fromkeys(unfollowed)],
            content_sha256=content_sha256(unpublished),
            by=self.user,
            setter=self.actor.as_record(),
        )
        with revision_made_of(MadeRevision(MergedDrafts(contributor_of(self.user)))):
            revision = base.as_object().save_revision(user=self.user, clean=False, previous_revision=base)
        if not revision_matches_hash(revision, edition.sha256):
            raise PolicyError(Rule.STALE, _NO_BASE.format(edition.number))
        self.log(revision, "The draft was set aside to correct the public text")
        append_entry(
            Event.DRAFT_SET_ASIDE,
            self.actor,
            {"set_aside": row.pk, "revision": unpublished.pk, "content_sha256": row.content_sha256},
            subject=row.key,
        )
        notifications.draft_set_aside(row, self.actor)
        return row

    def _base(self, edition: Edition) -> Revision:
        """Return the stored draft that says what patients read. Raises ``PolicyError`` if there is none."""
        live = self.page.live_revision
        found = live if live and revision_matches_hash(live, edition.sha256) else None
        found = found or revision_with(self.page, edition.sha256)
        if found is None:
            raise PolicyError(Rule.STALE, _NO_BASE.format(edition.number))
        return found

    def _authorship(self, unpublished: Revision) -> tuple[DraftAuthorship | None, list[Person]]:
        """Return the row of who wrote the draft, and who removed signed words; None if not followed.

        A content that bypassed revisions is the user's, as at submission.
        """
        try:
            draft = follow(self.page, unpublished.content, [contributor_of(self.user)])
            draft.store()
        except UNFOLLOWABLE:
            return None, []
        row = DraftAuthorship.objects.filter(key=self.subject()).order_by("-pk").first()
        return row, draft.people_who_removed


class MergeDraft(_DraftAction):
    """Merge the draft of ``page`` that is set aside into its latest draft, as one revision of the user.

    ``row`` is the primary key of what was set aside, ``answers`` are to its conflicts, by name. Refused while
    one is open, and if either draft is not the one that the user saw. Its words keep their authors.
    """

    name = "merge draft"

    def __init__(
        self, user: User, page: Page, *, row: int, seen: int, answers: Mapping[str, ConflictAnswer]
    ) -> None:
        super().__init__(user, page, seen=seen)
        self.row = row
        self.answers = answers

    def perform(self) -> SetAsideDraft:
        self.lock_page()
        user_can_merge(self.user, self.page).enforce()
        row = self.open_row(self.row)
        self.check_seen()
        merge = merge_of(row, self.page, self.answers)
        if merge.open:
            raise PolicyError(
                Rule.OPEN_CONFLICTS,
                f"{len(merge.open)} of {len(merge.conflicts)} conflicts are not answered, so nothing was "
                "merged. Choose a text for each.",
            )
        revision = self._save(row, merge)
        self._close(row, revision)
        return row

    def _save(self, row: SetAsideDraft, merge: PageMerge) -> Revision:
        draft = self.page.get_latest_revision_as_object().with_content_json(merge.content)
        try:
            with revision_made_of(self._made(row, chose=bool(merge.conflicts))):
                revision: Revision = draft.save_revision(user=self.user)
        except ValidationError as error:
            raise PolicyError(
                Rule.NOT_READY, f"The merged draft cannot be stored: {' '.join(error.messages)}"
            ) from error
        self.log(revision, "The draft set aside was merged")
        return revision

    def _made(self, row: SetAsideDraft, *, chose: bool) -> MadeRevision:
        """Return whose words the merged draft has. Without a row of authorship all of its people count.

        Who chose between texts decided what it says, as an author does; who deleted what the draft used
        changed what it says.
        """
        maker, everybody = contributor_of(self.user), tuple(row.people())
        merged = MergedDrafts(maker, row.authorship, chose)
        if row.authorship is None:
            return MadeRevision(merged, (*everybody, maker), everybody)
        deleted = people_who_deleted(row.revision.content, type(self.page))
        others = (*row.people(unfollowed_only=True), *deleted, *((maker,) if chose else ()))
        return MadeRevision(merged, tuple(dict.fromkeys(others)), everybody)

    def _close(self, row: SetAsideDraft, revision: Revision) -> None:
        _close(row, SetAsideStatus.MERGED, self.actor, merged_revision=revision)
        edition = current_edition(row.key)
        append_entry(
            Event.DRAFT_MERGED,
            self.actor,
            {
                "set_aside": row.pk,
                "revision": revision.pk,
                "answers": {name: answer.choice.value for name, answer in sorted(self.answers.items())},
                "after_edition": edition.number if edition else 0,
            },
            subject=row.key,
        )


class LeaveDraft(_DraftAction):
    """Leave the draft of ``page`` that is set aside in the history, for a reason, instead of merging it.

    ``row`` is the primary key of what was set aside. Nothing of it is in the latest draft, so nobody becomes
    an author; whoever brings it back from the history brings back its authors, too
    (``contributors/restored_drafts.py``).
    """

    name = "leave draft"

    def __init__(self, user: User, page: Page, *, row: int, reason: str) -> None:
        super().__init__(user, page)
        self.row = row
        self.reason = reason.strip()

    def perform(self) -> SetAsideDraft:
        self.lock_page()
        user_can_leave(self.user, self.page).enforce()
        row = self.open_row(self.row)
        if not self.reason:
            raise PolicyError(Rule.NO_REASON, "Say why the draft set aside is not merged.")
        _close(row, SetAsideStatus.LEFT, self.actor, reason=self.reason)
        self.log(row.revision, "The draft set aside was left in the history", changed=False)
        append_entry(
            Event.DRAFT_LEFT,
            self.actor,
            {"set_aside": row.pk, "revision": row.revision_id, "reason": self.reason},
            subject=row.key,
        )
        notifications.draft_left(row, self.actor)
        return row


def _close(row: SetAsideDraft, status: SetAsideStatus, closer: Person, **outcome: Any) -> None:
    """Close a draft set aside, by whom and how; ``outcome`` are further fields."""
    fields = {"status": status, "closed_at": database_now(), "closer": closer.as_record(), **outcome}
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
