"""The screens of label changes."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import UpdateTask
from tests.label_watch.test_label_tasks import GRAVE, publish_naming, store

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


@pytest.fixture
def task() -> UpdateTask:
    publish_naming("3")
    store(3)
    store(4, GRAVE)
    return refresh_label_tasks()[0]


def test_everybody_in_the_admin_sees_what_changed_and_why(
    task: UpdateTask, writer: Any, client: Client
) -> None:
    client.force_login(writer)
    screen = client.get("/admin/labels/")
    (button,) = re.findall(r'<a [^>]*href="/admin/import/label/"[^>]*>', screen.content.decode())
    assert "w-header-button" in button, "without it the icon is as wide as a phone"
    listed = text_of(screen)
    assert "testumab" in listed
    assert "3 → 4" in listed
    response = client.get(f"/admin/labels/{task.pk}/")
    shown = text_of(response)
    assert "edition 1 rests on version 3" in shown
    assert "Sections that rest on it" in shown
    assert re.search(r"Grave .*bleeding", shown)
    assert "<ins" in response.content.decode()
    assert client.get("/admin/labels/999999/").status_code == 404


def test_the_list_is_exported_for_spreadsheets(task: UpdateTask, writer: Any, client: Client) -> None:
    client.force_login(writer)
    rows = b"".join(client.get("/admin/labels/?export=csv")).decode().splitlines()
    assert len(rows) == 2
    assert ",3,4,grave,boxed_warning," in rows[1]


def test_closed_tasks_are_listed_when_asked_for(task: UpdateTask, writer: Any, client: Client) -> None:
    client.force_login(writer)
    assert "testumab" not in text_of(client.get("/admin/labels/results/?open=overdue"))
    assert "testumab" not in text_of(client.get("/admin/labels/results/?open=closed"))
    publish_naming("4")
    refresh_label_tasks()
    assert "testumab" not in text_of(client.get("/admin/labels/results/"))
    assert "An edition names the new version" in text_of(client.get("/admin/labels/results/?open=closed"))
    assert "Closed on" in text_of(client.get(f"/admin/labels/{task.pk}/"))


def test_nothing_can_be_compared_with_a_version_that_is_not_stored(writer: Any, client: Client) -> None:
    publish_naming("1")
    store(4)
    (task,) = refresh_label_tasks()
    client.force_login(writer)
    assert "read the whole label" in text_of(client.get(f"/admin/labels/{task.pk}/"))


def test_patients_see_none_of_it(task: UpdateTask, client: Client) -> None:
    for address in ("/admin/labels/", f"/admin/labels/{task.pk}/"):
        response = client.get(address)
        assert response.status_code == 302
        assert "/admin/login/" in response.url
    assert "bleeding" not in text_of(client.get("/medicines/testumab/"))


def test_the_list_takes_a_fixed_number_of_queries(
    task: UpdateTask, writer: Any, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(writer)
    client.get("/admin/labels/results/")
    for number in range(30):
        UpdateTask.objects.create(
            key=f"bbbbbbbb-2222-4333-8444-{number:012d}", title=f"m{number}", set_id=task.set_id,
            edition=1, from_version=1, to_version=2, change_class="wording",
            opened_at=task.opened_at, due_on=task.due_on,
        )  # fmt: skip
    with django_assert_max_num_queries(12):
        assert "m19" in text_of(client.get("/admin/labels/results/"))
