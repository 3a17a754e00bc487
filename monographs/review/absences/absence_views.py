"""The screen on which people say when they are away and who stands in."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages

from monographs.accounts.actors import users_with_admin_access
from monographs.core.db_clock import database_today
from monographs.core.posted_keys import posted_key
from monographs.core.users import authenticated_user, display_name
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.forms import FocusedErrorForm
from monographs.review.models import Absence
from monographs.review.policy import is_editor_or_superuser
from monographs.review.screens.base import FormScreen

NOT_YOURS = "Only the person, an editor or an administrator changes when somebody is away."


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class AbsenceForm(FocusedErrorForm):
    """Who is away, from when until when, and who stands in. Only editors choose who is away."""

    person = forms.ChoiceField(label="Who is away?")
    delegate = forms.ChoiceField(
        label="Who stands in?",
        help_text="They get the assignments and reminders as well, and sign only what they may themselves.",
    )
    starts_on = _day("First day (UTC)")
    ends_on = _day("Last day (UTC)")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list(users_with_admin_access().order_by("last_name", "first_name", "pk"))
        self.people = {str(person.pk): person for person in people}
        choices = [(pk, display_name(person)) for pk, person in self.people.items()]
        mine = [choice for choice in choices if choice[0] == str(user.pk)]
        allowed = choices if is_editor_or_superuser(user) else mine
        self.fields["person"].choices = allowed  # type: ignore[attr-defined]  # a choice field has them
        self.fields["person"].initial = str(user.pk)
        self.fields["delegate"].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]
        for name in ("starts_on", "ends_on"):
            self.fields[name].widget.attrs["min"] = database_today().isoformat()

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order or in the past, and somebody who stands in for themselves."""
        super().clean()
        given = self.cleaned_data
        first, last = given.get("starts_on"), given.get("ends_on")
        if last and last < database_today():
            self.add_error("ends_on", "This day has passed. Choose today or a later day.")
        elif first and last and last < first:
            self.add_error("ends_on", "The last day is before the first. Choose a later one.")
        if given.get("delegate") and given.get("delegate") == given.get("person"):
            self.add_error("delegate", "Nobody stands in for themselves. Choose somebody else.")
        return given


def store_absence(user: User, delegate: User, *, starts_on: date, ends_on: date) -> Absence:
    """Store that ``user`` is away, once however often the form is sent."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        facts = {"user": user, "delegate": delegate, "starts_on": starts_on, "ends_on": ends_on}
        return Absence.objects.filter(**facts).first() or Absence.objects.create(**facts)


class AbsencesView(FormScreen):
    """Who is away now or later, and the form to add an absence."""

    page_title = "Away"
    template_name = "review/absences.html"
    header_icon = "calendar-alt"
    breadcrumb_root = ("wagtailadmin_account", "Account")
    form: AbsenceForm | None = None

    def own_breadcrumb(self) -> str:
        return self.page_title

    def post(self, request: HttpRequest) -> HttpResponse:
        """Store an absence, or end one."""
        user = authenticated_user(request)
        if "end" in request.POST:
            return self._end(user, request.POST["end"])
        self.form = form = AbsenceForm(request.POST, user=user)
        if not form.is_valid():
            return self.invalid()
        given = form.cleaned_data
        absence = store_absence(
            form.people[given["person"]],
            form.people[given["delegate"]],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
        )
        messages.success(
            request, f"Stored. {display_name(absence.delegate)} stands in for {display_name(absence.user)}."
        )
        return redirect("absences:list")

    def _end(self, user: User, which: str) -> HttpResponse:
        absence = Absence.objects.select_related("user").filter(pk=posted_key(which)).first()
        if absence is None:
            messages.error(self.request, "This absence has been removed already.")
            return redirect("absences:list")
        if absence.user_id != user.pk and not is_editor_or_superuser(user):
            return self.refused(PolicyError(Rule.NOT_AN_EDITOR, NOT_YOURS))
        absence.delete()
        messages.success(self.request, f"Removed. Nobody stands in for {display_name(absence.user)}.")
        return redirect("absences:list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = authenticated_user(self.request)
        absences = Absence.objects.filter(ends_on__gte=database_today()).select_related("user", "delegate")
        may_change_all = is_editor_or_superuser(user)
        rows = [(absence, may_change_all or absence.user_id == user.pk) for absence in absences]
        return super().get_context_data(rows=rows, form=self.form or AbsenceForm(user=user), **kwargs)
