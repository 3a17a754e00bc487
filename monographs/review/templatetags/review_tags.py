"""Template filters of the review screens."""

from collections.abc import Mapping
from typing import Any

from django import template

from monographs.presentation.relative_dates import due_text, elapsed_text

register = template.Library()
register.filter(elapsed_text)
register.filter(due_text)


@register.filter
def get_item(mapping: Mapping[str, Any], key: str) -> Any:
    """Return the value of ``mapping`` for ``key``, None if it has none."""
    return mapping.get(key)
