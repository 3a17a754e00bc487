"""Regressions found by the state machine, in as few steps as possible."""

from typing import Any

import pytest

from monographs.editions.models import Edition
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import AcceptSuggestion, ChosenWords, Recall, Suggest
from monographs.review.models import MedicalReviewTask
from tests.factories import make_monograph, sign, submit

pytestmark = pytest.mark.django_db


def test_a_text_whose_workflow_was_ended_in_code_is_refused_with_a_reason(writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    submission.workflow_state.current_task_state.specific.reject(user=reviewer)
    with pytest.raises(PolicyError, match="in review already"):
        submit(MonographPage.objects.get(), writer)
    Recall(writer, submission).execute()
    assert submit(MonographPage.objects.get(), writer).is_open


def test_no_suggestion_is_accepted_in_a_text_whose_workflow_was_ended_in_code(
    writer: Any, reviewer: Any
) -> None:
    submission = submit(make_monograph(by=writer), writer)
    chosen = ChosenWords("how_it_works", "About")
    suggestion = Suggest(
        reviewer, submission.key, chosen, words="All about", reason="Plainer.", submission=submission
    ).execute()
    submission.workflow_state.current_task_state.specific.reject(user=reviewer)
    with pytest.raises(PolicyError, match="in review"):
        AcceptSuggestion(writer, suggestion).execute()
    Recall(writer, submission).execute()
    AcceptSuggestion(writer, suggestion).execute()


def test_a_step_that_asks_for_more_since_cannot_be_ended_in_code_with_less(
    writer: Any, reviewer: Any
) -> None:
    submission = submit(make_monograph(by=writer), writer)
    MedicalReviewTask.objects.update(signatures=2)
    sign(submission, reviewer)
    state = submission.workflow_state.current_task_state.specific
    with pytest.raises(PolicyError, match="1 of 2 signatures"):
        state.approve(user=reviewer)
    assert not Edition.objects.exists()
