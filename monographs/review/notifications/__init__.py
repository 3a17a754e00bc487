"""What people are told by mail of reviews: one mail for one event and person, none lost, none in the way.

What happened calls one of the functions below, in its own transaction. They leave a ``Notice`` for each
person it concerns, which is stored or rolled back with what it tells of, and mailed after the commit.
"""

from monographs.review.notifications.about_notes import note_answered, note_left, note_resolved
from monographs.review.notifications.about_reviews import (
    not_published,
    published,
    returned,
    scheduled,
    signature_void,
    signed,
    submitted,
    withdrawn,
)

__all__ = [
    "not_published",
    "note_answered",
    "note_left",
    "note_resolved",
    "published",
    "returned",
    "scheduled",
    "signature_void",
    "signed",
    "submitted",
    "withdrawn",
]
