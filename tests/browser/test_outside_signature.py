"""An outside expert from the record to a published signature, on editors’ screens and a phone."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from monographs.editions.models import Edition, Signature
from monographs.editions.verify import check_database
from monographs.review.models import Note
from monographs.review.outside_review.outside_actions import MakeOutsideLink
from tests.browser.accessibility import grave
from tests.browser.admin_pages import mark_all_as_read
from tests.factories import PASSWORD, edit, make_monograph, make_user, publish, submit

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = "olga@clinic.example"
#: Selects words of the text as it is now in what a selector finds, over what was deleted between them.
SELECT = """([selector, words]) => {
  const line = document.querySelector(selector);
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  const places = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest("del, [data-not-text], .redline__line--deleted")) continue;
    [...node.data].forEach((character, at) => places.push([node, at]));
    text += node.data;
  }
  const start = text.indexOf(words);
  if (start < 0) throw new Error(`not in “${text}”`);
  const range = document.createRange();
  range.setStart(...places[start]);
  const [node, at] = places[start + words.length - 1];
  range.setEnd(node, at + 1);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


@pytest.fixture
def second(site: Any) -> Any:
    """An editor who was here before the expert was recorded."""
    return make_user("editor2", "Editors")


@pytest.fixture
def sent(writer: Any, reviewer: Any) -> Any:
    page = make_monograph("mineumab-with-a-name-too-long-for-one-line-of-a-telephone", by=writer)
    publish(page, writer, reviewer)
    edit(page, writer, how_it_works="It binds to a protein on the cell.")
    return submit(page, writer)


def found_in_mail(pattern: str) -> str:
    found = re.search(pattern, str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    assert mail.outbox[-1].to == [EMAIL]
    return found[1]


def check(page: Any, root: str = "main") -> None:
    assert grave(page, root) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def record_confirm_and_invite(sent: Any, editor: Any, confirmer: Any, open_browser: Any) -> None:
    page = open_browser(editor, width=390).page
    page.goto(reverse("review:outside_experts"))
    page.get_by_label("First name").fill("Olga")
    page.get_by_label("Last name").fill("Outside")
    page.get_by_label("Address to which codes are sent").fill(EMAIL)
    page.get_by_role("checkbox", name="PharmD").check()
    check(page)
    page.get_by_role("button", name="Record the expert").click()
    expect(page.get_by_text("Waits for a second person")).to_be_visible()
    second = open_browser(confirmer).page
    second.goto(reverse("review:signers"))
    expect(second.get_by_text(EMAIL)).to_be_visible()
    second.get_by_label("Your password").fill(PASSWORD)
    second.get_by_role("button", name="Confirm for patients to read").click()
    expect(second.get_by_text("Nothing waits for confirmation.")).to_be_visible()
    page.goto(reverse("review:outside_links", args=[sent.pk]))
    page.get_by_label("Recorded expert").select_option(label="Olga Outside, PharmD")
    check(page)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("invited to sign at")).to_be_visible()


def test_an_expert_is_recorded_confirmed_invited_and_signs_on_a_phone(
    sent: Any, editor: Any, second: Any, open_browser: Any, settings: Any
) -> None:
    settings.OUTSIDE_SIGNATURES = True
    record_confirm_and_invite(sent, editor, second, open_browser)
    expert = open_browser(width=390)
    page = expert.page
    page.goto(found_in_mail(r"http://[^/]+(/admin/outside-review/\S+)"))
    for width, theme in ((390, "light"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        check(page)
    page.set_viewport_size({"width": 390, "height": 900})
    mark_all_as_read(page)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Save the checklist").click()
    expect(page.get_by_text("You sign as Olga Outside, PharmD")).to_be_visible()
    before = len(mail.outbox)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("status")).to_contain_text("A code was sent")
    assert len(mail.outbox) == before + 1
    code = found_in_mail(r"\b(\d{8})\b")
    field = page.locator("#sign-code")
    field.fill("1")
    check(page)
    page.get_by_role("button", name="Sign and approve for patients").click()
    expect(page.get_by_role("alert")).to_contain_text("That code is not right")
    check(page)
    page.locator("#sign-code").fill(code)
    page.get_by_role("button", name="Sign and approve for patients").click()
    expect(page.get_by_role("heading", name="Signed")).to_be_visible()
    assert Signature.objects.filter(user_id=User.objects.get(email=EMAIL).pk).count() == 1
    assert Edition.objects.get(number=2).reviewers[0]["name"] == "Olga Outside"
    assert not check_database().faults


def test_selected_words_are_quoted_and_what_is_folded_is_printed(
    sent: Any, editor: Any, open_browser: Any
) -> None:
    key = MakeOutsideLink(editor, sent, expert="Dr. Ada", days=7).execute()
    browser = open_browser(width=390)
    page = browser.page
    page.goto(f"{reverse('outside_review')}?key={key}")
    expect(page.get_by_role("navigation", name="Sections")).to_contain_text("sections changed.")
    folded = page.get_by_text("About common_side_effects.").first
    expect(folded).to_be_hidden()
    page.emulate_media(media="print")
    expect(folded).to_be_visible()
    expect(page.get_by_role("button", name="Store the note").first).to_be_hidden()
    page.emulate_media(media="null")
    button = page.get_by_role("button", name="Add a note on these words")
    expect(button).to_be_hidden()
    page.evaluate(SELECT, ["#section-how_it_works [data-section-text]", "It binds to a protein"])
    expect(button).to_be_visible()
    check(page)
    button.click()
    expect(button).to_be_hidden()
    section = page.locator("#section-how_it_works")
    expect(section.get_by_label("The words it is about")).to_have_value("It binds to a protein")
    expect(section.get_by_label("Your note")).to_be_focused()
    page.keyboard.type("Which protein?")
    section.get_by_role("button", name="Store the note").click()
    expect(page.get_by_role("article", name="Your note")).to_contain_text("Which protein?")
    assert Note.objects.get().quote == "It binds to a protein"
