"""Where the style page meets Wagtail's admin: its address, and the way there in the help menu."""

from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_admin_urls")
def style_page_urls() -> list[URLPattern | URLResolver]:
    """Everything below /admin/styleguide/."""
    return [path("styleguide/", include("monographs.styleguide.urls"))]


@hooks.register("register_help_menu_item")
def style_page_item() -> MenuItem:
    """For everybody of the desk."""
    return MenuItem("Style page", reverse("styleguide:page"), name="style-page", icon_name="view", order=300)
