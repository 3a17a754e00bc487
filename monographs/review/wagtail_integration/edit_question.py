"""The question to a reviewer before they change a text: whoever changes it cannot sign it.

Reading is the default. Asked when they open the editor of a page to which they have not contributed since its
last edition, and before anything is saved without an answer: the typed text stays on the screen.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from monographs.core.users import authenticated_user
from monographs.editions.queries import current_edition
from monographs.models import ReviewedPage
from monographs.pages.refusals import Rule
from monographs.review import policy

#: The field that answers the question: “edit” opens the editor, “save” saves what was typed.
ANSWER = "edit-without-signing"
EDIT, SAVE = "edit", "save"
QUESTION = "If you change this text you cannot sign it."
NOT_SAVED = (
    "If you change this text you cannot sign it, so nothing was saved yet. Press “Save draft” to answer; "
    "what you typed stays here."
)
#: Where the session keeps the answers: one for each page and edition.
_SESSION_KEY = "edits_without_signing"
#: Conflict: the request is right, but needs an answer first.
_STATUS = 409


def ask_before_editing(request: HttpRequest, page: ReviewedPage) -> HttpResponse | None:
    """Return the question, if ``request`` opens or saves the editor of ``page`` and it was not answered."""
    answer = request.POST.get(ANSWER, "")
    if answer in (EDIT, SAVE):
        _remember(request, page)
        return redirect(request.get_full_path()) if answer == EDIT else None
    if not _must_ask(request, page):
        return None
    if not request.accepts("text/html"):
        return JsonResponse(
            {"success": False, "error_code": Rule.EDIT_OR_SIGN, "error_message": NOT_SAVED}, status=400
        )
    posted = request.method == "POST"
    typed = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    context = {
        "page": page,
        "question": QUESTION,
        "answer": ANSWER,
        "value": SAVE if posted else EDIT,
        "typed": [(name, value) for name, value in typed if name != "csrfmiddlewaretoken"],
        "posted": posted,
        "read": reverse("wagtailadmin_pages:view_draft", args=[page.pk]),
        "page_title": f"Read or edit: {page.title}",
        "header_title": "Read or edit?",
        "header_icon": "view",
    }
    return TemplateResponse(request, "review/edit_question.html", context, status=_STATUS if posted else 200)


def _must_ask(request: HttpRequest, page: ReviewedPage) -> bool:
    user = authenticated_user(request)
    if page.alias_of_id or page.is_frozen or _round_of(page) in request.session.get(_SESSION_KEY, []):
        return False
    return policy.is_reviewer(user) and not policy.excluded_users(page.translation_key).contains(
        user.pk, user.get_username()
    )


def _remember(request: HttpRequest, page: ReviewedPage) -> None:
    answered = request.session.get(_SESSION_KEY, [])
    request.session[_SESSION_KEY] = list(dict.fromkeys([*answered, _round_of(page)]))


def _round_of(page: ReviewedPage) -> str:
    edition = current_edition(page.translation_key)
    return f"{page.translation_key} {edition.number if edition else 0}"
