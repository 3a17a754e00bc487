"""Set-up of a site: groups, permissions, workflow and root pages. Idempotent."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import get_language
from wagtail.models import (
    Collection as WagtailCollection,
)
from wagtail.models import (
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from home.models import HomePage
from monographs.accounts import account_emails
from monographs.accounts.actors import ADMIN_ACCESS, ADMIN_ACCESS_APP
from monographs.accounts.audit_log import record_baseline
from monographs.document.models import CollectionType
from monographs.models import MonographIndexPage
from monographs.review.groups import EDITORS, REVIEWERS, WORKFLOW, WRITERS
from monographs.review.models import MedicalReviewTask
from monographs.review.progress import create_default_statements

INDEX_TITLES = {
    CollectionType.MEDICINES: "Medicines",
    CollectionType.CLASSES: "Drug classes",
    CollectionType.CONDITIONS: "Conditions",
}

#: Page permissions of each group below the home page. No group may publish: that follows from signatures.
PAGE_PERMISSIONS = {
    WRITERS: ("add_page", "change_page"),
    REVIEWERS: ("change_page",),
    EDITORS: ("add_page", "change_page", "bulk_delete_page", "lock_page", "unlock_page"),
}
#: Further permissions of editors: reviewers' credentials, the list of these, the checklist of signers.
EDITOR_PERMISSIONS = tuple(
    f"{action}_{model}"
    for model in ("reviewerprofile", "credential", "checkliststatement")
    for action in ("add", "change", "view")
)
IMAGE_PERMISSIONS = ("add_image", "change_image", "choose_image")


@account_emails.suppress_emails()
@transaction.atomic
def set_up_site() -> HomePage:
    """Create what is missing, correct what differs, and return the home page."""
    record_baseline()
    home = _set_up_pages()
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in PAGE_PERMISSIONS}
    _set_up_permissions(home, groups)
    _set_up_workflow(home, groups[REVIEWERS])
    create_default_statements()
    return home


def _set_up_pages() -> HomePage:
    Locale.objects.get_or_create(language_code=(get_language() or "en").split("-")[0])
    root = Page.get_first_root_node()
    if root is None:
        page_type = ContentType.objects.get_for_model(Page)
        root = Page.add_root(instance=Page(title="Root", slug="root", content_type=page_type))
    home = HomePage.objects.first()
    if home is None:
        _remove_welcome_page(root)
        home = root.add_child(instance=HomePage(title="Medicine monographs", slug="home"))
    for collection, title in INDEX_TITLES.items():
        if not MonographIndexPage.objects.filter(collection=collection).exists():
            home.add_child(
                instance=MonographIndexPage(title=title, slug=collection.value, collection=collection.value)
            )
            home.refresh_from_db()
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "root_page": home, "site_name": "Medicine monographs"},
    )
    return home


def _remove_welcome_page(root: Page) -> None:
    """Delete the welcome page that Wagtail's first migration creates: no reviewer has signed it."""
    page_type = ContentType.objects.get_for_model(Page)
    Site.objects.filter(root_page__content_type=page_type).delete()
    for page in Page.objects.child_of(root).filter(content_type=page_type):
        page.delete()
    root.refresh_from_db()


def _set_up_permissions(home: HomePage, groups: dict[str, Group]) -> None:
    Group.objects.filter(name="Moderators", user=None).delete()  # created by Wagtail, unused here
    GroupPagePermission.objects.filter(permission__codename="publish_page").delete()
    GroupPagePermission.objects.filter(group__in=groups.values()).exclude(page=home).delete()
    for name, group in groups.items():
        _grant_page_permissions(group, home, PAGE_PERMISSIONS[name])
        group.permissions.add(*_permissions(ADMIN_ACCESS_APP, [ADMIN_ACCESS]))
        _grant_image_permissions(group)
    groups[EDITORS].permissions.add(*_permissions("review", EDITOR_PERMISSIONS))
    groups[EDITORS].permissions.add(*_permissions("feedback", ["view_feedback"]))


def _permissions(app: str, codenames: Iterable[str]) -> list[Permission]:
    return list(Permission.objects.filter(content_type__app_label=app, codename__in=list(codenames)))


def _grant_page_permissions(group: Group, home: HomePage, codenames: Iterable[str]) -> None:
    wanted = _permissions("wagtailcore", codenames)
    GroupPagePermission.objects.filter(group=group, page=home).exclude(permission__in=wanted).delete()
    for permission in wanted:
        GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)


def _grant_image_permissions(group: Group) -> None:
    root = WagtailCollection.get_first_root_node() or WagtailCollection.add_root(name="Root")
    for permission in _permissions("wagtailimages", IMAGE_PERMISSIONS):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


def _set_up_workflow(home: HomePage, reviewers: Group) -> None:
    workflow, created = Workflow.objects.get_or_create(name=WORKFLOW)
    if created or not workflow.tasks.exists():
        task = MedicalReviewTask.objects.filter(name=WORKFLOW).first()
        if task is None:
            task = MedicalReviewTask.objects.create(name=WORKFLOW)
            task.groups.set([reviewers])
        WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.exclude(workflow=workflow).filter(workflow__name="Moderators approval").delete()
    Workflow.objects.filter(name="Moderators approval", workflow_states=None).delete()
    Task.objects.filter(workflow_tasks=None, task_states=None).exclude(
        content_type=ContentType.objects.get_for_model(MedicalReviewTask)
    ).delete()
    WorkflowPage.objects.update_or_create(page=home, defaults={"workflow": workflow})
