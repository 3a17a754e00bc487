"""Doors in code and in the database, for whoever can run either as the application."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import strategies as st
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import Page, Revision, TaskState, WorkflowState

from monographs.models import MonographPage
from tests.stateful import admin_client
from tests.stateful.base import MOST_PAGES, Frame, deed, people, which
from tests.stateful.oracle import hold
from tests.stateful.review_rules import any_open, any_sent

#: What the database must refuse by itself, whoever asks. ``{other}`` is an edition of another page.
FORGERIES = [
    "UPDATE editions_edition SET title = 'Forged'",
    "UPDATE editions_edition SET canonical = replace(canonical, 'umab', 'imab')",
    "DELETE FROM editions_editionfigure",
    "DELETE FROM editions_signature",
    "UPDATE editions_signature SET user_id = user_id + 1",
    "DELETE FROM editions_contribution",
    "UPDATE editions_contribution SET username = 'nobody', user_id = NULL",
    "DELETE FROM editions_ledgerentry WHERE seq = (SELECT max(seq) FROM editions_ledgerentry)",
    "UPDATE editions_ledgerentry SET body = '{}'",
    "TRUNCATE editions_contribution",
    "DELETE FROM editions_publication",
    "UPDATE editions_publication SET key = gen_random_uuid()",
    "UPDATE editions_publication SET path = '/medicines/forged/'",
]
#: An edition of what is before reviewers, with everything but signatures.
UNSIGNED = """
    INSERT INTO editions_edition (key, number, kind, path, slug, title, brand_names, summary, class_key,
        condition_keys, linked_keys, canonical, sha256, submission, steps, review_kind, reason, change_note,
        contributors, reviewers, last_reviewed, next_due, effective_at, created_at{columns})
    SELECT s.key, (SELECT coalesce(max(number), 0) + 1 FROM editions_edition WHERE key = s.key),
        d->>'kind', '/medicines/' || (d->>'slug') || '/', d->>'slug', d->>'title',
        ARRAY(SELECT jsonb_array_elements_text(coalesce(d->'brand_names', '[]'))), d->>'summary', NULL,
        '{{}}', '{{}}', s.canonical, s.sha256, s.uuid, s.steps, 'full_review', 'Forged.', d->>'change_note',
        '[]', '[]', now(), now(), now(), now(){values}
    FROM (SELECT *, canonical::jsonb AS d FROM review_submission) s WHERE s.id = %s
"""


def any_page(machine: Any) -> bool:
    """Whether there is a page that may go without leaving the desk empty."""
    return len(machine.pages) > MOST_PAGES - 3


@contextmanager
def refusable() -> Iterator[None]:
    """What code may answer: a refusal with a reason, never a bare database error."""
    try:
        with transaction.atomic():
            yield
    except (PermissionDenied, ValidationError):
        pass
    except DatabaseError as error:
        hold(False, f"a door in code ended in no clear answer: {type(error).__name__}: {error}")


class Attacking(Frame):
    """Rows and revisions change under everybody's hands."""

    @deed(page=which, how=st.sampled_from(["save", "update", "sql", "delete_log"]))
    def write_the_row(self, page: int, how: str) -> None:
        """Make the desk's own row live, with a word of nobody's."""
        target, word = self.nth_page(page), self.oracle.word("")
        self.rewritten.add(target.key)
        with refusable():
            if how == "save":
                row = Page.objects.get(pk=target.id).specific
                row.live, row.title = True, f"{word}umab"
                row.save()
            elif how == "update":
                Page.objects.filter(pk=target.id).update(live=True, title=f"{word}umab")
            elif how == "sql":
                admin_client.run(
                    "UPDATE wagtailcore_page SET live = true, title = %s WHERE id = %s", word, target.id
                )
            else:
                admin_client.run("DELETE FROM wagtailcore_pagelogentry")

    @deed(page=which, back=which)
    def rewrite_a_revision(self, page: int, back: int) -> None:
        """Put a word of nobody's into a stored revision, most of the time one that is being reviewed."""
        waiting = [self.pages[sent["page"]] for sent in self.open_ones() if sent["page"] in self.pages]
        attacked = waiting[page % len(waiting)] if waiting and back % 2 else self.nth_page(page)
        self.rewritten.add(attacked.key)
        past = admin_client.revisions(attacked.id)
        target = past[-1] if back else past[0]
        admin_client.run(
            "UPDATE wagtailcore_revision SET content = jsonb_set(content, '{summary}', to_jsonb(%s::text)) "
            "WHERE id = %s",
            f"It is {self.oracle.word('')}.",
            target["id"],
        )

    @deed(text=which, how=st.sampled_from(["words", "status", "steps", "hash"]), when=any_open)
    def tamper(self, text: int, how: str) -> None:
        """Change the row of a text that is before reviewers."""
        sent = self.open_ones()[text % len(self.open_ones())]
        self.tampered.add(sent["uuid"])
        change = {
            "words": "canonical = replace(canonical, 'It is ', %s)",
            "status": "status = 'signed', outcome = %s",
            "steps": "steps = '[]', outcome = %s",
            "hash": "sha256 = encode(sha256(%s::bytea), 'hex')",
        }[how]
        with refusable_tampering():
            word = self.oracle.word("")
            statement = f"UPDATE review_submission SET {change} WHERE id = %s"  # noqa: S608  # from above
            admin_client.run(statement, f"It is {word}, ", sent["id"])

    @deed(text=which, when=lambda self: bool(self.tampered))
    def put_back(self, text: int) -> None:
        """Undo what ``tamper`` did to the words, as if it had never been."""
        for sent in self.open_ones():
            was = self.oracle.sent[sent["uuid"]].text
            if sent["uuid"] in self.tampered:
                with refusable_tampering():
                    admin_client.run(
                        "UPDATE review_submission SET canonical = regexp_replace(canonical, "
                        "'It is zq[0-9]{5}x, (It is )?', 'It is '), sha256 = %s WHERE id = %s",
                        was.sha256,
                        sent["id"],
                    )

    @deed(who=people, page=which, back=which, how=st.sampled_from(["revision", "action", "schedule"]))
    def publish_in_code(self, who: str, page: int, back: int, how: str) -> None:
        """Wagtail's own publishing, permission checks skipped."""
        past = admin_client.revisions(self.nth_page(page).id)
        revision = Revision.objects.get(pk=past[-1 - back % len(past)]["id"])
        with refusable():
            if how == "revision":
                revision.publish(user=self.account(who))
            elif how == "action":
                PublishPageRevisionAction(revision, user=None).execute(skip_permission_checks=True)
            else:
                row = Revision.objects.filter(pk=revision.pk)
                kept = row.get().approved_go_live_at
                row.update(approved_go_live_at=timezone.now())
                call_command("publish_scheduled")
                row.update(approved_go_live_at=kept)

    @deed(who=people, page=which)
    def save_a_revision_in_code(self, who: str, page: int) -> str:
        target = self.nth_page(page)
        with refusable():
            draft = Page.objects.get(pk=target.id).specific.get_latest_revision_as_object()
            draft.summary, draft.change_note = f"It is {self.oracle.word(who)}.", self.oracle.word(who)
            draft.save_revision(user=self.account(who))
        return who

    @deed(who=people, text=which, how=st.sampled_from(["approve", "finish", "reject", "next"]), when=any_sent)
    def end_the_workflow_in_code(self, who: str, text: int, how: str) -> str | None:
        """Tell Wagtail's workflow that it is over."""
        state = TaskState.objects.filter(pk=self.nth_sent(text)["task_state"]).first()
        if state is None:
            return None
        user = self.account(who)
        with refusable():
            if how == "approve":
                state.specific.approve(user=user)
            elif how == "reject":
                state.specific.reject(user=user)
            elif how == "finish":
                state.workflow_state.finish(user=user)
            else:
                WorkflowState.objects.get(pk=state.workflow_state_id).update(user=user)
        return who

    @deed(page=which, when=any_page)
    def delete_in_code(self, page: int) -> None:
        """A page goes from the desk, perhaps in mid-review; what patients read stays."""
        with refusable():
            Page.objects.get(pk=self.nth_page(page).id).specific.delete()

    @deed(who=people, page=which, when=lambda self: len(self.pages) < MOST_PAGES)
    def copy_in_code(self, who: str, page: int) -> str:
        row = Page.objects.get(pk=self.nth_page(page).id).specific
        if isinstance(row, MonographPage):
            word = self.oracle.word(who)
            with refusable():
                row.copy(update_attrs={"slug": f"m-{word}", "title": f"{word}umab"}, user=self.account(who))
        return who

    @deed(forgery=st.sampled_from(FORGERIES))
    def forge(self, forgery: str) -> None:
        """Rewrite the record; every attempt must fail, and fail whole."""
        try:
            with transaction.atomic():
                touched = admin_client.run(forgery)
        except DatabaseError:
            return
        hold(touched <= 0, f"the database let this happen: {forgery}")

    @deed(text=which, when=any_open)
    def forge_an_edition(self, text: int) -> None:
        """Insert an edition that nobody signed.

        A text that has every signature asked for when it was submitted, and waits only because a step was
        added since, is signed: the database cannot tell an edition of it from an honest one.
        """
        unsigned = [s for s in self.open_ones() if not self.oracle.sent[s["uuid"]].is_complete()]
        if not unsigned:
            return
        sent = unsigned[text % len(unsigned)]
        try:
            with transaction.atomic():
                admin_client.run(unsigned_edition(), sent["id"])
        except DatabaseError:
            return


def unsigned_edition() -> str:
    """The forger fills in whatever columns an edition has."""
    columns = {r["column_name"] for r in admin_client.rows(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'editions_edition' "
        "AND is_nullable = 'NO'"
    )}  # fmt: skip
    missing = sorted(
        c for c in columns if c != "id" and f"{c}," not in UNSIGNED and f" {c}{{" not in UNSIGNED
    )
    return UNSIGNED.format(columns="".join(f", {c}" for c in missing), values=", ''" * len(missing))


@contextmanager
def refusable_tampering() -> Iterator[None]:
    """Tampering with a row may succeed or be refused by a constraint; both are fine."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError:
        pass
