"""Seeded faults at the edges: who a signer is, what a signature covers, whose clock counts.

Each disables every layer that would otherwise still enforce the rule. Those for which the state machine is
the wrong tool are found by a named test, which runs in a process of its own (``fault_plugin``).
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db.models import Q
from django.db.models.signals import pre_delete
from django.template.defaulttags import CsrfTokenNode
from django.utils import timezone

from cms import uploads
from home import site_setup
from monographs.accounts import known_devices, signing_holds
from monographs.core import locks
from monographs.document.versions import stored_document
from monographs.editions.prepared_sentences import WITHOUT_DATE, ChangedLabel
from monographs.editions.record import edition_rules
from monographs.label_watch.models import LabelVersion
from monographs.pages.permissions import reasons_to_keep
from monographs.review import policy, record_locks
from monographs.review.actions import SignBundle, suggest
from monographs.review.actions.bundles import BundleAction
from monographs.review.authorship import comments, draft_follow
from monographs.review.contributors.indirect import record_deletion
from monographs.review.groups import WORKFLOW
from monographs.review.models import MedicalReviewTask, NeedsSecondPerson, Suggestion
from monographs.review.policies import correction_policy, unchanged_policy
from monographs.review.publication import publish, scheduled
from monographs.review.submission_state.bundle_progress import progress_of_many
from monographs.review.wagtail_integration.page_deletion import pages_with_editions_remain
from tests.stateful.absence_faults import ABSENCE_FAULTS, NAMED_ABSENCE_FAULTS
from tests.stateful.borrowed_faults import BORROWED_FAULTS, NAMED_BORROWED_FAULTS
from tests.stateful.expert_faults import EXPERT_FAULTS
from tests.stateful.merge_faults import MERGE_FAULTS
from tests.stateful.seeded_faults import CONTRIBUTOR_SIGNED, NOT_ENTITLED, Patch, dropped


@contextmanager
def without_second_person(patch: Patch) -> Iterator[None]:
    """(1) One person names a signer. Disabled: whether a second person confirmed a value."""
    patch.setattr(NeedsSecondPerson, "_confirmed", lambda self, name, value: True)
    yield


@contextmanager
def without_notes(patch: Patch) -> Iterator[None]:
    """(2) Words of a note that a writer adopts are the writer's. Disabled: comments on all pages."""
    patch.setattr(draft_follow, "comments_on", lambda key, until: iter(()))
    patch.setattr(draft_follow, "comments_elsewhere", lambda key, words: iter(()))
    yield


@contextmanager
def without_unfinished_blocks(patch: Patch) -> Iterator[None]:
    """(2) A block that no document shows yet is nobody's. Disabled: its passages."""
    original = draft_follow.passages_of

    def finished(content: Any, model: Any) -> list[Any]:
        passages = original(content, model)
        complete = {p.block for p in passages if p.kind.endswith(("/urgency", "/image"))}
        boxes = ("/advice/", "/figure/")
        return [p for p in passages if p.block in complete or not any(box in p.kind for box in boxes)]

    patch.setattr(draft_follow, "passages_of", finished)
    yield


@contextmanager
def without_deletions(patch: Patch) -> Iterator[None]:
    """(2) Who deletes what a text names contributes nothing. Disabled: the receiver of deletions."""
    uid = "record_deletion_of_what_texts_use"
    pre_delete.disconnect(dispatch_uid=uid)
    yield
    pre_delete.connect(record_deletion, dispatch_uid=uid)


@contextmanager
def without_page_locks(patch: Patch) -> Iterator[None]:
    """(3) Attempts on one page run at once. Disabled: the locks of its record, wherever they are taken."""
    for lock in (locks.lock_page_keys, record_locks.lock_record, record_locks.lock_rows):
        for module in [module for name, module in sys.modules.items() if name.startswith("monographs.")]:
            if getattr(module, lock.__name__, None) is lock:
                patch.setattr(module, lock.__name__, lambda *keys: None)
    yield


@contextmanager
def without_holds(patch: Patch) -> Iterator[None]:
    """(4) A changed email address stops nobody from signing. Disabled: open holds, in code and database."""
    patch.setattr(signing_holds, "_is_open", lambda: Q(pk__in=[]))
    patch.setattr(signing_holds, "is_on_hold", lambda user: False)
    with dropped("editions_edition", "signed_without_hold"):
        yield


@contextmanager
def inline_uploads(patch: Patch) -> Iterator[None]:
    """(5) Uploads are shown by the browser. Disabled: their disposition as an attachment."""
    patch.setattr(uploads, "content_disposition_header", lambda attachment, name: "inline")
    yield


@contextmanager
def without_transitions(patch: Patch) -> Iterator[None]:
    """(6) The database keeps states only. Disabled: the trigger that replays the step from the former one."""
    with dropped("editions_publication", "transition"):
        yield


@contextmanager
def due_by_the_web_clock(patch: Patch) -> Iterator[None]:
    """(7) The web server's clock decides what is due."""
    patch.setattr(scheduled, "database_now", lambda: timezone.now())  # noqa: PLW0108  # replaced later
    yield


@contextmanager
def any_correction(patch: Patch) -> Iterator[None]:
    """(8) Every change passes as a correction. Disabled: the obstacles that the redline finds."""
    patch.setattr(correction_policy, "correction_obstacles", lambda key, document: [])
    yield


@contextmanager
def without_known_devices(patch: Patch) -> Iterator[None]:
    """(9) Strangers' guesses lock the owner out everywhere. Disabled: known devices."""
    patch.setattr(known_devices, "device_of", lambda request, user: None)
    yield


@contextmanager
def deletable_pages(patch: Patch) -> Iterator[None]:
    """(10) Pages that had an edition can be deleted. Disabled: the reason to keep them, and the triggers."""
    uid = "pages_with_editions_remain"
    reasons_to_keep.disconnect(dispatch_uid=uid)
    with ExitStack() as triggers:
        triggers.enter_context(dropped("wagtailcore_page", "monographs_page_not_deleted", prefix=""))
        for table in ("monographs_monographpage", "monographs_drugclasspage"):
            triggers.enter_context(dropped(table, "monographs_text_not_deleted", prefix=""))
        yield
    reasons_to_keep.connect(pages_with_editions_remain, dispatch_uid=uid)


@contextmanager
def without_version_1(patch: Patch) -> Iterator[None]:
    """(11) A release reads texts of the newest version only."""
    patch.setattr(stored_document, "VERSIONS", stored_document.VERSIONS[-1:])
    yield


@contextmanager
def set_up_resets_steps(patch: Patch) -> Iterator[None]:
    """(12) Set-up puts its own number of signatures back."""

    def reset(home: Any) -> None:
        MedicalReviewTask.objects.filter(name=WORKFLOW).update(signatures=1)

    patch.setattr(site_setup, "_set_up_workflow", reset)
    yield


@contextmanager
def without_csrf_tokens(patch: Patch) -> Iterator[None]:
    """(13) Forms have no token, as one whose template was included with ``only``."""
    patch.setattr(CsrfTokenNode, "render", lambda self, context: "")
    yield


@contextmanager
def sentences_in_the_labels_words(patch: Patch) -> Iterator[None]:
    """(14) The sentence for patients says what the label says. Disabled: the prepared words."""

    def words_of(label: ChangedLabel) -> str:
        said = bytes(LabelVersion.objects.get(sha256=label.sha256).data).decode()
        return WITHOUT_DATE + said.replace("%", "")

    patch.setattr(ChangedLabel, "wording", property(words_of))
    yield


@contextmanager
def bundles_in_parts(patch: Patch) -> Iterator[None]:
    """(15) The last page of a bundle is left out. Disabled: the check that the whole bundle is published."""
    original = BundleAction.locked_members

    def all_but_the_last(self: BundleAction) -> Any:
        members = original(self)
        return members[:-1] or members

    patch.setattr(BundleAction, "locked_members", all_but_the_last)
    patch.setattr(publish, "keep_bundle_whole", lambda submission, status: None)
    yield


@contextmanager
def bundles_unread(patch: Patch) -> Iterator[None]:
    """(15) Whoever opens a bundle may sign it. Disabled: what each text needs before it is signed."""
    patch.setattr(SignBundle, "_checked", lambda self, members: progress_of_many(self.user, members))
    yield


@contextmanager
def without_authors_of_editions(patch: Patch) -> Iterator[None]:
    """(16) Who wrote an edition reviews it when nothing changes. Disabled: reading who wrote it."""
    patch.setattr(unchanged_policy, "_authors_of", lambda keys: ({}, {}))
    yield


@contextmanager
def without_suggested_words(patch: Patch) -> Iterator[None]:
    """(17) Accepted suggestions are the writer's alone.

    Disabled: the contribution of their author, their words among the comments on a page, and the trigger that
    refuses an acceptance without a contribution.
    """
    patch.setattr(suggest, "record_contribution", lambda *given: None)
    patch.setattr(comments, "_KINDS", [kind for kind in comments._KINDS if kind.model is not Suggestion])
    with dropped("review_suggestion", "answered_once"):
        yield


@contextmanager
def without_conflicts(patch: Patch) -> Iterator[None]:
    """(18) Who has an interest in a medicine signs it. Disabled: the rule in code, database and verifier."""
    patch.setattr(policy, "conflicts_now", lambda key: [])
    patch.setattr(edition_rules, "signed_in_conflict", lambda *given: iter(()))
    with (
        dropped("editions_signature", "without_conflict"),
        dropped("editions_edition", "signed_without_conflict"),
    ):
        yield


#: Name → the fault, and a pattern of the state machine's finding that identifies it.
EDGE_FAULTS = {
    "1 signers named by one person": (without_second_person, NOT_ENTITLED),
    "2 adopted notes are the writer's": (without_notes, CONTRIBUTOR_SIGNED),
    "2 unfinished blocks are nobody's": (without_unfinished_blocks, CONTRIBUTOR_SIGNED),
    "2 deletions are nobody's": (without_deletions, CONTRIBUTOR_SIGNED),
    "3 no locks of pages": (
        without_page_locks,
        "could not withdraw|was withdrawn but|server error|all signatures, but no edition",
    ),
    "4 holds ignored": (without_holds, NOT_ENTITLED),
    "6 transition trigger dropped": (without_transitions, "the database allowed this"),
    "7 due by the web server's clock": (due_by_the_web_clock, "was made before its day"),
    "8 any change is a correction": (any_correction, "passed as a correction"),
    "10 pages with editions deletable": (deletable_pages, "which had an edition|had an edition and was"),
    "15 a page of a bundle left out": (bundles_in_parts, "a part of a bundle was"),
    "15 bundles signed unread": (bundles_unread, "without having (read|ticked)|over open notes|entitled"),
    "14 a sentence says the label's words": (sentences_in_the_labels_words, "says what nobody signed"),
    "16 authors review what they wrote": (without_authors_of_editions, CONTRIBUTOR_SIGNED),
    "17 suggested words are the writer's": (without_suggested_words, CONTRIBUTOR_SIGNED),
    "18 conflicts of interest ignored": (without_conflicts, "with a conflict of interest"),
    "12 set-up resets signatures": (set_up_resets_steps, "set-up changed the steps"),
    **MERGE_FAULTS,
    **EXPERT_FAULTS,
    **BORROWED_FAULTS,
    **ABSENCE_FAULTS,
}
#: Name → the fault, and the test that finds it.
NAMED_FAULTS = {
    "5 uploads shown inline": (
        inline_uploads,
        "tests/uploads/test_downloads.py::test_any_file_below_the_uploads_leaves_as_an_attachment",
    ),
    "9 no known devices": (
        without_known_devices,
        "tests/accounts/test_lockout.py::test_a_known_device_signs_in_from_anywhere_while_strangers_guess",
    ),
    "11 no reader of version 1": (
        without_version_1,
        "tests/export/test_version_1.py"
        "::test_the_record_is_verified_read_and_exported_by_this_release_and_the_next",
    ),
    "13 no CSRF tokens": (
        without_csrf_tokens,
        "tests/forms/test_every_form.py::test_every_form_is_found_and_works_in_a_browser",
    ),
    **NAMED_BORROWED_FAULTS,
    **NAMED_ABSENCE_FAULTS,
}
