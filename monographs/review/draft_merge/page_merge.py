"""Merging the stored contents of revisions of one page, field by field."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from wagtail.fields import StreamField
from wagtail.models import Page

from monographs.review.authorship.stored_passages import text_fields
from monographs.review.draft_merge.merge_conflict import Conflict, ConflictAnswer, Merge
from monographs.review.draft_merge.three_way import merge

#: Fields of chosen values whose order says nothing: documents sort them.
SETS = frozenset({"conditions", "routes"})
_NOTE = "change_note"

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PageMerge:
    """The merged content of a page and what is left to choose, in reading order."""

    content: dict[str, Any]
    conflicts: list[Conflict]
    open: list[Conflict]


def merge_contents(
    base: Content,
    set_aside: Content,
    latest: Content,
    model: type[Page],
    answers: Mapping[str, ConflictAnswer] | None = None,
) -> PageMerge:
    """Return the contents of two revisions of a page of type ``model`` in one; all else is as in ``latest``.

    The sentence on what changed belongs to one edition, so a new one of ``set_aside`` stays what it is: that
    of ``latest`` was read with the edition it was written for, or is asked again at submission.
    """
    content, conflicts, still_open = dict(latest), [], []
    for name in text_fields(model):
        if name not in latest:
            continue
        field = model._meta.get_field(name)
        sides = [_loaded(field, each.get(name)) for each in (base, set_aside, latest)]
        if name == _NOTE and sides[1] != sides[0]:
            sides[2] = sides[0]
        merged = _merged(field, name, sides, answers or {})
        conflicts += merged.conflicts
        still_open += merged.open
        content[name] = _stored(latest.get(name), merged.value)
    return PageMerge(content, conflicts, still_open)


def _merged(field: Any, name: str, sides: list[Any], answers: Mapping[str, ConflictAnswer]) -> Merge:
    base, set_aside, latest = sides
    if name in SETS and all(isinstance(side, list) for side in sides):
        return Merge(_set_merge(base, set_aside, latest))
    once = types_used_once(field) if isinstance(field, StreamField) else frozenset()
    return merge(base, set_aside, latest, answers=answers, once=once, name=name)


def types_used_once(field: StreamField) -> frozenset[str]:
    """Return the types of blocks of which the field has one at most."""
    counts = field.stream_block.meta.block_counts
    return frozenset(name for name, limits in counts.items() if limits.get("max_num") == 1)


def _set_merge(base: list[Any], set_aside: list[Any], latest: list[Any]) -> list[Any]:
    """Return what both sides kept and either added; in the order of ``latest`` if nothing else was chosen."""
    if set(set_aside) == set(base):
        return latest
    if set(latest) == set(base):
        return set_aside
    kept = [each for each in base if each in set_aside and each in latest]
    return [*kept, *sorted({*set_aside, *latest} - set(base))]


def _loaded(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, StreamField | ArrayField) and isinstance(value, str):
        return json.loads(value or "[]")
    return value


def _stored(like: Any, value: Any) -> Any:
    return json.dumps(value) if isinstance(like, str) and not isinstance(value, str) else value
