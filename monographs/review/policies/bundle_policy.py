"""Who may put submissions into a bundle and take them out, and which submissions can be in one."""

from django.contrib.auth.models import User

from monographs.core.users import AnyUser
from monographs.editions.models import Signature
from monographs.editions.signatures import signatures_for
from monographs.pages.refusals import Rule
from monographs.presentation.moments import long_moment_text
from monographs.review import policy
from monographs.review.expert_policy import invited_signers
from monographs.review.models import ReviewBundle, Submission, SubmissionStatus
from monographs.review.models.review_bundle import MOST_PAGES
from monographs.review.policy import ALLOWED, Verdict

SIGNED_AS_ONE = (
    "This text is in a bundle: its pages change together, so they are signed as one. Open the bundle and "
    "sign there."
)
NOT_AN_EDITOR = "Only editors put texts into a bundle, or take them out. Ask one of them."


def user_can_bundle(user: AnyUser) -> Verdict:
    """Return whether ``user`` may put submissions into bundles and take them out: editors may."""
    if not user.is_active:
        return Verdict(False, Rule.INACTIVE, policy.INACTIVE)
    return ALLOWED if policy.is_editor(user) else Verdict(False, Rule.NOT_AN_EDITOR, NOT_AN_EDITOR)


def submission_can_join(submission: Submission, first: Submission | None = None, count: int = 0) -> Verdict:
    """Return whether ``submission`` can be signed as one with ``count`` others, of which ``first`` is one.

    All must have the same steps and date, and no signature yet: only then the last signature is the last for
    each of them, and all become public at one moment.
    """
    title, first = f"“{submission.title}”", first or submission
    invited = [expert for each in invited_signers([submission]).values() for expert in each]
    when = long_moment_text(first.publish_at) if first.publish_at else "once it is signed"
    task = policy.current_task(submission)
    rules = (
        (submission.is_open and task is not None, Rule.NOT_IN_REVIEW, f"{title} is not in review any more."),
        (
            submission.bundle_id is None,
            Rule.IN_A_BUNDLE,
            f"{title} is in another bundle. Take it out of that first.",
        ),
        (
            not signatures_for(submission.uuid, submission.sha256),
            Rule.ALREADY_SIGNED,
            f"{title} has a signature already: it is signed by itself to the end.",
        ),
        (
            not invited,
            Rule.BUNDLE_PART,
            f"{invited[0].get_full_name() if invited else ''} is invited from outside to sign {title}, and "
            "nobody signs a bundle from outside. End the invitation first, under Links for outside experts.",
        ),
        (
            count < MOST_PAGES,
            Rule.TOO_MANY,
            f"A bundle has at most {MOST_PAGES} pages. Make a second one.",
        ),
        (
            submission.steps == first.steps and task == policy.current_task(first),
            Rule.BUNDLE_PART,
            f"{title} takes other steps of review than “{first.title}”, so one signature cannot end both.",
        ),
        (
            submission.publish_at == first.publish_at,
            Rule.BUNDLE_PART,
            f"{title} has another date of publication than “{first.title}” ({when}). Recall it, and submit "
            "it for the same date.",
        ),
    )
    failed = ((rule, message) for passed, rule, message in rules if not passed)
    return next((Verdict(False, rule, message) for rule, message in failed), ALLOWED)


def bundle_takes_more(bundle: ReviewBundle) -> Verdict:
    """Return whether texts may still be put into ``bundle``: not once one is signed, or all have ended.

    A text without the signatures of the others would not end its review with them.
    """
    members = Submission.objects.filter(bundle=bundle)
    if Signature.objects.filter(submission__in=members.values("uuid")).exists():
        return Verdict(
            False,
            Rule.ALREADY_SIGNED,
            f"A text of the bundle “{bundle.title}” is signed already, so nothing is put into it any more.",
        )
    statuses = set(members.values_list("status", flat=True))
    if statuses and SubmissionStatus.IN_REVIEW not in statuses:
        return Verdict(
            False,
            Rule.NOT_IN_REVIEW,
            f"The review of the bundle “{bundle.title}” has ended, so nothing is put into it any more.",
        )
    return ALLOWED


def is_in_bundle(submission: Submission, bundle: ReviewBundle | None) -> Verdict:
    """Return whether ``submission`` is in ``bundle``; with None, whether it is in none."""
    if submission.bundle_id == (bundle.pk if bundle else None):
        return ALLOWED
    if submission.bundle_id is None:
        return Verdict(False, Rule.NOT_IN_THE_BUNDLE, f"“{submission.title}” is not in this bundle any more.")
    return Verdict(False, Rule.IN_A_BUNDLE, SIGNED_AS_ONE)


def user_can_take_out(user: User, bundle: ReviewBundle, submission: Submission) -> Verdict:
    """Return whether ``user`` may take ``submission`` out of ``bundle``; not once it was published."""
    verdict = user_can_bundle(user)
    if not verdict.allowed:
        return verdict
    if submission.bundle_id != bundle.pk:
        return Verdict(
            False, Rule.NOT_IN_THE_BUNDLE, f"“{submission.title}” is not in this bundle. Reload the page."
        )
    if submission.status == SubmissionStatus.SIGNED:
        return Verdict(
            False, Rule.NOT_IN_REVIEW, f"“{submission.title}” was published with the others; that stays so."
        )
    return ALLOWED
