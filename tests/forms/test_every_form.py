"""Every POST form is found by following links as each role, and submitted once with CSRF checks enforced."""

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from tests.forms.crawler import Found, FoundForm, crawl
from tests.forms.form_site import ANONYMOUS, CODE_ASKED, CODE_GIVEN, ROLES, build_site, client_of

pytestmark = pytest.mark.django_db

_FORM_TAG = re.compile(r"<form\b[^>]*\bmethod=[\"']?post[^>]*>", re.IGNORECASE)
_ACTION_ROUTE = re.compile(r"action=\"\{% url '([\w:]+)'")
STARTS = ["/admin/", "/"]
#: Answers to a form that was understood; a refusal by a rule of ours is one, too.
_UNDERSTOOD = {200, 301, 302, 303, 400, 403, 409, 422, 429}
#: How deep forms of responses to forms are submitted: choosing files, then the preview, then the draft.
_DEPTH = 3


def post(form: FoundForm, client: Client, cookies: SimpleCookie, found: Found, depth: int = 1) -> Iterator[str]:
    """Submit ``form`` and the new forms of its response; yield what is wrong. Changes are rolled back."""
    with transaction.atomic():
        client.cookies = SimpleCookie(cookies)
        response = form.post(client)
        where = f"the form to {form.action} on {form.page}"
        if response.status_code not in _UNDERSTOOD:
            yield f"{where} answers {response.status_code}"
        if response.status_code == 403 and b"CSRF" in response.content:
            yield f"{where} is refused for its CSRF token"
        if depth < _DEPTH:
            for new in found.add(response, form.action):
                yield from post(new, client, client.cookies, found, depth + 1)
        transaction.set_rollback(True)


def forms_in_templates() -> Iterator[tuple[str, str]]:
    """Yield the template of each POST form, and the name of its action's route if the template has it."""
    folder = Path(settings.BASE_DIR, "templates")
    for path in sorted(folder.rglob("*.html")):
        for tag in _FORM_TAG.findall(path.read_text()):
            route = _ACTION_ROUTE.search(tag)
            yield str(path.relative_to(folder)), route[1] if route else ""


def test_every_form_is_found_and_works_in_a_browser(figure_files: None, site: Any) -> None:
    build_site()
    everything, faults = Found(), []
    for role in (ANONYMOUS, *ROLES, CODE_ASKED, CODE_GIVEN):
        client, found = client_of(role), Found()
        crawl(client, STARTS, found)
        print(role, found.pages)
        cookies = SimpleCookie(client.cookies)
        for key, form in list(found.forms.items()):
            if key not in everything.forms:
                faults += [f"{role}: {fault}" for fault in post(form, client, cookies, found)]
        everything.forms |= found.forms
        everything.templates |= found.templates
        faults += [f"{role}: {fault}" for fault in found.faults]
    assert not faults, "\n".join(sorted(set(faults)))
    print(*sorted(f.route for f in everything.forms.values()), sep="\n")
