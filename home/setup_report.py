"""What of the site differs from what set-up made: left as it is, and reported."""

from collections.abc import Iterable, Iterator

from django.contrib.auth.models import Group
from wagtail.models import Site, Workflow

from home.models import HomePage
from home.set_up_items import made_by
from home.site_setup import (
    FURTHER_PERMISSIONS,
    HOST_NAME,
    IMAGE_PERMISSIONS,
    INDEX_TITLES,
    PAGE_PERMISSIONS,
    SITE_NAME,
    WORKFLOW_ITEM,
    group_item,
    index_item,
)
from monographs.accounts.actors import ADMIN_ACCESS
from monographs.models import MonographIndexPage
from monographs.review.groups import EDITORS, REVIEWERS, WORKFLOW
from monographs.review.progress import DEFAULT_STATEMENTS, active_statements
from monographs.review.workflow_changes.arrangement import current_arrangement

_FILE_APPS = ("wagtailimages", "wagtaildocs")


def differences_from_default() -> list[str]:
    """Return one line for each thing that people have changed since set-up made it."""
    home = HomePage.objects.get()
    return [*_site(home), *_pages(), *_groups(), *_workflows(home), *_checklist()]


def _site(home: HomePage) -> Iterator[str]:
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        yield "no site of Wagtail is the default one"
        return
    if site.hostname != HOST_NAME or site.site_name != SITE_NAME:
        yield f"the site is “{site.site_name}” at {site.hostname}:{site.port}"
    if site.root_page_id != home.pk:
        yield f"the site starts at “{site.root_page}”, not at the home page"


def _pages() -> Iterator[str]:
    for collection, title in INDEX_TITLES.items():
        if not MonographIndexPage.objects.filter(pk=made_by(index_item(collection))).exists():
            yield f"the list page “{title}” was deleted"


def _groups() -> Iterator[str]:
    for name in PAGE_PERMISSIONS:
        group = Group.objects.filter(pk=made_by(group_item(name))).first()
        if group is None:
            yield f"the group “{name}” was deleted"
            continue
        if group.name != name:
            hint = ": emails for editors reach nobody" if name == EDITORS else ""
            yield f"the group “{name}” is now “{group.name}”{hint}"
        usual, now = _usual_permissions(name), _permissions_of(group)
        yield from _lists(f"permissions of “{group.name}”", usual, now)


def _usual_permissions(name: str) -> set[str]:
    others = [codename for _, codename in FURTHER_PERMISSIONS[name]]
    return {*PAGE_PERMISSIONS[name], *IMAGE_PERMISSIONS, ADMIN_ACCESS, *others}


def _permissions_of(group: Group) -> set[str]:
    """A group's permissions, without those on files that Wagtail's own migrations give and nobody uses."""
    # The ignore: reverse relations of Wagtail's models, which have no stubs
    pages, collections = group.page_permissions, group.collection_permissions  # type: ignore[attr-defined]
    images = collections.filter(permission__codename__in=IMAGE_PERMISSIONS)
    given = {
        codename
        for rows in (pages, images)
        for codename in rows.values_list("permission__codename", flat=True)
    }
    others = group.permissions.exclude(content_type__app_label__in=_FILE_APPS)
    return given | set(others.values_list("codename", flat=True))


def _lists(what: str, usual: Iterable[str], now: Iterable[str]) -> Iterator[str]:
    added, taken = sorted(set(now) - set(usual)), sorted(set(usual) - set(now))
    if added or taken:
        changes = [f"with {', '.join(added)}"] * bool(added) + [f"without {', '.join(taken)}"] * bool(taken)
        yield f"{what}: {', '.join(changes)}"


def _workflows(home: HomePage) -> Iterator[str]:
    workflow = Workflow.objects.filter(pk=made_by(WORKFLOW_ITEM)).first()
    if workflow is None:
        yield f"the workflow “{WORKFLOW}” was deleted"
    elif workflow.name != WORKFLOW or not workflow.active:
        yield f"the workflow “{WORKFLOW}” is now “{workflow.name}”{'' if workflow.active else ', disabled'}"
    arrangement = current_arrangement()
    usual = {str(home.pk): str(workflow.pk) if workflow else ""}
    for page in {**usual, **arrangement.pages}:
        used = arrangement.pages.get(page)
        title = arrangement.titles.get(page, home.title)
        if used is None:
            yield f"no workflow applies to “{title}”"
        elif used != usual.get(page):
            yield f"workflow “{arrangement.workflows[used].name}” applies to “{title}” and the pages below it"
    for pk in sorted(set(arrangement.pages.values())):
        steps = [arrangement.steps[step] for step in arrangement.active_steps(pk)]
        if [(step.signatures, list(step.groups.values())) for step in steps] != [(1, [REVIEWERS])]:
            text = "; ".join(
                f"{step.name}: {step.signatures} of {', '.join(step.groups.values())}" for step in steps
            )
            yield f"signatures of workflow “{arrangement.workflows[pk].name}”: {text or 'no step'}"


def _checklist() -> Iterator[str]:
    kind = "monograph"  # a site that was set up before there were others has no more
    if active_statements(kind) != [text for each, text in DEFAULT_STATEMENTS if each in ("", kind)]:
        yield "the checklist has other statements"
