"""Wagtail's screens for users and groups, where they would hide a change or delete a contributor."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.users.utils import user_can_delete_user
from wagtail.users.views import groups, users
from wagtail.users.views.bulk_actions import DeleteBulkAction

from monographs.accounts.audit_log import record_changes
from monographs.accounts.audit_snapshot import GROUP, AuditSubject
from monographs.accounts.deactivation import deletion_refusal, has_contributed
from monographs.accounts.second_factor import has_second_factor


class UserIndexView(users.IndexView):
    """Users; who contributed has no button for deletion."""

    def get_delete_url(self, instance: Any) -> str | None:
        url = super().get_delete_url(instance)
        return url if url and not has_contributed(instance) else None


class UserEditView(users.EditView):
    """A user with what qualifies them, and without a button for deletion if they contributed."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.stays = has_contributed(self.object)
        self.can_delete = user_can_delete_user(request.user, self.object) and not self.stays

    @cached_property
    def profile(self) -> Any:
        """Their credentials, if they are a reviewer."""
        return getattr(self.object, "reviewer_profile", None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        edit = "wagtailsnippets_review_reviewerprofile:"
        address = reverse(f"{edit}edit", args=[self.profile.pk]) if self.profile else reverse(f"{edit}add")
        return super().get_context_data(
            profile=self.profile,
            profile_address=address,
            expires_on=getattr(self.profile, "expires_on", None),
            has_second_factor=has_second_factor(self.object),
            stays=self.stays,
            **kwargs,
        )


class UserDeleteView(users.DeleteView):
    """Deletion of those who contributed nothing."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if has_contributed(self.object):
            messages.error(request, deletion_refusal([self.object]))
            return redirect("wagtailusers_users:edit", self.object.pk)
        return super().dispatch(request, *args, **kwargs)


class UserViewSet(users.UserViewSet):
    """Users."""

    index_view_class = UserIndexView
    edit_view_class = UserEditView
    delete_view_class = UserDeleteView
    edit_template_name = "accounts/user_edit.html"


class DeleteUsers(DeleteBulkAction):
    """Deletion of several users; refused whole if one of them contributed."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        objects, _ = self.get_actionable_objects()
        kept = [user for user in objects if has_contributed(user)]
        if kept:
            messages.error(request, deletion_refusal(kept))
            return redirect("wagtailusers_users:index")
        return super().dispatch(request, *args, **kwargs)


class _RecordsGroupChanges:
    """Permissions of a group are stored in bulk, after the form and without signals."""

    object: Any

    def process_form(self) -> HttpResponse:
        response: HttpResponse = super().process_form()  # type: ignore[misc]  # of the view it is mixed into
        if self.object and self.object.pk:
            record_changes(AuditSubject(GROUP, self.object.pk))
        return response


class GroupCreateView(_RecordsGroupChanges, groups.CreateView):
    """A new group, told with its permissions."""


class GroupEditView(_RecordsGroupChanges, groups.EditView):
    """A group, told with its permissions."""


class GroupViewSet(groups.GroupViewSet):
    """Groups."""

    add_view_class = GroupCreateView
    edit_view_class = GroupEditView
