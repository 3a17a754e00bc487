"""Hooks for Wagtail's admin: the style of lists of findings."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks


@hooks.register("insert_global_admin_css")
def rules_css() -> str:
    """Load the stylesheet on every admin page: several screens and the editor list findings."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/rules.css"))
