"""The screens about people in a browser: accessible at both widths, and a mention completed by keyboard."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from monographs.core.db_clock import database_today
from monographs.review.actions import AddNote, DeclareConflict, MakeBundle, Return
from monographs.review.models import Absence, Notice
from monographs.review.outside_review.outside_actions import MakeOutsideLink
from tests.browser.accessibility import grave
from tests.factories import make_monograph, submit

pytestmark = pytest.mark.django_db(transaction=True)
#: A script that opens every fold around an element.
OPEN_FOLDS = "e => { for (; e; e = e.parentElement) if (e.tagName == 'DETAILS') e.open = true }"


@pytest.fixture
def sent(writer: Any, reviewer: Any, reviewer2: Any, editor: Any) -> Any:
    """A text in review that one reviewer is asked for who is away, and another has an interest in."""
    page = make_monograph("mineumab-with-a-name-too-long-for-one-line-of-a-telephone", by=writer)
    today = database_today()
    DeclareConflict(reviewer2, page.translation_key, reviewer2, reason="Shares.", starts_on=today).execute()
    Absence.objects.create(user=reviewer, delegate=editor, starts_on=today, ends_on=today)
    return submit(page, writer, reviewers=[reviewer])


def test_nothing_grave_for_axe_and_nothing_beside_the_screen(
    sent: Any, reviewer: Any, editor: Any, open_browser: Any, subtests: pytest.Subtests
) -> None:
    key = MakeOutsideLink(editor, sent, expert="Dr. Olga Outside", days=7).execute()
    screens = {
        "notices": reverse("notices:list"),
        "conflicts": reverse("review:conflicts", args=[sent.key]),
        "away": reverse("absences:list"),
        "people": reverse("handover:people"),
        "handover": reverse("handover:handover", args=[reviewer.pk]),
        "outside links": reverse("review:outside_links", args=[sent.pk]),
        "review": reverse("review:review", args=[sent.pk]),
        "outside": f"{reverse('outside_review')}?key={key}",
    }
    for theme, width in (("light", 320), ("dark", 1280)):
        page = open_browser(editor, width=width).page
        page.emulate_media(color_scheme=theme)
        for name, address in screens.items():
            with subtests.test(name, theme=theme, width=width):
                page.goto(address)
                page.locator("main").first.wait_for()
                assert grave(page, "main") == []
                assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_mention_is_completed_by_keyboard_and_told(
    sent: Any, reviewer: Any, editor: Any, open_browser: Any
) -> None:
    page = open_browser(reviewer, width=390).page
    page.goto(reverse("review:review", args=[sent.pk]))
    section = page.locator("#section-how_it_works")
    section.get_by_text("Add a note").click()
    field = section.get_by_label("Your note")
    field.fill("Which dose, ")
    field.press_sequentially("@edi")
    option = page.get_by_role("option", name="Editor Tester (@editor)")
    expect(option).to_be_visible()
    # Those of all that is typed, not of its beginning
    expect(page.locator(".mention-names [role=option]:visible")).to_have_count(1)
    assert (option.bounding_box() or {})["height"] >= 44
    assert grave(page, "#section-how_it_works") == []
    field.press("Enter")
    expect(field).to_have_value("Which dose, @editor ")
    expect(option).to_be_hidden()
    section.get_by_role("button", name="Add note").click()
    expect(page.get_by_text("Note added.")).to_be_visible()
    assert Notice.objects.filter(event="mentioned", user=editor).count() == 1


def test_a_mention_is_completed_in_the_editor_in_reasons_and_in_a_bundle(
    sent: Any, writer: Any, reviewer: Any, editor: Any, open_browser: Any, subtests: pytest.Subtests
) -> None:
    other = submit(make_monograph("otherumab", by=writer), writer)
    bundle = MakeBundle(editor, [sent, other], title="Two").execute()
    returned = submit(make_monograph("returnedumab", by=writer), writer)
    answered = AddNote(reviewer, returned, section="how_it_works", body="Which cell?").execute()
    Return(reviewer, returned, reason="See the note.").execute()
    note = AddNote(reviewer, sent, section="how_it_works", body="Which dose?").execute()
    draft = make_monograph("draftumab", by=writer)
    screens = {
        "editor": (
            writer,
            reverse("wagtailadmin_pages:edit", args=[returned.page_id]),
            f"#editor-body-{answered.pk}",
        ),
        "answer": (writer, reverse("review:review", args=[sent.pk]), f"#answer-{note.pk}"),
        "submission": (writer, reverse("review:submit", args=[draft.pk]), "textarea[name=reason]"),
        "bundle": (reviewer, reverse("bundles:bundle", args=[bundle.pk]), "textarea[name=reason]"),
    }
    for name, (user, address, selector) in screens.items():
        with subtests.test(name):
            page = open_browser(user, width=390).page
            page.goto(address)
            field = page.locator(selector).last
            field.evaluate(OPEN_FOLDS)
            field.scroll_into_view_if_needed()
            field.click()
            field.press_sequentially("Please, @edi")
            option = page.get_by_role("option", name="Editor Tester (@editor)")
            expect(option).to_be_visible()
            expect(page.get_by_role("status").filter(has_text="1 person to mention")).to_be_attached()
            assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
            field.press("Enter")
            expect(field).to_have_value("Please, @editor ")
            expect(option).to_be_hidden()
