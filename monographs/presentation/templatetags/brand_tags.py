"""The brand of the site, for pages and for the admin."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings

from monographs.core.brand.admin_colours import AdminColours
from monographs.core.brand.admin_colours import admin_colours as brand_admin_colours
from monographs.core.brand.admin_colours import menu_logo as brand_menu_logo
from monographs.core.brand.brand import Brand
from monographs.core.brand.logo import Logo
from monographs.presentation.site_name import site_name

register = template.Library()
register.simple_tag(site_name)


@register.simple_tag(takes_context=True)
def current_brand(context: Mapping[str, Any]) -> Brand:
    """Return the brand that the operator set; in the style guide, the one that it shows."""
    brand: Brand = context.get("shown_brand") or settings.BRAND
    return brand


@register.simple_tag
def admin_colours() -> AdminColours | None:
    """Return the colour of the admin's menu; None for Wagtail's own."""
    return brand_admin_colours(settings.BRAND)


@register.simple_tag
def menu_logo() -> Logo | None:
    """Return the logo in the admin's menu, if the brand has one."""
    return brand_menu_logo(settings.BRAND)


@register.simple_tag
def admin_name() -> str:
    """Return the site's name in the admin."""
    return str(settings.WAGTAIL_SITE_NAME)
