"""What the screen of a change says of the prepared sentence, and what its user may do about it."""

from typing import Any

from django.contrib.auth.models import User

from monographs.accounts.actors import person_of
from monographs.editions.models import Edition, PreparedSentence
from monographs.editions.prepared_sentences import AGENCY, sentence_words
from monographs.label_watch.models import LabelVersion, UpdateTask
from monographs.labels import ChangeClass
from monographs.presentation.moments import long_day_text
from monographs.review.actions.sign_sentence import SENTENCE_MEANING, SENTENCE_STEP, changed_label
from monographs.review.forms import SignSentenceForm
from monographs.review.policies.label_answer_policy import (
    open_request,
    user_can_ask_sentence,
    user_can_sign_sentence,
)
from monographs.review.signer_identity import signer_hash


def sentence_context(
    user: User,
    task: UpdateTask,
    edition: Edition | None,
    label: LabelVersion | None,
    form: SignSentenceForm | None,
) -> dict[str, Any] | None:
    """Return the variables of ``sentence.html``; None where no sentence is apt: the change is not grave."""
    told = PreparedSentence.objects.filter(key=task.key, set_id=task.set_id, at__gte=task.opened_at).last()
    if label is None or (told is None and (task.closed_at or task.change_class != ChangeClass.GRAVE)):
        return None
    initial = {
        "version": task.to_version,
        "signer": signer_hash(person_of(user), SENTENCE_STEP, SENTENCE_MEANING),
    }
    return {
        "words": _words(label),
        "told": told,
        "request": open_request(task),
        "may_ask": user_can_ask_sentence(user, task, edition),
        "may_sign": user_can_sign_sentence(user, task, edition),
        "meaning": SENTENCE_MEANING,
        "form": form or SignSentenceForm(initial=initial, user=user, auto_id="sentence_%s"),
    }


def _words(label: LabelVersion) -> str:
    """Return the sentence about ``label`` in English."""
    effective = label.effective
    day = long_day_text(effective) if effective else ""
    return sentence_words(changed_label(label).wording, AGENCY, day)
