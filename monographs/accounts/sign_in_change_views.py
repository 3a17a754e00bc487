"""Screens on which a second person confirms changed sign-in facts of an account."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from monographs.accounts import signing_holds
from monographs.accounts.forms import ConfirmIdentityForm
from monographs.accounts.identity import IdentityNotConfirmed, confirm_or_count
from monographs.core.posted_keys import posted_key
from monographs.core.users import authenticated_user


class _SignInChangeScreen(WagtailAdminTemplateMixin, View):
    """Base of the screens, which editors, reviewers and superusers may see."""

    header_icon = "key"
    page_title = "Changed sign-in facts"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not signing_holds.can_see_changes(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("sign_in_changes:index"), "label": self.page_title},
        ]


class SignInChangesView(_SignInChangeScreen):
    """The accounts that cannot sign now because their sign-in facts changed."""

    template_name = "accounts/sign_in_changes.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them with their changes."""
        rows = [
            (user, list(signing_holds.unconfirmed_holds(user))) for user in signing_holds.accounts_on_hold()
        ]
        return self.render_to_response(self.get_context_data(rows=rows))


@method_decorator(sensitive_post_parameters(), name="dispatch")
class SignInChangeView(_SignInChangeScreen):
    """The changes of one account, and the form that confirms them."""

    template_name = "accounts/sign_in_change.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.owner = get_object_or_404(User, pk=kwargs["pk"])

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form, or why the user may not confirm."""
        return self._show(ConfirmIdentityForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Confirm the changes that were shown."""
        confirmer = authenticated_user(request)
        form = ConfirmIdentityForm(request.POST)
        holds = list(signing_holds.unconfirmed_holds(self.owner))
        refusal = signing_holds.confirmation_refusal(confirmer, self.owner, holds)
        if refusal or not form.is_valid():
            return self._show(form, status=403 if refusal else 400)
        posted = request.POST.get("seen", "").split(",")
        seen = [key for key in map(posted_key, posted) if key]
        try:
            confirm_or_count(confirmer, **form.cleaned_data, request=request)
        except IdentityNotConfirmed as error:
            form.add_error(None, error.message)
            return self._show(form, status=403)
        refusal = signing_holds.confirm_holds(confirmer, self.owner, seen)
        if refusal:
            form.add_error(None, refusal)
            return self._show(form, status=403)
        name = self.owner.get_full_name() or self.owner.get_username()
        messages.success(request, f"Confirmed: {name} can sign again.")
        return redirect("sign_in_changes:index")

    def _show(self, form: ConfirmIdentityForm, status: int = 200) -> HttpResponse:
        holds = list(signing_holds.unconfirmed_holds(self.owner))
        confirmer = authenticated_user(self.request)
        context = self.get_context_data(
            owner=self.owner,
            holds=holds,
            seen=",".join(str(hold.pk) for hold in holds),
            refusal=signing_holds.confirmation_refusal(confirmer, self.owner, holds),
            form=form,
        )
        return self.render_to_response(context, status=status)


app_name = "sign_in_changes"
urlpatterns = [
    path("", SignInChangesView.as_view(), name="index"),
    path("<int:pk>/", SignInChangeView.as_view(), name="confirm"),
]
