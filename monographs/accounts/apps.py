from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "monographs.accounts"
    label = "accounts"
    default = True
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from monographs.accounts import deactivation, session_age, signals  # noqa: F401, PLC0415  # they import models

        signals.connect()


class UsersConfig(WagtailUsersAppConfig):
    user_viewset = "monographs.accounts.user_admin.UserViewSet"
    group_viewset = "monographs.accounts.user_admin.GroupViewSet"
