"""The side panel “Origin” of the editor: the texts that were imported into the page."""

from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.side_panels import BaseSidePanel

from monographs.imports.models import ImportedText
from monographs.models import ReviewedPage


def imported_texts(page: ReviewedPage) -> list[ImportedText]:
    """Return the texts that were imported into ``page``, newest first."""
    return list(ImportedText.objects.filter(key=page.translation_key)) if page.pk else []


class OriginSidePanel(BaseSidePanel):
    """The imported texts of a page that has any, with the number of open remarks on them."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = "Toggle origin of the text"
        icon_name = "download"

    name = "origin"
    title = "Origin of the text"
    template_name = "review/editor/origin.html"
    order = 350

    def __init__(self, object: ReviewedPage, request: HttpRequest, *, texts: list[ImportedText]) -> None:
        super().__init__(object, request)
        self.texts = texts

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        return context | {"texts": self.texts, "key": self.object.translation_key}
