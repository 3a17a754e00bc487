"""Refusals in the admin are logged and recorded; public requests cost no query for it."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from monographs.editions import ledger
from monographs.editions.models import LedgerEntry
from monographs.review.wagtail_integration import refusal_middleware
from tests.conftest import as_user
from tests.factories import make_monograph, make_user, submit

pytestmark = pytest.mark.django_db


def refusals() -> list[dict[str, Any]]:
    entries = LedgerEntry.objects.filter(event="refused").order_by("seq")
    return [json.loads(entry.body) for entry in entries]


def test_a_refused_post_is_recorded_once_with_user_address_and_message(writer: Any) -> None:
    page = make_monograph(by=writer)
    address = reverse("wagtailadmin_pages:unpublish", args=[page.pk])
    as_user(writer).post(address)
    (entry,) = refusals()
    assert entry["actor"]["username"] == "writer"
    assert entry["data"]["attempt"] == f"POST {address}"
    assert "do not have permission" in entry["data"]["message"]


def test_a_refusal_recorded_by_an_action_is_not_recorded_twice(writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    form = {"sha256": submission.sha256, "password": "wrong"}
    as_user(reviewer).post(reverse("review:sign", args=[submission.pk]), form)
    assert [entry["data"]["attempt"] for entry in refusals()] == ["sign"]


def test_a_refused_get_is_only_logged(site: Any, caplog: Any) -> None:
    outsider = make_user("outsider")
    outsider.user_permissions.add(Permission.objects.get(codename="access_admin"))
    as_user(outsider).get(reverse("wagtailadmin_pages:edit", args=[site.pk]))
    assert "refused GET /admin/pages/" in caplog.text
    assert refusals() == []


def test_an_invalid_form_is_no_refusal(writer: Any) -> None:
    page = make_monograph(by=writer)
    form = {"new_title": "", "new_slug": "not a slug", "new_parent_page": page.get_parent().pk}
    response = as_user(writer).post(reverse("wagtailadmin_pages:copy", args=[page.pk]), form)
    assert response.context_data["form"].errors
    assert refusals() == []


def test_the_user_is_shown_the_rules_message_besides_wagtails(writer: Any, superuser: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    task = submission.workflow_state.current_task_state.task_id
    client = as_user(superuser)
    response = client.post(reverse("wagtailadmin_workflows:disable_task", args=[task]), follow=True)
    assert "0 of 1 signatures" in response.content.decode()


def test_a_failure_to_record_does_not_affect_the_response(
    writer: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    page = make_monograph(by=writer)
    monkeypatch.setattr(
        refusal_middleware, "append_entry", lambda *args, **kwargs: ledger.append_entry(None, None, {})
    )
    response = as_user(writer).post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    assert response.status_code == 302
    assert "a refusal could not be logged" in caplog.text


def test_a_line_break_in_an_address_does_not_forge_a_log_line(writer: Any, caplog: Any) -> None:
    as_user(writer).put("/admin/api/main/pages/1/action/x%0Arefused nothing/")
    assert not any("\n" in record.getMessage() for record in caplog.records if "attempts" in record.name)


def test_public_pages_need_no_session_and_no_extra_query(site: Any, django_assert_num_queries: Any) -> None:
    client = Client()
    client.get("/medicines/")
    with django_assert_num_queries(1):
        response = client.get("/medicines/")
    assert not response.cookies
    assert not hasattr(response.wsgi_request, "_cached_user")
    assert not hasattr(response.wsgi_request, "session")
