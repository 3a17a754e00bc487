"""Comparison of any two versions of a page, on the screen or as a file."""

import base64
from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import slugify
from wagtail.admin import messages

from monographs.accounts.actors import person_of
from monographs.core.db_clock import recent_now
from monographs.core.users import authenticated_user
from monographs.document.parts import Figure
from monographs.editions.figure_files import FigureFileError, figure_bytes
from monographs.presentation.moments import long_moment_text
from monographs.presentation.redline_pdf import Cover, redline_pdf
from monographs.redline import Redline, redline
from monographs.review.screens.base import ReviewScreen
from monographs.review.screens.document_preview import links_of
from monographs.review.screens.versions import NOTHING, UnreadableDraft, Version, Versions

SIDE = "side"


class CompareBase(ReviewScreen):
    """Two versions of one page, for users of the review screens; the draft, for users who may edit it."""

    header_icon = "history"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.key = kwargs["key"]
        self.versions = Versions(self.key, authenticated_user(request))
        if not self.versions:
            raise Http404("No page has this record.")

    def pair(self) -> tuple[Version | None, Version]:
        """Return the two versions.

        Raises ``Http404`` for an unknown name, ``UnreadableDraft`` for a draft that cannot be resolved.
        """
        a, b = self.kwargs["a"], self.kwargs["b"]
        before, after = None if a == NOTHING else self.versions.get(a), self.versions.get(b)
        if after is None or (before is None and a != NOTHING):
            raise Http404("This page has no such version, or you may not read it.")
        return before, after

    def links(self, *versions: Version | None) -> dict[str, str]:
        """Return the public paths of the pages that the versions link to. One query."""
        return links_of(*(version.document for version in versions if version))

    @staticmethod
    def figures_of(*versions: Version | None) -> dict[str, tuple[Figure, bytes]]:
        """Return the figures of the versions that have a snapshot, by file name; a draft's may have none."""
        found: dict[str, tuple[Figure, bytes]] = {}
        for version in filter(None, versions):
            for figure in version.document.figures():
                try:
                    found[figure.file_name] = (figure, figure_bytes(figure.file_name))
                except FigureFileError:
                    continue
        return found


class CompareChoiceView(CompareBase):
    """Redirect from the form with two choices to the URL of the comparison."""

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Redirect to the chosen versions, or to the default ones."""
        default_a, default_b = self.versions.default_pair()
        names = [request.GET.get("a") or default_a, request.GET.get("b") or default_b]
        url = reverse("review:compare", args=[key, *names])
        view = request.GET.get("view")
        return redirect(f"{url}?{urlencode({'view': view})}" if view == SIDE else url)


class CompareView(CompareBase):
    """The redline of two versions, with a form to choose others."""

    template_name = "review/compare.html"

    def get_page_title(self) -> str:
        return f"Compare: {self.versions.title}"

    def own_breadcrumb(self) -> str:
        return str(self.versions.title)

    def get(self, request: HttpRequest, key: UUID, a: str, b: str) -> HttpResponse:
        """Render the redline, or redirect to the record if the draft is too unfinished."""
        try:
            before, after = self.pair()
        except UnreadableDraft as error:
            messages.error(request, str(error))
            return redirect("review:record", key)
        return self.render_to_response(self.get_context_data(before=before, after=after))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        before, after = kwargs["before"], kwargs["after"]
        return super().get_context_data(
            key=self.key,
            names=(self.kwargs["a"], self.kwargs["b"]),
            nothing=NOTHING,
            choices=self.versions.choices(),
            side=self.request.GET.get("view") == SIDE,
            redline=redline(before and before.document, after.document),
            links=self.links(before, after),
            figures={**(before.figures if before else {}), **after.figures},
            **kwargs,
        )


def file_response(content: bytes, content_type: str, name: str) -> HttpResponse:
    """Return a download that no cache keeps."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


class RedlineFile(CompareBase, ABC):
    """A redline as a file that says itself which texts it compares."""

    ending = ""
    content_type = ""

    def get(self, request: HttpRequest, key: UUID, a: str, b: str) -> HttpResponseBase:
        """Return the file as a download."""
        try:
            self.before, self.after = self.pair()
        except UnreadableDraft as error:
            messages.error(request, str(error))
            return redirect("review:record", key)
        name = f"{slugify(self.versions.title) or 'page'}-{slugify(a)}-{slugify(b)}-redline.{self.ending}"
        return self.respond(self.content(), name)

    def respond(self, content: bytes, name: str) -> HttpResponseBase:
        """Return the response with the file."""
        return file_response(content, self.content_type, name)

    @abstractmethod
    def content(self) -> bytes:
        """Return the bytes of the file."""

    @cached_property
    def compared(self) -> Redline:
        """The redline."""
        return redline(self.before.document if self.before else None, self.after.document)

    def cover(self) -> Cover:
        """Return the cover: title, who made the file and when, and the versions."""
        made_by = person_of(authenticated_user(self.request)).name
        return Cover(
            title=self.versions.title,
            language=self.after.document.language,
            made=f"Made by {made_by} on {_utc_text(recent_now())}",
            texts=tuple(self._texts()),
        )

    def _texts(self) -> Iterable[tuple[str, str]]:
        for name, version in (("Before", self.before), ("After", self.after)):
            if version is None:
                yield name, "Nothing: all of the text is new."
            else:
                at = f", {_utc_text(version.at)}" if version.at else ""
                yield name, f"{version.label}. {version.provenance}{at}. SHA-256 {version.sha256}"


class RedlineFileView(RedlineFile):
    """The redline as one self-contained HTML file."""

    ending = "html"
    content_type = "text/html; charset=utf-8"

    def content(self) -> bytes:
        figures = {
            name: f"data:{figure.media_type};base64,{base64.b64encode(data).decode()}"
            for name, (figure, data) in self.figures_of(self.before, self.after).items()
        }
        context = {
            "cover": self.cover(),
            "redline": self.compared,
            "links": self.links(self.before, self.after),
            "figures": figures,
            "css": Path(str(finders.find("css/redline.css"))).read_text(encoding="utf-8"),
        }
        return render_to_string("redline/file.html", context).encode()


class RedlinePdfView(RedlineFile):
    """The redline as a PDF."""

    ending = "pdf"
    content_type = "application/pdf"

    def content(self) -> bytes:
        figures = {name: data for name, (_, data) in self.figures_of(self.before, self.after).items()}
        return redline_pdf(self.compared, self.cover(), figures, self.links(self.before, self.after))


def _utc_text(at: datetime) -> str:
    return long_moment_text(at)
