"""The rows of the list of standard texts: the version in use, the one after it, and where each is used."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.urls import reverse

from monographs.editions.models import Edition
from monographs.editions.standard_texts import current_texts, withdrawn_versions
from monographs.models import StandardTextPage
from monographs.presentation.moments import long_moment_text
from monographs.review.models import UNDER_WAY, DraftStandardText, Submission
from monographs.review.replacement.where_used import public_text_versions


@dataclass(frozen=True, slots=True)
class NextVersion:
    """The version of a standard text that is drafted, in review or signed for later: in words, and where."""

    text: str
    url: str


def next_versions(
    pages: Sequence[StandardTextPage], newest: Mapping[UUID, Edition], withdrawn: Mapping[UUID, int]
) -> dict[UUID, NextVersion]:
    """Return, by key, what comes after the version of each text that was signed last. One query.

    A text that was never signed nor submitted, or whose draft says what was signed, is left out.
    """
    keys = [page.translation_key for page in pages]
    under_way = Submission.objects.filter(key__in=keys, status__in=UNDER_WAY).defer("canonical")
    submissions = {submission.key: submission for submission in under_way}
    found: dict[UUID, NextVersion] = {}
    for page in pages:
        key = page.translation_key
        signed = max(newest[key].number if key in newest else 0, withdrawn.get(key, 0))
        if submission := submissions.get(key):
            day = submission.publish_at if submission.is_scheduled else None
            state = f"is signed, in use from {long_moment_text(day)}" if day else "is in review"
            url = reverse("review:review", args=[submission.pk])
            found[key] = NextVersion(f"Version {signed + 1} {state}", url)
        elif signed and page.has_unpublished_changes:
            url = reverse("wagtailadmin_pages:edit", args=[page.pk])
            found[key] = NextVersion(f"Version {signed + 1} is drafted", url)
    return found


@dataclass(slots=True)
class StandardTextRow:
    """A standard text: its newest usable version, the pages that use it, and those with an older one."""

    page: StandardTextPage
    newest: Edition | None
    withdrawn: int = 0
    next_version: NextVersion | None = None
    using: set[UUID] = field(default_factory=set)
    older: set[UUID] = field(default_factory=set)


def standard_text_rows() -> list[StandardTextRow]:
    """Return all standard texts by name, in a fixed number of queries."""
    newest = current_texts()
    pages = list(StandardTextPage.objects.filter(alias_of=None).order_by("draft_title", "pk"))
    withdrawn = withdrawn_versions(page.translation_key for page in pages)
    following = next_versions(pages, newest, withdrawn)
    rows = {
        str(page.translation_key): StandardTextRow(
            page,
            newest.get(page.translation_key),
            withdrawn.get(page.translation_key, 0),
            following.get(page.translation_key),
        )
        for page in pages
    }
    for using, hashes in _uses().items():
        for key, found in hashes.items():
            if row := rows.get(key):
                row.using.add(using)
                if row.newest and found - {row.newest.sha256}:
                    row.older.add(using)
    return list(rows.values())


def _uses() -> dict[UUID, dict[str, set[str]]]:
    """Return, by page and text, the hashes of the versions that patients read or its draft has."""
    found: dict[UUID, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for using, _, version in public_text_versions():
        found[using][version.key].add(version.sha256)
    for using, text, sha256 in DraftStandardText.objects.values_list("key", "text", "sha256"):
        found[using][str(text)].add(sha256)
    return found
