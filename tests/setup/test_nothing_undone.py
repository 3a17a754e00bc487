"""Set-up leaves everything as people have it: all that an operator can change, and every command, twice."""

from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Page,
    Site,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from home.models import HomePage, SetUpItem
from home.site_setup import set_up_site
from monographs.editions.models import Edition
from monographs.models import MonographIndexPage, MonographPage
from monographs.review.models import ChecklistStatement, MedicalReviewTask, ReviewerProfile, Submission
from tests.factories import delete_as_before

pytestmark = pytest.mark.django_db
#: Tables of what an operator or an editor can change, compared row by row.
TABLES = (
    "wagtailcore.Site wagtailcore.Page wagtailcore.Workflow wagtailcore.Task wagtailcore.WorkflowTask "
    "wagtailcore.WorkflowPage wagtailcore.GroupPagePermission wagtailcore.GroupCollectionPermission "
    "wagtailcore.Collection wagtailcore.Locale review.MedicalReviewTask review.ChecklistStatement "
    "review.ReviewerProfile review.Submission auth.Group auth.User monographs.MonographIndexPage "
    "home.HomePage "
    "editions.Edition editions.Publication accounts.GroupSecondFactor wagtailcore.GroupApprovalTask"
).split()
RELATIONS = (
    Group.permissions.through,
    User.groups.through,
    User.user_permissions.through,
    MedicalReviewTask.groups.through,
)


def rows() -> dict[str, list[Any]]:
    models = [*map(apps.get_model, TABLES), *RELATIONS]
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in models}


def run_setup() -> str:
    out = StringIO()
    call_command("migrate", verbosity=0, stdout=out)
    call_command("setup_site", stdout=out)
    return out.getvalue()


def permission(codename: str) -> Permission:
    return Permission.objects.filter(codename=codename)[0]


def build_stricter_workflow(home: Page) -> Workflow:
    """Medical, then pharmacy with two signatures, assigned to all pages."""
    reviewers = Group.objects.get(name="Medical reviewers")
    pharmacists = Group.objects.create(name="Pharmacists")
    strict = Workflow.objects.create(name="Two readings")
    for place, (name, signatures, group) in enumerate(
        [("Medical", 1, reviewers), ("Pharmacy", 2, pharmacists)]
    ):
        task = MedicalReviewTask.objects.create(name=name, signatures=signatures)
        task.groups.set([group])
        WorkflowTask.objects.create(workflow=strict, task=task, sort_order=place)
    WorkflowPage.objects.filter(page=home).delete()
    WorkflowPage.objects.create(page=home, workflow=strict)
    return strict


def change_everything(home: HomePage) -> None:
    """Change all that set-up made, by renaming, editing, adding and deleting."""
    build_stricter_workflow(home)
    Workflow.objects.filter(name="Medical review").update(name="Medical reading", active=False)
    Task.objects.filter(name="Medical review").update(name="Medical reader")
    MedicalReviewTask.objects.filter(name="Medical reader").update(signatures=3)
    unused = GroupApprovalTask.objects.create(name="Legal")
    unused.groups.set(Group.objects.all())
    Workflow.objects.create(name="Moderators approval")
    medicines = MonographIndexPage.objects.get(collection="medicines")
    WorkflowPage.objects.create(page=medicines, workflow=Workflow.objects.get(name="Moderators approval"))

    Site.objects.update(hostname="medicines.example.org", port=443, site_name="Our medicines")
    Site.objects.create(hostname="other.example.org", root_page=medicines, site_name="Other")
    Page.objects.filter(pk=home.pk).update(title="Welcome", slug="welcome")
    Page.objects.filter(pk=medicines.pk).update(title="Our medicines", slug="our-medicines")
    delete_as_before(MonographIndexPage.objects.get(collection="classes"))

    Group.objects.filter(name="Medical writers").update(name="Authors")
    Group.objects.create(name="Moderators")
    authors = Group.objects.get(name="Authors")
    authors.permissions.remove(permission("access_admin"))
    authors.permissions.add(permission("view_feedback"))
    GroupPagePermission.objects.filter(group=authors, permission__codename="add_page").delete()
    GroupPagePermission.objects.create(group=authors, page=medicines, permission=permission("lock_page"))
    GroupPagePermission.objects.create(group=authors, page=home, permission=permission("lock_page"))
    editors = Group.objects.get(name="Editors")
    editors.permissions.remove(permission("change_reviewerprofile"))
    editors.collection_permissions.all().delete()

    ChecklistStatement.objects.filter(sort_order=1).update(text="I read it twice.", sort_order=9)
    ChecklistStatement.objects.filter(sort_order=2).delete()


def test_setting_up_undoes_nothing_and_reports_what_differs(site: HomePage) -> None:
    change_everything(site)
    before = rows()
    for _ in range(2):
        report = run_setup()
        for label, now in rows().items():
            assert now == before[label], label
    assert {line for line in report.splitlines() if line.startswith("Left as it is")} == {
        "Left as it is: the site is “Our medicines” at medicines.example.org:443.",
        "Left as it is: the list page “Drug classes” was deleted.",
        "Left as it is: the group “Medical writers” is now “Authors”.",
        "Left as it is: permissions of “Authors”: with lock_page, view_feedback, without access_admin, "
        "add_page.",
        "Left as it is: permissions of “Editors”: without add_image, change_image, change_reviewerprofile, "
        "choose_image.",
        "Left as it is: the workflow “Medical review” is now “Medical reading”, disabled.",
        "Left as it is: workflow “Two readings” applies to “Welcome” and the pages below it.",
        "Left as it is: workflow “Moderators approval” applies to “Our medicines” and the pages below it.",
        "Left as it is: signatures of workflow “Two readings”: Medical: 1 of Medical reviewers; "
        "Pharmacy: 2 of Pharmacists.",
        "Left as it is: signatures of workflow “Moderators approval”: no step.",
        "Left as it is: the checklist has other statements.",
    }


def test_what_was_deleted_stays_deleted(site: HomePage) -> None:
    Group.objects.filter(name__in=["Medical writers", "Medical reviewers", "Editors"]).delete()
    ChecklistStatement.objects.all().delete()
    WorkflowPage.objects.all().delete()
    Workflow.objects.all().delete()
    Task.objects.all().delete()
    before = rows()
    report = run_setup()
    assert rows() == before
    assert "the group “Editors” was deleted" in report
    assert "the workflow “Medical review” was deleted" in report
    assert "no workflow applies to “Medicine monographs”" in report


def test_a_new_site_is_set_up_without_a_remark(site: HomePage) -> None:
    assert "Left as it is" not in run_setup()


def test_a_permission_of_a_later_release_is_granted_once(site: HomePage) -> None:
    editors = Group.objects.get(name="Editors")
    editors.permissions.remove(permission("view_feedback"))
    set_up_site()
    assert not editors.permissions.filter(codename="view_feedback").exists()
    SetUpItem.objects.filter(name="Editors: feedback.view_feedback").delete()  # as if it were new
    set_up_site()
    assert editors.permissions.filter(codename="view_feedback").exists()


@pytest.mark.extended
def test_loading_the_demonstration_again_undoes_nothing(demonstration: Any) -> None:
    home = HomePage.objects.get()
    change_everything_of_the_demonstration()
    change_everything(home)
    before = rows()
    for _ in range(2):
        run_setup()
        call_command("load_demo", stdout=StringIO())
        for label, now in rows().items():
            assert now == before[label], label


def change_everything_of_the_demonstration() -> None:
    """Rename and re-rank accounts, rename and delete pages, sign and recall what was in progress."""
    User.objects.filter(username="writer").update(username="author", is_active=False, first_name="Wendy")
    User.objects.get(username="writer2").groups.clear()
    User.objects.filter(username="admin").update(is_superuser=False, is_staff=False)
    reviewer = User.objects.get(username="reviewer")
    reviewer.groups.add(Group.objects.get(name="Editors"))
    ReviewerProfile.objects.filter(user=reviewer).update(credentials="MD", expires_on="2030-01-01")
    ReviewerProfile.objects.get(user__username="reviewer2").delete()
    Page.objects.filter(slug="imatinib").update(slug="imatinib-tablets", title="imatinib tablets")
    Submission.objects.filter(status="in_review").update(status="recalled")
    page = MonographPage.objects.get(slug="dexamethasone")
    draft = page.get_latest_revision_as_object()
    draft.summary = "Another summary."
    draft.save_revision()
    assert Edition.objects.exists()
