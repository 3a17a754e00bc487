"""How findings look, wherever a screen of the desk lists them."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks


@hooks.register("insert_global_admin_css")
def rules_css() -> str:
    """The list of findings is shown on several screens, the editor's among them."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/rules.css"))
