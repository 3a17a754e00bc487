"""The newest saved version of a page, compared with what is in the editor's form."""

import json
from typing import Any

from django.http import HttpRequest
from wagtail.fields import StreamField
from wagtail.models import Page, Revision

from monographs.presentation.moments import moment_text
from monographs.review.queue.queue_rows import display_name

#: Fields of a page that its editor does not set.
_NOT_TYPED = frozenset({field.name for field in Page._meta.get_fields()} - {"title", "slug"}) | {"page_ptr"}


def newer_version(latest: Revision, request: HttpRequest) -> str:
    """Return a sentence that says who saved the newest version, and when."""
    own = latest.user_id == request.user.pk
    name = "You" if own else display_name(latest.user) if latest.user else "Somebody"
    where = " in another tab or window" if own else ""
    return f"{name} saved another version of this page{where} on {moment_text(latest.created_at)}."


def says_the_same(draft: Page, revision: Revision) -> bool:
    """Return whether ``revision`` holds every value that the form sets in ``draft``."""
    stored = revision.content
    values = draft.serializable_data()
    own = {field.name for field in draft._meta.get_fields() if field.name not in _NOT_TYPED}
    return all(
        _value(draft, name, values[name]) == _value(draft, name, stored.get(name))
        for name in own & values.keys()
    )


def _value(draft: Page, name: str, value: Any) -> Any:
    if isinstance(draft._meta.get_field(name), StreamField) and isinstance(value, str):
        return json.loads(value or "[]")
    return value
