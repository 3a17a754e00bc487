"""What a page's head says about its look: the style sheet, the icon, the colour around the page."""

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from monographs.core.brand.brand import Brand
from monographs.core.brand.default_colours import LIGHT
from monographs.public.brand_styles import stylesheet_address

register = template.Library()
register.simple_tag(stylesheet_address)

#: A cross on the colour of the page's top, for a site whose brand has no icon.
_ICON = (
    "data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%20viewBox=%220%200%2016%2016%22%3E"
    "%3Crect%20width=%2216%22%20height=%2216%22%20rx=%223%22%20fill=%22%23{colour}%22/%3E"
    "%3Cpath%20d=%22M7%203h2v4h4v2H9v4H7V9H3V7h4z%22%20fill=%22%23{on}%22/%3E%3C/svg%3E"
)


@register.simple_tag
def frame_colour() -> str:
    """Return the colour of the page's top, which browsers show around a page."""
    return _colours()["frame"]


@register.simple_tag
def icon_link() -> SafeString:
    """Return the link to the icon in the browser's tab."""
    brand: Brand = settings.BRAND
    colours = _colours()
    if icon := brand.logos.get("icon"):
        media_type, address = f"image/{'svg+xml' if icon.suffix == '.svg' else 'png'}", icon.address
    else:
        address = _ICON.format(colour=colours["frame"].lstrip("#"), on=colours["on-frame"].lstrip("#"))
        media_type = "image/svg+xml"
    return format_html('<link rel="icon" type="{}" href="{}">', media_type, address)


def _colours() -> dict[str, str]:
    brand: Brand = settings.BRAND
    return brand.all_colours[LIGHT]
