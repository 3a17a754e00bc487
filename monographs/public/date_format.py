"""Formats of dates and amounts on public pages and leaflets."""

import re
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import pgettext

from monographs.public.per_language import per_language

#: Units of dose, size, time and temperature that occur in texts for patients.
_UNITS = (
    "mg mcg µg g kg lb mL L dL mm cm m IU units? percent % °F °C °"
    " seconds? minutes? hours? days? weeks? months? years? times? doses? tablets? capsules? cycles? people"
)
#: A number with its unit. Also matches an HTML tag, so that callers can skip it.
AMOUNT = re.compile(
    r"<[^>]*>|\b\d[\d.,]*(?:\s(?:to|or|and)\s\d[\d.,]*)?\s(?:" + "|".join(_UNITS.split()) + r")(?![\w])"
)


@per_language
def day(when: date) -> str:
    """Format a date in the active language, e.g. *November 25, 2026*."""
    # Translators: in the letters of https://docs.djangoproject.com/en/stable/ref/templates/builtins/#date
    return date_format(when, pgettext("how a day is written", "F j, Y"))
