"""Any two texts of a page compared, on the screen or as a file to keep."""

import base64
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import slugify
from wagtail.admin import messages

from monographs.accounts.actors import person_of
from monographs.document.parts import Figure
from monographs.editions.figure_files import FigureFileError, figure_bytes
from monographs.presentation.redline_pdf import Cover, redline_pdf
from monographs.redline import Redline, redline
from monographs.review.screens.base import ReviewScreen
from monographs.review.screens.document_preview import links_of
from monographs.review.versions import NOTHING, UnreadableDraft, Version, Versions

SIDE = "side"


class _CompareBase(ReviewScreen):
    """Two texts of one page. Whoever may see its record may see them; a draft, whoever may edit it."""

    header_icon = "history"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.key = kwargs["key"]
        self.versions = Versions(self.key, request.user)
        if not self.versions:
            raise Http404("No page has this record.")

    def pair(self) -> tuple[Version | None, Version]:
        """The two texts. Raises ``Http404`` for an unknown name, ``UnreadableDraft`` for a raw draft."""
        a, b = self.kwargs["a"], self.kwargs["b"]
        before, after = None if a == NOTHING else self.versions.get(a), self.versions.get(b)
        if after is None or (before is None and a != NOTHING):
            raise Http404("This page has no such text, or it is not yours to read.")
        return before, after

    def links(self, *versions: Version | None) -> dict[str, str]:
        """Where the pages are read today that the texts point to. One query."""
        return links_of(*(version.document for version in versions if version))


class CompareChoiceView(_CompareBase):
    """From two chosen names to the address that stands for them."""

    def get(self, request: HttpRequest, key: Any) -> HttpResponse:
        """Go to what was chosen, or to what is usually compared."""
        usual = self.versions.usual()
        a, b = (request.GET.get(name) or other for name, other in zip("ab", usual, strict=True))
        address = reverse("review:compare", args=[key, a, b])
        view = request.GET.get("view")
        return redirect(f"{address}?{urlencode({'view': view})}" if view == SIDE else address)


class CompareView(_CompareBase):
    """The redline, with a choice of other texts."""

    template_name = "review/compare.html"

    def get_page_title(self) -> str:
        return f"Compare: {self.versions.title}"

    def own_breadcrumb(self) -> str:
        return str(self.versions.title)

    def get(self, request: HttpRequest, key: Any, a: str, b: str) -> HttpResponse:
        """Show it."""
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


class _RedlineFile(_CompareBase):
    """A redline to keep: it says by itself whose texts it compares."""

    ending = ""
    content_type = ""

    def get(self, request: HttpRequest, key: Any, a: str, b: str) -> HttpResponse:
        """The file, as a download."""
        try:
            self.before, self.after = self.pair()
        except UnreadableDraft as error:
            messages.error(request, str(error))
            return redirect("review:record", key)
        name = f"{slugify(self.versions.title) or 'page'}-{slugify(a)}-{slugify(b)}-redline.{self.ending}"
        return HttpResponse(
            self.content(),
            content_type=self.content_type,
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )

    def content(self) -> bytes:
        """Its bytes."""
        raise TypeError(f"{type(self).__name__} must say what it holds")

    @cached_property
    def compared(self) -> Redline:
        """The redline itself."""
        return redline(self.before.document if self.before else None, self.after.document)

    def cover(self) -> Cover:
        """Whose texts they are, and who made the file when."""
        made_by = person_of(self.request.user).name
        return Cover(
            title=self.versions.title,
            language=self.after.document.language,
            made=f"Made by {made_by} on {_moment(datetime.now(UTC))}",
            texts=tuple(self._texts()),
        )

    def _texts(self) -> Iterable[tuple[str, str]]:
        for name, version in (("Before", self.before), ("After", self.after)):
            if version is None:
                yield name, "Nothing: all of it is new."
            else:
                at = f", {_moment(version.at)}" if version.at else ""
                yield name, f"{version.label}. {version.said}{at}. SHA-256 {version.sha256}"

    def pictures(self) -> dict[str, tuple[Figure, bytes]]:
        """The pinned bytes of every figure of both texts; one that is not pinned (of a draft) is left out."""
        found: dict[str, tuple[Figure, bytes]] = {}
        for version in filter(None, (self.before, self.after)):
            for figure in version.document.figures():
                try:
                    found[figure.file_name] = (figure, figure_bytes(figure.file_name))
                except FigureFileError:
                    continue
        return found


class RedlineFileView(_RedlineFile):
    """As one HTML file that asks nothing of any other place."""

    ending = "html"
    content_type = "text/html; charset=utf-8"

    def content(self) -> bytes:
        figures = {
            name: f"data:{figure.media_type};base64,{base64.b64encode(data).decode()}"
            for name, (figure, data) in self.pictures().items()
        }
        context = {
            "cover": self.cover(),
            "redline": self.compared,
            "links": self.links(self.before, self.after),
            "figures": figures,
            "css": Path(str(finders.find("css/redline.css"))).read_text(encoding="utf-8"),
        }
        return render_to_string("redline/file.html", context).encode()


class RedlinePdfView(_RedlineFile):
    """As a PDF to print or to file."""

    ending = "pdf"
    content_type = "application/pdf"

    def content(self) -> bytes:
        pictures = {name: data for name, (_, data) in self.pictures().items()}
        return redline_pdf(self.compared, self.cover(), pictures, self.links(self.before, self.after))


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
