"""How somebody wishes to be told: a panel among Wagtail's own account settings."""

from typing import Any

from django import forms
from wagtail import hooks
from wagtail.admin.forms.account import NotificationPreferencesForm
from wagtail.admin.views import account
from wagtail.admin.widgets import SwitchInput

from monographs.review.models import NoticePreference


class NoticePreferenceForm(forms.ModelForm):
    """One switch."""

    class Meta:
        model = NoticePreference
        fields = ["digest"]
        widgets = {"digest": SwitchInput()}
        labels = {"digest": "One mail a day about reviews"}
        help_texts = {
            "digest": (
                "Requests to review, signatures, publications, notes and reminders come together, once a "
                "day. At once all the same: a text that is returned to you, a signature of yours that no "
                "longer counts, a page that is withdrawn, a text that could not be published."
            )
        }


class NoticePreferencePanel(account.BaseSettingsPanel):
    """Mail about reviews."""

    name = "reviews"
    title = "Mail about reviews"
    tab = account.notifications_tab
    order = 50
    form_class = NoticePreferenceForm

    def get_form(self) -> NoticePreferenceForm:
        preference = NoticePreference.objects.filter(user=self.user).first()
        instance = preference or NoticePreference(user=self.user)
        data = self.request.POST if self.request.method == "POST" else None
        return NoticePreferenceForm(data, instance=instance, prefix=self.name)


class CommentPreferencesForm(NotificationPreferencesForm):
    """Wagtail's switches without those for its workflow mails, which texts under review do not send."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("submitted_notifications", "approved_notifications", "rejected_notifications"):
            self.fields.pop(name, None)


# The panel takes its form from its class, and Wagtail offers no setting for it
account.NotificationsSettingsPanel.form_class = CommentPreferencesForm


@hooks.register("register_account_settings_panel")
def notice_preference_panel(request: Any, user: Any, profile: Any) -> NoticePreferencePanel:
    """Offered to everybody who may enter the desk."""
    return NoticePreferencePanel(request, user, profile)
