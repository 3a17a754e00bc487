"""Ways round the refusal to delete a page that ever had an edition: each leaves the page as it was."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Model, ProtectedError
from django.test import Client
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Locale, Page, Site

from monographs.models import ConditionPage, MonographIndexPage, MonographPage
from monographs.pages.refusals import PolicyError
from tests.conftest import as_user
from tests.factories import make_monograph
from tests.review.test_deletion import withdrawn  # noqa: F401  # a fixture

pytestmark = pytest.mark.django_db
REFUSALS = (PolicyError, DatabaseError, ProtectedError)


def attempt(way: Callable[[MonographPage], Any], page: MonographPage) -> str:
    """Try a way to delete ``page``; return what refused it, empty if nothing did."""
    try:
        with transaction.atomic():
            way(page)
            run_sql("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    except REFUSALS as refusal:
        return str(refusal)
    return ""


def require_it_remains(page: MonographPage, editor: Any) -> None:
    """The page is a medicine with its text, in the lists of the admin; patients read its notice."""
    found = MonographPage.objects.get(pk=page.pk)
    assert isinstance(Page.objects.get(pk=page.pk).specific, MonographPage)
    assert found.summary == page.summary
    assert found.translation_key == page.translation_key
    assert found.alias_of is None
    assert found.get_parent() is not None
    assert Client().get("/medicines/testumab/").status_code == 410, "the notice"
    assert as_user(editor).get(f"/admin/pages/{page.pk}/edit/").status_code == 200


def run_sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def move_and_delete(page: MonographPage) -> None:
    """Move the page with Wagtail's command into a list that is then deleted."""
    target = MonographIndexPage.objects.get(collection="classes")
    call_command("move_pages", page.get_parent().pk, target.pk, verbosity=0)
    MonographIndexPage.objects.get(pk=target.pk).delete()


def move_in_code_and_delete(page: MonographPage) -> None:
    """Move the page below a draft that nobody has signed, and delete that."""
    draft = make_monograph(title="draft", slug="draft")
    Page.objects.get(pk=page.pk).move(Page.objects.get(pk=draft.pk), pos="last-child")
    Page.objects.get(pk=draft.pk).delete()


def unpublish_and_delete(page: MonographPage) -> None:
    UnpublishPageAction(page).execute(skip_permission_checks=True)
    Page.objects.get(pk=page.pk).delete()


def translate_and_delete(page: MonographPage) -> None:
    """Share its key with a translation, and delete the first."""
    page.copy_for_translation(Locale.objects.create(language_code="fr"), copy_parents=True)
    MonographPage.objects.filter(pk=page.pk).delete()


WAYS: dict[str, Callable[[MonographPage], Any]] = {
    "move_pages": move_and_delete,
    "move": move_in_code_and_delete,
    "unpublish": unpublish_and_delete,
    "translation": translate_and_delete,
    "root": lambda page: Page.get_first_root_node().delete(),
    "home": lambda page: Site.objects.get(is_default_site=True).root_page.delete(),
    "all roots": lambda page: Page.objects.filter(depth=1).delete(),
    "locale": lambda page: page.locale.delete(),
    "type": lambda page: ContentType.objects.get_for_model(MonographPage).delete(),
    "type of the row": lambda page: Page.objects.filter(pk=page.pk).update(
        content_type=ContentType.objects.get_for_model(ConditionPage)
    ),
    "text without its page": lambda page: Model.delete(page, keep_parents=True),
    "text without a signal": lambda page: MonographPage.objects.filter(pk=page.pk)._raw_delete("default"),
    "page without a signal": lambda page: Page.objects.filter(pk=page.pk)._raw_delete("default"),
    "text in SQL": lambda page: run_sql(
        "DELETE FROM monographs_monographpage WHERE page_ptr_id = %s", page.pk
    ),
    "texts in SQL": lambda page: run_sql("TRUNCATE monographs_monographpage CASCADE"),
    "pointer in SQL": lambda page: run_sql(
        "UPDATE monographs_monographpage SET page_ptr_id = %s WHERE page_ptr_id = %s",
        plain_page_beside(page), page.pk,
    ),
}  # fmt: skip


def plain_page_beside(page: MonographPage) -> int:
    """Return a page of the same list that has no text of a medicine."""
    parent = Page.objects.get(pk=page.get_parent().pk)
    return int(parent.add_child(instance=Page(title="Plain", slug="plain")).pk)


@pytest.mark.parametrize("how", WAYS)
def test_no_detour_deletes_it(how: str, withdrawn: MonographPage, editor: Any) -> None:  # noqa: F811
    refusal = attempt(WAYS[how], withdrawn)
    ContentType.objects.clear_cache()
    require_it_remains(withdrawn, editor)
    assert refusal, "it is refused, not ignored"


def test_the_command_that_deletes_orphans_leaves_it(
    withdrawn: MonographPage,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A place below nothing makes Wagtail's command offer to delete the page; an operator says yes."""
    run_sql("UPDATE wagtailcore_page SET path = '000177770001', depth = 3 WHERE id = %s", withdrawn.pk)
    monkeypatch.setattr("builtins.input", lambda question: "y")
    with pytest.raises(REFUSALS), transaction.atomic():
        call_command("fixtree", interactive=True, full=True, verbosity=0)
    assert MonographPage.objects.get(pk=withdrawn.pk).summary == withdrawn.summary


@pytest.mark.parametrize("role", ["writer", "editor", "superuser"])
def test_no_bulk_action_unpublishes_or_moves_and_then_deletes_it(
    role: str,
    withdrawn: MonographPage,  # noqa: F811
    editor: Any,
    request: Any,
) -> None:
    client = as_user(request.getfixturevalue(role))
    classes = MonographIndexPage.objects.get(collection="classes").pk
    bulk = "/admin/bulk/wagtailcore/page"
    for action, form in (("unpublish", {}), ("move", {"chooser": classes}), ("delete", {})):
        both = f"{bulk}/{action}/?id={withdrawn.pk}&id={classes}&next=/admin/"
        client.post(both, {"include_descendants": "on", **form})
    client.post(f"/admin/pages/{withdrawn.get_parent().pk}/delete/")
    client.post(f"/admin/pages/{withdrawn.pk}/unpublish/")
    client.post(f"/admin/api/main/pages/{withdrawn.pk}/action/unpublish/")
    client.post(f"/admin/api/main/pages/{withdrawn.pk}/action/delete/")
    client.delete(f"/admin/api/main/pages/{withdrawn.pk}/")
    require_it_remains(withdrawn, editor)
