"""The last day on which a signer may sign is confirmed by a second person, as their credentials are."""

from django.db import migrations, models

#: The names of the values as ``models.profile`` has them, and the value without a day.
LAST_DAY, NO_LAST_DAY = "last day", "none"
OUTSIDE = "outside:"


def confirm_last_days(apps, schema_editor):
    """Let the last day of each confirmed signer be confirmed, by who confirmed the credentials it belongs to.

    A signer with another value that waits is confirmed with that. Not by the system: nobody would answer for an
    outside expert then.
    """
    profiles = apps.get_model("review", "ReviewerProfile").objects
    for profile in profiles.select_related("user"):
        stored = profile.confirmations
        if LAST_DAY in stored or not _is_confirmed(profile, stored):
            continue
        day = profile.expires_on.isoformat() if profile.expires_on else NO_LAST_DAY
        confirmations = {**stored, LAST_DAY: {**stored["credentials"], "value": day}}
        profiles.filter(pk=profile.pk).update(confirmations=confirmations)


def _is_confirmed(profile, stored):
    """Whether each value of ``profile`` is as a second person confirmed it."""
    user = profile.user
    values = {
        "account": user.username,
        "name": f"{user.first_name} {user.last_name}".strip(),
        "credentials": profile.credentials,
        "field": profile.field,
    }
    if user.username.startswith(OUTSIDE):
        values["address"] = user.email
    confirmed = {name: each.get("value") for name, each in stored.items() if each.get("confirmer")}
    return all(confirmed.get(name) == value for name, value in values.items() if value or name != "field")


class Migration(migrations.Migration):

    dependencies = [
        ("review", "0017_drafts_left_in_the_history"),
    ]

    operations = [
        migrations.AlterField(
            model_name="reviewerprofile",
            name="expires_on",
            field=models.DateField(
                blank=True,
                help_text="The last day on which this person may sign, e.g. when the registration must be renewed. An earlier day counts at once. A later day, or none, is confirmed by a second person, and nobody enters one for themselves.",
                null=True,
                verbose_name="valid until",
            ),
        ),
        migrations.RunPython(confirm_last_days, migrations.RunPython.noop),
    ]
