"""Deletion of old feedback."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from monographs.feedback.models import Feedback
from monographs.feedback.retention import RETENTION_DAYS, delete_old_answers


def sent(days_ago: int) -> Feedback:
    made = Feedback.objects.create(
        key="00000000-0000-0000-0000-000000000000", slug="a", title="a", number=1, sha256="0", answer="yes"
    )
    Feedback.objects.filter(pk=made.pk).update(at=timezone.now() - timedelta(days=days_ago))
    return made


@pytest.mark.django_db
def test_answers_are_deleted_after_a_year_and_not_before() -> None:
    sent(RETENTION_DAYS + 1)
    young = sent(RETENTION_DAYS - 1)
    out = StringIO()
    call_command("forget_feedback", stdout=out)
    assert out.getvalue() == "Deleted 1 answer of readers.\n"
    assert list(Feedback.objects.all()) == [young]


def test_a_retention_of_less_than_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        delete_old_answers(0)
    with pytest.raises(CommandError, match="at most a hundred years"):
        call_command("forget_feedback", days=10**10)
