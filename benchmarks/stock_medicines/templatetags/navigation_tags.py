"""The menu and the breadcrumbs, as in Wagtail's demonstration site."""

from collections.abc import Mapping
from typing import Any

from django import template
from wagtail.models import Page, Site

register = template.Library()


@register.simple_tag(takes_context=True)
def get_site_root(context: Mapping[str, Any]) -> Any:
    """Return the home page."""
    return Site.find_for_request(context["request"]).root_page


@register.inclusion_tag("tags/top_menu.html", takes_context=True)
def top_menu(context: Mapping[str, Any], parent: Any, calling_page: Any = None) -> dict[str, Any]:
    """Show the pages below ``parent`` that are in menus."""
    items = parent.get_children().live().in_menu()
    for item in items:
        item.active = calling_page.url_path.startswith(item.url_path) if calling_page else False
    return {"calling_page": calling_page, "menuitems": items, "request": context["request"]}


@register.inclusion_tag("tags/breadcrumbs.html", takes_context=True)
def breadcrumbs(context: Mapping[str, Any]) -> dict[str, Any]:
    """Show the way to the page."""
    page = context.get("self")
    ancestors = Page.objects.ancestor_of(page, inclusive=True).filter(depth__gt=1) if page else ()
    return {"ancestors": ancestors, "request": context["request"]}
