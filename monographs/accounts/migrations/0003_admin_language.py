"""Forgets languages chosen for the admin that it no longer offers: their owners could not choose another."""

from typing import Any

from django.db import migrations


def forget_languages(apps: Any, schema_editor: Any) -> None:
    """Let accounts use the site's language, but those that chose English."""
    profiles = apps.get_model("wagtailusers", "UserProfile").objects
    profiles.exclude(preferred_language__in=["", "en"]).update(preferred_language="")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_calendar_feed"),
        ("wagtailusers", "0015_userprofile_keyboard_shortcuts"),
    ]

    operations = [migrations.RunPython(forget_languages, migrations.RunPython.noop)]
