"""*Was this page helpful?*: asked under a page, answered without script, cookie or name."""

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
from monographs.public.responses import answer, frame, public, public_form, render
from monographs.public.views import elsewhere

_throttle = AddressThrottle()
_TEMPLATE = "public/helpful.html"
_HOUR = "3600"
#: Bytes of a form: the words at their longest, in letters of any script, leave most of it.
LONGEST_POST = 20_000
#: Stands for a request without an address, which only a script can make.
NO_ADDRESS = "0.0.0.0"  # noqa: S104  # compared, never bound
#: Digits of the largest edition number there can be; more are not read.
_DIGITS = 10


@public_form
def helpful(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The form on a page of its own, and where the form under a medicine is sent."""
    path = CollectionType.MEDICINES.page(slug)
    if request.method == "POST":
        # Before anything of it is read: files would be written to the disk, however large
        response = (
            _posted(request, path) if _length(request) <= LONGEST_POST else error_pages.refused(request)
        )
        response.headers["Cache-Control"] = "no-store"
        return response
    found = fetch_page(path)
    if found.outcome is not PathOutcome.CURRENT:
        return elsewhere(found, "helpful/")
    return answer(request, found, _TEMPLATE, lambda: _context(found), index=False)


@public
def thanks(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What whoever answered reads next."""
    found = fetch_page(CollectionType.MEDICINES.page(slug))
    if found.outcome is not PathOutcome.CURRENT:
        return elsewhere(found, "helpful/thanks/")
    return answer(request, found, "public/helpful_thanks.html", lambda: _context(found), index=False)


def _length(request: HttpRequest) -> int:
    """Bytes of what was posted, as the server counts them."""
    said = str(request.META.get("CONTENT_LENGTH", ""))
    return int(said) if said.isdecimal() else 0


def _posted(request: HttpRequest, path: str) -> HttpResponseBase:
    found = fetch_page(path, _number(request))
    if found.outcome is PathOutcome.MISSING:
        found = fetch_page(path)
    if found.outcome is PathOutcome.MOVED:
        return HttpResponsePermanentRedirect(f"{found.target}helpful/", preserve_request=True)
    if found.outcome is not PathOutcome.CURRENT or found.edition is None:
        return elsewhere(found)
    form = FeedbackForm(request.POST)
    if not is_same_origin(request):
        refusal = _("This answer came from another site, so we did not take it. Press Send here to send it.")
        return _again(found, form, HTTPStatus.FORBIDDEN, refusal)
    if not form.is_valid() or form.cleaned_data["edition"] != found.edition.number:
        return _again(found, form, HTTPStatus.BAD_REQUEST, _unknown_edition(form, found.edition))
    if not (
        _throttle.allows(client_ip(request) or NO_ADDRESS) and has_hourly_capacity(found.signed_document.key)
    ):
        refusal = _("We got very many answers in the last hour. Please send yours again in an hour.")
        response = _again(found, form, HTTPStatus.TOO_MANY_REQUESTS, refusal)
        response.headers["Retry-After"] = _HOUR
        return response
    _keep(found, found.edition, form)
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": f"{found.path}helpful/thanks/"})


def _number(request: HttpRequest) -> int | None:
    """The edition an answer is about, as far as it is a number at all."""
    said = request.POST.get("edition", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= _DIGITS else None


def _unknown_edition(form: FeedbackForm, edition: ReadEdition) -> str:
    if "edition" in form.errors or form.cleaned_data.get("edition") != edition.number:
        return _(
            "We could not tell which edition of the page you read. Press Send, and your answer is about "
            "edition %(number)s."
        ) % {"number": edition.number}
    return ""


def _keep(found: PageResult, edition: ReadEdition, form: FeedbackForm) -> None:
    Feedback.objects.create(
        key=found.signed_document.key,
        slug=edition.slug,
        title=found.signed_document.title,
        number=edition.number,
        sha256=edition.sha256,
        answer=form.cleaned_data["answer"],
        words=form.cleaned_data["words"],
    )


def _again(found: PageResult, form: FeedbackForm, status: int, refusal: str) -> HttpResponse:
    """The form as it was filled in, with what is wrong."""
    told = {name: messages[0] for name, messages in form.errors.items() if name != "edition"}
    context = {
        **_context(found),
        "refusal": refusal,
        "told": told,
        "answered": form.data.get("answer", ""),
        "words": form.data.get("words", ""),
    }
    return render(_TEMPLATE, context, status=status)


def _context(found: PageResult) -> dict[str, Any]:
    return {
        **frame(found),
        "noindex": True,
        "title": found.title,
        "path": found.path,
        "about_edition": found.edition,
    }
