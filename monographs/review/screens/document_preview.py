"""The submitted text as patients will see it, for the frame on the review screen."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.clickjacking import xframe_options_sameorigin

from monographs.document.models import BaseDocument, HomeDocument
from monographs.document.render_context import RenderContext
from monographs.editions.figure_files import FigureFileError, figure_bytes
from monographs.editions.models import Publication, PublicationState
from monographs.review.models import Submission
from monographs.review.page_access import ReviewAccessMixin
from monographs.review.screens.document_parts import DocumentPart


def links_of(*documents: BaseDocument) -> dict[str, str]:
    """Return the public path of each published page that ``documents`` link to, by key. One query."""
    return public_paths({key for document in documents for key in document.linked_keys()})


def public_paths(keys: Iterable[str]) -> dict[str, str]:
    """Return the public path of each of the pages ``keys`` that is published, by key. One query."""
    current = Publication.objects.filter(key__in=keys, state=PublicationState.CURRENT)
    return {str(key): path for key, path in current.values_list("key", "path")}


@method_decorator(xframe_options_sameorigin, name="dispatch")
class DocumentView(ReviewAccessMixin, View):
    """The submitted text rendered with the public templates."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Render the text that would be signed; with ``?part=``, one part of it (``document_parts``)."""
        submission = get_object_or_404(Submission, pk=pk)
        document: BaseDocument = submission.document
        context = RenderContext.draft(
            document,
            links=links_of(document),
            site=published_home(),
            figures={
                figure.sha256: reverse("review:figure", args=[pk, figure.file_name])
                for figure in document.figures()
            },
            banner="In review, not yet approved",
        )
        part = DocumentPart.of(document, request.GET.get("part", ""))
        return TemplateResponse(request, context.template, {**context.as_template_context(), "part": part})


def published_home() -> HomeDocument | None:
    """Return the home page that patients read now. One query."""
    current = Publication.objects.filter(path="/", state=PublicationState.CURRENT)
    home = current.select_related("edition").first()
    document = home.edition.document if home else None
    return document if isinstance(document, HomeDocument) else None


class FigureView(ReviewAccessMixin, View):
    """The snapshot of a figure of a submitted text."""

    def get(self, request: HttpRequest, pk: int, file_name: str) -> HttpResponse:
        """Return the image if the submission contains it."""
        submission = get_object_or_404(Submission, pk=pk)
        for figure in submission.document.figures():
            if figure.file_name == file_name:
                try:
                    return HttpResponse(figure_bytes(file_name), content_type=figure.media_type)
                except FigureFileError as error:
                    raise Http404(str(error)) from error
        raise Http404("No such figure in this text.")
