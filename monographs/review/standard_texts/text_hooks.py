"""Standard texts in Wagtail's admin: URLs, menu, styles."""

from django.templatetags.static import static
from django.urls import URLResolver, include, path
from django.utils.html import format_html
from wagtail import hooks

from monographs.core.admin_stylesheets import add_admin_stylesheets
from monographs.core.user_menu_item import add_menu_item
from monographs.review.page_access import user_can_see_review_screens


@hooks.register("register_admin_urls")
def standard_text_urls() -> list[URLResolver]:
    """Register the URLs below /admin/standard-texts/."""
    return [path("standard-texts/", include("monographs.review.standard_texts.urls"))]


add_menu_item(
    "register_reports_menu_item",
    "Standard texts",
    "standard_texts:list",
    icon_name="openquote",
    order=637,
    shown_to=user_can_see_review_screens,
)


add_admin_stylesheets("standard-texts")


@hooks.register("insert_editor_js")
def standard_text_js() -> str:
    """Add the element by which a writer chooses a standard text."""
    return format_html('<script src="{}"></script>', static("js/editor-standard-texts.js"))
