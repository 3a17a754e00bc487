"""Two public medicines never have one name: refused at submission and at signing, naming the other page."""

import pytest

from monographs.editions.models import LedgerEntry, Publication
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Restore, Withdraw
from monographs.rules.draft_check import submit_errors_of
from tests.factories import PASSWORD, edit, make_monograph, publish, sign, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def vexarubicin(site, writer, reviewer):
    """A public medicine."""
    page = make_monograph("vexarubicin", by=writer, brand_names=["Vexa"])
    publish(page, writer, reviewer)
    return page


@pytest.mark.parametrize(
    ("title", "brands"),
    [
        ("vexarubicin", []),
        ("VEXARUBICIN", []),
        ("vexa\u00adrubicin", []),
        ("vexa\u200brubicin", []),
        ("v\u00e9xarubicin", []),
        ("vex\u0430rubicin", []),
        ("vexa rubicin", []),
        ("Vexa", []),
        ("otherumab", ["vexarubicin"]),
        ("otherumab", ["Vexarubicin\u2122"]),
    ],
)
def test_a_name_that_patients_know_another_medicine_by_is_refused(vexarubicin, writer, title, brands):
    page = make_monograph(title, slug="other", by=writer, brand_names=brands)
    errors = submit_errors_of(page, published=None)
    [found] = [e for e in errors if "“vexarubicin” (/medicines/vexarubicin/)" in e.message]
    assert found.anchor in {"title", "brand_names"}
    with pytest.raises(PolicyError, match="Patients read a page of another medicine"):
        submit(page, writer)


@pytest.mark.parametrize(
    ("title", "brands"),
    [
        ("vexarubicin (liposomal)", ["Lipovexa"]),
        ("vexarubicin hydrochloride", []),
        ("vexarubicin-dkst", []),
        ("otherumab", ["Vexa"]),  # a brand that is sold with two substances
        ("prednisone", []),
    ],
)
def test_other_names_are_free(vexarubicin, writer, title, brands):
    page = make_monograph(title, slug="other", by=writer, brand_names=brands)
    assert submit_errors_of(page, published=None) == []


def test_the_page_itself_and_a_page_that_is_no_longer_public_are_no_conflict(vexarubicin, writer, reviewer):
    assert submit_errors_of(vexarubicin, published=None) == []
    other = make_monograph("vexarubicin", slug="other", by=writer)
    Withdraw(
        reviewer,
        vexarubicin.translation_key,
        cause=WithdrawalReason.MISTAKE,
        note="Tenfold dose.",
        password=PASSWORD,
    ).execute()
    assert submit_errors_of(other, published=None) == []


def test_an_edition_is_not_restored_under_a_name_that_another_medicine_has_now(site, writer, reviewer):
    page = make_monograph("vexarubicin", slug="first", by=writer)
    publish(page, writer, reviewer)
    edit(MonographPage.objects.get(pk=page.pk), writer, title="vexarubicin (liposomal)")
    publish(MonographPage.objects.get(pk=page.pk), writer, reviewer)
    publish(make_monograph("vexarubicin", slug="second", by=writer), writer, reviewer)
    with pytest.raises(PolicyError) as refusal:
        Restore(writer, MonographPage.objects.get(pk=page.pk), number=1, reason="It was better.").execute()
    assert refusal.value.rule == Rule.NAME_TAKEN
    assert "/medicines/second/" in refusal.value.message


def test_the_brand_names_that_count_are_those_that_patients_read(vexarubicin, writer):
    MonographPage.objects.filter(pk=vexarubicin.pk).update(brand_names=[])
    page = make_monograph("Vexa", slug="other", by=writer)
    [found] = submit_errors_of(page, published=None)
    assert "“vexarubicin” (/medicines/vexarubicin/)" in found.message


def test_of_two_texts_in_review_only_the_first_is_signed(site, writer, reviewer):
    first = submit(make_monograph("vexarubicin", by=writer), writer)
    second = submit(make_monograph("vexarubicin", slug="copy", by=writer), writer)
    sign(first, reviewer)
    with pytest.raises(PolicyError) as refusal:
        sign(second, reviewer)
    assert refusal.value.rule == Rule.NAME_TAKEN
    assert "/medicines/vexarubicin/" in refusal.value.message
    assert Publication.objects.count() == 1
    assert LedgerEntry.objects.filter(event="edition").count() == 1


def test_a_copied_page_of_a_public_medicine_is_refused(vexarubicin, writer, client, editor):
    client.force_login(editor)
    parent = vexarubicin.get_parent()
    answer = client.post(
        f"/admin/pages/{vexarubicin.pk}/copy/",
        {"new_title": "vexarubicin", "new_slug": "vexarubicin-2", "new_parent_page": parent.pk},
    )
    assert answer.status_code == 302
    copy = MonographPage.objects.get(slug="vexarubicin-2")
    with pytest.raises(PolicyError, match="Patients read a page of another medicine"):
        submit(copy, editor)


def test_names_typed_in_the_editor_lose_invisible_characters(site, writer):
    page = MonographPage(title="vexa\u00adrubi\u200bcin", brand_names=["Ve\u00adxa"], slug="vexarubicin")
    page.clean()
    assert (page.title, page.brand_names) == ("vexarubicin", ["Vexa"])
