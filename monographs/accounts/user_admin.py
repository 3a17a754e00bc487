"""Wagtail's views of users and groups, changed to keep contributors, to invite new users by email, and to
record every change.
"""

from functools import cached_property
from typing import Any

from django.contrib.auth.models import Group, User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from wagtail.admin import messages
from wagtail.users.utils import user_can_delete_user
from wagtail.users.views import groups, users
from wagtail.users.views.bulk_actions import DeleteBulkAction

from monographs.accounts import password_links
from monographs.accounts.audit_log import record_changes
from monographs.accounts.audit_snapshot import GROUP, AuditSubject
from monographs.accounts.deactivation import deletion_refusal, has_contributed
from monographs.accounts.outside_accounts import NO_SIGN_IN, is_outside
from monographs.accounts.second_factor import has_second_factor
from monographs.accounts.sign_in_facts import owners_change
from monographs.accounts.user_forms import InvitationForm, UserFactsForm
from monographs.core.users import authenticated_user


class UserIndexView(users.IndexView):
    """The list of users, without a delete button for contributors."""

    def get_delete_url(self, instance: User) -> str | None:
        url = super().get_delete_url(instance)
        return url if url and not has_contributed(instance) else None


class UserCreateView(users.CreateView):
    """The form of a new user, who gets an invitation."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        refusal = password_links.send_link(self.object)
        if refusal:
            messages.warning(self.request, refusal)
        else:
            messages.success(self.request, f"An invitation was sent to {self.object.email}.")
        return response


class UserEditView(users.EditView):
    """The form of a user, with their credentials, and without a delete button for contributors."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_outside(self.object):
            messages.error(request, NO_SIGN_IN)
            return redirect("wagtailusers_users:index")
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.has_contributed = has_contributed(self.object)
        self.can_delete = user_can_delete_user(request.user, self.object) and not self.has_contributed

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def save_instance(self) -> Any:
        with owners_change(authenticated_user(self.request)):
            return super().save_instance()

    @cached_property
    def profile(self) -> Any:  # a ReviewerProfile; accounts do not import review
        """The reviewer profile of the user, if there is one."""
        return getattr(self.object, "reviewer_profile", None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        views = "wagtailsnippets_review_reviewerprofile:"
        url = reverse(f"{views}edit", args=[self.profile.pk]) if self.profile else reverse(f"{views}add")
        return super().get_context_data(
            profile=self.profile,
            profile_url=url,
            expires_on=getattr(self.profile, "expires_on", None),
            has_second_factor=has_second_factor(self.object),
            has_contributed=self.has_contributed,
            is_invited=not self.object.has_usable_password(),
            **kwargs,
        )


class UserDeleteView(users.DeleteView):
    """Deletion of a user; refused for contributors."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if has_contributed(self.object):
            messages.error(request, deletion_refusal([self.object]))
            return redirect("wagtailusers_users:edit", self.object.pk)
        return super().dispatch(request, *args, **kwargs)


class SendLinkView(users.EditView):
    """Sends a user a link to choose a password: the invitation again, or for a forgotten password."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal = password_links.send_link(self.object)
        if refusal:
            messages.error(request, refusal)
        else:
            messages.success(request, f"A link to choose a password was sent to {self.object.email}.")
        return redirect("wagtailusers_users:edit", self.object.pk)


class UserViewSet(users.UserViewSet):
    """Views of users."""

    add_view_class = UserCreateView
    index_view_class = UserIndexView
    edit_view_class = UserEditView
    delete_view_class = UserDeleteView
    edit_template_name = "accounts/user_edit.html"

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        return UserFactsForm if for_update else InvitationForm

    def get_urlpatterns(self) -> list[Any]:
        send_link = self.construct_view(SendLinkView, form_class=UserFactsForm)
        return [*super().get_urlpatterns(), path("send-link/<int:pk>/", send_link, name="send_link")]


class DeleteUsers(DeleteBulkAction):
    """Deletion of several users; refused for all if one of them contributed."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        objects, _ = self.get_actionable_objects()
        contributors = [user for user in objects if has_contributed(user)]
        if contributors:
            messages.error(request, deletion_refusal(contributors))
            return redirect("wagtailusers_users:index")
        return super().dispatch(request, *args, **kwargs)


class _RecordGroupChangesMixin:
    """Records changes of a group: its permissions are saved in bulk, which sends no signals."""

    object: Group | None

    def process_form(self) -> HttpResponse:
        response: HttpResponse = super().process_form()  # type: ignore[misc]  # defined by the view it is mixed into
        if self.object and self.object.pk:
            record_changes(AuditSubject(GROUP, self.object.pk))
        return response


class GroupCreateView(_RecordGroupChangesMixin, groups.CreateView):
    """Creation of a group, recorded with its permissions."""


class GroupEditView(_RecordGroupChangesMixin, groups.EditView):
    """The form of a group, recorded with its permissions."""


class GroupViewSet(groups.GroupViewSet):
    """Views of groups."""

    add_view_class = GroupCreateView
    edit_view_class = GroupEditView
