"""Read editions from the database and encode them as JSON. Each ``fetch_…`` function is one query."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import override

from monographs.document.html import KEY
from monographs.document.models import CollectionType, slug_of
from monographs.public.api import edition_queries
from monographs.public.api.parameters import EditionRange, LabelFilters, MonographFilters
from monographs.public.db import fetch_rows
from monographs.public.json_encoding import encode, format_datetime, with_document
from monographs.public.label_state import PatientSentence
from monographs.public.queries import LaterWithdrawal, PathOutcome, outcome_of

#: What a step of review is called in public.
REVIEW = "Medical review"
PREFIX = "/api/v1"
LIST = f"{PREFIX}/monographs"


@dataclass(frozen=True, slots=True)
class EditionsResult:
    """What is at a medicine's path: its editions, newest first, or the reason that there are none."""

    rows: tuple[dict[str, Any], ...]

    @property
    def outcome(self) -> PathOutcome:
        """The outcome of the path, as for HTML pages."""
        return outcome_of(self.rows[0])

    @property
    def exists(self) -> bool:
        """Whether the medicine is public, even if the edition asked for does not exist."""
        return self.rows[0]["state"] == "current"

    @property
    def current_slug(self) -> str:
        """The slug of a medicine that moved."""
        return slug_of(self.rows[0]["target"])


def fetch_current_edition(slug: str) -> EditionsResult:
    """Fetch the current edition of a medicine."""
    return _fetch(edition_queries.CURRENT, slug, None, 1)


def fetch_edition(slug: str, number: int) -> EditionsResult:
    """Fetch edition ``number`` of a medicine."""
    return _fetch(edition_queries.BY_NUMBER, slug, number, 1)


def fetch_editions(slug: str, edition_range: EditionRange) -> EditionsResult:
    """Fetch the editions before the cursor: one more than the limit, to know whether there are more."""
    return _fetch(edition_queries.BEFORE_CURSOR, slug, edition_range.cursor, edition_range.limit + 1)


def _fetch(condition: str, slug: str, number: int | None, limit: int) -> EditionsResult:
    parameters = {"path": CollectionType.MEDICINES.page(slug), "number": number, "limit": limit}
    return EditionsResult(tuple(fetch_rows(edition_queries.editions(condition), parameters)))


def edition_json(row: Mapping[str, Any]) -> str:
    """Encode an edition. The result never changes, but for the withdrawal of a later one."""
    return with_document(_edition(row), row["canonical"])


def monograph_json(row: Mapping[str, Any]) -> str:
    """Encode the current edition with its path, links and prepared sentence, which may change."""
    facts = {
        **_edition(row),
        "path": row["path"],
        "links": dict(sorted((row["links"] or {}).items())),
        "prepared_sentence": _sentence(row),
    }
    return with_document(facts, row["canonical"])


def _sentence(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the prepared sentence beside an edition in the language of its text, None without any."""
    sentence = PatientSentence.of(row["sentence"])
    if sentence is None:
        return None
    with override(json.loads(row["canonical"])["language"]):
        text = sentence.words
    facts = {"set_id": sentence.set_id, "version": sentence.version, "effective": sentence.effective}
    return {"text": text, **facts}


def editions_json(found: EditionsResult, slug: str, edition_range: EditionRange) -> str:
    """Encode a page of editions."""
    shown = found.rows[: edition_range.limit] if found.outcome is PathOutcome.CURRENT else ()
    has_more = len(found.rows) > edition_range.limit
    next_query = {"limit": edition_range.limit, "cursor": shown[-1]["number"]} if has_more else None
    return list_json(map(edition_json, shown), f"{LIST}/{slug}/editions", next_query)


def _edition(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "slug": row["slug"],
        "number": row["number"],
        "sha256": row["sha256"],
        "published_at": format_datetime(row["effective_at"]),
        "last_reviewed": row["last_reviewed"],
        "next_due": row["next_due"],
        "review_kind": row["review_kind"],
        "restores": row["restores"],
        "later_withdrawal": asdict(LaterWithdrawal(*row["later"])) if row["later"] else None,
        "signatures": [
            {**signature, "step": _step_label(signature["step"], row["steps"])}
            for signature in row["signatures"] or ()
        ],
    }


def _step_label(name: str, steps: list[dict[str, Any]]) -> str:
    """Return fixed words for a step, by its place: its name is whatever an administrator wrote."""
    names = [step["step"] for step in steps]
    if len(names) > 1 and name in names:
        return f"{REVIEW}, step {names.index(name) + 1} of {len(names)}"
    return REVIEW


def monographs_json(filters: MonographFilters) -> str:
    """Fetch and encode a page of the medicines that are public now, in order of their path."""
    given = [name for name in edition_queries.FILTERS if getattr(filters, name) is not None]
    statement = edition_queries.monographs(given)
    return medicines_json(statement, _parameters(filters), filters, _summary, LIST)


def _parameters(filters: MonographFilters) -> dict[str, Any]:
    return {
        **_page("class", CollectionType.CLASSES, filters.class_),
        **_page("condition", CollectionType.CONDITIONS, filters.condition),
        "route": filters.route,
        "updated_since": filters.updated_since,
        "review_due_before": filters.review_due_before,
    }


def _page(name: str, collection: CollectionType, value: str | None) -> dict[str, Any]:
    key = value if value and re.fullmatch(KEY, value) else None
    return {f"{name}_path": collection.page(value) if value else None, f"{name}_key": key}


def _summary(row: Mapping[str, Any]) -> dict[str, Any]:
    copied = "slug brand_names summary path drug_class conditions routes number sha256 last_reviewed next_due"
    return {
        "name": row["title"],
        "published_at": format_datetime(row["effective_at"]),
        **{name: row[name] for name in copied.split()},
    }


def medicines_json(
    statement: str,
    parameters: Mapping[str, Any],
    filters: MonographFilters | LabelFilters,
    record: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    address: str,
) -> str:
    """Fetch and encode a page of a list of medicines in order of their path.

    The ``statement`` gets ``after``, a path, and ``limit``, one more than is shown, to know of more.
    """
    after = CollectionType.MEDICINES.page(filters.cursor) if filters.cursor else ""
    found = list(fetch_rows(statement, {**parameters, "after": after, "limit": filters.limit + 1}))
    shown = found[: filters.limit]
    next_query = None
    if len(found) > filters.limit:
        query = filters.model_dump(mode="json", by_alias=True, exclude_unset=True)
        next_query = {**query, "cursor": slug_of(shown[-1]["path"])}
    return list_json((encode(record(row)) for row in shown), address, next_query)


def list_json(items: Iterator[str], path: str, next_query: Mapping[str, Any] | None) -> str:
    """Return encoded items as a page of a list, with the address of the next one."""
    next_path = f"{path}?{urlencode(next_query)}" if next_query else None
    return f'{{"items":[{",".join(items)}],"next":{encode(next_path)}}}'
