"""The style guide and its frames: the same components in light and in dark mode, and with a sample brand."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from monographs.core.brand.brand import Brand, read_brand
from monographs.core.brand.brand_css import brand_css
from monographs.public.stylesheet import bundled_css
from monographs.styleguide.samples import component_names, components, shape_names

#: By mode, the media query that replaces ``prefers-color-scheme: dark`` in its frame.
MODES = {"light": "not all", "dark": "all"}
#: The name of the sample brand in addresses, and its folder, which operators copy.
SAMPLE = "sample"
SAMPLE_FOLDER = Path(__file__).with_name("sample_brand")
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
        own = [(mode, reverse("styleguide:frame", args=[mode])) for mode in MODES]
        sample = [
            (f"{mode}, with the sample brand", reverse("styleguide:frame", args=[SAMPLE, mode]))
            for mode in MODES
        ]
        frames = [*own, *sample]
        return {**super().get_context_data(**kwargs), "frames": frames, "names": component_names()}


@xframe_options_sameorigin
def frame(request: HttpRequest, mode: str, brand: str = "") -> HttpResponse:
    """Render all components in one mode."""
    shown = _brand(brand, mode)
    style_address = reverse("styleguide:style", args=[brand, mode] if brand else [mode])
    context = {
        "mode": mode,
        "style_address": style_address,
        "components": components(shown),
        "shapes": shape_names(),
    }
    return render(request, "styleguide/frame.html", context)


def style(request: HttpRequest, mode: str, brand: str = "") -> HttpResponse:
    """Return the public style sheet with a fixed mode, whatever the browser's preference."""
    css = (
        bundled_css(brand_css(_brand(brand, mode)))
        .replace(_PREFERENCE, MODES[mode])
        .replace(_SCHEME, f"color-scheme: {mode}")
    )
    return HttpResponse(css, content_type="text/css; charset=utf-8")


def _brand(name: str, mode: str) -> Brand:
    """Return the sample brand, or the site's own without a name. Raises ``Http404``."""
    if mode not in MODES or name not in ("", SAMPLE):
        raise Http404
    own: Brand = settings.BRAND
    return read_brand(str(SAMPLE_FOLDER)) if name else own
