"""The user's preference for review emails, in Wagtail's account settings."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.forms.account import NotificationPreferencesForm
from wagtail.admin.views import account
from wagtail.admin.widgets import SwitchInput
from wagtail.users.models import UserProfile

from monographs.review.models import NoticePreference


class NoticePreferenceForm(forms.ModelForm):
    """The switch for one email a day."""

    class Meta:
        model = NoticePreference
        fields = ["digest"]
        widgets = {"digest": SwitchInput()}
        labels = {"digest": "One email a day about reviews"}
        help_texts = {
            "digest": (
                "Requests to review, signatures, publications, notes and reminders are sent together, once "
                "a day. Still sent at once: a text that is returned to you, a signature of yours that "
                "became void, a page that is withdrawn, a text that could not be published, or "
                "that left a signed bundle."
            )
        }


class NoticePreferencePanel(account.BaseSettingsPanel):
    """The panel for the switch."""

    name = "reviews"
    title = "Email about reviews"
    tab = account.notifications_tab
    order = 50
    form_class = NoticePreferenceForm

    def get_form(self) -> NoticePreferenceForm:
        preference = NoticePreference.objects.filter(user=self.user).first()
        instance = preference or NoticePreference(user=self.user)
        data = self.request.POST if self.request.method == "POST" else None
        return NoticePreferenceForm(data, instance=instance, prefix=self.name)


class NoPreferencesForm(NotificationPreferencesForm):
    """Wagtail's form without its switches: reviewed pages send no workflow emails and have no comments."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.clear()


# The panel reads its form from a class attribute, and Wagtail has no setting for it
account.NotificationsSettingsPanel.form_class = NoPreferencesForm


@hooks.register("register_account_settings_panel")
def notice_preference_panel(request: HttpRequest, user: User, profile: UserProfile) -> NoticePreferencePanel:
    """Show the panel to every user of the admin."""
    return NoticePreferencePanel(request, user, profile)
