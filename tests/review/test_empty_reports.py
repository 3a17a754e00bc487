"""What reports and forms say where there is nothing yet."""

from typing import Any

import pytest
from django.urls import reverse

from tests.conftest import as_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sources:tasks", "No source of a public page needs an answer now."),
        ("labels:tasks", "No change of a label needs an answer now."),
        ("feedback:counts", "No reader has sent feedback that is still kept."),
        ("feedback:answers", "No reader has sent feedback that is still kept."),
    ],
)
def test_an_empty_report_says_what_it_means(name: str, words: str, editor: Any) -> None:
    page = as_user(editor).get(reverse(name)).content.decode()
    assert words in page
    assert "to display" not in page


def test_the_form_of_a_new_user_says_that_they_are_invited(superuser: Any) -> None:
    page = as_user(superuser).get(reverse("wagtailusers_users:add")).content.decode()
    assert "An invitation is sent to this address" in page
