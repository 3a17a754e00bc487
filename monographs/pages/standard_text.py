"""The page type of a standard text: words that other pages include, reviewed and signed once."""

from typing import Any

from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.fields import StreamField

from monographs.blocks.parts import StandardTextPartsBlock
from monographs.document import StandardTextDocument
from monographs.pages.base import BodyPage, ReviewedPage


class StandardTextPage(BodyPage):
    """A text that other pages include in a signed version. It has no address for patients."""

    document_type = StandardTextDocument

    body = StreamField(StandardTextPartsBlock(), blank=True)

    content_panels = [
        TitleFieldPanel(
            "title",
            heading="Name",
            placeholder="Name",
            help_text="For writers and reviewers, e.g. How to report side effects. Patients do not read it.",
        ),
        FieldPanel("body"),
        *ReviewedPage.edition_panels,
    ]
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    page_description = "Words that other pages include, signed once: how to report side effects."

    class Meta:
        verbose_name = "standard text"

    def get_url_parts(self, request: Any = None) -> None:
        """Return None: patients read it within other pages only."""
        return
