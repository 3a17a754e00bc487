"""Rows of the record as answers: each function is one query."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from monographs.document.html import KEY
from monographs.document.models import CollectionType, slug_of
from monographs.public.api import edition_queries
from monographs.public.api.parameters import EditionRange, MonographFilters
from monographs.public.db import rows
from monographs.public.json_encoding import encode, moment, with_document
from monographs.public.queries import PathOutcome, outcome_of

PREFIX = "/api/v1"
LIST = f"{PREFIX}/monographs"


@dataclass(frozen=True, slots=True)
class EditionsResult:
    """What is at a medicine's path: editions, newest first, or why there are none."""

    rows: tuple[dict[str, Any], ...]

    @property
    def outcome(self) -> PathOutcome:
        """As for pages."""
        return outcome_of(self.rows[0])

    @property
    def exists(self) -> bool:
        """Whether the medicine is public, whatever was asked of it."""
        return self.rows[0]["state"] == "current"

    @property
    def slug_now(self) -> str:
        """Of a medicine that moved."""
        return slug_of(self.rows[0]["target"])


def current(slug: str) -> EditionsResult:
    """The current edition of a medicine."""
    return _editions(edition_queries.CURRENT, slug, None, 1)


def one(slug: str, number: int) -> EditionsResult:
    """Edition ``number`` of a medicine."""
    return _editions(edition_queries.ONE, slug, number, 1)


def some(slug: str, asked: EditionRange) -> EditionsResult:
    """Editions before the cursor's; one more than asked for says that there are more."""
    return _editions(edition_queries.SOME, slug, asked.cursor, asked.limit + 1)


def _editions(which: str, slug: str, number: int | None, limit: int) -> EditionsResult:
    asked = {"path": CollectionType.MEDICINES.page(slug), "number": number, "limit": limit}
    return EditionsResult(tuple(rows(edition_queries.editions(which), asked)))


def edition_json(row: Mapping[str, Any]) -> str:
    """An edition as it is answered for good."""
    return with_document(_edition(row), row["canonical"])


def monograph_json(row: Mapping[str, Any]) -> str:
    """The current edition, and what is true of it today."""
    facts = {**_edition(row), "path": row["path"], "links": dict(sorted((row["links"] or {}).items()))}
    return with_document(facts, row["canonical"])


def editions_json(found: EditionsResult, slug: str, asked: EditionRange) -> str:
    """A list of editions."""
    shown = found.rows[: asked.limit] if found.outcome is PathOutcome.CURRENT else ()
    more = len(found.rows) > asked.limit
    following = {"limit": asked.limit, "cursor": shown[-1]["number"]} if more else None
    return _list(map(edition_json, shown), f"{LIST}/{slug}/editions", following)


def _edition(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "slug": row["slug"],
        "number": row["number"],
        "sha256": row["sha256"],
        "published_at": moment(row["effective_at"]),
        "last_reviewed": row["last_reviewed"],
        "next_due": row["next_due"],
        "review_kind": row["review_kind"],
        "restores": row["restores"],
        "signatures": row["signatures"],
    }


def monographs_json(asked: MonographFilters) -> str:
    """A list of medicines that are public now, by their path."""
    found = list(rows(edition_queries.MONOGRAPHS, _conditions(asked)))
    shown = found[: asked.limit]
    following = None
    if len(found) > asked.limit:
        given = asked.model_dump(mode="json", by_alias=True, exclude_unset=True)
        following = {**given, "cursor": slug_of(shown[-1]["path"])}
    return _list((encode(_summary(row)) for row in shown), LIST, following)


def _conditions(asked: MonographFilters) -> dict[str, Any]:
    return {
        **_page("class", CollectionType.CLASSES, asked.class_),
        **_page("condition", CollectionType.CONDITIONS, asked.condition),
        "route": asked.route,
        "updated_since": asked.updated_since,
        "review_due_before": asked.review_due_before,
        "after": CollectionType.MEDICINES.page(asked.cursor) if asked.cursor else "",
        "limit": asked.limit + 1,
    }


def _page(name: str, collection: CollectionType, asked: str | None) -> dict[str, Any]:
    keys = [asked] if asked and re.fullmatch(KEY, asked) else []
    return {f"{name}_path": collection.page(asked) if asked else None, f"{name}_keys": keys}


def _summary(row: Mapping[str, Any]) -> dict[str, Any]:
    plain = "slug brand_names summary path drug_class conditions routes number sha256 last_reviewed next_due"
    return {
        "name": row["title"],
        "published_at": moment(row["effective_at"]),
        **{name: row[name] for name in plain.split()},
    }


def _list(items: Iterator[str], address: str, following: Mapping[str, Any] | None) -> str:
    more = f"{address}?{urlencode(following)}" if following else None
    return f'{{"items":[{",".join(items)}],"next":{encode(more)}}}'
