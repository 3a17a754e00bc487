"""The setting that words what cannot wait, by language."""

import re
from typing import Any

from django.core.exceptions import ImproperlyConfigured

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
#: Longer ones do not fit one line of a phone, and search snippets begin with them.
_MOST = 60
_EXAMPLE = '{"en": "Call {number} or go to A&E now"}'


def emergency_wording(value: Any) -> dict[str, str]:
    """Return ``EMERGENCY_WORDING``: language code in lower case → label with ``{number}`` in it.

    Raises ``ImproperlyConfigured`` for what cannot be one, with what to write instead.
    """
    if not isinstance(value, dict):
        raise ImproperlyConfigured(f"EMERGENCY_WORDING is no JSON object, e.g. {_EXAMPLE}.")
    wording = {language.lower(): words for language, words in value.items()}
    for language, words in wording.items():
        _check(language, words)
    return wording


def _check(language: str, words: Any) -> None:
    if not _LANGUAGE.fullmatch(language):
        raise ImproperlyConfigured(f"EMERGENCY_WORDING: {language!r} is no language code, e.g. en or en-GB.")
    if not isinstance(words, str) or words.count("{number}") != 1:
        raise ImproperlyConfigured(
            f"EMERGENCY_WORDING: the label of {language!r} must have {{number}} once, e.g. {_EXAMPLE}."
        )
    if re.search(r"[{}\x00-\x1f]", words.replace("{number}", "")) or len(words) > _MOST:
        raise ImproperlyConfigured(
            f"EMERGENCY_WORDING: the label of {language!r} must be one line of at most {_MOST} characters, "
            "without other braces."
        )
