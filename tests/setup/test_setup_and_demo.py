"""Setup is idempotent, and demonstration content is reviewed and signed like any other."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from wagtail.models import GroupPagePermission, Page, Site, Workflow, WorkflowPage

from home.site_setup import set_up_site
from monographs.editions.models import Edition, LedgerEntry, Signature
from monographs.editions.verify import verify
from monographs.review.models import MedicalReviewTask, Submission
from monographs.source_library.models import SourceCitation

pytestmark = pytest.mark.django_db


def snapshot() -> tuple[Any, ...]:
    return (
        list(Page.objects.values_list("path", "slug")),
        list(Group.objects.values_list("name", flat=True)),
        list(GroupPagePermission.objects.order_by("pk").values_list("group__name", "permission__codename")),
        list(Workflow.objects.values_list("name", flat=True)),
        list(MedicalReviewTask.objects.values_list("name", flat=True)),
        list(WorkflowPage.objects.values_list("page__slug", "workflow__name")),
        list(Site.objects.values_list("hostname", "root_page__slug")),
    )


def test_setting_up_twice_changes_nothing(site: Any) -> None:
    before = snapshot()
    call_command("setup_site", stdout=StringIO())
    assert snapshot() == before


def test_no_group_may_publish(site: Any) -> None:
    assert not GroupPagePermission.objects.filter(permission__codename="publish_page").exists()
    assert set(Group.objects.values_list("name", flat=True)) == {
        "Medical writers",
        "Medical reviewers",
        "Editors",
    }
    assert list(Workflow.objects.values_list("name", flat=True)) == ["Medical review"]


def test_setting_up_removes_a_permission_that_was_added_by_hand(site: Any) -> None:
    publish = Permission.objects.get(codename="publish_page", content_type__app_label="wagtailcore")
    GroupPagePermission.objects.create(group=Group.objects.get(name="Editors"), page=site, permission=publish)
    set_up_site()
    assert not GroupPagePermission.objects.filter(permission=publish).exists()


@pytest.mark.extended
def test_the_demonstration_is_signed_like_everything_else(demonstration: Any) -> None:
    medicines = Edition.objects.filter(kind="monograph")
    assert set(medicines.values_list("slug", flat=True)) == {
        "blinatumomab",
        "teclistamab",
        "lenalidomide",
        "venetoclax",
        "imatinib",
        "dexamethasone",
        "rituximab",
        "vincristine",
    }
    assert list(medicines.filter(number=2).values_list("slug", flat=True)) == ["imatinib"]
    assert all(edition.document.demonstration for edition in Edition.objects.all())
    assert Signature.objects.count() == Edition.objects.count()
    for edition in Edition.objects.all():
        contributors = {c["username"] for c in edition.contributors}
        signers = set(
            Signature.objects.filter(submission=edition.submission).values_list("username", flat=True)
        )
        assert contributors <= {"writer", "writer2"}
        assert signers <= {"reviewer", "reviewer2"}
    states = dict(Submission.objects.exclude(status="signed").values_list("status", "title"))
    assert states == {"in_review": "venetoclax", "returned": "dexamethasone"}
    cited = SourceCitation.objects.exclude(edition=None).values_list("edition__slug", flat=True)
    assert sorted(cited) == ["blinatumomab", "blinatumomab", "teclistamab", "teclistamab"]
    for username in ("writer", "writer2", "reviewer", "reviewer2", "editor", "admin"):
        assert authenticate(username=username, password="monographs-demo")
    assert verify()["editions"] == Edition.objects.count()

    entries = LedgerEntry.objects.count()
    call_command("load_demo", stdout=StringIO())
    assert LedgerEntry.objects.count() == entries, "loading twice publishes nothing twice"


def test_the_demonstration_stays_away_from_production(db: None, settings: Any) -> None:
    settings.ALLOW_DEMONSTRATION = False
    with pytest.raises(CommandError, match="known password"):
        call_command("load_demo")
