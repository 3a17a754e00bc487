"""Set-up of a site: groups, permissions, workflow and root pages.

Every release runs it. It makes what it has never made, and leaves everything else as people have it;
``setup_report`` says what differs. Two permissions are always removed: to publish, because publication
follows from signatures, and to add documents, which no text uses.
"""

from collections.abc import Iterable
from functools import partial

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils.translation import get_language
from wagtail.models import Collection as WagtailCollection
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
from home.set_up_items import is_done, made_by, once
from monographs.accounts import account_emails
from monographs.accounts.actors import ADMIN_ACCESS, ADMIN_ACCESS_APP
from monographs.accounts.audit_log import record_baseline
from monographs.document.models import CollectionType
from monographs.models import MonographIndexPage
from monographs.review.groups import EDITORS, REVIEWERS, WORKFLOW, WRITERS
from monographs.review.models import MedicalReviewTask
from monographs.review.progress import create_default_statements

HOST_NAME, SITE_NAME = "localhost", "Medicine monographs"
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
IMAGE_PERMISSIONS = ("add_image", "change_image", "choose_image")
#: Permissions for the library of sources.
READ_SOURCES, ADD_SOURCES, CHANGE_SOURCES, DELETE_SOURCES = (
    ("source_library", f"{action}_librarysource") for action in ("view", "add", "change", "delete")
)
#: Further permissions of editors, by app: reviewers' credentials, the checklist of signers, feedback.
EDITOR_PERMISSIONS = (
    *(
        ("review", f"{action}_{model}")
        for model in ("reviewerprofile", "credential", "checkliststatement")
        for action in ("add", "change", "view")
    ),
    ("feedback", "view_feedback"),
    *(READ_SOURCES, ADD_SOURCES, CHANGE_SOURCES, DELETE_SOURCES),
)
FURTHER_PERMISSIONS = {
    WRITERS: (READ_SOURCES, ADD_SOURCES),
    REVIEWERS: (READ_SOURCES,),
    EDITORS: EDITOR_PERMISSIONS,
}
#: Names of what Wagtail's own migrations make and this project does not use.
STOCK_GROUP, STOCK_WORKFLOW = "Moderators", "Moderators approval"
#: Advisory lock of a run: “setup” in ASCII.
_LOCK = 0x7365747570


def group_item(name: str) -> str:
    """Return the set-up item of a group."""
    return f"group {name}"


def index_item(collection: CollectionType) -> str:
    """Return the set-up item of a list page."""
    return f"index page {collection.value}"


WORKFLOW_ITEM, ASSIGNMENT_ITEM = "workflow", "workflow of the home page"


@account_emails.suppress_emails()
@transaction.atomic
def set_up_site() -> HomePage:
    """Make what was never made, and return the home page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    record_baseline()
    home = _set_up_pages()
    once("Wagtail's defaults", _remove_stock_permissions)
    for name in PAGE_PERMISSIONS:
        once(group_item(name), lambda name=name: Group.objects.get_or_create(name=name)[0])  # type: ignore[misc]  # a default binds the name
        group = Group.objects.filter(pk=made_by(group_item(name))).first()
        if group:
            _grant_permissions(name, group, home)
    GroupPagePermission.objects.filter(permission__codename="publish_page").delete()
    GroupCollectionPermission.objects.filter(permission__content_type__app_label="wagtaildocs").delete()
    _set_up_workflow(home)
    once("checklist", create_default_statements)
    return home


def _set_up_pages() -> HomePage:
    language = (get_language() or "en").split("-")[0]
    once("language", lambda: Locale.objects.get_or_create(language_code=language)[0])
    root = Page.get_first_root_node()
    if root is None:
        page_type = ContentType.objects.get_for_model(Page)
        root = Page.add_root(instance=Page(title="Root", slug="root", content_type=page_type))
    home = HomePage.objects.first()
    if home is None:
        _remove_welcome_page(root)
        home = root.add_child(instance=HomePage(title=SITE_NAME, slug="home"))
    for collection in INDEX_TITLES:
        once(index_item(collection), partial(_index_page, home, collection))
    if not Site.objects.exists():
        Site.objects.create(is_default_site=True, hostname=HOST_NAME, root_page=home, site_name=SITE_NAME)
    return home


def _index_page(home: HomePage, collection: CollectionType) -> MonographIndexPage:
    page = MonographIndexPage.objects.filter(collection=collection).first()
    if page is None:
        home.refresh_from_db()
        page = home.add_child(
            instance=MonographIndexPage(
                title=INDEX_TITLES[collection], slug=collection.value, collection=collection.value
            )
        )
    return page


def _remove_welcome_page(root: Page) -> None:
    """Delete the welcome page that Wagtail's first migration creates: no reviewer has signed it."""
    page_type = ContentType.objects.get_for_model(Page)
    Site.objects.filter(root_page__content_type=page_type).delete()
    for page in Page.objects.child_of(root).filter(content_type=page_type):
        page.delete()
    root.refresh_from_db()


def _remove_stock_permissions() -> None:
    """Remove what Wagtail's migrations grant for the whole tree, and its workflow; nobody uses them yet."""
    Group.objects.filter(name=STOCK_GROUP, user=None).delete()
    GroupPagePermission.objects.filter(group__name__in=PAGE_PERMISSIONS).delete()
    stock = Workflow.objects.filter(name=STOCK_WORKFLOW, workflow_states=None)
    WorkflowPage.objects.filter(workflow__in=stock).delete()
    stock.delete()
    Task.objects.filter(name=STOCK_WORKFLOW, workflow_tasks=None, task_states=None).delete()


def _permissions(app: str, codenames: Iterable[str]) -> list[Permission]:
    return list(Permission.objects.filter(content_type__app_label=app, codename__in=list(codenames)))


def _grant_permissions(name: str, group: Group, home: HomePage) -> None:
    """Grant what this group was never granted: a permission that people took away stays away."""
    pages = [("wagtailcore", codename) for codename in PAGE_PERMISSIONS[name]]
    images = [("wagtailimages", codename) for codename in IMAGE_PERMISSIONS]
    others = [(ADMIN_ACCESS_APP, ADMIN_ACCESS), *FURTHER_PERMISSIONS[name]]
    for app, codename in [*pages, *images, *others]:
        item = permission_item(name, app, codename)
        if is_done(item):
            continue
        for permission in _permissions(app, [codename]):
            _grant(group, permission, home)
            once(item, lambda: None)


def permission_item(group: str, app: str, codename: str) -> str:
    """Return the set-up item of a permission of a group."""
    return f"{group}: {app}.{codename}"


def _grant(group: Group, permission: Permission, home: HomePage) -> None:
    if permission.codename in PAGE_PERMISSIONS[EDITORS]:
        GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)
    elif permission.codename in IMAGE_PERMISSIONS:
        root = WagtailCollection.get_first_root_node() or WagtailCollection.add_root(name="Root")
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)
    else:
        group.permissions.add(permission)


def _set_up_workflow(home: HomePage) -> None:
    once(WORKFLOW_ITEM, _workflow)
    workflow = Workflow.objects.filter(pk=made_by(WORKFLOW_ITEM)).first()
    if workflow:
        once(ASSIGNMENT_ITEM, partial(_assign, home, workflow))


def _workflow() -> Workflow:
    workflow, _ = Workflow.objects.get_or_create(name=WORKFLOW)
    if not workflow.workflow_tasks.exists():
        task = MedicalReviewTask.objects.filter(name=WORKFLOW).first()
        if task is None:
            task = MedicalReviewTask.objects.create(name=WORKFLOW)
            task.groups.set(Group.objects.filter(pk=made_by(group_item(REVIEWERS))))
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    return workflow


def _assign(home: HomePage, workflow: Workflow) -> WorkflowPage:
    """Assign the workflow to the home page unless one is assigned already."""
    assignment, _ = WorkflowPage.objects.get_or_create(page=home, defaults={"workflow": workflow})
    return assignment
