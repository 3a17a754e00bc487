"""Notifications about suggestions."""

from monographs.editions.person import Person
from monographs.review.models import Suggestion
from monographs.review.notes import heading_from_anchor
from monographs.review.notifications import recipients
from monographs.review.notifications.events import NoticeEvent
from monographs.review.notifications.messages import admin_url, compose, thread_of
from monographs.review.notifications.outbox import isolate_failures, queue_messages


@isolate_failures
def suggested(suggestion: Suggestion, by: Person) -> None:
    """Notify the writers of the text that other words are suggested."""
    submission = suggestion.submission
    _notify(NoticeEvent.SUGGESTED, suggestion, by, recipients.writers_of(submission) if submission else set())


@isolate_failures
def suggestion_answered(suggestion: Suggestion, by: Person) -> None:
    """Notify the author of a suggestion that it was accepted or declined."""
    _notify(NoticeEvent.SUGGESTION_ANSWERED, suggestion, by, {suggestion.author_id})


def _notify(event: NoticeEvent, suggestion: Suggestion, by: Person, people: set[int | None]) -> None:
    submission = suggestion.submission
    if (
        submission is None
    ):  # from outside, while nothing was in review: who took it over sees it in the editor
        return
    queue_messages(
        *compose(
            event,
            f"{thread_of(submission)}/suggestion-{suggestion.pk}",
            recipients.reachable_accounts(people, without=by),
            title=submission.title,
            heading=heading_from_anchor(suggestion.section),
            suggestion=suggestion,
            words=suggestion.answer or suggestion.reason,
            by=by,
            url=f"{admin_url('review:review', submission.pk)}#suggestion-{suggestion.pk}",
        )
    )
