"""The form by which an editor asks somebody for several due reviews at once."""

import uuid
from typing import Any

from django import forms
from django.contrib.auth.models import User

from monographs.core.users import display_name
from monographs.review.actions import NewReviewer, ReviewerChange
from monographs.review.assignments import counts_by_reviewer
from monographs.review.delegates import absences_today, name_with_absence
from monographs.review.forms import FocusedErrorForm
from monographs.review.policies.assignment_policy import qualification_obstacle


class AssignForm(FocusedErrorForm):
    """Who is asked, and whether they are reminded. It changes only what is chosen in it."""

    change = forms.ChoiceField(
        label="Who is asked",
        choices=[
            (ReviewerChange.KEEP, "Leave as it is"),
            (ReviewerChange.ASK, "Ask the reviewer below, nobody else"),
            (ReviewerChange.NOBODY, "Nobody in particular"),
        ],
        initial=ReviewerChange.KEEP,
        widget=forms.RadioSelect,
    )
    reviewer = forms.ChoiceField(label="Reviewer", required=False)
    remind = forms.BooleanField(label="Remind those who are asked by email", required=False)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        """``people`` review at some step; those who can sign nothing are ``unable``, each with the reason."""
        super().__init__(*args, **kwargs)
        reasons = {user: qualification_obstacle(user) for user in people}
        self.able = [user for user, reason in reasons.items() if not reason]
        self.unable = [f"{display_name(user)} {reason}" for user, reason in reasons.items() if reason]
        self.people = {str(user.pk): user for user in self.able}
        away, counted = absences_today(), counts_by_reviewer([user.pk for user in self.able])
        choices = [
            (str(user.pk), f"{name_with_absence(user, away)} ({_asked_for(counted.get(user.pk, 0))})")
            for user in self.able
        ]
        self.fields["reviewer"].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]  # a choice field has them

    def clean(self) -> dict[str, Any]:
        """Refuse choices that contradict each other, and a form that changes nothing."""
        super().clean()
        given = self.cleaned_data
        asks = given.get("change") == ReviewerChange.ASK
        if asks and not given.get("reviewer") and "reviewer" not in self.errors:
            self.add_error("reviewer", "Choose whom to ask.")
        if not asks and given.get("reviewer"):
            self.add_error("change", "You chose a reviewer: choose “Ask the reviewer below”, too.")
        if not self.errors and given["change"] == ReviewerChange.KEEP and not given["remind"]:
            self.add_error(None, "Choose what to change: who is asked, or a reminder.")
        return given

    def new_reviewer(self) -> NewReviewer:
        """Return the choice as the action takes it, as a batch of its own."""
        given = self.cleaned_data
        change = ReviewerChange(given["change"])
        return NewReviewer(uuid.uuid4().hex, change, self.people.get(given["reviewer"]), given["remind"])


def _asked_for(count: int) -> str:
    return f"asked for {count} due review{'' if count == 1 else 's'}"
