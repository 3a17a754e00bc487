"""The words that say how soon to act, with the emergency number of this site."""

from django.conf import settings
from django.utils.translation import gettext, override

from monographs.core.help_lines import emergency_line
from monographs.document.parts import Urgency


def urgency_label(urgency: Urgency, language: str = "") -> str:
    """Return the label that says how soon to act, in ``language`` (the site's, if empty).

    The most urgent one is worded by the site's ``EMERGENCY_WORDING`` of that language, if it has one. A
    signed document keeps the label that it was signed with.
    """
    language = language or settings.LANGUAGE_CODE
    own = _site_wording(language) if urgency is Urgency.CALL_911 else ""
    if not own:
        with override(language):
            own = gettext(urgency.wording)
    return own.format(number=emergency_line().number)


def urgency_choices() -> list[tuple[str, str]]:
    """Return the urgencies as choices of a form, most urgent first."""
    return [(urgency.value, urgency_label(urgency)) for urgency in Urgency]


def _site_wording(language: str) -> str:
    """Return the site's own wording for an emergency: of ``en-GB``, else of ``en``, else empty."""
    wording: dict[str, str] = settings.EMERGENCY_WORDING
    language = language.lower()
    return wording.get(language) or wording.get(language.split("-")[0], "")
