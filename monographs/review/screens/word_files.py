"""A version of a page, or the difference of two, as a Word file."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.utils.text import slugify

from monographs.editions.queries import public_edition
from monographs.presentation.moments import long_moment_text
from monographs.presentation.word_file import WordComment, WordCover, word_file
from monographs.redline import redline
from monographs.review.notes import notes_by_section, notes_of
from monographs.review.screens.compare import CompareBase, RedlineFile, file_response
from monographs.review.screens.versions import DRAFT, UnreadableDraft, Version

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: For a draft without a revision.
_NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)


class _WordFile(CompareBase):
    """A Word file, whose bytes depend on the texts, the notes and the links in it only."""

    def word_bytes(self, before: Version | None, after: Version) -> bytes:
        """Return the file: the text of ``after``, with its difference from ``before`` as tracked changes."""
        old = before.document if before else after.document
        return word_file(
            redline(old, after.document),
            self.cover_of(after),
            comments=list(self._comments(after)),
            figures=self.figures_of(before, after),
            links=self.links(before, after),
            site_address=settings.BASE_URL,
        )

    def cover_of(self, version: Version) -> WordCover:
        """Return what the file says about itself."""
        return WordCover(
            title=version.document.title,
            language=version.document.language,
            key=str(self.key),
            version=version.name,
            sha256=version.sha256,
            standing=self._standing(version),
            author=version.author,
            at=version.at or _NO_TIME,
        )

    def _standing(self, version: Version) -> str:
        if version.name == DRAFT:
            return "draft, not approved"
        if not version.is_edition:
            at = long_moment_text(version.at) if version.at else ""
            return f"draft, not approved: submitted {at}"
        current = public_edition(self.key)
        suffix = "" if current and str(current.number) == version.name else ", not what patients read now"
        return f"edition {version.name}{suffix}"

    def _comments(self, version: Version) -> Iterator[WordComment]:
        """Yield the open notes on a text that is not an edition, with their answers."""
        if version.is_edition:
            return
        notes = [note for note in notes_of(self.key) if note.is_open]
        for section, placed in notes_by_section(notes, version.document).items():
            for each in placed:
                answers = (f"{a.author_person.name}: {a.body}" for a in each.note.replies.all())
                yield WordComment(
                    section,
                    each.note.author_person.name,
                    each.note.at,
                    (each.note.body, *answers),
                    each.start,
                    each.end,
                )


def tagged_response(request: HttpRequest, content: bytes, name: str) -> HttpResponseBase:
    """Return a Word file with an entity tag, or that the browser has it already."""
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    response = file_response(content, WORD_TYPE, name)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=etag, response=response) or response


class WordFileView(_WordFile):
    """One version of a page as a Word file."""

    def get(self, request: HttpRequest, key: UUID, name: str) -> HttpResponseBase:
        """Return the file as a download."""
        try:
            version = self.versions.get(name)
        except UnreadableDraft as error:
            messages.error(request, str(error))
            return redirect("review:record", key)
        if version is None:
            raise Http404("This page has no such version, or you may not read it.")
        title = slugify(self.versions.title) or "page"
        return tagged_response(request, self.word_bytes(None, version), f"{title}-{slugify(name)}.docx")


class RedlineWordView(_WordFile, RedlineFile):
    """The redline as a Word file with tracked changes."""

    ending = "docx"
    content_type = WORD_TYPE

    def respond(self, content: bytes, name: str) -> HttpResponseBase:
        return tagged_response(self.request, content, name)

    def content(self) -> bytes:
        return self.word_bytes(self.before, self.after)
