"""Template filters that quote a person's words in an email: cut to a length, and marked as a quotation."""

from django import template
from django.template.defaultfilters import truncatechars

register = template.Library()

#: Characters of a reason or a note that an email repeats; the admin shows all of it.
MAX_QUOTE_LENGTH = 600


@register.filter
def shortened(words: str) -> str:
    """Return ``words`` cut to ``MAX_QUOTE_LENGTH`` characters."""
    return truncatechars(words.strip(), MAX_QUOTE_LENGTH)


@register.filter
def quoted(words: str) -> str:
    """Return ``words`` as quoted lines of a plain-text email, so that none passes for a line of ours."""
    return "\n".join(f"> {line}".rstrip() for line in shortened(words).splitlines())
