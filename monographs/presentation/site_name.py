"""The name of the site, for pages, the feed, structured data, leaflets and the API."""

from django.conf import settings
from django.utils.translation import gettext


def site_name(organisation: str | None = None) -> str:
    """Return the signed name of the organisation, or the operator's before a home page is published."""
    return organisation or settings.BRAND.name or gettext("Medicine monographs")
