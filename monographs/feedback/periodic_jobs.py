"""Periodic work on readers' feedback."""

from monographs.feedback.retention import delete_old_answers
from monographs.scheduler.job import periodic_job


@periodic_job("forget_feedback", every="06:10", title="Deletes readers' feedback after a year")
def forget_feedback() -> str:
    """Delete what is too old."""
    return f"deleted {delete_old_answers()} answers"
