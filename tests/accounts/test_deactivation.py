"""Accounts of contributors are deactivated, not deleted."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client

from monographs.accounts.deactivation import ContributorNotDeletable, has_contributed
from monographs.pages.refusals import PolicyError, Rule
from tests.factories import edit, make_monograph, make_user, sign, submit

pytestmark = pytest.mark.django_db

User = get_user_model()


@pytest.fixture
def admin(superuser: Any) -> Client:
    client = Client()
    client.force_login(superuser)
    return client


@pytest.mark.usefixtures("published_medicine")
@pytest.mark.parametrize("who", ["writer", "reviewer"])
def test_neither_author_nor_signatory_is_deleted_in_code(who: str) -> None:
    user = User.objects.get(username=who)
    with pytest.raises(ContributorNotDeletable, match="Clear “Active” instead"), transaction.atomic():
        user.delete()
    with pytest.raises(ContributorNotDeletable, match=f"{who.capitalize()} Tester"), transaction.atomic():
        User.objects.filter(pk=user.pk).delete()
    assert User.objects.filter(pk=user.pk).exists()


def test_who_only_submitted_cannot_be_deleted_either(writer: Any, reviewer: Any) -> None:
    other = make_user("other", "Medical writers")
    submission = submit(make_monograph(by=writer), writer)
    type(submission).objects.update(submitted_by=other)
    with pytest.raises(ContributorNotDeletable), transaction.atomic():
        other.delete()


def test_a_query_with_one_contributor_deletes_nobody(writer: Any, site: Any) -> None:
    make_monograph(by=writer)
    idle = make_user("idle")
    with pytest.raises(ContributorNotDeletable), transaction.atomic():
        User.objects.filter(pk__in=[writer.pk, idle.pk]).delete()
    assert User.objects.filter(pk=idle.pk).exists()


def test_who_contributed_nothing_can_be_deleted(admin: Client) -> None:
    idle = make_user("idle", "Medical writers")
    assert "Delete" in admin.get(f"/admin/users/edit/{idle.pk}/").content.decode()
    admin.post(f"/admin/users/delete/{idle.pk}/")
    assert not User.objects.filter(pk=idle.pk).exists()


@pytest.mark.usefixtures("published_medicine")
def test_the_admin_offers_no_deletion_and_says_what_to_do(admin: Client, writer: Any) -> None:
    page = admin.get(f"/admin/users/edit/{writer.pk}/").content.decode()
    assert f"/admin/users/delete/{writer.pk}/" not in page
    assert "cannot be deleted" in page
    assert f"/admin/users/delete/{writer.pk}/" not in admin.get("/admin/users/").content.decode()
    answer = admin.post(f"/admin/users/delete/{writer.pk}/", follow=True)
    assert "Clear “Active” instead" in answer.content.decode()
    assert User.objects.filter(pk=writer.pk).exists()


@pytest.mark.usefixtures("published_medicine")
def test_deleting_several_is_refused_for_all_if_one_contributed(admin: Client, writer: Any) -> None:
    idle = make_user("idle")
    url = f"/admin/bulk/auth/user/delete/?id={writer.pk}&id={idle.pk}"
    for answer in (admin.get(url, follow=True), admin.post(url, follow=True)):
        assert "Writer Tester wrote, submitted or signed texts" in answer.content.decode()
    assert User.objects.filter(pk__in=[writer.pk, idle.pk]).count() == 2
    admin.post(f"/admin/bulk/auth/user/delete/?id={idle.pk}")
    assert not User.objects.filter(pk=idle.pk).exists()


def test_the_edit_screen_shows_what_qualifies_somebody(admin: Client, reviewer: Any, writer: Any) -> None:
    page = admin.get(f"/admin/users/edit/{reviewer.pk}/").content.decode()
    assert "<dd>PharmD</dd>" in page
    assert f"/edit/{reviewer.reviewer_profile.pk}/" in page
    assert "cannot be named as a reviewer" in admin.get(f"/admin/users/edit/{writer.pk}/").content.decode()


def test_another_name_does_not_let_anybody_sign_their_own_text(site: Any) -> None:
    author = make_user("author", "Medical writers", "Medical reviewers", credentials="MD")
    other = make_user("other", "Medical writers")
    page = make_monograph(by=other)
    edit(page, author, how_it_works="By the author.")
    author.username = "somebody-else"
    author.save()
    submission = submit(page, other)
    with pytest.raises(PolicyError) as renamed:
        sign(submission, author)
    assert renamed.value.rule == Rule.CONTRIBUTED


def test_a_new_account_under_an_authors_former_name_cannot_be_deleted(site: Any) -> None:
    author = make_user("author", "Medical writers")
    make_monograph(by=author)
    author.username = "renamed"
    author.save()
    assert has_contributed(make_user("author")), (
        "the record names it, so deleting it would confuse the record"
    )
