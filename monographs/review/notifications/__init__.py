"""Email notifications of reviews.

The code that changes something calls one of the functions below in its own transaction. They store a
``Notice`` for each recipient, which is committed or rolled back with the change and is emailed after the
commit. There is one notice for each event and recipient.
"""

from monographs.review.notifications.about_assignments import review_assigned
from monographs.review.notifications.about_bundles import bundle_kept_back, taken_out
from monographs.review.notifications.about_drafts import draft_left, draft_set_aside
from monographs.review.notifications.about_handover import work_taken_over
from monographs.review.notifications.about_labels import sentence_asked
from monographs.review.notifications.about_notes import note_answered, note_left, note_resolved
from monographs.review.notifications.about_reviews import (
    not_published,
    published,
    retirement_proposed,
    returned,
    scheduled,
    signature_void,
    signed,
    submitted,
    withdrawn,
)
from monographs.review.notifications.about_suggestions import suggested, suggestion_answered
from monographs.review.notifications.about_terms import terms_changed

__all__ = [
    "bundle_kept_back",
    "draft_left",
    "draft_set_aside",
    "not_published",
    "note_answered",
    "note_left",
    "note_resolved",
    "published",
    "retirement_proposed",
    "returned",
    "review_assigned",
    "scheduled",
    "sentence_asked",
    "signature_void",
    "signed",
    "submitted",
    "suggested",
    "suggestion_answered",
    "taken_out",
    "terms_changed",
    "withdrawn",
    "work_taken_over",
]
