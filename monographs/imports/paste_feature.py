"""The paste feature of Wagtail's rich text editor."""

from typing import Any

from django.urls import reverse
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature

#: An entity type that no text has: Draftail asks entity types, in their order, to handle a paste.
ENTITY_TYPE = "PASTE"

#: In the order in which they need each other.
_SCRIPTS = ["js/editor-paste-report.js", "js/editor-paste.js"]


class PasteFeature(EntityFeature):
    """Sends what is pasted to ``PasteView``; the scripts are ``static/js/editor-paste*.js``."""

    def __init__(self) -> None:
        super().__init__({"type": ENTITY_TYPE}, js=_SCRIPTS, css={"all": ["css/editor-paste.css"]})

    def construct_options(self, options: dict[str, Any]) -> None:
        """Add the entity type with the address of the view."""
        options.setdefault(self.option_name, []).append({**self.data, "url": reverse("imports:paste")})
