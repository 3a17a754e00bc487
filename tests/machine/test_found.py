"""What the machine found, in as few steps as it takes."""

from typing import Any

import pytest

from monographs.models import MonographPage
from monographs.review.actions import Recall
from monographs.review.refusals import Refused
from tests.factories import make_monograph, submit

pytestmark = pytest.mark.django_db


def test_a_text_whose_workflow_was_ended_in_code_is_refused_with_a_reason(writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    submission.workflow_state.current_task_state.specific.reject(user=reviewer)
    with pytest.raises(Refused, match="in review already"):
        submit(MonographPage.objects.get(), writer)
    Recall(writer, submission).execute()
    assert submit(MonographPage.objects.get(), writer).is_open
