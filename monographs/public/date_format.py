"""How the reading room writes days and amounts, on a screen and on paper."""

import re
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import pgettext

#: Units of dose, size, time and temperature in which patients' texts count.
_UNITS = (
    "mg mcg µg g kg lb mL L dL mm cm m IU units? percent % °F °C °"
    " seconds? minutes? hours? days? weeks? months? years? times? doses? tablets? capsules? cycles? people"
)
#: A number with its unit; also a tag, which is left alone.
AMOUNT = re.compile(
    r"<[^>]*>|\b\d[\d.,]*(?:\s(?:to|or|and)\s\d[\d.,]*)?\s(?:" + "|".join(_UNITS.split()) + r")(?![\w])"
)


def day(when: date) -> str:
    """A day as the language in force writes it, e.g. *November 25, 2026*."""
    # Translators: in the letters of https://docs.djangoproject.com/en/stable/ref/templates/builtins/#date
    return date_format(when, pgettext("how a day is written", "F j, Y"))
