"""Template filters of the review screens."""

import re
from collections.abc import Mapping
from typing import Any

from django import template

from monographs.presentation.relative_dates import due_text, elapsed_text

register = template.Library()
register.filter(elapsed_text)
register.filter(due_text)

#: What panels count, in the plural.
_COUNTED = re.compile(r"\b(change|draft|email|medicine|page|review|source|use)s\b")


@register.filter
def get_item(mapping: Mapping[str, Any], key: str) -> Any:
    """Return the value of ``mapping`` for ``key``, None if it has none."""
    return mapping.get(key)


@register.filter
def in_number(label: str, count: int) -> str:
    """Return the plural ``label`` of what is counted as it is read after ``count``: 1 page, 2 pages."""
    return _COUNTED.sub(r"\1", label, count=1) if count == 1 else label
