"""Composed characters: texts of a page are stored in Unicode's form NFC, which looks and means the same.

“é” typed as one character and “é” pasted as two would else be two names, and a change in every comparison. No
other change is made when a page is saved: what could change a meaning is named by the house rules instead.
"""

import json
import re
import unicodedata
from typing import Any

from django.db import models
from wagtail.fields import StreamField

# Tags stay apart from the text after them: “>” and a combining stroke would become one sign
_PIECE = re.compile(r"[<>]|[^<>]+")


def compose_texts(page: models.Model) -> None:
    """Bring every text field and block of ``page`` into NFC, in place."""
    for field in page._meta.concrete_fields:
        value = getattr(page, field.attname)
        if isinstance(field, StreamField):
            stored = value.get_prep_value()
            composed = _composed(stored)
            if composed != stored:
                setattr(page, field.attname, json.dumps(composed))
        elif isinstance(value, str | list):
            setattr(page, field.attname, _composed(value))


def _composed(value: Any) -> Any:
    if isinstance(value, str):
        if unicodedata.is_normalized("NFC", value):
            return value
        return _PIECE.sub(lambda piece: unicodedata.normalize("NFC", piece[0]), value)
    if isinstance(value, dict):
        return {key: _composed(inner) for key, inner in value.items()}
    return [_composed(inner) for inner in value] if isinstance(value, list) else value
