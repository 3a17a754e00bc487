"""Views of forgotten passwords and invitations, in place of Wagtail's."""

from typing import Any

from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from wagtail.admin import messages
from wagtail.admin.views import account

from monographs.accounts import password_links, second_factor
from monographs.accounts.forms import code_field
from monographs.accounts.identity import IdentityNotConfirmed, check_code
from monographs.accounts.outside_accounts import is_outside
from monographs.accounts.sign_in_facts import change_by_link


class PasswordLinkRequestView(account.PasswordResetView):
    """The form that asks for a link; the answer is the same for every address."""

    def form_valid(self, form: Form) -> HttpResponse:
        email = form.cleaned_data["email"]
        allowed = password_links.request_links(self.request, email)
        return password_links.RedirectThenSend(str(self.success_url), email if allowed else "")


class ChoosePasswordForm(SetPasswordForm):
    """A new password twice, and a code for those who have a second factor."""

    def __init__(self, user: User | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["new_password1"].widget.attrs["autofocus"] = True
        if user is not None and second_factor.has_second_factor(user):
            self.fields["code"] = code_field(
                "Code", "From your authenticator app, or a recovery code: a mailbox alone is not enough."
            )


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ChoosePasswordView(account.PasswordResetConfirmView):
    """The form behind a link. It works once, also if it is sent twice at the same time.

    It leads to the form for signing in, rather than signing in: that asks for the second factor, too.
    """

    form_class = ChoosePasswordForm
    template_name = "accounts/choose_password.html"
    success_url = reverse_lazy("wagtailadmin_login")

    def get_user(self, uidb64: str) -> User | None:
        user: User | None = super().get_user(uidb64)
        return user if user is not None and user.is_active and not is_outside(user) else None

    def form_valid(self, form: ChoosePasswordForm) -> HttpResponse:
        if "code" in form.fields:
            try:
                check_code(self.user, form.cleaned_data["code"], self.request)
            except IdentityNotConfirmed as refusal:
                form.add_error("code", refusal.message)
                return self.form_invalid(form)
        with transaction.atomic(), change_by_link(self.user):
            form.user = User.objects.select_for_update().get(pk=self.user.pk)
            token = self.request.session.get(account.auth_views.INTERNAL_RESET_SESSION_TOKEN)
            if not self.token_generator.check_token(form.user, token):
                self.validlink = False
                return self.render_to_response(self.get_context_data(), status=403)
            answer = super().form_valid(form)
        messages.success(self.request, "Your password is saved. Sign in with it.")
        return answer
