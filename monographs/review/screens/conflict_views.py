"""The conflicts of interest with one page: who has one, a form to declare one, and forms to end them."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from wagtail.admin import messages

from monographs.accounts.actors import users_with_admin_access
from monographs.core.db_clock import database_today
from monographs.core.users import authenticated_user, display_name
from monographs.editions.models import ConflictOfInterest, Edition
from monographs.pages.refusals import PolicyError
from monographs.review.actions import DeclareConflict, EndConflict
from monographs.review.forms import FocusedErrorForm
from monographs.review.policies.conflict_policy import user_can_end_conflict
from monographs.review.policy import is_editor
from monographs.review.publication.page_sync import page_of
from monographs.review.screens.base import FormScreen


class ConflictForm(FocusedErrorForm):
    """A conflict of interest: whose, what it is, and from when until when. Only editors choose whose."""

    person = forms.ChoiceField(label="Who has the interest?", widget=forms.Select)
    reason = forms.CharField(
        label="What is the interest?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example an employment, a grant or shares. Everybody who works here can read "
        "it, and the record keeps it.",
    )
    starts_on = forms.DateField(
        label="From (UTC)", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label="Last day (UTC)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Leave it empty if it lasts. An editor can end it later.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = database_today()
        self.fields["ends_on"].widget.attrs["min"] = database_today().isoformat()
        people = list(users_with_admin_access().order_by("last_name", "first_name", "pk"))
        for_all = is_editor(user)
        self.people = {str(each.pk): each for each in people if for_all or each.pk == user.pk}
        self.fields["person"].choices = [  # type: ignore[attr-defined]  # a choice field has them
            (pk, f"{display_name(each)} (you)" if each.pk == user.pk else display_name(each))
            for pk, each in self.people.items()
        ]
        self.fields["person"].initial = str(user.pk)

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning, and one that has passed."""
        super().clean()
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if ends_on and starts_on and ends_on < starts_on:
            self.add_error("ends_on", "It ends before it starts. Choose a later day, or leave it empty.")
        elif ends_on and ends_on < database_today():
            self.add_error("ends_on", "This day has passed. Choose today or a later day, or leave it empty.")
        return self.cleaned_data


class EndConflictForm(FocusedErrorForm):
    """Why a conflict of interest is over."""

    reason = forms.CharField(
        label="Why is it over?", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class ConflictsView(FormScreen):
    """All conflicts of interest with one page, and the form to declare one."""

    template_name = "review/conflicts.html"
    header_icon = "warning"
    form: ConflictForm | None = None
    end_form: EndConflictForm | None = None
    ended: int | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.key: UUID = kwargs["key"]
        newest = Edition.objects.of(self.key).defer("canonical").first()
        page = page_of(self.key)
        if newest:
            self.title = newest.title
        elif page:
            self.title = page.get_admin_display_title()
        else:
            raise Http404("No page has this record.")

    def get_page_title(self) -> str:
        return f"Conflicts of interest: {self.title}"

    def own_breadcrumb(self) -> str:
        return str(self.title)

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Declare a conflict, or show the form again with what is wrong."""
        user = authenticated_user(request)
        self.form = form = ConflictForm(request.POST, user=user)
        if not form.is_valid():
            return self.invalid()
        given = form.cleaned_data
        try:
            conflict = DeclareConflict(
                user,
                key,
                form.people[given["person"]],
                reason=given["reason"],
                starts_on=given["starts_on"],
                ends_on=given["ends_on"],
            ).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, f"Declared. {conflict.name} cannot sign anything about {self.title}.")
        return redirect("review:conflicts", key)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = authenticated_user(self.request)
        today, editor = database_today(), is_editor(user)
        found = ConflictOfInterest.objects.filter(key=self.key).select_related("end").order_by("-pk")
        rows = [
            {
                "conflict": conflict,
                "end": getattr(conflict, "end", None),
                "over": hasattr(conflict, "end") or bool(conflict.ends_on and conflict.ends_on < today),
                "future": conflict.starts_on > today,
                "may_end": user_can_end_conflict(user, conflict, editor=editor).allowed,
                "form": self.end_form
                if self.end_form and self.ended == conflict.pk
                else EndConflictForm(auto_id=f"end-{conflict.pk}-%s"),
            }
            for conflict in found
        ]
        return super().get_context_data(
            key=self.key,
            rows=rows,
            form=self.form or ConflictForm(user=user),
            for_others=editor,
            **kwargs,
        )


class EndConflictView(ConflictsView):
    """End one conflict of interest."""

    def get(self, request: HttpRequest, key: UUID, **kwargs: Any) -> HttpResponse:
        """Show the list."""
        return redirect("review:conflicts", key)

    def post(self, request: HttpRequest, key: UUID, pk: int = 0) -> HttpResponse:
        """End it, or show the list again with the reason why not."""
        conflict = get_object_or_404(ConflictOfInterest, pk=pk, key=key)
        self.end_form, self.ended = EndConflictForm(request.POST, auto_id=f"end-{pk}-%s"), pk
        if not self.end_form.is_valid():
            return self.invalid()
        try:
            EndConflict(
                authenticated_user(request), conflict, reason=self.end_form.cleaned_data["reason"]
            ).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, f"Ended. {conflict.name} can sign texts of {self.title} again.")
        return redirect("review:conflicts", key)
