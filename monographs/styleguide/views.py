"""The style guide and its two frames: the same components in light and in dark mode."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from monographs.public.stylesheet import bundled_css
from monographs.styleguide.samples import component_names, components, shape_names

#: By mode, the media query that replaces ``prefers-color-scheme: dark`` in its frame.
MODES = {"light": "not all", "dark": "all"}
_PREFERENCE = "(prefers-color-scheme: dark)"
_SCHEME = "color-scheme: light dark"


class StyleGuideView(WagtailAdminTemplateMixin, TemplateView):
    """Every component, side by side in light and dark."""

    template_name = "styleguide/page.html"
    page_title = "Style guide"
    header_icon = "view"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        frames = [(mode, reverse("styleguide:frame", args=[mode])) for mode in MODES]
        return {**super().get_context_data(**kwargs), "frames": frames, "names": component_names()}


@xframe_options_sameorigin
def frame(request: HttpRequest, mode: str) -> HttpResponse:
    """Render all components in one mode."""
    if mode not in MODES:
        raise Http404
    context = {"mode": mode, "components": components(), "shapes": shape_names()}
    return render(request, "styleguide/frame.html", context)


def style(request: HttpRequest, mode: str) -> HttpResponse:
    """Return the public style sheet with a fixed mode, whatever the browser's preference."""
    if mode not in MODES:
        raise Http404
    css = bundled_css().replace(_PREFERENCE, MODES[mode]).replace(_SCHEME, f"color-scheme: {mode}")
    return HttpResponse(css, content_type="text/css; charset=utf-8")
