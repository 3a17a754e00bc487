"""Fill the list of credentials, and confirm existing ones whose name, credentials and field follow the grammar.

Signers who were named on published pages before there was a second person keep on signing. Values that do not follow
the grammar (``accounts.person_names``) stay unconfirmed: their signers cannot sign until an editor corrects them and
somebody else confirms them. What becomes confirmed is recorded in the ledger, if accounts are recorded there already.
"""

import json

from django.db import migrations

from monographs.accounts.person_names import abbreviation_error, field_error, name_error
from monographs.document.canonical import canonical_json

SYSTEM = {"id": None, "username": "", "name": "system"}
#: The list that a new site starts with. It comes with the release, so it needs no second person.
CREDENTIALS = {
    "APRN": "Advanced Practice Registered Nurse",
    "BCOP": "Board Certified Oncology Pharmacist",
    "BCPS": "Board Certified Pharmacotherapy Specialist",
    "BSN": "Bachelor of Science in Nursing",
    "DO": "Doctor of Osteopathic Medicine",
    "MBBS": "Bachelor of Medicine, Bachelor of Surgery",
    "MD": "Doctor of Medicine",
    "MSN": "Master of Science in Nursing",
    "NP": "Nurse Practitioner",
    "OCN": "Oncology Certified Nurse",
    "PA-C": "Physician Assistant, Certified",
    "PharmD": "Doctor of Pharmacy",
    "PhD": "Doctor of Philosophy",
    "RN": "Registered Nurse",
    "RPh": "Registered Pharmacist",
}


def confirmed(value):
    """A value as if a second person had confirmed it."""
    return {"value": value, "proposer": SYSTEM, "confirmer": SYSTEM}


def confirm_existing(apps, schema_editor):
    """Confirm what follows the grammar, and record it."""
    profiles = apps.get_model("review", "ReviewerProfile").objects.select_related("user").order_by("pk")
    known = dict(CREDENTIALS)
    changed = [profile for profile in profiles if confirm_profile(profile, known)]
    table = apps.get_model("review", "Credential")
    rows = [
        table(abbreviation=name, meaning=meaning, confirmations={"abbreviation": confirmed(name)})
        for name, meaning in sorted(known.items())
    ]
    entries = table.objects.bulk_create(rows)  # without the model's ``save``, which asks for a second person
    ledger = apps.get_model("editions", "LedgerEntry")
    if not ledger.objects.filter(event__in=["account", "membership", "permission", "credentials"]).exists():
        return  # the baseline is recorded later, with all of this
    for profile in changed:
        record_profile(ledger, profile)
    for entry in entries:
        after = {"abbreviation": entry.abbreviation, "active": True, "confirmed": True}
        record(ledger, "credential", entry.pk, entry.abbreviation, {}, after)


def confirm_profile(profile, known):
    """Confirm the values of a profile that follow the grammar; return whether that is all of them."""
    user = profile.user
    name = f"{user.first_name} {user.last_name}".strip()
    abbreviations = profile.credentials.split(", ")
    errors = {
        "account": "",
        "name": "" if name else "no name",
        "credentials": "".join(map(abbreviation_error, abbreviations)),
        "field": field_error(profile.field),
    }
    errors["name"] += "".join(name_error(part) for part in (user.first_name, user.last_name) if part)
    values = {
        "account": user.username,
        "name": name,
        "credentials": profile.credentials,
        "field": profile.field,
    }
    profile.confirmations = {
        key: {**confirmed(value), "confirmer": None if errors[key] else SYSTEM} for key, value in values.items()
    }
    type(profile).objects.filter(pk=profile.pk).update(confirmations=profile.confirmations)
    if not errors["credentials"]:
        for abbreviation in abbreviations:
            known.setdefault(abbreviation, "")
    return not any(errors.values())


def record_profile(ledger, profile):
    """Record that a profile became confirmed."""
    entries = ledger.objects.filter(event="credentials", subject=f"account:{profile.user_id}")
    last = entries.order_by("-seq").first()
    before = json.loads(last.body)["data"]["after"] if last else {}
    values = [profile.confirmations[key]["value"] for key in ("name", "credentials", "field")]
    after = {**before, "confirmed_as": ", ".join(filter(None, values))}
    record(ledger, "account", profile.user_id, profile.user.username, before, after)


def record(ledger, about, pk, name, before, after):
    """Append an entry as the system."""
    actor = {**SYSTEM, "credentials": "", "field": ""}
    data = {"about": about, "id": pk, "name": name, "before": before, "after": after}
    body = canonical_json({"actor": actor, "data": data}).decode()
    ledger.objects.create(event="credentials", subject=f"{about}:{pk}", body=body)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("editions", "0005_an_edition_is_what_was_submitted"),
        ("review", "0005_signers_confirmed_by_second_person"),
    ]

    operations = [migrations.RunPython(confirm_existing, migrations.RunPython.noop)]
