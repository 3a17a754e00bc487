"""What the machine found, in as few steps as it takes."""

from typing import Any

import pytest
from django.db import IntegrityError

from monographs.models import MonographPage
from monographs.review.refusals import Refused
from tests.factories import make_monograph, submit

pytestmark = pytest.mark.django_db


@pytest.mark.xfail(
    raises=IntegrityError, reason="a review that was ended in code crashes the next submission", strict=True
)
def test_a_text_whose_workflow_was_ended_in_code_is_refused_with_a_reason(writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    submission.workflow_state.current_task_state.specific.reject(user=reviewer)
    with pytest.raises(Refused):
        submit(MonographPage.objects.get(), writer)
