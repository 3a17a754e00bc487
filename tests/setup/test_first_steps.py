"""The first steps: each is done by what the database says, and costs the same on a site of any size."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from home.first_steps import starter_texts
from home.first_steps.site_facts import site_facts
from home.first_steps.step import Step
from home.first_steps.steps import first_steps
from home.models import HomePage, InformationPage
from monographs.accounts.actors import person_of
from monographs.accounts.models import HoldReason
from monographs.accounts.signing_holds import start_hold
from monographs.editions.models import ReviewKind
from monographs.pages.refusals import PolicyError
from monographs.review.actions import Submit
from monographs.review.models import ReviewerProfile
from monographs.rules.draft_check import findings_of
from tests.conftest import as_user
from tests.factories import make_monograph, make_user, publish

pytestmark = pytest.mark.django_db
PAGE, DASHBOARD = "/admin/first-steps/", "/admin/"


def step(key: str) -> Step:
    return next(each for each in first_steps() if each.key == key)


def missing(key: str) -> str:
    return " ".join(step(key).missing)


def parse(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def test_an_empty_site_misses_everything(superuser: Any) -> None:
    steps = first_steps()
    assert [each.key for each in steps if each.done] == []
    assert "No account is in the group of writers." in missing("people")
    assert "There is only one account that may do either." in missing("people")
    assert "There is no page “Privacy”." in missing("information")


@pytest.mark.parametrize(
    ("chosen", "done"), [([], False), (["EMERGENCY_NUMBER", "POISON_LINE", "SITE_LANGUAGE"], True)]
)
def test_numbers_and_language_are_done_when_somebody_chose_them(
    site: HomePage, settings: Any, chosen: list[str], done: bool
) -> None:
    settings.CHOSEN_SETTINGS = frozenset(chosen)
    assert step("settings").done is done
    assert ("911, which nobody chose" in missing("settings")) is not done


def test_people_are_done_with_a_writer_a_reviewer_and_two_who_confirm(
    superuser: Any, writer: Any, reviewer: Any
) -> None:
    assert missing("people").startswith("A signer’s name and credentials come from one person")
    make_user("eve", "Editors")
    assert step("people").done
    reviewer.groups.set(writer.groups.all())
    assert "No account is in the group of reviewers." in missing("people")


def test_a_reviewer_who_is_the_only_writer_cannot_sign_anything(editor: Any, superuser: Any) -> None:
    make_user("both", "Medical writers", "Medical reviewers")
    assert "Nobody can sign what they wrote" in missing("people")


def test_credentials_are_done_when_a_second_person_confirmed_them(reviewer: Any) -> None:
    assert step("credentials").done
    profile = ReviewerProfile.objects.get(user=reviewer)
    profile.credentials = "MD"
    profile.save()
    assert "Reviewer Tester: Somebody other than who entered it must confirm the credentials" in missing(
        "credentials"
    )
    profile.delete()
    assert "Reviewer Tester: No credentials are entered." in missing("credentials")
    assert step("credentials").places[0].address == "/admin/snippets/review/reviewerprofile/add/"


def test_a_reviewer_on_hold_cannot_sign_yet(reviewer: Any, editor: Any) -> None:
    start_hold(reviewer, HoldReason.LINK, person_of(reviewer))
    assert "The password is new. They can sign on" in missing("credentials")
    assert "/admin/sign-in-changes/" in [place.address for place in step("credentials").places]


def test_those_who_sign_and_confirm_need_a_second_factor(reviewer: Any, writer: Any) -> None:
    assert missing("second-factor") == "Reviewer Tester signs in with a password only."
    device = TOTPDevice.objects.create(user=reviewer, name="App", confirmed=False)
    assert not step("second-factor").done
    device.confirmed = True
    device.save()
    assert step("second-factor").done


def test_the_steps_of_texts_follow_the_first_medicine(writer: Any, reviewer: Any) -> None:
    assert [step(key).done for key in ("medicine", "review", "signature")] == [False, False, False]
    medicine = make_monograph(by=writer)
    assert step("medicine").done
    (place,) = step("review").places
    assert place.address == f"/admin/pages/{medicine.pk}/edit/"
    publish(medicine, writer, reviewer)
    assert [step(key).done for key in ("medicine", "review", "signature")] == [True, True, True]


def test_every_way_leads_to_a_page(superuser: Any, reviewer: Any) -> None:
    as_user(superuser).post(f"{PAGE}starter-texts/")
    client = as_user(superuser)
    places = [place for each in first_steps() for place in each.places if place.address]
    assert len(places) > 12
    for place in places:
        assert client.get(place.address).status_code == 200, place


def test_they_cost_the_same_statements_on_any_site(
    django_assert_num_queries: Any, superuser: Any, writer: Any, reviewer: Any
) -> None:
    with CaptureQueriesContext(connection) as empty:
        site_facts()
    statements = len(empty)
    for number in range(3):
        make_monograph(f"other{number}", by=writer)
        make_user(f"reviewer{number}x", "Medical reviewers")
    as_user(superuser).post(f"{PAGE}starter-texts/")
    with django_assert_num_queries(statements):
        site_facts()
    assert statements <= 14


def test_the_panel_is_on_the_dashboard_of_those_who_set_up_until_it_is_dismissed(
    editor: Any, writer: Any
) -> None:
    assert b"steps to the first signed medicine" in as_user(editor).get(DASHBOARD).content
    assert b"steps to the first signed medicine" not in as_user(writer).get(DASHBOARD).content
    client = as_user(editor)
    assert client.post(f"{PAGE}dismiss/").status_code == 302
    assert b"steps to the first signed medicine" not in client.get(DASHBOARD).content
    page = client.get(PAGE)
    assert page.status_code == 200
    assert b"dismiss/" not in page.content


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}starter-texts/", f"{PAGE}dismiss/"])
def test_others_are_refused_with_the_reason(writer: Any, path: str) -> None:
    client = as_user(writer)
    client.post(path) if path != PAGE else client.get(path)
    assert b"Only editors and administrators set up the site" in client.get(DASHBOARD).content
    assert not InformationPage.objects.exists()


def test_starter_texts_become_drafts_once_and_are_never_public(editor: Any, client: Any) -> None:
    assert b"Make drafts from the starter texts" in as_user(editor).get(PAGE).content
    as_user(editor).post(f"{PAGE}starter-texts/")
    assert b"Make drafts from the starter texts" not in as_user(editor).get(PAGE).content
    pages = InformationPage.objects.all()
    assert {page.slug for page in pages} == {"accessibility", "corrections", "how-we-write", "privacy"}
    for page in pages:
        assert not page.live
        assert page.latest_revision.user == editor
        assert client.get(page.public_path()).status_code == 404
    InformationPage.objects.get(slug="privacy").delete()
    as_user(editor).post(f"{PAGE}starter-texts/")
    assert InformationPage.objects.count() == 3, "what people deleted does not come back"


def test_a_page_that_is_there_already_stays_as_it_is(editor: Any, site: HomePage) -> None:
    site.add_child(instance=InformationPage(title="Our privacy", slug="privacy"))
    as_user(editor).post(f"{PAGE}starter-texts/")
    assert InformationPage.objects.get(slug="privacy").title == "Our privacy"


@pytest.mark.parametrize("text", starter_texts.STARTER_TEXTS, ids=lambda text: text.slug)
def test_no_starter_text_can_be_submitted_before_its_gaps_are_filled(
    text: Any, editor: Any, site: HomePage
) -> None:
    page = starter_texts._make_page(text, editor)
    found = findings_of(page.get_latest_revision_as_object(), published=None)
    assert {finding.rule for finding in found if finding.stops} == {"placeholder"}
    assert len(text.gaps) >= 3
    with pytest.raises(PolicyError):
        Submit(editor, page, review_kind=ReviewKind.FULL_REVIEW, reason="First text.").execute()
    draft = page.get_latest_revision_as_object()
    draft.body = json.dumps(
        [{"type": "text", "value": starter_texts.GAP.sub("ten", html)} for html in text.html]
    )
    assert not [finding for finding in findings_of(draft, published=None) if finding.stops]


def test_the_command_prints_the_same_list(capsys: Any, superuser: Any) -> None:
    call_command("first_day")
    said = capsys.readouterr().out
    for each in first_steps():
        assert f"[ ] {each.title}" in said
    assert f"Add an account: http://127.0.0.1:8000{reverse('wagtailusers_users:add')}" in said
    assert "0 of 11 steps are done." in said
