"""A text in review, and an outside expert whom two editors recorded and confirmed, and one invited."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from monographs.review.models import Submission
from tests.factories import edit, make_monograph, make_user, publish, submit
from tests.outside_review.outside_experts import InvitedExpert, confirm_expert, record_expert


@pytest.fixture
def signatures_allowed(settings: Any) -> None:
    settings.OUTSIDE_SIGNATURES = True


@pytest.fixture
def editor2(site: Any) -> Any:
    return make_user("editor2", "Editors")


@pytest.fixture
def sent(writer: Any, reviewer: Any) -> Submission:
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    edit(page, writer, how_it_works="It binds to a protein on the cell.")
    return submit(page, writer)


@pytest.fixture
def expert(editor: Any, editor2: Any, signatures_allowed: None) -> User:
    recorded = record_expert(editor)
    confirm_expert(editor2, recorded)
    return User.objects.get(pk=recorded.pk)


@pytest.fixture
def invited(
    editor: Any, sent: Submission, expert: User, django_capture_on_commit_callbacks: Any
) -> InvitedExpert:
    return InvitedExpert(editor, sent, expert, django_capture_on_commit_callbacks)
