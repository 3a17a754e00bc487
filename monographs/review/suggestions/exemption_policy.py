"""Whether a suggestion changes words only, so that its author may sign the text where that is exempt.

It is compared with what a reviewer has signed and not only with the draft just before: several suggestions
together must not change what none of them may.
"""

import uuid
from collections.abc import Iterator

from monographs.editions.models import Edition
from monographs.editions.person import Person
from monographs.editions.queries import public_edition
from monographs.editions.signatures import ExcludedUsers, is_among, signatures_for
from monographs.models import ReviewedPage
from monographs.redline.correction import reasons_against_correction
from monographs.review.models import Suggestion
from monographs.review.policies.correction_policy import editions_to_compare


def changes_wording_only(author: Person, before: ReviewedPage, after: ReviewedPage) -> bool:
    """Return whether the draft ``after`` a suggestion of ``author`` changes words only.

    The rule is that of corrections. No number, negation, dose, frequency, urgency or name changes, and no
    passage on whom a medicine is for: neither from ``before`` nor from the editions that a correction is
    compared with, nor from the one that the author's earlier exempt suggestions were made on. A note on what
    changed never counts as wording, nor does anything on a page that patients do not read. A draft that is
    no document yet does not count as one.
    """
    key = after.translation_key
    try:
        old, new = before.to_document(), after.to_document()
    except ValueError:
        return False
    if old.change_note != new.change_note or reasons_against_correction(old, new):
        return False
    if public_edition(key) is None:
        return False
    editions = {each.pk: each for each in (*editions_to_compare(key), *_before_exemptions(key, author))}
    return not any(reasons_against_correction(each.document, new) for each in editions.values())


def _before_exemptions(key: uuid.UUID, author: Person) -> Iterator[Edition]:
    """Yield the newest edition without exempt words of ``author`` that nobody else has signed."""
    account = ExcludedUsers.from_contributors([author])
    exempt = Suggestion.objects.filter(key=key, exempt=True).order_by("answered_at")
    first = next((each for each in exempt if is_among(account, each.author_person)), None)
    if first is None or first.answered_at is None:
        return
    for edition in Edition.objects.of(key):
        if edition.created_at < first.answered_at or any(
            not account.contains(each.user_id, each.username)
            for each in signatures_for(edition.submission, edition.sha256)
        ):
            yield edition
            return
