"""Every POST form is found by following links as each role, and submitted once with CSRF checks enforced."""

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings

from tests.forms.crawler import Crawler, Found, FoundForm
from tests.forms.form_site import ANONYMOUS, CODE_ASKED, CODE_GIVEN, ROLES, build_site, client_of, starts_of

TEMPLATES = Path(settings.BASE_DIR, "templates")
_FORM_TAG = re.compile(r"<form\b[^>]*\bmethod=[\"']?post[^>]*>", re.IGNORECASE)
_ACTION_ROUTE = re.compile(r"action=\"\{% url '([\w:]+)'")
#: Of a component of Jinja2, which is compiled into its page: the end of the action's path.
_ACTION_END = re.compile(r"action=\"\{\{ path \}\}(\w+/)\"")
_INCLUDE = re.compile(r"{% include \"([^\"]+)\"([^%]*)%}")
_ONLY = re.compile(r"\bonly\s*$")
#: Answers to a form that was understood; a refusal by a rule of ours is one, too.
_UNDERSTOOD = {200, 400, 403, 409, 422, 429}
#: How deep forms of responses to forms are submitted: choosing files, then the preview, then the draft.
_DEPTH = 3


def post(form: FoundForm, client: Client, found: Found, log: Any, depth: int = 1) -> Iterator[str]:
    """Submit ``form`` and the new forms of its response; yield what is wrong. Changes are rolled back."""
    cookies = SimpleCookie(client.cookies)
    with transaction.atomic():
        response, address = form.post(client)
        where = f"the form to {form.action} on {form.page}"
        if response.status_code not in _UNDERSTOOD:
            yield f"{where} answers {response.status_code}"
        if any(record.name == "django.security.csrf" for record in log.records):
            yield f"{where} is refused for its CSRF token"
        log.clear()
        if depth < _DEPTH:
            for new in found.add(response, address):
                yield from post(new, client, found, log, depth + 1)
        transaction.set_rollback(True)
    client.cookies = cookies


def forms_in_templates() -> Iterator[tuple[str, str]]:
    """Yield the template of each POST form, and its action's route, or end, if the template has it."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        for tag in _FORM_TAG.findall(path.read_text()):
            route = _ACTION_ROUTE.search(tag) or _ACTION_END.search(tag)
            yield str(path.relative_to(TEMPLATES)), route[1] if route else ""


@pytest.mark.extended
@pytest.mark.django_db
@override_settings(OUTSIDE_SIGNATURES=True)
def test_every_form_is_found_and_works_in_a_browser(figure_files: None, site: Any, caplog: Any) -> None:
    """A form that the crawl does not find fails, too: give ``form_site`` the state that shows it."""
    build_site()
    everything, faults, crawler = Found(), [], Crawler()
    for role in (CODE_ASKED, ANONYMOUS, *ROLES, CODE_GIVEN):
        client, found = client_of(role), Found()
        crawler.crawl(client, found, *starts_of(role))
        for key, form in list(found.forms.items()):
            if key not in everything.forms:
                faults += [f"{role}: {fault}" for fault in post(form, client, found, caplog)]
        everything.merge(found)
        faults += [f"{role}: {fault}" for fault in found.faults]
    names = {name for form in everything.forms.values() if (name := form.view_name)}
    names |= {f"{form.action.rstrip('/').rpartition('/')[2]}/" for form in everything.forms.values()}
    faults += [
        f"{template}: its form to “{route or 'its own page'}” was never found"
        for template, route in forms_in_templates()
        if (route not in names if route else template not in everything.templates)
    ]
    assert not faults, "\n".join(sorted(set(faults)))


def test_a_template_included_with_only_is_given_the_csrf_token() -> None:
    """``only`` takes the token from the context, and Django renders an empty field then."""
    sources = {str(path.relative_to(TEMPLATES)): path.read_text() for path in TEMPLATES.rglob("*.html")}
    needing = {name for name, source in sources.items() if "{% csrf_token %}" in source}
    while more := {
        name
        for name, source in sources.items()
        if name not in needing and any(included in needing for included, _ in _INCLUDE.findall(source))
    }:
        needing |= more
    without = [
        f"{name}: {included}"
        for name, source in sources.items()
        for included, arguments in _INCLUDE.findall(source)
        if included in needing and _ONLY.search(arguments) and "csrf_token=csrf_token" not in arguments
    ]
    assert not without
