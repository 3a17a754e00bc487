"""The site's name, for programs."""

from django.utils.translation import gettext


def site_name(organisation: str | None) -> str:
    """The organisation's as it was signed; before anybody has signed one, that of the interface."""
    return organisation or gettext("Medicine monographs")
