"""Sources of the library, and drafts that show them."""

import json
from typing import Any

from wagtail.log_actions import LogContext

from monographs.models import MonographPage
from monographs.source_library.models import LibrarySource, SourceKind


def add_source(title: str = "The guideline", by: Any = None, **values: Any) -> LibrarySource:
    """Add a source to the library by an account, as the admin does."""
    source = LibrarySource(
        title=title, **{"kind": SourceKind.GUIDELINE, "publisher": "NCCN", "address": ""} | values
    )
    source.full_clean(exclude=["digest"])
    with LogContext(user=by):
        source.save()
    return source


def change_source(source: LibrarySource, by: Any, **values: Any) -> LibrarySource:
    """Change a source by an account."""
    source = LibrarySource.objects.get(pk=source.pk)
    for name, value in values.items():
        setattr(source, name, value)
    source.full_clean(exclude=["digest"])
    with LogContext(user=by):
        source.save()
    return source


def use_source(
    page: MonographPage, source: LibrarySource, by: Any, change_note: str = "", seen: str | None = None
) -> MonographPage:
    """Let a draft show ``source``, seen on a day, instead of its typed one, under the same short name."""
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    draft.change_note = change_note
    draft.sources = json.dumps(
        [{"type": "library", "value": {"reference": "label", "source": source.pk, "date_seen": seen}}]
    )
    draft.save_revision(user=by)
    return draft
