from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.management.commands import createsuperuser

from monographs.accounts.sign_in_facts import password_set_by_command


class Command(createsuperuser.Command):
    help = (
        f"{createsuperuser.Command.help} The account cannot sign texts until its owner has chosen a password "
        "by a link sent by email, and an editor or a reviewer has confirmed it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model()._default_manager
        before = set(users.values_list("pk", flat=True))
        super().handle(*args, **options)
        for user in users.exclude(pk__in=before):
            if user.has_usable_password():
                password_set_by_command(user)
