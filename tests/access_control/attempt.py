"""One attempt: through the admin's own addresses, or through code."""

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from wagtail.models import ModelLogEntry, PageLogEntry
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from monographs.editions.ledger import head
from monographs.editions.models import LedgerEntry
from tests.access_control.populated_site import PopulatedSite

REFUSED, HARMLESS, UNREACHABLE = "refused", "harmless", "no such door"


def attempt_at(name: str, *roles: str) -> Callable[[Any], Any]:
    """A test of one way to a public page, once for each of ``roles``."""

    def decorate(test: Any) -> Any:
        return pytest.mark.bypass_route(name)(pytest.mark.parametrize("role", roles)(test))

    return decorate


class Attempt:
    """What somebody does, and what came of it."""

    def __init__(self, world: PopulatedSite, user: Any, caplog: Any) -> None:
        self.world = world
        self.user = user
        self.caplog = caplog
        self.outcome = ""
        self.client = Client()
        if user is not None:
            self.client.force_login(user)
        self.ledger_before, _ = head()
        self.logs_before = (_last(PageLogEntry), _last(ModelLogEntry))
        caplog.clear()

    def get(self, name: str, *args: Any, query: str = "") -> Any:
        """Ask for one of the desk's addresses by name."""
        return self.client.get(reverse(name, args=args) + query)

    def post(self, name: str, *args: Any, data: Any = None, query: str = "", **more: Any) -> Any:
        """Post to one of the desk's addresses by name."""
        return self.client.post(reverse(name, args=args) + query, data or {}, **more)

    def edit(self, pk: int, *, query: str = "", **more: str) -> Any:
        """Post the editor's form of a medicine."""
        page = self.world.page(pk)
        return self.post("wagtailadmin_pages:edit", pk, data=form_of(page, **more), query=query)

    def refused(self, response: Any, *words: str) -> None:
        """The person was told so in ``words``, and the attempt left a line."""
        assert self.turned_away(response), f"{response.status_code} is no refusal: {said(response)}"
        for word in words:
            assert word in said(response)
        unsafe = response.wsgi_request.method not in ("GET", "HEAD", "TRACE", "OPTIONS")
        if unsafe and self.user is not None:
            assert self.told_ledger(), "the ledger knows of the attempt"
        else:
            assert self.logged("refused"), "the log knows of the attempt"
        self.outcome = REFUSED

    @staticmethod
    def turned_away(response: Any) -> bool:
        """Forbidden, or led elsewhere, or shown the form again with an error."""
        errors = [m for m in get_messages(response.wsgi_request) if "error" in m.tags]
        form = getattr(response, "context_data", None) or {}
        invalid = bool(form.get("form") is not None and form["form"].errors)
        return bool(response.status_code in (400, 403, 405) or errors or invalid)

    def refused_in_code(self, error: type[Exception], words: str, act: Callable[[], Any]) -> None:
        """Code was refused, and the log says so, once."""
        before = self.lines()
        with pytest.raises(error, match=words):
            act()
        (line,) = self.lines()[len(before) :]
        assert re.search(words, line), line
        self.outcome = REFUSED

    def harmless(self, *, logged: str = "") -> None:
        """It was allowed; patients read nothing of it. ``logged`` is what Wagtail's own log calls it."""
        if logged:
            pages = PageLogEntry.objects.filter(pk__gt=self.logs_before[0], action=logged)
            models = ModelLogEntry.objects.filter(pk__gt=self.logs_before[1], action=logged)
            entries = [*pages, *models]
            assert entries, f"no {logged} in Wagtail's log"
            if self.user is not None:
                assert {entry.user_id for entry in entries} == {self.user.pk}
        self.outcome = HARMLESS

    def unreachable(self, *statuses: int) -> None:
        """There is nothing at this address, or only the way to the sign-in."""
        assert statuses, "an address must have been asked for"
        assert set(statuses) <= {301, 302, 403, 404, 405}
        self.outcome = UNREACHABLE

    def told_ledger(self) -> bool:
        """Whether the ledger has a refusal of this person since the attempt began."""
        entries = LedgerEntry.objects.filter(seq__gt=self.ledger_before, event="refused")
        actors = [json.loads(entry.body)["actor"] for entry in entries]
        return any(self.user is None or actor["id"] == self.user.pk for actor in actors)

    def lines(self) -> list[str]:
        """The project's log of refusals since the attempt began."""
        ours = [r.getMessage() for r in self.caplog.records if r.name.startswith("monographs")]
        return [line for line in ours if line.startswith("refused ")]

    def logged(self, words: str) -> bool:
        """Whether the project's log says ``words`` since the attempt began."""
        ours = [r for r in self.caplog.records if r.name.startswith("monographs")]
        return any(words in record.getMessage() for record in ours)


def said(response: Any) -> str:
    """What the person was told: messages, errors, or the body of a short answer."""
    told = [str(message) for message in get_messages(response.wsgi_request)]
    if response.status_code not in (301, 302):
        told.append(response.content.decode(errors="replace"))
    return " ".join(html.unescape(strip_tags(" ".join(told))).split())


def form_of(page: Any, **more: str) -> dict[str, str]:
    """What the editor's form sends for a medicine of the page's name; ``more`` replaces or adds."""
    empty = {"sections": streamfield([]), "sources": streamfield([]), "comments": inline_formset([])}
    form: dict[str, str] = nested_form_data(
        {"title": page.title, "slug": page.slug, "review_interval_months": "12", **empty}
    )
    return {**form, **more}


def _last(model: Any) -> int:
    newest = model.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0
