"""Putting submissions into a bundle, taking one out, and returning all of them."""

import uuid
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import User

from monographs.accounts.actors import person_of
from monographs.core.db_clock import database_now
from monographs.editions.ledger import Event, append_entry
from monographs.editions.person import Person
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import notifications, policy
from monographs.review.actions.base import Action, Result, SubmissionAction
from monographs.review.actions.recall import return_review
from monographs.review.models import ReviewBundle, Submission
from monographs.review.policies.bundle_policy import (
    bundle_takes_more,
    submission_can_join,
    user_can_bundle,
    user_can_take_out,
)
from monographs.review.record_locks import lock_rows
from monographs.review.submission_state.bundle_progress import bundle_hash, first_member, members_of_bundle

#: Pages that a refusal names with their reasons; the screen shows all.
MOST_NAMED = 10


def new_bundle(user: User, title: str, identifier: uuid.UUID | None = None) -> ReviewBundle:
    """Store an empty bundle of ``user``, or return the one with ``identifier`` if it is there by now."""
    facts = {"title": title, "created_by": user, "creator": person_of(user).as_record()}
    return ReviewBundle.objects.get_or_create(
        uuid=identifier or uuid.uuid4(), defaults={**facts, "created_at": database_now()}
    )[0]


def lock_bundle(bundle: ReviewBundle) -> None:
    """Lock ``bundle``, after the pages' locks: no text joins or is signed until the transaction ends."""
    ReviewBundle.objects.select_for_update(no_key=True).get(pk=bundle.pk)


def join_bundle(submission: Submission, bundle: ReviewBundle, by: Person) -> None:
    """Put ``submission`` into ``bundle``; the caller has checked that it can join."""
    submission.bundle = bundle
    submission.save(update_fields=["bundle"])
    append_entry(Event.BUNDLED, by, _entry(submission, bundle), subject=submission.key)


def join_each(submissions: Sequence[Submission], bundle: ReviewBundle, by: Person) -> None:
    """Put ``submissions``, whose pages are locked, into ``bundle``.

    Raises ``PolicyError`` at the first one that cannot be signed as one with those before it.
    """
    chosen = Submission.objects.with_step().filter(pk__in=[each.pk for each in submissions])
    first, count = first_member(bundle)
    for submission in chosen.order_by("title", "pk"):
        submission_can_join(submission, first, count).enforce()
        join_bundle(submission, bundle, by)
        first, count = first or submission, count + 1


def _entry(submission: Submission, bundle: ReviewBundle) -> dict[str, str]:
    return {"submission": str(submission.uuid), "bundle": str(bundle.uuid), "title": bundle.title}


class MakeBundle(Action[ReviewBundle]):
    """Put ``submissions``, which are in review, into a new bundle.

    A form that is sent again, as by a double click, finds the bundle that it made.
    """

    name = "make a bundle"

    def __init__(self, user: User, submissions: Sequence[Submission], *, title: str) -> None:
        super().__init__(user)
        self.submissions = submissions
        self.title = " ".join(title.split())

    def subject(self) -> str:
        return "bundle"

    def lock_keys(self) -> Iterable[uuid.UUID]:
        return [submission.key for submission in self.submissions]

    def perform(self) -> ReviewBundle:
        lock_rows(*self.lock_keys())
        user_can_bundle(self.user).enforce()
        if not self.title:
            raise PolicyError(
                Rule.NO_REASON, "Say what changes on all of these pages; reviewers read it first."
            )
        if not self.submissions:
            raise PolicyError(Rule.NOT_IN_THE_BUNDLE, "Tick the texts to be signed as one.")
        if made_before := self._made_before():
            return made_before
        bundle = new_bundle(self.user, self.title)
        join_each(self.submissions, bundle, self.actor)
        return bundle

    def _made_before(self) -> ReviewBundle | None:
        """Return the bundle of the user with the title that has these texts and no others."""
        own = ReviewBundle.objects.filter(created_by=self.user, title=self.title)
        found = own.filter(submissions__in=self.submissions).first()
        members = members_of_bundle(found) if found else []
        return found if set(members) == set(self.submissions) else None


class AddToBundle(Action[ReviewBundle]):
    """Put further ``submissions``, which are in review, into ``bundle``, of which nothing is signed yet.

    One that is in it already, as after a double click, stays there.

    Who has the bundle on the screen must read it again before they can sign it.
    """

    name = "add to a bundle"

    def __init__(self, user: User, bundle: ReviewBundle, submissions: Sequence[Submission]) -> None:
        super().__init__(user)
        self.bundle = bundle
        self.submissions = submissions

    def subject(self) -> str:
        return f"bundle {self.bundle.pk}"

    def lock_keys(self) -> Iterable[uuid.UUID]:
        return [submission.key for submission in self.submissions]

    def perform(self) -> ReviewBundle:
        lock_rows(*self.lock_keys())
        lock_bundle(self.bundle)
        user_can_bundle(self.user).enforce()
        bundle_takes_more(self.bundle).enforce()
        if not self.submissions:
            raise PolicyError(Rule.NOT_IN_THE_BUNDLE, "Tick the texts that are put in.")
        inside = Submission.objects.filter(bundle=self.bundle).in_bulk()
        join_each([each for each in self.submissions if each.pk not in inside], self.bundle, self.actor)
        return self.bundle


class TakeOut(SubmissionAction[Submission]):
    """Take a submission out of ``bundle``; its review goes on by itself, with the signatures it has.

    One that is signed and scheduled needs a ``reason``, which its signers are told: they signed that all
    change together.
    """

    name = "take out of a bundle"

    def __init__(self, user: User, bundle: ReviewBundle, submission: Submission, *, reason: str = "") -> None:
        super().__init__(user, submission)
        self.bundle = bundle
        self.reason = reason.strip()

    def perform(self) -> Submission:
        submission = self.locked()
        user_can_take_out(self.user, self.bundle, submission).enforce()
        if submission.is_scheduled and not self.reason:
            raise PolicyError(
                Rule.NO_REASON,
                f"“{submission.title}” is signed, to become public with the others. Say why it is taken out; "
                "the signers are told.",
            )
        submission.bundle = None
        submission.save(update_fields=["bundle"])
        data = _entry(submission, self.bundle) | ({"reason": self.reason} if self.reason else {})
        append_entry(Event.UNBUNDLED, self.actor, data, subject=submission.key)
        if submission.is_scheduled:
            notifications.taken_out(submission, self.bundle, self.actor, self.reason)
        return submission


class MembersAction(Action[Result]):
    """An attempt on all submissions of a bundle, in one transaction."""

    def __init__(self, user: User, bundle: ReviewBundle) -> None:
        super().__init__(user)
        self.bundle = bundle

    def subject(self) -> str:
        return f"bundle {self.bundle.pk}"

    def lock_keys(self) -> Iterable[uuid.UUID]:
        return [member.key for member in members_of_bundle(self.bundle)]

    def locked_members(self) -> list[Submission]:
        """Return the bundle's submissions, with the records of their pages locked."""
        lock_rows(*(member.key for member in members_of_bundle(self.bundle)))
        lock_bundle(self.bundle)
        return members_of_bundle(self.bundle)


class BundleAction(MembersAction[list[Submission]]):
    """An attempt on the submissions that were on the screen.

    ``seen`` is the hash of their texts (``bundle_hash``). Other ones may be locked than those that are in
    the bundle now: then ``PolicyError`` is raised.
    """

    def __init__(self, user: User, bundle: ReviewBundle, *, seen: str) -> None:
        super().__init__(user, bundle)
        self.seen = seen

    def locked_members(self) -> list[Submission]:
        return self._as_seen(super().locked_members())

    def seen_members(self) -> list[Submission]:
        """Return the bundle's submissions. Raises ``PolicyError`` if other ones were on the screen."""
        return self._as_seen(members_of_bundle(self.bundle))

    def _as_seen(self, members: list[Submission]) -> list[Submission]:
        if not members:
            raise PolicyError(Rule.NOT_IN_THE_BUNDLE, "No text is left in this bundle.")
        if bundle_hash(members) != self.seen:
            raise PolicyError(
                Rule.STALE,
                "The bundle changed since you opened it: a text was taken out, or put in. Reload this page "
                "and read it again.",
            )
        return members


def refuse_together(refusals: Sequence[tuple[Submission, PolicyError]], consequence: str) -> None:
    """Raise one ``PolicyError`` that names each page with its reason, and pages of one reason together."""
    if not refusals:
        return
    by_message: dict[str, list[str]] = {}
    for submission, refusal in refusals[:MOST_NAMED]:
        by_message.setdefault(refusal.message, []).append(f"“{submission.title}”")
    reasons = " ".join(f"{', '.join(titles)}: {message}" for message, titles in by_message.items())
    more = len(refusals) - MOST_NAMED
    rest = f" And {more} more page{'' if more == 1 else 's'}: see the bundle." if more > 0 else ""
    raise PolicyError(refusals[0][1].rule, f"{consequence} {reasons}{rest}")


class ReturnBundle(BundleAction):
    """Return every submission of a bundle to its writer, with one reason."""

    name = "return a bundle"

    def __init__(self, user: User, bundle: ReviewBundle, *, seen: str, reason: str) -> None:
        super().__init__(user, bundle, seen=seen)
        self.reason = reason.strip()

    def perform(self) -> list[Submission]:
        members = self.locked_members()
        refusals = []
        for submission in members:
            verdict = policy.user_can_review(self.user, submission)
            if not verdict.allowed:
                rule = verdict.rule or Rule.NOT_ALLOWED_HERE
                refusals.append((submission, PolicyError(rule, verdict.message)))
        refuse_together(refusals, "Nothing was returned.")
        if not self.reason:
            raise PolicyError(Rule.NO_REASON, "Say what must be fixed; the writers read it first.")
        for submission in members:
            return_review(submission, self.user, self.reason)
        return members
