"""A site in which every screen of the project has something to show."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY

from monographs.accounts import second_factor
from monographs.accounts.actors import person_of
from monographs.accounts.models import HoldReason
from monographs.accounts.password_links import link_of
from monographs.accounts.signing_holds import start_hold
from monographs.editions.models import Edition
from monographs.editions.person import SYSTEM
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.feedback.models import Feedback
from monographs.imports.models import ImportedText
from monographs.imports.remarks import Remark, RemarkKind
from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import FollowedLabel
from monographs.label_watch.storage import store_label
from monographs.labels import read_label
from monographs.models import MonographPage
from monographs.review.actions import (
    AddNote,
    AskSentence,
    ChosenWords,
    DeclareConflict,
    MakeBundle,
    ProposeRetirement,
    SetAside,
    Suggest,
    Withdraw,
)
from monographs.review.expert_policy import vouchers_of
from monographs.review.models import Absence, ReviewAssignment, ReviewerProfile, Submission
from monographs.review.outside_review.link_keys import make_link
from monographs.review.outside_review.outside_actions import MakeOutsideLink
from monographs.review.sources_of_pages.source_tasks import refresh_source_tasks
from tests.accounts.conftest import Phone
from tests.factories import (
    PASSWORD,
    edit,
    make_image,
    make_monograph,
    make_standard_text,
    make_user,
    publish,
    reword,
    set_parts,
    standard_text_block,
    submit,
)
from tests.label_watch.label_service import SET_IDS, label_xml
from tests.outside_review.outside_experts import STEP, confirm_expert, record_expert
from tests.review.renamed_pages import rename, signed_class, signed_medicine
from tests.source_library.library import add_source, change_source, use_source

#: Role → groups, and whether it is a superuser.
ROLES = {
    "writer": (["Medical writers"], False),
    "reviewer": (["Medical reviewers"], False),
    "editor": (["Editors"], False),
    "superuser": ([], True),
}
ANONYMOUS, CODE_ASKED, CODE_GIVEN = "anonymous", "asked for a code", "with a second factor"


def build_site() -> None:
    """Create texts in every state: edited since, in review with a note and a suggestion, withdrawn …"""
    writer, reviewer = (make_user(role, *groups) for role, (groups, _) in list(ROLES.items())[:2])
    for role in ("editor", "superuser"):
        make_user(role, *ROLES[role][0], superuser=ROLES[role][1])
    make_image("red", by=writer)
    edited = make_monograph("editedumab", by=writer)
    publish(edited, writer, reviewer)
    edit(edited, writer, how_it_works="Second words.", label_set_id=SET_IDS[0], label_version="3")
    publish(edited, writer, reviewer)
    _change_labels(edited.translation_key)
    edit(edited, writer, how_it_works="A newer draft.")
    publish(make_monograph("routineumab", by=writer), writer, reviewer)
    edit(edited, writer, how_it_works="A newer newer draft.")
    _note_on(submit(make_monograph("reviewedumab", by=writer), writer), reviewer)
    submit(make_monograph("scheduledumab", by=writer), writer, publish_at=timezone.now() + timedelta(days=1))
    publish(make_monograph("publicumab", by=writer), writer, reviewer)
    gone = add_source("A retracted paper", kind="paper", gone_since=timezone.now().date(), by=writer)
    newer = add_source("A newer paper", kind="paper", by=writer)
    change_source(gone, writer, superseded_by=newer)
    for name in ("sourcedumab", "alsosourcedumab"):
        publish(use_source(make_monograph(name, by=writer), gone, writer), writer, reviewer)
    refresh_source_tasks()
    _put_together(writer, reviewer)
    withdrawn = make_monograph("withdrawnumab", by=writer)
    publish(withdrawn, writer, reviewer)
    Withdraw(
        reviewer, withdrawn.translation_key, cause=WithdrawalReason.MISTAKE, note="Why.", password=PASSWORD
    ).execute()
    make_monograph("unfinishedumab", by=writer, complete=False)
    ProposeRetirement(
        get_user_model().objects.get(username="editor"),
        edited.translation_key,
        cause=WithdrawalReason.RETIRED,
        note="No longer sold.",
    ).execute()
    _set_aside(writer, reviewer)
    remark = Remark(RemarkKind.OMITTED, "These words are struck out; they were left out.", "Take 50 mg.")
    ImportedText.objects.create(
        key=edited.translation_key,
        revision_id=edited.latest_revision_id,
        file_name="editedumab.txt",
        sha256="0" * 64,
        size=1,
        form="plain text",
        user=writer,
        created_page=False,
        remarks=[asdict(remark)],
    )
    DeclareConflict(
        writer, edited.translation_key, writer, reason="Shares.", starts_on=timezone.now().date()
    ).execute()
    standard = make_standard_text("Reports", by=writer)
    publish(standard, writer, reviewer)
    includes = make_monograph("includumab", by=writer)
    first = Edition.objects.get(key=standard.translation_key)
    set_parts(includes, writer, "how_it_works", [standard_text_block(first)])
    publish(includes, writer, reviewer)
    reword(standard, writer, "Tell the maker.")
    publish(standard, writer, reviewer)
    _rename_class(writer, reviewer)
    _ask_for_review(reviewer)
    today = timezone.now().date()
    Absence.objects.create(user=reviewer, delegate=writer, starts_on=today, ends_on=today)
    newcomer = make_user("newcomer", "Medical reviewers", credentials="")
    ReviewerProfile.objects.create(user=newcomer, credentials="PharmD")
    start_hold(make_user("moved", "Medical reviewers"), HoldReason.EMAIL, SYSTEM)
    Feedback.objects.create(
        key=edited.translation_key, slug="editedumab", title="editedumab", number=1, answer="no", words="Why?"
    )


def _put_together(writer: Any, reviewer: Any) -> None:
    """Put a first edition and two pages into a bundle that change the same words in the same way."""
    texts = [submit(make_monograph("bundledumab", by=writer), writer)]
    for name in ("sameumab", "likeumab"):
        page = edit(make_monograph(name, by=writer), writer, how_it_works="It blocks CD19.")
        publish(page, writer, reviewer)
        texts.append(
            submit(edit(page, writer, change_note="A word.", how_it_works="It blocks CD20."), writer)
        )
    MakeBundle(get_user_model().objects.get(username="editor"), texts, title="Together").execute()


def _note_on(submission: Submission, reviewer: Any) -> None:
    AddNote(reviewer, submission, section="how_it_works", body="Is this so?").execute()
    chosen = ChosenWords("how_it_works", "About how_it_works.")
    Suggest(
        reviewer, submission.key, chosen, words="How it works.", reason="Plainer.", submission=submission
    ).execute()


def _set_aside(writer: Any, reviewer: Any) -> None:
    """Set a draft aside, and change the same words in the next one."""
    page = make_monograph("setasideumab", by=writer)
    publish(page, writer, reviewer)
    edit(page, writer, how_it_works="Words that wait.")
    row = MonographPage.objects.get(pk=page.pk)
    SetAside(writer, row, seen=row.latest_revision_id).execute()
    edit(page, writer, how_it_works="Corrected words.")


def _ask_for_review(reviewer: Any) -> None:
    """Ask somebody for the next review of a page that patients read."""
    edition = Edition.objects.get(title="routineumab")
    ReviewAssignment.objects.create(key=edition.key, due_on=edition.next_due, reviewer=reviewer)


def _rename_class(writer: Any, reviewer: Any) -> None:
    """Sign another name of a class than its medicine has."""
    drug_class = signed_class("Inhibitors", writer, reviewer)
    signed_medicine("inhibitinib", writer, reviewer, drug_class=drug_class)
    rename(drug_class, "Kinase inhibitors", writer, reviewer)


def _change_labels(key: UUID) -> None:
    """Store two labels that a page follows, and versions that say something else; ask for one sentence."""
    FollowedLabel.objects.create(key=key, set_id=SET_IDS[1])
    for set_id in SET_IDS[:2]:
        for version, box in ((3, "Fever can be fatal."), (4, "Fever and bleeding can be fatal.")):
            data = label_xml(version, box, set_id=set_id)
            store_label(data, read_label(data), "here")
    asked, _ = refresh_label_tasks()
    AskSentence(get_user_model().objects.get(username="editor"), asked).execute()


def _invitation(editor: Any, sent: Submission) -> str:
    """Return the key of a link by which an outside expert is invited to sign."""
    expert = record_expert(editor)
    confirm_expert(get_user_model().objects.get(username="superuser"), expert)
    profile = ReviewerProfile.objects.get(user=expert)
    maker = person_of(editor)
    _, key = make_link(
        sent,
        expert.get_full_name(),
        7,
        maker,
        signer=expert,
        step=STEP,
        vouchers=vouchers_of(profile, maker),
    )
    return key


def starts_of(role: str) -> list[str]:
    """Return addresses from an email, from a screen that others crawled, or that open a form by a query."""
    if role == ANONYMOUS:
        editor = get_user_model().objects.get(username="editor")
        sent = Submission.objects.get(title="reviewedumab")
        key = MakeOutsideLink(editor, sent, expert="Dr. Outside", days=7).execute()
        newcomer = get_user_model().objects.get(username="newcomer")
        links = [f"{reverse('outside_review')}?key={each}" for each in (key, _invitation(editor, sent))]
        return [link_of(newcomer), *links]
    if role == "editor":
        return [
            f"{reverse('bundles:replace')}?words=about&whole_words=on",
            f"{reverse('due:assign')}?show=year",
        ]
    if role == "writer":
        return [reverse("review:submit", args=[MonographPage.objects.get(title="editedumab").pk])]
    if role == "reviewer":
        in_review = Submission.objects.get(title="reviewedumab")
        passages = reverse("review:passages_to_change", args=[in_review.pk, "how_it_works"])
        return [f"{passages}?passage=0"]
    return [reverse("accounts:second_factor")] if role == CODE_GIVEN else []


def client_of(role: str) -> Client:
    """Return a client that checks CSRF tokens, signed in as ``role``."""
    client = Client(enforce_csrf_checks=True)
    if role == ANONYMOUS:
        return client
    if role in (CODE_ASKED, CODE_GIVEN):
        user = make_user(role.replace(" ", "-"), "Editors")
        Phone(user)
    else:
        user = get_user_model().objects.get(username=role)
    client.force_login(user)
    if role == CODE_GIVEN:
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = second_factor.authenticator_app_of(user).persistent_id
        session.save()
    return client
