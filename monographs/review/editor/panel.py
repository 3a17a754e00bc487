"""The side panel “House rules”, which brings the script and its styles along."""

from typing import Any

from django import forms
from django.urls import reverse
from wagtail.admin.ui.side_panels import BaseSidePanel


class HouseRulesSidePanel(BaseSidePanel):
    """Everything the house rules and reviewers say of the draft, and where the script is to ask."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = "Toggle house rules"
        icon_name = "clipboard-list"
        counter_classname = "w-bg-critical-200"

    name = "house-rules"
    title = "House rules"
    template_name = "review/editor/panel.html"
    order = 340

    def __init__(self, object: Any, request: Any, *, address: str) -> None:
        super().__init__(object, request)
        self.address = address

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        return context | {
            "address": self.address,
            # After the first save a new page has a number of its own
            "address_once_saved": reverse("review:editor:findings", args=[0]),
        }

    @property
    def media(self) -> forms.Media:
        # Wagtail puts scripts before the form they are about
        scripts = [forms.Script(f"js/{name}.js", defer=True) for name in ("editor-places", "editor-rules")]
        return forms.Media(css={"all": ["css/editor.css"]}, js=scripts)  # type: ignore[arg-type]  # Django takes Script objects too
