"""The side panel “House rules” of the editor, with its script and styles."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.ui.side_panels import BaseSidePanel

from monographs.models import ReviewedPage
from monographs.review.editor.label_reference import label_address

_SCRIPTS = (
    "editor-anchors",
    "editor-contents",
    "editor-rules",
    "editor-remedies",
    "editor-panels",
    "editor-keys",
    "editor-passages",
    "editor-commands",
    "editor-label",
    "note-mentions",
)
_STYLES = ("editor", "editor-contents", "redline")


class HouseRulesSidePanel(BaseSidePanel):
    """All annotations of the draft; its script requests them from ``url``."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = "Toggle house rules"
        icon_name = "clipboard-list"
        counter_classname = "w-bg-critical-200"

    name = "house-rules"
    title = "House rules"
    template_name = "review/editor/panel.html"
    order = 340

    def __init__(
        self, object: ReviewedPage, request: HttpRequest, *, url: str, kept_text_shown: str = ""
    ) -> None:
        super().__init__(object, request)
        self.url = url
        self.kept_text_shown = kept_text_shown

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        return context | {
            "url": self.url,
            "kept_text_url": self.object.pk and reverse("review:editor:kept_text", args=[self.object.pk]),
            "label_url": label_address(self.object),
            "adopt_url": reverse("sources:adopt"),
            "kept_text_shown": self.kept_text_shown,
            # A new page has a primary key after its first save; the script puts it in the place of 0
            "url_once_saved": reverse("review:editor:findings", args=[0]),
        }

    @property
    def media(self) -> forms.Media:
        # Wagtail puts scripts before the form
        scripts = [forms.Script(f"js/{name}.js", defer=True) for name in _SCRIPTS]
        return forms.Media(css={"all": [f"css/{name}.css" for name in _STYLES]}, js=scripts)  # type: ignore[arg-type]  # Django takes Script objects too
