"""A wrong password is said at its field, where the cursor is then; what else was typed is still there."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from monographs.editions.models import Edition
from tests.conftest import as_user
from tests.factories import make_monograph, publish, read_all, submit

pytestmark = pytest.mark.django_db


def screen_of(response: Any) -> Any:
    return BeautifulSoup(response.content, "html.parser")


def test_a_wrong_password_keeps_the_place_and_the_marks(writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    read_all(submission, reviewer)
    form = {"sha256": submission.sha256, "password": "wrong"}
    refused = as_user(reviewer).post(reverse("review:sign", args=[submission.pk]), form)
    assert refused.status_code == 403
    screen = screen_of(refused)
    [field] = screen.select("[autofocus]")
    assert field["name"] == "password"
    assert "value" not in field.attrs
    assert "That password is not right" in screen.select_one(f"#{field['aria-describedby'].split()[-1]}").text
    assert screen.select_one("[name=sha256]")["value"] == submission.sha256
    assert not screen.select(".review-mark button[value=read]"), "everything is still marked as read"
    assert not Edition.objects.exists()


def test_a_wrong_password_keeps_the_reason_of_a_withdrawal(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    form = {"cause": "mistake", "note": "The dose is ten times too high.", "password": "wrong"}
    refused = as_user(reviewer).post(reverse("review:withdraw", args=[page.translation_key]), form)
    screen = screen_of(refused)
    assert [field["name"] for field in screen.select("[autofocus]")] == ["password"]
    assert screen.select_one("[name=cause][checked]")["value"] == "mistake"
    assert screen.select_one("[name=note]").text.strip() == "The dose is ten times too high."


def test_a_missing_reason_has_the_cursor(writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    refused = as_user(reviewer).post(reverse("review:return", args=[submission.pk]), {"reason": ""})
    assert [field["name"] for field in screen_of(refused).select("[autofocus]")] == ["reason"]


def test_an_error_of_a_choice_is_described_at_its_group(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    form = {"cause": "neither", "note": "The dose is ten times too high.", "password": "wrong"}
    refused = as_user(reviewer).post(reverse("review:withdraw", args=[page.translation_key]), form)
    screen = screen_of(refused)
    group = screen.select_one("[name=cause]").find_parent("fieldset")
    said = [screen.select_one(f"#{each}").text for each in group["aria-describedby"].split()]
    assert "neither is not one of the available choices" in said[-1]
