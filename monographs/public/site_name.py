"""The name of the site, for the feed, structured data and leaflets."""

from django.utils.translation import gettext


def site_name(organisation: str | None) -> str:
    """Return the signed name of the organisation, or a default before a home page is published."""
    return organisation or gettext("Medicine monographs")
