"""People's own words in mails: short, and marked as theirs."""

from django import template
from django.template.defaultfilters import truncatechars

register = template.Library()

#: Characters of a reason or a note in a mail; all of it is on the desk.
LONGEST = 600


@register.filter
def shortened(words: str) -> str:
    """As much of ``words`` as goes by mail."""
    return truncatechars(words.strip(), LONGEST)


@register.filter
def quoted(words: str) -> str:
    """``words`` in a text mail, each line marked, so that none passes for a line of ours."""
    return "\n".join(f"> {line}".rstrip() for line in shortened(words).splitlines())
