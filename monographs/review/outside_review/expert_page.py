"""What the page of an outside link shows to an invited expert besides the text: what is left, and as whom."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from monographs.accounts.actors import person_of
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.models import OutsideLink
from monographs.review.outside_review.expert_actions import EXPERT_MEANING
from monographs.review.outside_review.expert_forms import ReturnByCodeForm, SignByCodeForm
from monographs.review.progress import progress_of
from monographs.review.signer_identity import signer_hash

#: Rules whose messages quote notes of staff, which an outside expert does not read.
_WITH_WORDS_OF_STAFF = (Rule.NOT_READ, Rule.NOT_TICKED, Rule.OPEN_NOTES, Rule.OPEN_SUGGESTIONS)


@dataclass(frozen=True, slots=True)
class ExpertMessage:
    """What is said above the decision."""

    text: str
    is_error: bool = False


def with_expert(refusal: PolicyError) -> str:
    """Return the reason of a refusal in the words for an outside expert."""
    if refusal.rule in _WITH_WORDS_OF_STAFF:
        return "Not ready to sign: what is left to do is listed here."
    return refusal.message


def expert_context(
    link: OutsideLink,
    key: str,
    *,
    said: ExpertMessage | None = None,
    sign_form: SignByCodeForm | None = None,
    return_form: ReturnByCodeForm | None = None,
) -> dict[str, Any]:
    """Return the part of the page's context about signing; nothing for a link that invites nobody."""
    signer, submission = link.signer, link.submission
    if signer is None:
        return {"said": said}
    progress, task = progress_of(signer, submission), policy.current_task(submission)
    person, step = person_of(signer), task.name if task else ""
    shown = {"sha256": submission.sha256, "signer": signer_hash(person, step, EXPERT_MEANING)}
    return {
        "said": said,
        "invited": True,
        "act": f"{reverse('outside_decision')}?{urlencode({'key': key})}",
        "may_sign": policy.user_can_sign(signer, submission),
        "progress": progress,
        "digests": {section.anchor: section.digest for section in progress.to_read},
        "is_ready": progress.verdict().allowed,
        "meaning": EXPERT_MEANING,
        "signer": person,
        "address": _hidden_address(signer.email),
        "step": step,
        "sign_form": sign_form or SignByCodeForm(initial=shown, auto_id="sign-%s"),
        "return_form": return_form or ReturnByCodeForm(auto_id="return-%s"),
    }


def _hidden_address(address: str) -> str:
    """Return an address with most characters masked, so that only its owner recognises it."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}…@{domain[:1]}…"
