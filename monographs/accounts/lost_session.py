"""Answers to a request whose session or CSRF token is lost: nothing was saved, and the typed words are shown.

A script gets JSON that it understands and opens its sign-in dialog. A form that a browser posted by itself
gets a page with the words in it, to be copied. The page never sends them again: a request without a valid
token may have been made by another site, and nothing of it may be done, not even after a click.
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from monographs.core.admin_path import ADMIN_PATH, LOGIN_PATH, is_admin_request
from monographs.core.csrf import is_same_origin

#: Sent by our script with every request to the admin; its value does not matter.
SCRIPT_HEADER = "X-Sign-In-Dialog"
#: Values of ``code`` in the JSON.
SIGNED_OUT, STALE_TOKEN = "signed_out", "stale_token"  # no secret
SIGNED_OUT_STATUS = 401
#: Fields that are never shown, stored or sent again: by what their name contains.
_SECRET = re.compile(r"password|passphrase|code|token|csrf|secret|otp|sha256|signer", re.IGNORECASE)
#: Fields that the editor sends besides what somebody typed.
_MACHINERY = re.compile(
    r"(^|-)(id|type|order|deleted|count|ORDER|DELETE|TOTAL_FORMS|INITIAL_FORMS|MIN_NUM_FORMS|MAX_NUM_FORMS)$"
    r"|^(next|act|kept_text|state|digest|loaded_revision_\w+|overwrite_revision_id)$|^comments-|^action-"
)
#: Names of our own fields whose label says more than the name.
_LABELS = {"body": "Your note or answer", "quote": "The passage it is about", "reason": "Your reason"}
#: Most characters shown of all fields together.
_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class TypedWords:
    """What somebody typed in one field of a form."""

    label: str
    words: str

    @property
    def rows(self) -> int:
        """The height of the box that shows it, in lines."""
        return min(12, 2 + self.words.count("\n") + len(self.words) // 70)


def asks_for_json(request: HttpRequest) -> bool:
    """Whether the request is from our script, which signs in over the page."""
    return SCRIPT_HEADER in request.headers


def signed_out_json(message: str = "You are signed out. Sign in again to go on.") -> JsonResponse:
    """Return the answer to a script that nobody is signed in."""
    response = JsonResponse({"code": SIGNED_OUT, "message": message}, status=SIGNED_OUT_STATUS)
    response.headers["Cache-Control"] = "no-store"
    return response


def answer_for_lost_session(request: HttpRequest, reason: str) -> HttpResponse | None:
    """Return the answer to a request without a session that must not lose typed text; None for any other."""
    if asks_for_json(request):
        return signed_out_json(reason)
    if request.method != "POST" or not is_same_origin(request):
        return None
    words = typed_words(request)
    return _not_saved(request, reason, words, SIGNED_OUT_STATUS) if words else None


@never_cache
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in plain words that a form was not accepted, and show what was typed in it.

    The words are shown only if the browser says that the request began on a page of this site.
    """
    if asks_for_json(request):
        message = "This page is older than your sign-in. Nothing was saved yet."
        return JsonResponse({"code": STALE_TOKEN, "message": message}, status=403)
    words = typed_words(request) if is_admin_request(request) and is_same_origin(request) else []
    text = (
        "You signed in or out after this page was opened, or your browser does not keep cookies, so the form "
        "could not be accepted."
    )
    return _not_saved(request, text, words, 403)


def typed_words(request: HttpRequest) -> list[TypedWords]:
    """Return what was typed in a posted form, without passwords, codes, tokens and files."""
    found, total = [], 0
    for name, values in request.POST.lists():
        if _SECRET.search(name) or _MACHINERY.search(name):
            continue
        for value in values:
            words = _plain_text(value)
            total += len(words)
            if _is_text(words) and total < _LONGEST:
                found.append(TypedWords(_label(name), words))
    return found


def _not_saved(request: HttpRequest, reason: str, words: list[TypedWords], status: int) -> HttpResponse:
    back = _page_of_form(request)
    context = {
        "reason": reason,
        "words": words,
        "back": back,
        "sign_in": f"{reverse('wagtailadmin_login')}?{urlencode({'next': back})}",
        "signed_in": request.user.is_authenticated,
    }
    response = TemplateResponse(request, "accounts/not_saved.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response.render()


def _page_of_form(request: HttpRequest) -> str:
    """Return the address of the page that shows the form; the admin's home if it was not sent."""
    referrer = urlsplit(request.headers.get("Referer", ""))
    address = referrer.path + (f"?{referrer.query}" if referrer.query else "")
    own = referrer.netloc == request.get_host() and referrer.path.startswith(ADMIN_PATH)
    return address if own and referrer.path != LOGIN_PATH else reverse("wagtailadmin_home")


def _plain_text(value: str) -> str:
    """Return the words of a field; rich text is posted as JSON."""
    if not value.startswith("{"):
        return value.strip()
    try:
        content: Any = json.loads(value)
        return "\n".join(str(block["text"]) for block in content["blocks"]).strip()
    except (ValueError, KeyError, TypeError):
        return value.strip()


def _is_text(words: str) -> bool:
    """Whether a value was typed rather than chosen: it has a space, a line or a sentence's length."""
    return bool(re.search(r"[^\W\d_]", words)) and (len(words.split()) > 1 or len(words) > 12)  # noqa: PLR2004


def _label(name: str) -> str:
    """Return a readable name: of a block in a stream, its last part."""
    if name in _LABELS:
        return _LABELS[name]
    parts = [part for part in name.split("-") if not part.isdigit() and part not in ("value", "form")]
    return (parts[-1] if parts else name).replace("_", " ").capitalize()
