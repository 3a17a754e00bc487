"""Whether a change can be reviewed as a correction, which leaves *last reviewed* as it is."""

import uuid
from collections.abc import Iterator

from monographs.document import matches_hash
from monographs.document.models import BaseDocument
from monographs.editions.models import Edition, ReviewKind
from monographs.editions.queries import current_edition, public_edition
from monographs.pages.refusals import Rule
from monographs.redline import Redline
from monographs.redline.correction import CorrectionObstacle, reasons_against_correction, summary_of
from monographs.review.policy import ALLOWED, Verdict

FIRST = "A first edition needs a full review."
UNCHANGED = "Nothing has changed, so there is nothing to correct."
WITHDRAWN = "A withdrawn page comes back by a full review, not by a correction. Choose “Full review”."


def correction_obstacles(
    key: uuid.UUID, document: BaseDocument, compared: Redline | None = None
) -> list[CorrectionObstacle]:
    """Return what in ``document`` needs a full review, compared with the editions it would correct.

    These are the current edition and the last one that was fully reviewed: else several corrections together
    could change what none of them may. ``compared`` is the redline of the current edition and ``document``,
    where there is one already.
    """
    found: list[CorrectionObstacle] = []
    for edition in editions_to_compare(key):
        found += reasons_against_correction(edition.document, document, compared)
        compared = None
    return list(dict.fromkeys(found))


def text_can_be_corrected(key: uuid.UUID, document: BaseDocument) -> Verdict:
    """Decide whether ``document`` may be submitted as a correction of the page's current edition."""
    edition = current_edition(key)
    if edition is None:
        return Verdict(False, Rule.NOTHING_TO_CORRECT, FIRST)
    if matches_hash(document, edition.sha256):
        return Verdict(False, Rule.NOTHING_TO_CORRECT, UNCHANGED)
    if public_edition(key) is None:
        return Verdict(False, Rule.NOT_A_CORRECTION, WITHDRAWN)
    obstacles = correction_obstacles(key, document)
    if obstacles:
        return Verdict(
            False,
            Rule.NOT_A_CORRECTION,
            f"This change is no correction. {summary_of(obstacles)}. Choose “Full review”, or take this "
            "part of the change back.",
        )
    return ALLOWED


def editions_to_compare(key: uuid.UUID) -> Iterator[Edition]:
    """Yield the current edition and, if it is a correction, the last one that was fully reviewed."""
    current = current_edition(key)
    if current is None:
        return
    yield current
    if current.review_kind == ReviewKind.CORRECTION:
        reviewed = Edition.objects.of(key).filter(review_kind=ReviewKind.FULL_REVIEW).first()
        if reviewed:
            yield reviewed
