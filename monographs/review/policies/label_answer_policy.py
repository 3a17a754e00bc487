"""Who may answer a change of a label, ask for the sentence and sign it, and choose labels to follow."""

from django.contrib.auth.models import User

from monographs.accounts import signing_holds
from monographs.core.users import AnyUser
from monographs.editions.contributions import (
    EditionAuthors,
    authors_of_editions,
    authors_of_included_texts,
)
from monographs.editions.models import Edition, PreparedSentence
from monographs.editions.signatures import ExcludedUsers
from monographs.label_watch.models import UpdateTask
from monographs.labels import ChangeClass
from monographs.pages.refusals import Rule
from monographs.review.models import SentenceRequest
from monographs.review.policies.editor_policy import editor_or_superuser
from monographs.review.policy import (
    ALLOWED,
    IN_CONFLICT,
    INACTIVE,
    Verdict,
    is_editor,
    qualified_reviewer,
    user_is_in_conflict,
)

NOT_A_REVIEWER = (
    "Only reviewers sign that a page needs no change. Writers start a draft from the change instead."
)
NO_SENTENCE_SIGNER = "Only reviewers sign the sentence that patients read."


def user_can_answer(user: AnyUser, task: UpdateTask, edition: Edition | None) -> Verdict:
    """Return whether ``user`` may sign that ``edition``, which patients read, answers the change as it is.

    A qualified reviewer who wrote in none of the page's editions up to this one.
    """
    verdict = _is_open(task, edition)
    return _may_sign(user, edition, NOT_A_REVIEWER) if verdict.allowed else verdict


def open_request(task: UpdateTask) -> SentenceRequest | None:
    """Return the editor's request that waits for a signature of the prepared sentence; None without any."""
    return SentenceRequest.objects.filter(task=task, signed_at=None).first()


def user_can_ask_sentence(user: AnyUser, task: UpdateTask, edition: Edition | None) -> Verdict:
    """Return whether ``user`` may ask for the sentence: editors may, while a grave change is open."""
    if not user.is_active:
        return Verdict(False, Rule.INACTIVE, INACTIVE)
    if not is_editor(user):
        return Verdict(False, Rule.NOT_AN_EDITOR, "Only editors ask for the sentence. Ask one of them.")
    verdict = _sentence_is_apt(task, edition)
    if verdict.allowed and open_request(task):
        return Verdict(
            False, Rule.ALREADY_PROPOSED, "The sentence is asked for already: a reviewer signs it."
        )
    return verdict


def user_can_sign_sentence(user: AnyUser, task: UpdateTask, edition: Edition | None) -> Verdict:
    """Return whether ``user`` may sign the prepared sentence that an editor asked for, as for an answer."""
    verdict = _sentence_is_apt(task, edition)
    if verdict.allowed and open_request(task) is None:
        return Verdict(False, Rule.NOT_PROPOSED, "No editor has asked for the sentence.")
    return _may_sign(user, edition, NO_SENTENCE_SIGNER) if verdict.allowed else verdict


def _is_open(task: UpdateTask, edition: Edition | None) -> Verdict:
    if task.closed_at is not None:
        return Verdict(False, Rule.NOT_PROPOSED, "This change is answered already. Nothing was changed.")
    if edition is None:
        return Verdict(
            False, Rule.NOT_PUBLIC, "Patients do not read this page, so there is nothing to answer."
        )
    return ALLOWED


def _sentence_is_apt(task: UpdateTask, edition: Edition | None) -> Verdict:
    """Return whether patients may be told of a change: it is open and grave, and they do not read it yet."""
    verdict = _is_open(task, edition)
    if not verdict.allowed:
        return verdict
    if task.change_class != ChangeClass.GRAVE:
        return Verdict(False, Rule.NOT_GRAVE, "The sentence is for grave changes of a label only.")
    told = PreparedSentence.objects.filter(
        key=task.key, set_id=task.set_id, version=task.to_version, at__gte=task.opened_at
    )
    if told.exists():
        return Verdict(False, Rule.ALREADY_SIGNED, "Patients read the sentence for this version already.")
    return ALLOWED


def _may_sign(user: AnyUser, edition: Edition | None, not_a_reviewer: str) -> Verdict:
    """Return whether ``user`` is a qualified reviewer without an interest who did not write the text."""
    verdict = qualified_reviewer(user, not_a_reviewer)
    if verdict.allowed and signing_holds.open_holds(user).exists():
        return Verdict(False, Rule.SIGN_IN_CHANGED, signing_holds.refusal_message(user))
    if verdict.allowed and edition and isinstance(user, User) and _wrote(user, edition):
        return Verdict(
            False,
            Rule.CONTRIBUTED,
            "You wrote in the edition that patients read, in one before it, or in a standard text in it. "
            "Another reviewer signs this.",
        )
    if verdict.allowed and edition and user_is_in_conflict(user, edition.key):
        return Verdict(False, Rule.CONFLICT_OF_INTEREST, IN_CONFLICT)
    return verdict


def _wrote(user: User, edition: Edition) -> bool:
    """Whether ``user`` contributed to ``edition``, to one before, or to a standard text in it.

    All of its text is answered for.
    """
    texts = Edition.objects.filter(key=edition.key, number__lte=edition.number)
    authors = authors_of_editions(texts).get(edition.key, EditionAuthors()).people
    included = authors_of_included_texts([edition]).get(edition.key, ())
    excluded = ExcludedUsers.from_contributors((*authors, *included))
    return excluded.contains(user.pk, user.get_username())


def user_can_choose_labels(user: AnyUser) -> Verdict:
    """Return whether ``user`` may choose which other labels a page follows: editors may."""
    return editor_or_superuser(
        user, "Only editors choose which other labels a page follows. Ask one of them."
    )
