"""What the templates of the review need beyond loops and conditions."""

from typing import Any

from django import template

from monographs.presentation.relative_dates import elapsed_text

register = template.Library()
register.filter(elapsed_text)


@register.filter
def of_act(signatures: dict[Any, list[Any]], act: Any) -> list[Any]:
    """The signatures given in one act: a submission or a withdrawal."""
    return signatures.get(act, [])


@register.filter
def of(mapping: dict[str, Any], key: str) -> Any:
    """What a mapping has for ``key``."""
    return mapping.get(key)
