"""The versions of one page that can be compared: its editions, its submissions, and the draft."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.urls import reverse

from monographs.document import sha256_of
from monographs.document.models import BaseDocument
from monographs.editions.models import Edition
from monographs.models import ReviewedPage
from monographs.presentation.moments import long_day_text, long_moment_text
from monographs.review.models import UNDER_WAY, Submission, SubmissionStatus
from monographs.review.publication.page_sync import page_of

DRAFT = "draft"
#: Instead of an older version: all of the other one is new.
NOTHING = "nothing"
#: Said of a draft instead of a comparison.
UNFINISHED = "This draft is too unfinished to be compared. It is kept as it is, to be finished in the editor."
_SUBMISSION = "submission-"
#: Saved drafts among which the one that a file was made of is looked for.
_DRAFTS = 30


def submission_name(submission: Submission) -> str:
    """Return the name of a submission in URLs."""
    return f"{_SUBMISSION}{submission.pk}"


@dataclass(frozen=True, slots=True)
class VersionChoice:
    """A version the user may choose. ``name`` identifies it in URLs."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a page: ``provenance`` says who wrote or signed it, ``figures`` maps names to URLs."""

    name: str
    label: str
    document: BaseDocument
    sha256: str
    provenance: str
    at: datetime | None = None
    figures: Mapping[str, str] = field(default_factory=dict)
    #: Who changed the text, in a file with tracked changes.
    author: str = ""

    @property
    def is_edition(self) -> bool:
        """Whether it is signed and was published."""
        return self.name.isdecimal()


class UnreadableDraft(Exception):
    """Raised for a draft that cannot be resolved to a document; the message says what to do."""


def resolved_draft(draft: ReviewedPage) -> tuple[BaseDocument, dict[str, str]]:
    """Return the document of ``draft``, and the address of each of its pictures by file name.

    Raises ``UnreadableDraft`` for a draft that cannot be resolved.
    """
    try:
        document, images = draft.resolve()
    except ValueError as error:
        raise UnreadableDraft(UNFINISHED) from error
    figures = {
        figure.file_name: images[figure.sha256].file.url
        for figure in document.figures()
        if figure.sha256 in images
    }
    return document, figures


def signed_figures(document: BaseDocument) -> dict[str, str]:
    """Return the address of each picture of an edition's document by file name."""
    return {each.file_name: reverse("public:figure", args=[each.file_name]) for each in document.figures()}


class Versions:
    """The versions of the page ``key`` that ``user`` may read."""

    def __init__(self, key: UUID, user: User) -> None:
        self.key = key
        self.page = page_of(key)
        self.editions = list(Edition.objects.of(key).order_by("-number"))
        self.submissions = list(Submission.objects.filter(key=key).order_by("-submitted_at"))
        self._may_read_draft = self.page is not None and self.page.permissions_for_user(user).can_edit()

    def __bool__(self) -> bool:
        return bool(self.page or self.editions or self.submissions)

    @property
    def title(self) -> str:
        """The title of the page."""
        if self.editions:
            return self.editions[0].title
        return str(self.page.title) if self.page else ""

    def choices(self) -> list[VersionChoice]:
        """Return the versions to choose from, newest first; signed submissions are editions."""
        found = [VersionChoice(DRAFT, "The draft as it is now")] if self._may_read_draft else []
        found += [
            VersionChoice(submission_name(each), _label_of_submission(each))
            for each in self.submissions
            if each.status != SubmissionStatus.SIGNED
        ]
        return [*found, *(VersionChoice(str(each.number), _label_of_edition(each)) for each in self.editions)]

    def default_pair(self) -> tuple[str, str]:
        """Return the names of the versions compared by default.

        These are the newest edition and the text under way or, if there is none, the newest other version.
        """
        names = [choice.name for choice in self.choices()]
        under_way = next((s for s in self.submissions if s.status in UNDER_WAY), None)
        newest = submission_name(under_way) if under_way else (names[0] if names else NOTHING)
        older = [str(edition.number) for edition in self.editions if str(edition.number) != newest]
        return (older[0] if older else NOTHING), newest

    def get(self, name: str) -> Version | None:
        """Return the version called ``name``; None if there is none, or the user may not read it.

        Raises ``UnreadableDraft`` for a draft that cannot be resolved.
        """
        if name == DRAFT:
            return self._draft(self.page) if self.page and self._may_read_draft else None
        if name.startswith(_SUBMISSION):
            found = next((s for s in self.submissions if name == submission_name(s)), None)
            return _of_submission(found) if found else None
        edition = next((e for e in self.editions if name == str(e.number)), None)
        return _of_edition(edition) if edition else None

    def with_hash(self, sha256: str) -> Version | None:
        """Return the version with this hash: a submission, an edition, or a draft of the last revisions.

        None if there is none. A draft that cannot be resolved is left out.
        """
        submission = next((s for s in self.submissions if s.sha256 == sha256), None)
        if submission and submission.status != SubmissionStatus.SIGNED:
            return _of_submission(submission)
        if edition := next((e for e in self.editions if e.sha256 == sha256), None):
            return _of_edition(edition)
        if not sha256 or self.page is None or not self._may_read_draft:
            return None
        revisions = self.page.revisions.order_by("-created_at", "-pk")[:_DRAFTS]
        for revision in revisions:
            with suppress(UnreadableDraft):
                draft = self._draft(self.page, revision)
                if draft.sha256 == sha256:
                    return draft
        return None

    def _draft(self, page: ReviewedPage, revision: Any = None) -> Version:
        revision = revision or page.get_latest_revision()
        document, figures = resolved_draft(revision.as_object() if revision else page)
        at = revision.created_at if revision else None
        return Version(
            DRAFT,
            "The draft as it is now",
            document,
            sha256_of(document),
            "Draft, not reviewed",
            at,
            figures,
            "Draft",
        )


def _label_of_edition(edition: Edition) -> str:
    return f"Edition {edition.number}, {long_day_text(edition.created_at)}"


def _label_of_submission(submission: Submission) -> str:
    state = submission.get_status_display().lower()
    return f"Submitted {long_moment_text(submission.submitted_at)} ({state})"


def _of_edition(edition: Edition) -> Version:
    document = edition.document
    signed = "; ".join(f"{person['name']}, {person['credentials']}" for person in edition.reviewers)
    return Version(
        str(edition.number),
        _label_of_edition(edition),
        document,
        edition.sha256,
        f"Signed by {signed}" if signed else "Signed",
        edition.created_at,
        signed_figures(document),
        f"Edition {edition.number}",
    )


def _of_submission(submission: Submission) -> Version:
    document = submission.document
    return Version(
        submission_name(submission),
        _label_of_submission(submission),
        document,
        submission.sha256,
        f"Submitted by {submission.submitter_person.name}",
        submission.submitted_at,
        {
            figure.file_name: reverse("review:figure", args=[submission.pk, figure.file_name])
            for figure in document.figures()
        },
        submission.submitter_person.name,
    )
