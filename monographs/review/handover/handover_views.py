"""The screen on which the work of somebody who leaves is handed over and their account ended."""

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from wagtail.admin import messages

from monographs.accounts.actors import users_with_admin_access
from monographs.accounts.models import CalendarFeed
from monographs.core.users import authenticated_user, display_name
from monographs.pages.refusals import PolicyError
from monographs.review.delegates import absences_today, name_with_absence
from monographs.review.handover.hand_over import HandOver, HandoverRefused
from monographs.review.handover.handover_form import HandoverForm
from monographs.review.handover.handover_policy import NOT_FOR_YOU, editor_can_end_account, user_can_hand_over
from monographs.review.handover.leavers_work import locked_pages, work_of
from monographs.review.kept_text import with_all_that_was_typed
from monographs.review.models import Note, NoteStatus
from monographs.review.page_access import EditorAccessMixin
from monographs.review.screens.base import FormScreen, ReviewScreen


class PeopleView(EditorAccessMixin, ReviewScreen):
    """Who works here, in which groups, who is away, and a link to hand over the work of each."""

    refusal = NOT_FOR_YOU
    page_title = "People"
    template_name = "review/people.html"
    header_icon = "group"
    breadcrumb_root = ("dashboard:index", "Review dashboard")

    def own_breadcrumb(self) -> str:
        return self.page_title

    def get(self, request: HttpRequest) -> HttpResponse:
        """Render the list, by name. Three queries of its own."""
        away = absences_today()
        user = authenticated_user(request)
        people = users_with_admin_access().prefetch_related("groups")
        rows = [
            {
                "person": person,
                "name": name_with_absence(person, away),
                "groups": ", ".join(_roles_of(person)) or "none",
                "verdict": editor_can_end_account(user, person),
            }
            for person in people.order_by("last_name", "first_name", "pk").distinct()
        ]
        return self.render_to_response(self.get_context_data(rows=rows))


def _roles_of(person: User) -> list[str]:
    """The names of a person's groups, and whether they are an administrator."""
    groups = sorted(group.name for group in person.groups.all())
    return [*groups, "Administrators"] if person.is_superuser else groups


class HandoverView(FormScreen):
    """Everything that one account has to hand over, with who takes it."""

    template_name = "review/handover.html"
    header_icon = "user"
    breadcrumb_root = ("dashboard:index", "Review dashboard")
    form: HandoverForm | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse users who may not hand over, before anything about the account is shown."""
        self.leaver = get_object_or_404(User, pk=kwargs["pk"])
        user_can_hand_over(authenticated_user(request), self.leaver).enforce()
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return f"Hand over the work of {display_name(self.leaver)}"

    def own_breadcrumb(self) -> str:
        return display_name(self.leaver)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hand over everything, or nothing, with the reason at each item that somebody cannot take.

        Or list other items, for which somebody can then be chosen.
        """
        if request.POST.get("act") == "find":
            self.form = self._make_form(given=request.POST.dict())
            return with_all_that_was_typed(self.show())
        self.form = form = self._make_form(request.POST)
        if not form.is_valid():
            return self.invalid()
        user = authenticated_user(request)
        try:
            items = HandOver(
                user,
                self.leaver,
                choices=form.choices(),
                defaults=form.defaults(),
                password=form.cleaned_data["password"],
                code=form.cleaned_data.get("code", ""),
                request=request,
            ).execute()
        except HandoverRefused as refusal:
            self.form = self._make_form(request.POST, first=refusal.reasons)
            self.form.add_reasons(refusal.reasons)
            return self.refused(refusal)
        except PolicyError as refusal:
            return self.refused(refusal, form)
        messages.success(
            request,
            f"Handed over: {len(items)} thing{'' if len(items) == 1 else 's'}. "
            f"{display_name(self.leaver)} cannot sign in any more.",
        )
        return redirect("dashboard:index")

    def _make_form(
        self, data: Any = None, given: Mapping[str, str] | None = None, first: Collection[str] = ()
    ) -> HandoverForm:
        people = users_with_admin_access().exclude(pk=self.leaver.pk)
        return HandoverForm(
            data,
            items=work_of(self.leaver),
            people=list(people.order_by("last_name", "first_name", "pk")),
            user=authenticated_user(self.request),
            given=given or (data.dict() if data else {}),
            first=first,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = self.form or self._make_form()
        return super().get_context_data(
            form=form,
            groups=list(form.groups()),
            leaver=self.leaver,
            leaver_name=display_name(self.leaver),
            locked=list(locked_pages(self.leaver)),
            has_feed=CalendarFeed.objects.filter(user=self.leaver).exists(),
            open_notes=Note.objects.filter(author=self.leaver, status=NoteStatus.OPEN).count(),
            **kwargs,
        )
