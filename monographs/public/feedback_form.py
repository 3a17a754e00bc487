"""The feedback form of a medicine's page. It works without script and cookies, and asks for no name."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.utils.translation import gettext as _

from monographs.core.client_ip import client_ip
from monographs.core.csrf import is_same_origin
from monographs.document.models import CollectionType
from monographs.feedback.forms import FeedbackForm
from monographs.feedback.models import Feedback
from monographs.feedback.rate_limits import AddressThrottle, has_hourly_capacity
from monographs.public import error_pages
from monographs.public.queries import PageResult, PathOutcome, ReadEdition, fetch_page
from monographs.public.responses import frame_context, page_response, render
from monographs.public.view_decorators import public_form_view, public_view
from monographs.public.views import response_without_edition

_throttle = AddressThrottle()
_TEMPLATE = "public/feedback_form.html"
_HOUR = "3600"
#: Maximum bytes of a form. The longest comment in any script takes much less.
MAX_POST_BYTES = 20_000
#: Used for a request without a client address, as in tests.
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104  # compared, never bound
#: Digits of the largest possible edition number.
_MAX_DIGITS = 10


@public_form_view
def feedback_form(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Show the form on its own page, or process the form posted from there or from a medicine's page."""
    path = CollectionType.MEDICINES.page(slug)
    if request.method == "POST":
        # Checked before the body is parsed: Django would write uploaded files of any size to disk
        response = (
            _process(request, path)
            if _content_length(request) <= MAX_POST_BYTES
            else error_pages.bad_request(request)
        )
        response.headers["Cache-Control"] = "no-store"
        return response
    found = fetch_page(path)
    if found.outcome is not PathOutcome.CURRENT:
        return response_without_edition(found, "helpful/")
    return page_response(request, found, _TEMPLATE, lambda: _context(found), index=False)


@public_view
def feedback_thanks(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Show the page that thanks for an answer."""
    found = fetch_page(CollectionType.MEDICINES.page(slug))
    if found.outcome is not PathOutcome.CURRENT:
        return response_without_edition(found, "helpful/thanks/")
    return page_response(request, found, "public/feedback_thanks.html", lambda: _context(found), index=False)


def _content_length(request: HttpRequest) -> int:
    """Return the bytes of the request body, 0 if unknown."""
    header = str(request.META.get("CONTENT_LENGTH", ""))
    return int(header) if header.isdecimal() else 0


def _process(request: HttpRequest, path: str) -> HttpResponseBase:
    found = fetch_page(path, _edition_number(request))
    if found.outcome is PathOutcome.MISSING:
        found = fetch_page(path)
    if found.outcome is PathOutcome.MOVED:
        return HttpResponsePermanentRedirect(f"{found.target}helpful/", preserve_request=True)
    if found.outcome is not PathOutcome.CURRENT or found.edition is None:
        return response_without_edition(found)
    form = FeedbackForm(request.POST)
    if not is_same_origin(request):
        refusal = _("This answer came from another site, so we did not take it. Press Send here to send it.")
        return _form_with_errors(found, form, HTTPStatus.FORBIDDEN, refusal)
    if not form.is_valid() or form.cleaned_data["edition"] != found.edition.number:
        return _form_with_errors(found, form, HTTPStatus.BAD_REQUEST, _edition_error(form, found.edition))
    if not (
        _throttle.allows(client_ip(request) or UNKNOWN_ADDRESS)
        and has_hourly_capacity(found.signed_document.key)
    ):
        refusal = _("We got very many answers in the last hour. Please send yours again in an hour.")
        response = _form_with_errors(found, form, HTTPStatus.TOO_MANY_REQUESTS, refusal)
        response.headers["Retry-After"] = _HOUR
        return response
    _save(found, found.edition, form)
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": f"{found.path}helpful/thanks/"})


def _edition_number(request: HttpRequest) -> int | None:
    """Return the posted edition number, or None if it is not a number."""
    value = request.POST.get("edition", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS else None


def _edition_error(form: FeedbackForm, edition: ReadEdition) -> str:
    if "edition" in form.errors or form.cleaned_data.get("edition") != edition.number:
        return _(
            "We could not tell which edition of the page you read. Press Send, and your answer is about "
            "edition %(number)s."
        ) % {"number": edition.number}
    return ""


def _save(found: PageResult, edition: ReadEdition, form: FeedbackForm) -> None:
    Feedback.objects.create(
        key=found.signed_document.key,
        slug=edition.slug,
        title=found.signed_document.title,
        number=edition.number,
        sha256=edition.sha256,
        answer=form.cleaned_data["answer"],
        words=form.cleaned_data["words"],
    )


def _form_with_errors(found: PageResult, form: FeedbackForm, status: int, refusal: str) -> HttpResponse:
    """Return the form as it was filled in, with what is wrong."""
    errors = {name: messages[0] for name, messages in form.errors.items() if name != "edition"}
    context = {
        **_context(found),
        "refusal": refusal,
        "errors": errors,
        "chosen_answer": form.data.get("answer", ""),
        "words": form.data.get("words", ""),
    }
    return render(_TEMPLATE, context, status=status)


def _context(found: PageResult) -> dict[str, Any]:
    return {
        **frame_context(found),
        "noindex": True,
        "title": found.title,
        "path": found.path,
        "about_edition": found.edition,
    }
