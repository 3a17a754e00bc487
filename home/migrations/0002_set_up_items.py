"""What set-up made once, so that it leaves the rest as people have it.

A site that exists already was set up by every release so far: all of it counts as made.
"""

import monographs.core.db_clock
from django.db import migrations, models

GROUPS = {
    "Medical writers": ("add_page", "change_page"),
    "Medical reviewers": ("change_page",),
    "Editors": ("add_page", "change_page", "bulk_delete_page", "lock_page", "unlock_page"),
}
IMAGES = ("add_image", "change_image", "choose_image")
EDITORS = [
    *(f"review.{action}_{model}" for model in ("reviewerprofile", "checkliststatement") for action in ("add", "change", "view")),
    "feedback.view_feedback",
]
LISTS = ("medicines", "classes", "conditions")
DEMO_ACCOUNTS = ("writer", "writer2", "reviewer", "reviewer2", "editor", "admin")


def remember_what_was_made(apps, schema_editor):
    home = apps.get_model("home", "HomePage").objects.first()
    if home is None:
        return
    items = {"Wagtail's defaults": None, "language": None, "checklist": None}
    groups, index_pages = apps.get_model("auth", "Group").objects, apps.get_model("monographs", "MonographIndexPage").objects
    for name, pages in GROUPS.items():
        items[f"group {name}"] = _pk(groups.filter(name=name))
        granted = [
            *(f"wagtailcore.{codename}" for codename in pages),
            *(f"wagtailimages.{codename}" for codename in IMAGES),
            "wagtailadmin.access_admin",
            *(EDITORS if name == "Editors" else ()),
        ]
        items.update({f"{name}: {permission}": None for permission in granted})
    for collection in LISTS:
        items[f"index page {collection}"] = _pk(index_pages.filter(collection=collection))
    workflow = apps.get_model("wagtailcore", "Workflow").objects.filter(name="Medical review")
    items["workflow"] = _pk(workflow)
    items["workflow of the home page"] = None
    items.update(_demonstration(apps))
    model = apps.get_model("home", "SetUpItem")
    model.objects.bulk_create(model(name=name, object_id=pk) for name, pk in items.items())


def _demonstration(apps):
    """The demonstration's accounts and pages, if they are there."""
    items = {}
    for username in DEMO_ACCOUNTS:
        found = _pk(apps.get_model("auth", "User").objects.filter(username=username, email=f"{username}@example.org"))
        if found:
            items[f"demonstration account {username}"] = found
    if len(items) < len(DEMO_ACCOUNTS):
        return {}
    kinds = (
        ("monographs", "DrugClassPage"),
        ("monographs", "ConditionPage"),
        ("home", "InformationPage"),
        ("monographs", "MonographPage"),
    )
    for app, model in kinds:
        for pk, slug in apps.get_model(app, model).objects.filter(demonstration=True).values_list("pk", "slug"):
            name = f"demonstration content {model.lower()} {slug}"
            items[name] = pk
            items[f"demonstration content text of {model.lower()} {slug}"] = None
    for name in ("text of home page", *(f"text of index {each}" for each in LISTS), "second edition", "work in progress"):
        items[f"demonstration content {name}"] = None
    return items


def _pk(rows):
    return rows.values_list("pk", flat=True).first()


class Migration(migrations.Migration):

    dependencies = [
        ("home", "0001_initial"),
        ('monographs', '0001_initial'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='SetUpItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True)),
                ('object_id', models.PositiveBigIntegerField(help_text='The primary key of its row, if any.', null=True)),
                ('made_at', models.DateTimeField(default=monographs.core.db_clock.database_now)),
            ],
        ),
        migrations.RunPython(remember_what_was_made, migrations.RunPython.noop),
    ]
