"""The brand in Wagtail's admin: the colour of its menu, and the logo that suits it.

The menu has white text, whatever the mode of the page, so its colour must be dark.
"""

import colorsys
from typing import NamedTuple

from monographs.core.brand.brand import Brand
from monographs.core.brand.contrast import contrast
from monographs.core.brand.default_colours import DARK, LIGHT
from monographs.core.brand.logo import Logo

#: White text of the menu is small, and Wagtail lightens its ground where the pointer is (WCAG 2.2, 1.4.6).
_LEAST = 7.0
_WHITE = "#ffffff"


class AdminColours(NamedTuple):
    """Hue in degrees, saturation and lightness in percent, as Wagtail's custom properties want them."""

    hue: float
    saturation: float
    lightness: float


def menu_colour(brand: Brand) -> str:
    """Return the colour of the menu: the darkest ground of the brand; empty without colours."""
    if not any(brand.colours.values()):
        return ""
    light, dark = brand.all_colours[LIGHT], brand.all_colours[DARK]
    known = (light["frame"], light["accent"], dark["frame"])
    return next((colour for colour in known if contrast(colour, _WHITE) >= _LEAST), "")


def admin_colours(brand: Brand) -> AdminColours | None:
    """Return the colour of the menu for Wagtail; None for Wagtail's own."""
    colour = menu_colour(brand)
    if not colour:
        return None
    digits = colour.lstrip("#")
    pairs = [digits[at : at + 2] for at in (0, 2, 4)] if len(digits) == 6 else [d * 2 for d in digits]  # noqa: PLR2004
    hue, lightness, saturation = colorsys.rgb_to_hls(*(int(pair, 16) / 255 for pair in pairs))
    return AdminColours(round(hue * 360, 1), round(saturation * 100, 1), round(lightness * 100, 1))


def menu_logo(brand: Brand) -> Logo | None:
    """Return the logo for the menu: the one for dark grounds unless the top of pages is as dark."""
    if menu_colour(brand) == brand.all_colours[LIGHT]["frame"]:
        return brand.logos.get("frame")
    return brand.logos.get("dark") or brand.logos.get("frame")
