"""The screens of bundles: what is shown, and what can be done on them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from monographs.editions.models import Edition, Signature
from monographs.review.actions import MakeBundle, Recall, SignBundle
from monographs.review.bundles import bundle_views
from monographs.review.models import ReviewBundle, Submission
from monographs.review.submission_state.bundle_progress import bundle_hash, members_of_bundle
from tests.factories import PASSWORD, edit, make_monograph, make_user, publish, read_all, submit
from tests.review.suggested_words import suggest
from tests.review.test_bundles import NAMES, bundled, read_bundle
from tests.review.test_scheduled_bundles import scheduled_bundle
from tests.review.test_shared_changes import same_and_another

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(site: Any) -> Any:
    return make_user("emil", "Editors")


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"bundles:{name}", args=args)


def test_an_editor_puts_texts_together(editor: Any, writer: Any, reviewer: Any) -> None:
    first, second = (submit(make_monograph(name, by=writer), writer) for name in NAMES[:2])
    client = client_of(editor)
    screen = client.get(url("list")).content.decode()
    assert "alphamab" in screen
    assert "betamab" in screen
    answer = client.post(url("list"), {"title": "", "text": [first.pk]})
    assert answer.status_code == 400
    answer = client.post(url("list"), {"title": "Renaming", "text": [first.pk, second.pk, "x", 99999]})
    bundle = ReviewBundle.objects.get()
    assert answer["Location"] == url("bundle", bundle.pk)
    assert {each.title for each in members_of_bundle(bundle)} == {"alphamab", "betamab"}
    assert "alphamab" not in client.get(url("list")).content.decode()
    assert "Put texts together" not in client_of(reviewer).get(url("list")).content.decode()


def test_a_reviewer_reads_marks_ticks_and_signs(editor: Any, writer: Any, reviewer: Any) -> None:
    """Everything is posted from what the screen shows."""
    page = make_monograph("alphamab", by=writer)
    publish(page, writer, reviewer)
    edit(page, writer, how_it_works="It blocks PARP.")
    first = submit(page.__class__.objects.get(pk=page.pk), writer)
    second = submit(make_monograph("betamab", by=writer), writer)
    bundle = MakeBundle(editor, [first, second], title="Renaming").execute()
    client = client_of(reviewer)
    screen = client.get(url("bundle", bundle.pk))
    review = screen.context["review"]
    text = screen.content.decode()
    assert "blocks" in text
    assert "0 of 2" in text
    assert [each.progress.redline.first for each in review.texts] == [False, True]
    for each in review.texts:
        answer = client.post(url("mark", bundle.pk), {"text": each.submission.pk, "digest": each.digest})
        assert answer["Location"] == f"{url('bundle', bundle.pk)}#page-{each.submission.pk}"
    update = client.post(
        url("checklist", bundle.pk),
        {"statement": [statement.text for statement in review.statements]},
        headers={"X-Parts": "1"},
    )
    assert "2 of 2" in update.content.decode()
    review = client.get(url("bundle", bundle.pk)).context["review"]
    assert review.is_ready
    form = {"sha256": review.seen, "password": "guess"}
    assert client.post(url("sign", bundle.pk), form).status_code == 403
    assert not Signature.objects.filter(submission=first.uuid).exists()
    answer = client.post(url("sign", bundle.pk), form | {"password": PASSWORD}, follow=True)
    assert "Signed and published: 2 pages" in answer.content.decode()
    assert Edition.objects.count() == 3


def test_who_wrote_a_page_sees_which_one_keeps_them(editor: Any, writer: Any, reviewer: Any) -> None:
    own = submit(make_monograph("ownmab", by=reviewer), writer)
    other = submit(make_monograph("alphamab", by=writer), writer)
    bundle = MakeBundle(editor, [own, other], title="Renaming").execute()
    screen = client_of(reviewer).get(url("bundle", bundle.pk))
    assert [each.submission.title for each in screen.context["review"].obstacles] == ["ownmab"]
    assert "You cannot sign this page: You changed this text" in screen.content.decode()
    assert "Your password" not in screen.content.decode()
    client = client_of(editor)
    answer = client.post(url("take_out", bundle.pk), {"text": own.pk}, follow=True)
    assert "ownmab is out of the bundle" in answer.content.decode()
    assert client.post(url("take_out", bundle.pk), {"text": own.pk}).status_code == 404


def test_all_are_returned_from_the_screen(editor: Any, writer: Any, reviewer: Any) -> None:
    bundle = bundled(editor, writer)
    client = client_of(reviewer)
    seen = client.get(url("bundle", bundle.pk)).context["review"].seen
    assert client.post(url("return", bundle.pk), {"sha256": seen, "reason": ""}).status_code == 400
    client.post(url("return", bundle.pk), {"sha256": seen, "reason": "Wrong name."})
    assert set(Submission.objects.values_list("status", flat=True)) == {"returned"}
    screen = client.get(url("bundle", bundle.pk)).content.decode()
    assert "Sign all" not in screen


def test_the_queue_shows_a_bundle_once(editor: Any, writer: Any, reviewer: Any) -> None:
    bundle = bundled(editor, writer)
    client = client_of(reviewer)
    screen = client.get(reverse("review:queue")).content.decode()
    assert screen.count("Bundle: Renaming the class") == 1
    assert "3 pages, signed as one" in screen
    member = members_of_bundle(bundle)[0]
    own = client.get(reverse("review:review", args=[member.pk])).content.decode()
    assert own.count(url("bundle", bundle.pk)) == 2
    assert "Your password" not in own


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_depend_on_the_pages(
    count: int, editor: Any, writer: Any, reviewer: Any, django_assert_num_queries: Any
) -> None:
    bundle = bundled(editor, writer, names=NAMES[:count])
    client = client_of(reviewer)
    client.get(url("bundle", bundle.pk))
    with django_assert_num_queries(47):  # four about claims and who has it open, one in the menu
        client.get(url("bundle", bundle.pk))
    with django_assert_num_queries(27):  # one in the menu
        client.get(url("list"))


def test_signing_one_more_page_costs_what_a_signature_costs(
    editor: Any, writer: Any, reviewer: Any, django_assert_max_num_queries: Any
) -> None:
    """All locks are taken, and all ledger entries stored, by one statement each."""
    bundle = bundled(editor, writer)
    members = read_bundle(bundle, reviewer)
    act = SignBundle(reviewer, bundle, seen=bundle_hash(members), password=PASSWORD)
    with django_assert_max_num_queries(70 * len(NAMES) + 31) as queries:
        act.execute()
    sent = [query["sql"] for query in queries]
    ledger = [place for place, sql in enumerate(sent) if sql.startswith('INSERT INTO "editions_ledgerentry"')]
    assert len(ledger) == 1
    assert len(sent) - ledger[0] <= len(NAMES) + 4  # one asks for the signer’s rights
    assert sum("pg_advisory_xact_lock" in sql for sql in sent) == 1


def test_words_read_before_are_read(editor: Any, writer: Any, reviewer: Any) -> None:
    """Marks made on a text's own review count in the bundle."""
    bundle = bundled(editor, writer)
    read_all(members_of_bundle(bundle)[0], reviewer)
    assert client_of(reviewer).get(url("bundle", bundle.pk)).context["review"].done == 1


def test_open_suggestions_are_shown_with_their_page(
    editor: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    page = edit(make_monograph("alphamab", by=writer), writer, how_it_works="It works for weeks.")
    texts = [submit(page, writer), submit(make_monograph("betamab", by=writer), writer)]
    bundle = MakeBundle(editor, texts, title="Renaming").execute()
    suggest(reviewer2, texts[0], "weeks", "months")
    read_bundle(bundle, reviewer)
    screen = client_of(reviewer).get(url("bundle", bundle.pk))
    text = screen.content.decode()
    assert not screen.context["review"].is_ready
    assert text.count("Suggestions are open that must be answered or withdrawn: ") == 1
    assert "1 open suggestion<" in text


def test_taking_out_a_signed_text_asks_why_and_the_screen_says_what_is_kept_back(
    editor: Any, writer: Any, reviewer: Any
) -> None:
    day = timezone.now() + timedelta(days=1)
    bundle, (first, second, _) = scheduled_bundle(editor, writer, reviewer, day=day)
    client = client_of(editor)
    assert "kept back" not in client.get(url("bundle", bundle.pk)).content.decode()
    answer = client.post(url("take_out", bundle.pk), {"text": first.pk, "reason": " "})
    assert answer.status_code == 400
    screen = answer.content.decode()
    assert f'id="out-{first.pk}-error"' in screen
    assert "Say why it is taken out; the signers are told." in screen
    assert f'<details class="bundle-page" id="page-{first.pk}" open>' in screen
    assert (
        client.post(url("take_out", bundle.pk), {"text": first.pk, "reason": "x" * 3000}).status_code == 400
    )
    assert len(members_of_bundle(bundle)) == 3
    answer = client.post(url("take_out", bundle.pk), {"text": first.pk, "reason": "Not yet."}, follow=True)
    assert "it becomes public on its day by itself" in answer.content.decode()
    history = client.get(reverse("review:record", args=[first.key])).content.decode()
    assert "took it out of a bundle" in history
    assert "Not yet." in history
    Recall(writer, second, reason="Wait.").execute()
    screen = client.get(url("bundle", bundle.pk)).content.decode()
    assert "1 signed page is kept back" in screen


def test_a_change_that_pages_share_is_shown_and_marked_once(editor: Any, writer: Any, reviewer: Any) -> None:
    bundle, texts = same_and_another(editor, writer, reviewer)
    client = client_of(reviewer)
    screen = client.get(url("bundle", bundle.pk))
    shown = screen.content.decode()
    assert "The same change on 2 pages" in shown
    assert shown.count("Mark this change as read on 2 pages") == 1
    group = screen.context["review"].groups[0]
    posted = {"seen": screen.context["review"].seen, "digest": group.digest}
    answer = client.post(url("mark_same", bundle.pk), posted, headers={"X-Parts": "1"}).content.decode()
    assert f'id="mark-same-{texts[0].pk}"' in answer
    assert "2 of 4" in answer
    assert client.post(url("mark_same", bundle.pk), posted | {"digest": "0" * 64}).status_code == 403


def test_an_editor_puts_more_texts_in(editor: Any, writer: Any, reviewer: Any) -> None:
    bundle = bundled(editor, writer, names=NAMES[:2])
    later = submit(make_monograph("gammamab", by=writer), writer)
    client = client_of(editor)
    assert "Put more texts into this bundle" in client.get(url("bundle", bundle.pk)).content.decode()
    assert "Put more texts" not in client_of(reviewer).get(url("bundle", bundle.pk)).content.decode()
    assert client.post(url("add", bundle.pk)).status_code == 403
    answer = client.post(url("add", bundle.pk), {"text": [later.pk]}, follow=True)
    assert "All texts of the bundle are signed as one" in answer.content.decode()
    assert len(members_of_bundle(bundle)) == 3
    assert "Put more texts" not in answer.content.decode()


def test_ticks_stay_when_a_text_cannot_be_put_in(editor: Any, writer: Any) -> None:
    bundle = bundled(editor, writer, names=NAMES[:2])
    fits = submit(make_monograph("gammamab", by=writer), writer)
    dated = submit(
        make_monograph("deltamab", by=writer), writer, publish_at=timezone.now() + timedelta(days=1)
    )
    client = client_of(editor)
    assert '<details class="bundle-add">' in client.get(url("bundle", bundle.pk)).content.decode()
    answer = client.post(url("add", bundle.pk), {"text": [fits.pk, dated.pk]})
    assert answer.status_code == 403
    shown = answer.content.decode()
    assert '<details class="bundle-add" open>' in shown
    for each in (fits, dated):
        assert f'value="{each.pk}" checked' in shown


def test_a_bundle_of_one_page_is_signed_and_returned_as_one_page(
    editor: Any, writer: Any, reviewer: Any
) -> None:
    bundle = bundled(editor, writer, names=NAMES[:1])
    client = client_of(reviewer)
    screen = " ".join(client.get(url("bundle", bundle.pk)).content.decode().split())
    for words in ("Sign this page", "Sign this page and approve it for patients", "Return this page"):
        assert words in screen
    for words in ("all pages", "all 1 page", "Open all", "each page"):
        assert words not in screen
    read_bundle(bundle, reviewer)
    seen = bundle_hash(members_of_bundle(bundle))
    answer = client.post(url("sign", bundle.pk), {"sha256": seen, "password": PASSWORD}, follow=True)
    assert "Signed and published: 1 page." in answer.content.decode()


def test_who_cannot_sign_a_bundle_of_one_page_reads_of_one_page(
    editor: Any, writer: Any, reviewer: Any
) -> None:
    bundle = MakeBundle(
        editor, [submit(make_monograph("ownmab", by=reviewer), writer)], title="One"
    ).execute()
    screen = " ".join(client_of(reviewer).get(url("bundle", bundle.pk)).content.decode().split())
    assert "You cannot sign it." in screen
    assert "able to sign it; or an editor takes it out." in screen
    assert "All pages are signed" not in screen


def review_of(client: Client, bundle: ReviewBundle) -> Any:
    """Return the texts of a bundle as its screen has them."""
    return client.get(url("bundle", bundle.pk)).context["review"].texts


def test_a_large_bundle_has_the_words_of_a_page_when_it_is_opened(
    editor: Any, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bundles of a hundred pages had eight megabytes."""
    monkeypatch.setattr(bundle_views, "MOST_WHOLE", 1)
    words = {"alphamab": "It blocks PARP.", "betamab": "It blocks CD20."}
    texts = [
        submit(edit(make_monograph(name, by=writer), writer, how_it_works=said), writer)
        for name, said in words.items()
    ]
    bundle = MakeBundle(editor, texts, title="Mechanisms").execute()
    client = client_of(reviewer)
    screen = client.get(url("bundle", bundle.pk)).content.decode()
    assert not [said for said in words.values() if said in screen]
    for address, shown in (
        (f"{url('bundle', bundle.pk)}?page={texts[0].pk}", [texts[0]]),
        (f"{url('bundle', bundle.pk)}?open=all", texts),
        (url("text", bundle.pk, texts[1].pk), [texts[1]]),
    ):
        content = client.get(address).content.decode()
        assert [each for each in texts if words[each.title] in content] == shown
        assert content.count("Mark the changes of") >= len(shown)
    assert client.get(url("text", bundle.pk, 99999)).status_code == 404
    (text,) = [each for each in review_of(client, bundle) if each.submission.pk == texts[0].pk]
    marked = client.post(url("mark", bundle.pk), {"text": texts[0].pk, "digest": text.digest})
    assert marked["Location"] == f"{url('bundle', bundle.pk)}?page={texts[0].pk}#page-{texts[0].pk}"


@pytest.mark.parametrize("count", [2, 4])
def test_opening_a_page_of_a_bundle_takes_a_fixed_number_of_queries(
    count: int, editor: Any, writer: Any, reviewer: Any, django_assert_num_queries: Any
) -> None:
    texts = [submit(make_monograph(name, by=writer), writer) for name in ("a1", "b1", "c1", "d1")[:count]]
    bundle = MakeBundle(editor, texts, title="New").execute()
    client = client_of(reviewer)
    client.get(url("text", bundle.pk, texts[0].pk))
    with django_assert_num_queries(26):
        client.get(url("text", bundle.pk, texts[0].pk))
