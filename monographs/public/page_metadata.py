"""What components say of a page to programs: its description and its structured data."""

from django.utils.safestring import SafeString
from jinja2 import pass_context
from jinja2.runtime import Context

from monographs.document.models import BaseDocument
from monographs.presentation.site_name import site_name
from monographs.public.list_context import ListContext
from monographs.public.schema_org import description
from monographs.public.schema_org_pages import structured_data


def description_of(document: BaseDocument | None) -> str:
    """Return a short description of a page; empty for a page without a document."""
    return description(document) if document else ""


@pass_context
def json_ld(context: Context) -> SafeString | str:
    """Return the structured data of a page, as JSON that cannot close the script element.

    Empty for drafts and superseded editions, which must not be indexed, and for pages without such data.
    """
    document, edition = context.get("document"), context.get("edition")
    if document is None or edition is None or context.get("noindex") or context.get("banner"):
        return ""
    listing = context.get("listing") or ListContext()
    publisher = site_name(context.get("site_name"))
    # ``json_encoding`` leaves no "<" or "&"
    return SafeString(structured_data(document, edition, context.get("links") or {}, listing, publisher))
