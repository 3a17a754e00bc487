"""Template tags and filters of public pages."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from monographs.core.help_lines import emergency_line
from monographs.public.component_environment import layout_of, path_of, render_component
from monographs.public.date_format import day
from monographs.public.document_html import amounts
from monographs.public.responses import absolute_url

register = template.Library()
register.simple_tag(absolute_url)
register.simple_tag(emergency_line)
register.simple_tag(layout_of, name="page_layout")
register.filter(amounts)
register.filter(day)


@register.simple_tag(takes_context=True)
def component(context: Context, name: str, **values: Any) -> SafeString:
    """Render a component of ``templates/jinja2`` with the page's variables and ``values``."""
    variables: Any = context.flatten()
    return render_component(name, {**variables, **values})


@register.simple_tag(takes_context=True)
def public_path(context: Mapping[str, Any], key: str | None) -> str:
    """Return the current public path of the page with ``key``; empty if it is not public."""
    return path_of(context.get("links") or {}, key)
