"""Who may suggest words and answer suggestions, and when the author of accepted words may sign them."""

import uuid
from dataclasses import dataclass

from django.contrib.auth.models import User
from wagtail.models import Page

from monographs.accounts.actors import person_of
from monographs.core.users import AnyUser
from monographs.editions.person import Person
from monographs.models import ReviewedPage
from monographs.pages.refusals import Rule
from monographs.review import policy
from monographs.review.models import UNDER_WAY, Submission, Suggestion, SuggestionExemption
from monographs.review.models.second_person import is_same
from monographs.review.policies import note_policy
from monographs.review.policies.editor_policy import editor_or_superuser
from monographs.review.policy import ALLOWED, INACTIVE, Verdict
from monographs.review.publication.page_sync import page_of

CHANGED_SINCE = (
    "The passage has changed since this was suggested, so it is not applied. Change the text yourself, or "
    "decline the suggestion."
)
IN_REVIEW = (
    "The text is in review, so it cannot be changed. Recall it, or wait until it is returned, and accept "
    "then. You can decline now."
)


def can_suggest(user: AnyUser, submission: Submission) -> Verdict:
    """Return whether ``user`` may suggest words for a text in review: whoever may leave notes on it may."""
    return policy.user_can_review(user, submission)


def can_take_over_suggestion(user: User, key: uuid.UUID) -> Verdict:
    """Return whether ``user`` may take over a change from outside as a suggestion, as for a note."""
    return note_policy.can_take_over_note(note_policy.note_facts(user, key))


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """A user's relation to the suggestions of one page.

    ``blocked`` says why the draft cannot be changed now; empty if it can.
    """

    note_facts: note_policy.NoteFacts
    blocked: Verdict


def answer_facts(user: User, key: uuid.UUID) -> AnswerFacts:
    """Return how ``user`` relates to the suggestions of the page ``key``."""
    page = page_of(key)
    return AnswerFacts(note_policy.note_facts(user, key), _change_of(page, user))


def _change_of(page: ReviewedPage | None, user: User) -> Verdict:
    if page is None:
        return Verdict(False, Rule.NOT_ALLOWED_HERE, "The page was deleted, so nothing of it can be changed.")
    # A workflow that was ended in code leaves the text in review until it is recalled
    if page.is_frozen or Submission.objects.filter(key=page.translation_key, status__in=UNDER_WAY).exists():
        return Verdict(False, Rule.IN_REVIEW, IN_REVIEW)
    lock = page.get_lock()
    if lock and lock.for_user(user):
        return Verdict(
            False, Rule.LOCKED, f"{_lock_holder(page)} locked this page. Ask for it to be unlocked."
        )
    return ALLOWED


def _lock_holder(page: Page) -> str:
    by = page.locked_by
    return (by.get_full_name() or by.get_username()) if by else "Somebody"


def can_accept(facts: AnswerFacts, suggestion: Suggestion) -> Verdict:
    """Return whether an open suggestion may be accepted: its writers may, while the page can be edited."""
    verdict = can_decline(facts, suggestion)
    return facts.blocked if verdict.allowed else verdict


def can_decline(facts: AnswerFacts, suggestion: Suggestion) -> Verdict:
    """Return whether an open suggestion may be declined: who may edit the page may, in review, too.

    A reviewer who could sign the text answers none: whoever suggests does not decide.
    """
    if not suggestion.is_open:
        return _answered(suggestion)
    notes = facts.note_facts
    if not notes.active:
        return Verdict(False, Rule.INACTIVE, INACTIVE)
    if not notes.can_edit:
        return Verdict(
            False, Rule.NOT_ALLOWED_HERE, "Only those who may edit the page accept or decline suggestions."
        )
    if notes.can_sign:
        return Verdict(
            False,
            Rule.NOT_ALLOWED_HERE,
            "You may sign this text, so a writer answers its suggestions. A reviewer withdraws their own.",
        )
    return ALLOWED


def can_withdraw_suggestion(facts: AnswerFacts, suggestion: Suggestion) -> Verdict:
    """Return whether an open suggestion may be withdrawn: only its author may."""
    if not suggestion.is_open:
        return _answered(suggestion)
    if facts.note_facts.active and facts.note_facts.user_id == suggestion.author_id:
        return ALLOWED
    name = suggestion.author_person.name
    return Verdict(False, Rule.NOT_ALLOWED_HERE, f"Only {name} may withdraw this suggestion.")


def _answered(suggestion: Suggestion) -> Verdict:
    by = suggestion.answerer_person
    name = f" by {by.name}" if by else ""
    return Verdict(
        False,
        Rule.SUGGESTION_ANSWERED,
        f"This suggestion is {suggestion.get_status_display().lower()}{name} already. Reload the page.",
    )


def newest_exemption() -> SuggestionExemption | None:
    """Return the decision that holds now; None if nobody has decided yet. One query.

    An exemption holds once a second person has confirmed it, and its end at once.
    """
    decided = SuggestionExemption.objects.exclude(allowed=True, confirms=None)
    return decided.select_related("confirms").order_by("-pk").first()


def open_proposal() -> SuggestionExemption | None:
    """Return the exemption that waits for a second person; None if there is none. One query."""
    newest = SuggestionExemption.objects.order_by("-pk").first()
    return newest if newest is not None and newest.allowed and newest.confirms_id is None else None


def can_confirm_exemption(user: User, proposal: SuggestionExemption) -> Verdict:
    """Return whether ``user`` may confirm ``proposal``: another editor or administrator, here before it."""
    verdict = can_set_exemption(user)
    if not verdict.allowed:
        return verdict
    if open_proposal() != proposal:
        return Verdict(False, Rule.STALE, "This proposal does not wait any more. Reload the page.")
    if is_same(proposal.person, person_of(user)):
        return Verdict(
            False,
            Rule.SECOND_PERSON,
            "You proposed this, so another editor or an administrator must confirm it.",
        )
    if user.date_joined >= proposal.at:
        return Verdict(
            False,
            Rule.SECOND_PERSON,
            "Your account is newer than this proposal. Somebody who was here before must confirm it.",
        )
    return ALLOWED


def wording_is_exempt(author: Person, decision: SuggestionExemption | None) -> bool:
    """Return whether ``author`` may sign wording that they suggested, by the ``decision`` that holds.

    Neither who proposed nor who confirmed it is exempt by it: they would set aside the rule for themselves.
    """
    if decision is None or not decision.allowed:
        return False
    return not any(is_same(person, author) for person in decision.deciders)


def can_set_exemption(user: AnyUser) -> Verdict:
    """Return whether ``user`` decides if wording is exempt: editors and administrators do."""
    return editor_or_superuser(user, "Only editors and administrators decide this.")


def bar_notice_for(user: User) -> str:
    """Return what ``user`` must know about signing before they suggest words. One query."""
    return bar_notice(exempt=wording_is_exempt(person_of(user), newest_exemption()))


def bar_notice(*, exempt: bool) -> str:
    """Return what somebody must know about signing before they suggest words."""
    notice = (
        "If a writer accepts your suggestion, its words are yours: you cannot sign this text then, and "
        "another reviewer must. A note asks for a change without words of yours."
    )
    if not exempt:
        return notice
    return (
        f"{notice} On this site a suggestion does not keep you from signing if, with it, the text differs "
        "from the edition in wording only: no number, “not”, dose, frequency, urgency, name or warning. A "
        "note on what changed is no wording."
    )
