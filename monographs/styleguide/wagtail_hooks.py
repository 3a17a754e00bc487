"""Registers the style guide's URLs and its item in the help menu of the admin."""

from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_admin_urls")
def style_guide_urls() -> list[URLPattern | URLResolver]:
    """Return the URLs below /admin/styleguide/."""
    return [path("styleguide/", include("monographs.styleguide.urls"))]


@hooks.register("register_help_menu_item")
def style_guide_item() -> MenuItem:
    """Return the menu item, which every user of the admin sees."""
    return MenuItem(
        "Style guide", reverse("styleguide:page"), name="style-guide", icon_name="view", order=300
    )
