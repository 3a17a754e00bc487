"""Drafts and parts for tests of authorship."""

from typing import Any

from monographs.models import MonographPage
from tests.factories import complete_sections, stream, text

#: How the refusal of a contributor begins.
CHANGED = "You changed this text"


def latest(page: Any) -> MonographPage:
    """Return the latest draft."""
    return MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()


def with_parts(page: Any, by: Any, *parts: dict[str, Any], section: str = "how_it_works") -> None:
    """Save parts as the content of a section."""
    sections = complete_sections()
    sections[section]["content"] = [text(f"About {section}."), *parts]
    draft = latest(page)
    draft.sections = stream(sections)
    draft.save_revision(user=by, clean=False)
