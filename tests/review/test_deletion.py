"""No page that ever had an edition can be deleted, by anybody or anything."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from wagtail.actions.delete_page import DeletePageAction
from wagtail.models import Page

from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographIndexPage, MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Withdraw
from tests.conftest import as_user
from tests.factories import PASSWORD, make_monograph, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def withdrawn(published_medicine: Any, reviewer: Any) -> MonographPage:
    """A withdrawn medicine, which Wagtail holds to be a draft."""
    page = published_medicine
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.MISTAKE, note="Tenfold.", password=PASSWORD
    ).execute()
    found = MonographPage.objects.get(pk=page.pk)
    assert not found.live
    return found


@pytest.mark.parametrize("role", ["writer", "editor", "reviewer", "superuser"])
@pytest.mark.parametrize("how", ["delete", "bulk", "list"])
def test_nobody_deletes_it_in_the_admin(withdrawn: MonographPage, role: str, how: str) -> None:
    group = {"writer": ["Medical writers"], "editor": ["Editors"], "reviewer": ["Medical reviewers"]}
    user = make_user(f"some_{role}", *group.get(role, []), superuser=role == "superuser")
    addresses = {
        "delete": f"/admin/pages/{withdrawn.pk}/delete/",
        "bulk": f"/admin/bulk/wagtailcore/page/delete/?id={withdrawn.pk}&next=/admin/",
        "list": f"/admin/pages/{withdrawn.get_parent().pk}/delete/",
    }
    shown = as_user(user).post(addresses[how], follow=True).content.decode()
    assert MonographPage.objects.filter(pk=withdrawn.pk).exists()
    assert "had an edition that patients read" in shown, "it says why"
    assert "Retire this page" in shown, "and what to do instead"


CODE: dict[str, Callable[[MonographPage], Any]] = {
    "page": lambda page: page.delete(),
    "base class": lambda page: Page.objects.get(pk=page.pk).delete(),
    "query": lambda page: MonographPage.objects.filter(pk=page.pk).delete(),
    "query of all pages": lambda page: Page.objects.filter(pk=page.pk).delete(),
    "parent": lambda page: page.get_parent().delete(),
    "query of lists": lambda page: MonographIndexPage.objects.filter(collection="medicines").delete(),
    "Wagtail's action": lambda page: DeletePageAction(page, None).execute(skip_permission_checks=True),
}


@pytest.mark.parametrize("how", CODE)
def test_no_code_deletes_it(withdrawn: MonographPage, how: str) -> None:
    with (
        pytest.raises(PolicyError, match="had an edition that patients read") as refusal,
        transaction.atomic(),
    ):
        CODE[how](withdrawn)
    assert refusal.value.rule == Rule.HAD_AN_EDITION
    assert MonographPage.objects.filter(pk=withdrawn.pk).exists()


SQL = {
    "rows": "DELETE FROM monographs_monographpage; DELETE FROM wagtailcore_page WHERE id = {pk}",
    "key": "UPDATE wagtailcore_page SET translation_key = gen_random_uuid() WHERE id = {pk}",
    "alias": "UPDATE wagtailcore_page SET alias_of_id = 1 WHERE id = {pk}",
    "table": "TRUNCATE wagtailcore_page CASCADE",
}


@pytest.mark.parametrize("how", SQL)
def test_no_sql_deletes_it_or_takes_its_key(withdrawn: MonographPage, how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    with (
        pytest.raises(DatabaseError, match=r"had an edition|append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(SQL[how].format(pk=withdrawn.pk))
    assert MonographPage.objects.filter(pk=withdrawn.pk).exists()


def test_a_draft_that_never_had_an_edition_is_deleted(writer: Any) -> None:
    page = make_monograph(by=writer)
    as_user(writer).post(f"/admin/pages/{page.pk}/delete/")
    assert not MonographPage.objects.filter(pk=page.pk).exists()


def test_a_copy_and_an_alias_of_it_are_deleted(withdrawn: MonographPage, editor: Any) -> None:
    alias = withdrawn.create_alias(update_slug="mirror")
    copy = withdrawn.copy(update_attrs={"slug": "copied"})
    for page in (alias, copy):
        as_user(editor).post(f"/admin/pages/{page.pk}/delete/")
        assert not Page.objects.filter(pk=page.pk).exists()
    assert Page.objects.filter(pk=withdrawn.pk).exists()


def test_the_list_offers_no_deletion_of_it(withdrawn: MonographPage, superuser: Any, client: Client) -> None:
    client.force_login(superuser)
    shown = client.get(f"/admin/pages/{withdrawn.get_parent().pk}/").content.decode()
    assert f"/admin/pages/{withdrawn.pk}/delete/" not in shown
