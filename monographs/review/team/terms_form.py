"""The form by which an editor changes the terms of several submissions at once."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.models import User

from monographs.core.db_clock import database_today
from monographs.review.actions import AskedChange, DueChange, NewTerms
from monographs.review.delegates import absences_today, name_with_absence
from monographs.review.forms import FocusedErrorForm


class TermsForm(FocusedErrorForm):
    """Who is asked, by when, and whether they are reminded. It changes only what is chosen in it."""

    asked = forms.ChoiceField(
        label="Who is asked",
        choices=[
            (AskedChange.KEEP, "Leave as it is"),
            (AskedChange.ADD, "Ask these, too"),
            (AskedChange.REPLACE, "Ask only these (none ticked: nobody in particular)"),
        ],
        initial=AskedChange.KEEP,
        widget=forms.RadioSelect,
    )
    reviewers = forms.MultipleChoiceField(
        label="Reviewers", required=False, widget=forms.CheckboxSelectMultiple
    )
    due = forms.ChoiceField(
        label="Review by",
        choices=[
            (DueChange.KEEP, "Leave as it is"),
            (DueChange.SET, "Set to the day below"),
            (DueChange.REMOVE, "No day"),
        ],
        initial=DueChange.KEEP,
        widget=forms.RadioSelect,
    )
    due_on = forms.DateField(
        label="Day (UTC)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    remind = forms.BooleanField(
        label="Remind those who are asked by email; where nobody is, all who can sign", required=False
    )

    def __init__(self, *args: Any, people: Iterable[tuple[User, int]], **kwargs: Any) -> None:
        """``people`` are those who review at any step, with the number of texts each is asked to review."""
        super().__init__(*args, **kwargs)
        counted = list(people)
        self.people = {str(user.pk): user for user, _ in counted}
        away = absences_today()
        self.fields["reviewers"].choices = [  # type: ignore[attr-defined]  # a choice field has them
            (str(user.pk), f"{name_with_absence(user, away)} ({count} in review)") for user, count in counted
        ]
        self.fields["due_on"].widget.attrs["min"] = database_today().isoformat()

    def clean_reviewers(self) -> list[User]:
        """Return the accounts for the chosen primary keys."""
        return [self.people[pk] for pk in self.cleaned_data["reviewers"]]

    def clean_due_on(self) -> date | None:
        """Refuse a day in the past."""
        day: date | None = self.cleaned_data["due_on"]
        if day and day < database_today():
            raise forms.ValidationError("This day has passed. Choose today or a later day.")
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse choices that contradict each other, and a form that changes nothing."""
        super().clean()
        given = self.cleaned_data
        if given.get("asked") == AskedChange.KEEP and given.get("reviewers"):
            self.add_error("asked", "You ticked reviewers: choose whether they are asked, too, or only they.")
        if given.get("asked") == AskedChange.ADD and not given.get("reviewers"):
            self.add_error("reviewers", "Tick whom to ask.")
        if given.get("due") == DueChange.SET and not given.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "Choose the day.")
        if given.get("due") != DueChange.SET and given.get("due_on"):
            self.add_error("due", "You chose a day: choose “Set to the day below”, too.")
        kept = given.get("asked") == AskedChange.KEEP and given.get("due") == DueChange.KEEP
        if not self.errors and kept and not given.get("remind"):
            self.add_error(None, "Choose what to change: who is asked, the day, or a reminder.")
        return given

    def terms(self) -> NewTerms:
        """Return the choice as the action takes it, as a batch of its own."""
        given = self.cleaned_data
        return NewTerms(
            uuid.uuid4().hex,
            AskedChange(given["asked"]),
            given["reviewers"],
            DueChange(given["due"]),
            given["due_on"],
            given["remind"],
        )
