"""The newest saved version of a page, compared with what is in the editor's form."""

import re
from typing import Any

from django.http import HttpRequest
from wagtail.fields import StreamField
from wagtail.models import Page, Revision

from monographs.core.users import display_name
from monographs.presentation.moments import long_moment_text

#: Fields of a page that its editor does not set.
_NOT_TYPED = frozenset({field.name for field in Page._meta.get_fields()} - {"title", "slug"}) | {"page_ptr"}
#: Identifies a paragraph in the rich text editor.
_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')


def newer_version(latest: Revision, request: HttpRequest) -> str:
    """Return a sentence that says who saved the newest version, and when."""
    own = latest.user_id == request.user.pk
    name = "You" if own else display_name(latest.user) if latest.user else "Somebody"
    where = " in another tab or window" if own else ""
    return f"{name} saved another version of this page{where} on {long_moment_text(latest.created_at)}."


def matches_revision(draft: Page, revision: Revision) -> bool:
    """Return whether ``revision`` holds every value that the form sets in ``draft``."""
    stored = revision.as_object()
    values, others = draft.serializable_data(), stored.serializable_data()
    own = {field.name for field in draft._meta.get_fields() if field.name not in _NOT_TYPED}
    return all(
        _without_ids(getattr(draft, name).get_prep_value())
        == _without_ids(getattr(stored, name).get_prep_value())
        if isinstance(draft._meta.get_field(name), StreamField)
        else values[name] == others.get(name)
        for name in own & values.keys()
    )


def _without_ids(value: Any) -> Any:
    """Return stored content without the identifiers of its blocks.

    A block that was saved without one, by a command or the API, gets a new one each time a form shows it.
    """
    match value:
        case dict():
            return {name: _without_ids(each) for name, each in value.items() if name != "id"}
        case list() | tuple():
            return [_without_ids(each) for each in value]
        case str():
            return _BLOCK_KEY.sub("", value)
    return value
