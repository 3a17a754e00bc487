from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "monographs.accounts"
    label = "accounts"
    default = True
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from monographs.accounts import (  # noqa: PLC0415  # they import models
            attempt_times,
            deactivation,  # noqa: F401
            outside_accounts,
            person_names,
            session_age,  # noqa: F401
            sign_in_facts,
            sign_in_name_check,
            signals,
        )

        attempt_times.connect()
        outside_accounts.connect()
        sign_in_facts.connect()
        signals.connect()
        person_names.check_names_of_accounts()
        sign_in_name_check.check_sign_in_names_of_accounts()


class UsersConfig(WagtailUsersAppConfig):
    user_viewset = "monographs.accounts.user_admin.UserViewSet"
    group_viewset = "monographs.accounts.user_admin.GroupViewSet"
