"""The labels that drafts name, which label checks ask for before patients read the page."""

import uuid

from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform

from monographs.models import MonographPage


def draft_labels() -> list[tuple[uuid.UUID, str]]:
    """Return the keys of pages with an unpublished draft, and the set id that it names. One query."""
    pages = MonographPage.objects.filter(Q(live=False) | Q(has_unpublished_changes=True), alias_of=None)
    named = KeyTextTransform("label_set_id", "latest_revision__content")
    return [
        (key, set_id.strip().lower())
        for key, set_id in pages.annotate(named=named).values_list("translation_key", "named")
        if set_id
    ]
