"""Template tags for the metadata in a page's head."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from monographs.document.models import BaseDocument
from monographs.presentation.site_name import site_name
from monographs.public.json_encoding import encode
from monographs.public.list_context import ListContext
from monographs.public.schema_org import description
from monographs.public.schema_org_pages import structured_data

register = template.Library()


@register.filter
def description_of(document: BaseDocument | None) -> str:
    """Return a short description of a page; empty for a page without a document."""
    return description(document) if document else ""


@register.simple_tag(takes_context=True)
def json_ld(context: Mapping[str, Any]) -> SafeString | str:
    """Return the structured data of a page, as JSON that cannot close the script element.

    Empty for drafts and superseded editions, which must not be indexed, and for pages without such data.
    """
    document, edition = context.get("document"), context.get("edition")
    if document is None or edition is None or context.get("noindex") or context.get("banner"):
        return ""
    listing = context.get("listing") or ListContext()
    publisher = site_name(context.get("site_name"))
    data = structured_data(document, edition, context.get("links") or {}, listing, publisher)
    return mark_safe(encode(data)) if data else ""  # noqa: S308  # encode leaves no "<" or "&"
