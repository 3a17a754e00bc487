"""The form of a signer: people by name."""

from typing import Any

import pytest
from django.urls import reverse

from tests.conftest import as_user
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_accounts_are_chosen_by_name(editor: Any, writer: Any) -> None:
    nameless = make_user("nameless")
    type(nameless).objects.filter(pk=nameless.pk).update(first_name="", last_name="")
    page = as_user(editor).get(reverse("wagtailsnippets_review_reviewerprofile:add")).content.decode()
    assert "Writer Tester (writer)" in page
    assert "No name yet (nameless)" in page
