"""Who may sign that a page was reviewed and nothing has to change, and what contradicts it.

One set of rules for the list of due reviews, the screen and the action.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count

from monographs.accounts import signing_holds
from monographs.editions.conflicts import conflicts_by_page
from monographs.editions.contributions import (
    EditionAuthors,
    authors_of_editions,
    authors_of_included_texts,
)
from monographs.editions.models import Contribution, Edition, Publication, PublicationState, Signature
from monographs.editions.person import Person
from monographs.editions.signatures import ExcludedUsers, signatures_for
from monographs.pages.refusals import Rule
from monographs.presentation.moments import long_moment_text
from monographs.review import expert_policy
from monographs.review.draft_state.older_names import NameChange, older_names_in, older_names_message
from monographs.review.labels_of_pages.open_label_tasks import open_label_tasks_by_page
from monographs.review.models import (
    UNDER_WAY,
    MedicalReviewTask,
    Note,
    NoteStatus,
    ProposalStatus,
    RetirementProposal,
    SetAsideDraft,
    SetAsideStatus,
    Submission,
    Suggestion,
    SuggestionStatus,
)
from monographs.review.policies.bundle_policy import SIGNED_AS_ONE
from monographs.review.policy import (
    ALLOWED,
    IN_CONFLICT,
    INACTIVE,
    QUALIFICATION_MESSAGES,
    Verdict,
    members,
    qualification,
)
from monographs.review.signing_facts import SigningFacts, first_failed_rule
from monographs.review.sources_of_pages.open_source_tasks import open_source_tasks_by_page

#: Why an account cannot sign, where the message says nothing about it.
_MESSAGES = QUALIFICATION_MESSAGES | {
    Rule.INACTIVE: INACTIVE,
    Rule.CONFLICT_OF_INTEREST: IN_CONFLICT,
    Rule.NOT_VOUCHED: expert_policy.VOUCHED_FOR_SIGNER,
}


@dataclass(frozen=True, slots=True)
class UnchangedFacts:
    """What a page's review depends on, besides the reviewer.

    ``edition`` is what patients read, without its text; None if nothing is public. ``authors`` wrote it:
    everybody who contributed to any edition of the page, to a draft since, and to the standard texts in the
    edition. ``interested`` have a conflict of interest with it today. ``draft_differs`` says whether the
    draft says something else, apart from ``older_names``: those of other pages in ``edition`` that have
    changed.
    """

    edition: Edition | None = None
    submission: Submission | None = None
    proposal: RetirementProposal | None = None
    label_changes: int = 0
    source_tasks: int = 0
    open_notes: int = 0
    open_suggestions: int = 0
    draft_differs: bool = False
    older_names: tuple[NameChange, ...] = ()
    #: Whether a draft is set aside (``models.SetAsideDraft``).
    draft_set_aside: bool = False
    authors: tuple[Person, ...] = ()
    interested: tuple[Person, ...] = ()

    @property
    def is_waiting(self) -> bool:
        """Whether exactly this text is in review already and waits for signatures."""
        submission, edition = self.submission, self.edition
        return bool(submission and edition and submission.is_open and submission.sha256 == edition.sha256)


def facts_of_pages(keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, UnchangedFacts]:
    """Return the facts of each page. Thirteen queries, one if any has a standard text, one if an older name.

    Whether a draft differs is read from the last recorded change; ``draft_differs`` reads the draft.
    """
    wanted = list(keys)
    current = Publication.objects.filter(key__in=wanted, state=PublicationState.CURRENT)
    editions = {row.key: row.edition for row in current.select_related("edition").defer("edition__canonical")}
    submissions = Submission.objects.filter(key__in=wanted, status__in=UNDER_WAY).defer("canonical")
    proposals = RetirementProposal.objects.filter(key__in=wanted, status=ProposalStatus.OPEN)
    notes = Note.objects.filter(key__in=wanted, status=NoteStatus.OPEN).order_by()
    submission_of = {row.key: row for row in submissions}
    proposal_of = {row.key: row for row in proposals}
    label_tasks = open_label_tasks_by_page(wanted)
    source_tasks = open_source_tasks_by_page(wanted)
    counted = dict(notes.values_list("key").annotate(Count("pk")))
    suggestions = Suggestion.objects.filter(key__in=wanted, status=SuggestionStatus.OPEN).order_by()
    suggested = dict(suggestions.values_list("key").annotate(Count("pk")))
    with_draft_aside, left_at = _set_aside_drafts(wanted)
    authors, changes = _authors_of(wanted)
    included = authors_of_included_texts(editions.values())
    older = older_names_in(editions)
    conflicts = conflicts_by_page(wanted)
    return {
        key: UnchangedFacts(
            edition=edition,
            submission=submission_of.get(key),
            proposal=proposal_of.get(key),
            label_changes=len(label_tasks.get(key, ())),
            source_tasks=len(source_tasks.get(key, ())),
            open_notes=counted.get(key, 0),
            open_suggestions=suggested.get(key, 0),
            draft_differs=_differs(edition, changes.get(key), left_at.get(key)),
            older_names=older.get(key, ()),
            draft_set_aside=key in with_draft_aside,
            authors=tuple(dict.fromkeys((*authors.get(key, ()), *included.get(key, ())))),
            interested=tuple(conflict.person for conflict in conflicts.get(key, ())),
        )
        for key, edition in ((key, editions.get(key)) for key in wanted)
    }


def _set_aside_drafts(keys: list[uuid.UUID]) -> tuple[set[uuid.UUID], dict[uuid.UUID, datetime]]:
    """Return the pages with a draft set aside, and when that was set aside which is left in the history."""
    rows = SetAsideDraft.objects.filter(key__in=keys).exclude(status=SetAsideStatus.MERGED)
    found = list(rows.order_by("at").values_list("key", "status", "at"))
    return (
        {key for key, status, _ in found if status == SetAsideStatus.OPEN},
        {key: at for key, status, at in found if status == SetAsideStatus.LEFT},
    )


def _differs(edition: Edition | None, change: Contribution | None, left_at: datetime | None) -> bool:
    """Return whether the draft differs from ``edition`` since its last ``change``.

    Unless it was of a draft that was set aside then, and left in the history: the next one is what patients
    read.
    """
    if edition is None or change is None or change.sha256 == edition.sha256:
        return False
    return left_at is None or change.at > left_at


def _authors_of(
    keys: list[uuid.UUID],
) -> tuple[dict[uuid.UUID, list[Person]], dict[uuid.UUID, Contribution]]:
    """Return who wrote the text of each page, and its last change since the newest edition."""
    found = authors_of_editions(Edition.objects.filter(key__in=keys))
    authors = {key: list(each.people) for key, each in found.items()}
    changes: dict[uuid.UUID, Contribution] = {}
    for row in Contribution.objects.standing().filter(key__in=keys).order_by("pk"):
        if row.after_edition == found.get(row.key, EditionAuthors()).newest:
            authors.setdefault(row.key, []).append(row.person)
            changes[row.key] = row
    return {key: list(dict.fromkeys(people)) for key, people in authors.items()}, changes


def page_allows(facts: UnchangedFacts) -> Verdict:
    """Return whether “nothing to change” can be signed of a page as it is, whoever signs."""
    submission = facts.submission
    if facts.edition is None:
        return Verdict(
            False,
            Rule.NOT_PUBLIC,
            "Patients do not read this page now, so there is no text to review. Submit it instead.",
        )
    if submission and submission.is_scheduled and submission.publish_at:
        return Verdict(
            False,
            Rule.SCHEDULED,
            f"A signed text of this page becomes public on {long_moment_text(submission.publish_at)}: "
            "this one is about to be replaced.",
        )
    if submission and not facts.is_waiting:
        return Verdict(
            False, Rule.IN_REVIEW, "A changed text of this page is in review. Review that one instead."
        )
    refused = next(((rule, message) for found, rule, message in _obstacles(facts) if found), None)
    return Verdict(False, *refused) if refused else ALLOWED


def _obstacles(facts: UnchangedFacts) -> tuple[tuple[Any, Rule, str], ...]:
    """Return what contradicts “nothing to change”: whether it is so, the rule, and what to do first."""
    return (
        (
            facts.submission and facts.submission.bundle_id,
            Rule.IN_A_BUNDLE,
            SIGNED_AS_ONE,
        ),
        (
            facts.proposal,
            Rule.ALREADY_PROPOSED,
            "It is proposed to retire this page. Sign or decline the proposal first.",
        ),
        (
            facts.label_changes,
            Rule.LABEL_CHANGE_OPEN,
            "The medicine's label changed and nobody has answered it. Answer the label change first: sign "
            "that it needs no change, or have the page changed.",
        ),
        (
            facts.source_tasks,
            Rule.SOURCE_TASK_OPEN,
            "A source of this page changed or is no longer available, and nobody has answered. Answer it "
            "first, under Reports, Sources to look at again, or have the page changed.",
        ),
        (
            facts.draft_differs,
            Rule.NOT_UNCHANGED,
            "An unpublished draft differs from what patients read, so something is about to change. Submit "
            "the draft, or put its text back as patients read it.",
        ),
        (
            facts.older_names,
            Rule.NOT_UNCHANGED,
            older_names_message(facts.older_names),
        ),
        (
            facts.draft_set_aside,
            Rule.ALREADY_SET_ASIDE,
            "A draft of this page is set aside, so something is about to change. Merge it and submit it, or "
            "leave it in the history.",
        ),
        (
            facts.open_notes,
            Rule.OPEN_NOTES,
            "Notes on this page are open. Resolve or withdraw them first.",
        ),
        (
            facts.open_suggestions,
            Rule.OPEN_SUGGESTIONS,
            "Suggestions for this page are open. Answer or withdraw them first.",
        ),
    )


def user_can_sign_unchanged(user: User, facts: UnchangedFacts, task: MedicalReviewTask) -> Verdict:
    """Return whether ``user`` may sign at ``task`` that the page of ``facts`` needs no change.

    As for any signature of a text: a qualified member of the step's groups who did not write it.
    """
    verdict = page_allows(facts)
    if not verdict.allowed:
        return verdict
    submission = facts.submission
    signatures = signatures_for(submission.uuid, submission.sha256) if submission else []
    rule = first_failed_rule(
        replace(
            reviewer_facts(user, facts, member=members(task).filter(pk=user.pk).exists()),
            on_hold=signing_holds.is_on_hold(user),
            signed=user.pk in {each.user_id for each in signatures},
            vouched=not (submission and _vouches_for_signer(user, submission, signatures)),
        )
    )
    return ALLOWED if rule is None else Verdict(False, rule, _message(rule, user, task))


def reviewer_facts(user: User, facts: UnchangedFacts, *, member: bool) -> SigningFacts:
    """Return what decides whether ``user`` can review the page at all, also later. No query."""
    return SigningFacts(
        in_review=True,
        at_step=True,
        active=bool(user.is_active),
        member=member,
        **qualification(user),
        contributed=wrote(user, facts),
        in_conflict=is_interested(user, facts),
    )


def _vouches_for_signer(user: User, submission: Submission, signatures: Iterable[Signature]) -> bool:
    vouchers = expert_policy.vouchers_of_signers(submission, signatures)
    return vouchers.contains(user.pk, user.get_username())


def wrote(user: User, facts: UnchangedFacts) -> bool:
    """Return whether ``user`` is one of the text's authors."""
    return ExcludedUsers.from_contributors(facts.authors).contains(user.pk, user.get_username())


def is_interested(user: User, facts: UnchangedFacts) -> bool:
    """Return whether ``user`` has a conflict of interest with the page today."""
    return ExcludedUsers.from_contributors(facts.interested).contains(user.pk, user.get_username())


def _message(rule: Rule, user: User, task: MedicalReviewTask) -> str:
    match rule:
        case Rule.NOT_A_REVIEWER:
            groups = ", ".join(task.groups.values_list("name", flat=True))
            return f"Only members of {groups} sign that a page was reviewed."
        case Rule.SIGN_IN_CHANGED:
            return signing_holds.refusal_message(user)
        case Rule.CONTRIBUTED:
            return (
                "You wrote in an edition of this page, in its draft, or in a standard text in it. Here the "
                "whole text is reviewed, so somebody else must do it."
            )
        case Rule.ALREADY_SIGNED:
            return "You have signed this review. It waits for others."
        case _:
            return _MESSAGES[rule]
