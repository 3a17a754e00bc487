"""Rows of the admin's tables, read by SQL without the project's code."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tests.stateful.forms import DraftForm
from tests.stateful.oracle_submissions import words

_PAGES = """
    SELECT p.id, p.translation_key::text AS key, m.model, p.alias_of_id AS alias_of, p.title, p.live,
        p.latest_revision_id AS latest, p.live_revision_id AS live_revision, p.path AS tree, r.content
    FROM wagtailcore_page p
    JOIN django_content_type m ON m.id = p.content_type_id
    LEFT JOIN wagtailcore_revision r ON r.id = p.latest_revision_id
    WHERE m.model IN ('monographpage', 'drugclasspage') ORDER BY p.id
"""
_SUBMISSIONS = """
    SELECT s.id, s.uuid::text AS uuid, s.page_id AS page, s.key::text AS key, s.canonical, s.sha256, s.status,
        s.checklist, s.submitter ->> 'username' AS submitter, w.current_task_state_id AS task_state
    FROM review_submission s LEFT JOIN wagtailcore_workflowstate w ON w.id = s.workflow_state_id
    ORDER BY s.id
"""
_NOTES = """
    SELECT n.id, n.key::text AS key, n.status, n.body, u.username AS author
    FROM review_note n JOIN auth_user u ON u.id = n.author_id ORDER BY n.id
"""
_EDITIONS = """
    SELECT id, key::text AS key, number, slug, sha256, submission::text AS submission
    FROM editions_edition WHERE id > %s ORDER BY id
"""
_LABEL_TASKS = """
    SELECT id, key::text AS key, to_version FROM label_watch_updatetask WHERE closed_at IS NULL ORDER BY id
"""
_SIGNERS = """
    SELECT u.username, u.username AS account, u.first_name || ' ' || u.last_name AS name,
        p.credentials, p.field, coalesce(p.expires_on::text, 'none') AS last_day
    FROM auth_user u JOIN review_reviewerprofile p ON p.user_id = u.id
"""
_SIGNATURES = """
    SELECT username, step, sha256 FROM editions_signature WHERE submission = %s ORDER BY id
"""


def rows(statement: str, *values: Any) -> list[dict[str, Any]]:
    """Return the rows of a query as dicts."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def run(statement: str, *values: Any) -> int:
    """Execute a statement and return the number of affected rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return int(cursor.rowcount)


@dataclass(frozen=True)
class AdminPage:
    """A page's row and its latest revision."""

    id: int
    key: str
    title: str
    alias_of: int | None
    live: bool
    latest: int | None
    live_revision: int | None
    content: Mapping[str, Any]

    @property
    def draft(self) -> DraftForm:
        """Return the fields that the editor's form shows."""
        return DraftForm.of(self.content)

    @property
    def print(self) -> tuple[Any, ...]:
        """Return values that differ when the draft differs."""
        draft = self.draft
        said = (
            draft.title,
            draft.slug,
            draft.summary,
            draft.note,
            draft.brand,
            draft.drug_class,
            draft.image,
            draft.alt,
            draft.advice,
            draft.urgency,
            draft.conditions,
            draft.source,
        )
        return (*said, tuple(sorted(words(draft.text))))

    def said(self, pages: Mapping[int, "AdminPage"], things: Mapping[int, str]) -> dict[str, Any]:
        """Return every text that would be public, with the present names of its class, conditions and source.

        An advice box without an urgency is not public; nor is a figure without its image.
        """
        draft = self.draft
        named = pages.get(draft.drug_class or 0)
        said = {**vars(draft), "class": named.title if named else ""}
        said["conditions"] = [titles()[pk] for pk in draft.conditions if pk in things]
        said["source"] = source_title(draft.source) if draft.source else ""
        unfinished = {"advice": not draft.urgency, "alt": draft.image is None}
        return said | {name: "" for name, missing in unfinished.items() if missing}


def pages() -> dict[int, AdminPage]:
    """Return every monograph and class that has a draft, by id."""
    found = {}
    for row in rows(_PAGES):
        if row["content"] is not None:
            content = json.loads(row["content"]) if isinstance(row["content"], str) else row["content"]
            fields = {name: row[name] for name in AdminPage.__annotations__ if name != "content"}
            found[row["id"]] = AdminPage(**fields, content=content)
    return found


def things() -> dict[int, str]:
    """Return the keys of the classes and conditions that texts can name, by id."""
    statement = """
        SELECT p.id, p.translation_key::text AS key FROM wagtailcore_page p
        JOIN django_content_type m ON m.id = p.content_type_id
        WHERE m.model IN ('drugclasspage', 'conditionpage')
    """
    return {row["id"]: row["key"] for row in rows(statement)}


def titles() -> dict[int, str]:
    """Return the titles of pages by id."""
    return {row["id"]: row["title"] for row in rows("SELECT id, title FROM wagtailcore_page")}


def source_title(source: int) -> str:
    """Return the title of a source of the library."""
    found = rows("SELECT title FROM source_library_librarysource WHERE id = %s", source)
    return str(found[0]["title"])


def images() -> set[int]:
    """Return the ids of all images."""
    return {row["id"] for row in rows("SELECT id FROM wagtailimages_image")}


def submissions() -> list[dict[str, Any]]:
    """Return every submission."""
    found = rows(_SUBMISSIONS)
    for row in found:
        row["checklist"] = frozenset(json.loads(row["checklist"]))
    return found


def notes() -> list[dict[str, Any]]:
    """Return every note."""
    return rows(_NOTES)


def last_outside_link() -> int:
    """Return the id of the newest link for an outside expert."""
    return int(rows("SELECT max(id) AS id FROM review_outsidelink")[0]["id"])


def is_revoked(link: int) -> bool:
    """Return whether a link for an outside expert was ended by somebody."""
    found = rows("SELECT revoked_at FROM review_outsidelink WHERE id = %s", link)
    return found[0]["revoked_at"] is not None


def open_proposals(key: str) -> list[int]:
    """Return the ids of open proposals to retire a page."""
    statement = "SELECT id FROM review_retirementproposal WHERE key = %s AND status = 'open'"
    return [row["id"] for row in rows(statement, key)]


def open_label_tasks() -> list[dict[str, Any]]:
    """Return the open label tasks of labels."""
    return rows(_LABEL_TASKS)


def contributors(key: str) -> set[str]:
    """Return the user names of those who wrote in any edition of a page."""
    statement = "SELECT contributors FROM editions_edition WHERE key = %s"
    found = [row["contributors"] for row in rows(statement, key)]
    people = [json.loads(each) if isinstance(each, str) else each for each in found]
    return {person["username"] for each in people for person in each}


def editions_after(last: int) -> list[dict[str, Any]]:
    """Return editions with a higher id than ``last``."""
    return rows(_EDITIONS, last)


def signatures(submission: str) -> list[tuple[str, str, str]]:
    """Return username, step and hash of each signature."""
    return [(r["username"], r["step"], r["sha256"]) for r in rows(_SIGNATURES, submission)]


def signed_as(submission: str, username: str) -> str:
    """Return how the newest signature of a user names them."""
    statement = """
        SELECT name, credentials, field FROM editions_signature
        WHERE submission = %s AND username = %s ORDER BY id DESC LIMIT 1
    """
    return ", ".join(filter(None, rows(statement, submission, username)[0].values()))


def signers() -> dict[str, dict[str, str]]:
    """Return what patients would read of each reviewer, by user name."""
    return {row.pop("username"): row for row in rows(_SIGNERS)}


def revisions(page: int) -> list[dict[str, Any]]:
    """Return a page's revisions, oldest first."""
    statement = """
        SELECT r.id, r.content FROM wagtailcore_revision r
        JOIN django_content_type m ON m.id = r.base_content_type_id
        WHERE r.object_id = %s AND m.model = 'page' ORDER BY r.id
    """
    found = rows(statement, str(page))
    for row in found:
        row["content"] = json.loads(row["content"]) if isinstance(row["content"], str) else row["content"]
    return found
