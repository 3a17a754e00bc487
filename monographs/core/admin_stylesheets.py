"""Links to this project's style sheets on every page of Wagtail's admin."""

from django.templatetags.static import static
from django.utils.html import format_html_join
from wagtail import hooks


def add_admin_stylesheets(*names: str) -> None:
    """Link ``static/css/<name>.css`` for each name, in this order, on every page of the admin."""

    @hooks.register("insert_global_admin_css")
    def links() -> str:
        sheets = ((static(f"css/{name}.css"),) for name in names)
        return format_html_join("", '<link rel="stylesheet" href="{}">', sheets)
