"""One attempt by one role, through the admin's views or in code, and its outcome."""

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

REFUSED, HARMLESS, UNREACHABLE = "refused", "harmless", "unreachable"


def bypass_attempt(name: str, *roles: str) -> Callable[[Any], Any]:
    """Parametrize a test of the bypass route ``name`` with ``roles``."""

    def decorate(test: Any) -> Any:
        return pytest.mark.bypass_route(name)(pytest.mark.parametrize("role", roles)(test))

    return decorate


class Attempt:
    """An attempt and its outcome."""

    def __init__(self, populated_site: PopulatedSite, user: Any, caplog: Any) -> None:
        self.site = populated_site
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
        """Get an admin view by its name."""
        return self.client.get(reverse(name, args=args) + query)

    def post(self, name: str, *args: Any, data: Any = None, query: str = "", **more: Any) -> Any:
        """Post to an admin view by its name."""
        return self.client.post(reverse(name, args=args) + query, data or {}, **more)

    def edit(self, pk: int, *, query: str = "", **more: str) -> Any:
        """Post the editor's form of a monograph."""
        page = self.site.page(pk)
        return self.post("wagtailadmin_pages:edit", pk, data=editor_form(page, **more), query=query)

    def refused(self, response: Any, *words: str) -> None:
        """Assert that the response refuses in ``words`` and that the attempt is recorded."""
        assert self.is_refusal(response), f"{response.status_code} is no refusal: {messages_of(response)}"
        for word in words:
            assert word in messages_of(response)
        unsafe = response.wsgi_request.method not in ("GET", "HEAD", "TRACE", "OPTIONS")
        if unsafe and self.user is not None:
            assert self.is_recorded_in_ledger(), "the ledger has no entry of the attempt"
        else:
            assert self.logged("refused"), "the log has no entry of the attempt"
        self.outcome = REFUSED

    @staticmethod
    def is_refusal(response: Any) -> bool:
        """Return whether a response is an error status, has an error message or shows form errors."""
        errors = [m for m in get_messages(response.wsgi_request) if "error" in m.tags]
        form = getattr(response, "context_data", None) or {}
        invalid = bool(form.get("form") is not None and form["form"].errors)
        return bool(response.status_code in (400, 403, 405) or errors or invalid)

    def refused_in_code(self, error: type[Exception], words: str, act: Callable[[], Any]) -> None:
        """Assert that code raises ``error`` and that the refusal is logged once."""
        before = self.refusal_logs()
        with pytest.raises(error, match=words):
            act()
        (line,) = self.refusal_logs()[len(before) :]
        assert re.search(words, line), line
        self.outcome = REFUSED

    def harmless(self, *, logged: str = "") -> None:
        """Set the outcome of an allowed attempt; ``logged`` is the action that Wagtail must have logged."""
        if logged:
            pages = PageLogEntry.objects.filter(pk__gt=self.logs_before[0], action=logged)
            models = ModelLogEntry.objects.filter(pk__gt=self.logs_before[1], action=logged)
            entries = [*pages, *models]
            assert entries, f"no {logged} in Wagtail's log"
            if self.user is not None:
                assert {entry.user_id for entry in entries} == {self.user.pk}
        self.outcome = HARMLESS

    def unreachable(self, *statuses: int) -> None:
        """Assert that an address does not exist or requires a sign-in."""
        assert statuses, "no address was requested"
        assert set(statuses) <= {301, 302, 403, 404, 405}
        self.outcome = UNREACHABLE

    def is_recorded_in_ledger(self) -> bool:
        """Return whether the ledger has a refusal of this user since the attempt began."""
        entries = LedgerEntry.objects.filter(seq__gt=self.ledger_before, event="refused")
        actors = [json.loads(entry.body)["actor"] for entry in entries]
        return any(self.user is None or actor["id"] == self.user.pk for actor in actors)

    def new_events(self) -> set[str]:
        """Return the events that were recorded in the ledger since the attempt began."""
        return set(LedgerEntry.objects.filter(seq__gt=self.ledger_before).values_list("event", flat=True))

    def refusal_logs(self) -> list[str]:
        """Return the refusals that were logged since the attempt began."""
        ours = [r.getMessage() for r in self.caplog.records if r.name.startswith("monographs")]
        return [line for line in ours if line.startswith("refused ")]

    def logged(self, words: str) -> bool:
        """Return whether the project logged ``words`` since the attempt began."""
        ours = [r for r in self.caplog.records if r.name.startswith("monographs")]
        return any(words in record.getMessage() for record in ours)


def messages_of(response: Any) -> str:
    """Return the text of a response: its messages, and its body unless it redirects."""
    texts = [str(message) for message in get_messages(response.wsgi_request)]
    if response.status_code not in (301, 302):
        texts.append(response.content.decode(errors="replace"))
    return " ".join(html.unescape(strip_tags(" ".join(texts))).split())


def editor_form(page: Any, **more: str) -> dict[str, str]:
    """Return the data of the editor's form for a monograph; ``more`` replaces or adds fields."""
    empty = {"sections": streamfield([]), "sources": streamfield([]), "comments": inline_formset([])}
    form: dict[str, str] = nested_form_data(
        {"title": page.title, "slug": page.slug, "review_interval_months": "12", **empty}
    )
    # Reviewers answer the question whether they want to edit or to sign
    return {**form, "edit-without-signing": "save", **more}


def _last(model: Any) -> int:
    newest = model.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0
