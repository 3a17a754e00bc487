"""Rules that bypass review in code and in the database, with the application's rights."""

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
from tests.stateful.base import MAX_PAGES, BaseMachine, machine_rule, people, which
from tests.stateful.oracle_submissions import require
from tests.stateful.review_rules import has_open_submission, has_submission

#: Statements that the database must refuse.
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
    "DELETE FROM editions_retraction",
    "UPDATE editions_retraction SET contribution_id = 1",
    "DELETE FROM review_draftauthorship",
    "UPDATE review_draftauthorship SET contributions = ARRAY[1]",
    "DELETE FROM editions_publication",
    "UPDATE editions_publication SET key = gen_random_uuid()",
    "UPDATE editions_publication SET path = '/medicines/forged/'",
    "UPDATE editions_publication SET state = 'current', reason = '', withdrawal_id = NULL "
    "WHERE state = 'withdrawn'",
]
#: An edition of a submission in review, right in everything but its missing signatures: its dates are those
#: of a correction if there is an edition, else from the last signature.
UNSIGNED = """
    INSERT INTO editions_edition (key, number, kind, path, slug, title, brand_names, summary, class_key,
        condition_keys, linked_keys, canonical, sha256, submission, steps, review_kind, reason, change_note,
        contributors, reviewers, last_reviewed, next_due, effective_at, created_at{columns})
    SELECT s.key, coalesce(e.number, 0) + 1,
        d->>'kind', '/medicines/' || (d->>'slug') || '/', d->>'slug', d->>'title',
        ARRAY(SELECT jsonb_array_elements_text(coalesce(d->'brand_names', '[]'))), d->>'summary', NULL,
        '{{}}', '{{}}', s.canonical, s.sha256, s.uuid, s.steps,
        CASE WHEN e.number IS NULL THEN 'full_review' ELSE 'correction' END, 'Forged.', d->>'change_note',
        '[]', g.reviewers, coalesce(e.last_reviewed, g.signed_on, current_date),
        coalesce(e.next_due, coalesce(g.signed_on, current_date)
            + make_interval(months => (d->>'review_interval_months')::integer)), now(), now(){values}
    FROM (SELECT *, canonical::jsonb AS d FROM review_submission) s
    LEFT JOIN LATERAL (SELECT number, last_reviewed, next_due FROM editions_edition
        WHERE key = s.key ORDER BY number DESC LIMIT 1) e ON true
    LEFT JOIN LATERAL (SELECT (max(signed_at) AT TIME ZONE 'UTC')::date AS signed_on, coalesce(jsonb_agg(
            jsonb_build_object('name', name, 'credentials', credentials, 'step', step)
            ORDER BY signed_at, id), '[]') AS reviewers
        FROM editions_signature WHERE submission = s.uuid AND sha256 = s.sha256) g ON true
    WHERE s.id = %s
"""


def has_spare_page(machine: Any) -> bool:
    """Return whether a page can be deleted without leaving too few."""
    return len(machine.pages) > MAX_PAGES - 3


@contextmanager
def refusal_allowed() -> Iterator[None]:
    """Allow a refusal with a reason, but no database error."""
    try:
        with transaction.atomic():
            yield
    except (PermissionDenied, ValidationError):
        pass
    except DatabaseError as error:
        require(False, f"a bypass attempt in code ended in a database error: {type(error).__name__}: {error}")


class AttackRules(BaseMachine):
    """Changes of rows and revisions outside the admin."""

    @machine_rule(page=which, how=st.sampled_from(["save", "update", "sql", "delete_log"]))
    def write_the_row(self, page: int, how: str) -> None:
        """Make the page's row live, with a word of no author."""
        target, word = self.nth_page(page), self.oracle.word("")
        self.rewritten.add(target.key)
        with refusal_allowed():
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

    @machine_rule(page=which, back=which)
    def rewrite_a_revision(self, page: int, back: int) -> None:
        """Put a word of no author into a stored revision, usually one in review."""
        waiting = [self.pages[sent["page"]] for sent in self.open_submissions() if sent["page"] in self.pages]
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

    @machine_rule(
        text=which, how=st.sampled_from(["words", "status", "steps", "hash"]), when=has_open_submission
    )
    def tamper(self, text: int, how: str) -> None:
        """Change the row of an open submission."""
        sent = self.open_submissions()[text % len(self.open_submissions())]
        self.tampered.add(sent["uuid"])
        change = {
            "words": "canonical = replace(canonical, 'It is ', %s)",
            "status": "status = 'signed', outcome = %s",
            "steps": "steps = '[]', outcome = %s",
            "hash": "sha256 = encode(sha256(%s::bytea), 'hex')",
        }[how]
        with tampering_allowed():
            word = self.oracle.word("")
            statement = f"UPDATE review_submission SET {change} WHERE id = %s"  # noqa: S608  # from above
            admin_client.run(statement, f"It is {word}, ", sent["id"])

    @machine_rule(text=which, when=lambda self: bool(self.tampered))
    def put_back(self, text: int) -> None:
        """Undo what ``tamper`` did to the words."""
        for sent in self.open_submissions():
            was = self.oracle.sent[sent["uuid"]].text
            if sent["uuid"] in self.tampered:
                with tampering_allowed():
                    admin_client.run(
                        "UPDATE review_submission SET canonical = regexp_replace(canonical, "
                        "'It is zq[0-9]{5}x, (It is )?', 'It is '), sha256 = %s WHERE id = %s",
                        was.sha256,
                        sent["id"],
                    )

    @machine_rule(who=people, page=which, back=which, how=st.sampled_from(["revision", "action", "schedule"]))
    def publish_in_code(self, who: str, page: int, back: int, how: str) -> None:
        """Call Wagtail's publishing code without permission checks."""
        past = admin_client.revisions(self.nth_page(page).id)
        revision = Revision.objects.get(pk=past[-1 - back % len(past)]["id"])
        with refusal_allowed():
            if how == "revision":
                revision.publish(user=self.account(who))
            elif how == "action":
                PublishPageRevisionAction(revision, user=None).execute(skip_permission_checks=True)
            else:
                row = Revision.objects.filter(pk=revision.pk)
                original = row.get().approved_go_live_at
                row.update(approved_go_live_at=timezone.now())
                call_command("publish_scheduled")
                row.update(approved_go_live_at=original)

    @machine_rule(who=people, page=which)
    def save_a_revision_in_code(self, who: str, page: int) -> str:
        target = self.nth_page(page)
        with refusal_allowed():
            draft = Page.objects.get(pk=target.id).specific.get_latest_revision_as_object()
            draft.summary, draft.change_note = f"It is {self.oracle.word(who)}.", self.oracle.word(who)
            draft.save_revision(user=self.account(who))
        return who

    @machine_rule(
        who=people,
        text=which,
        how=st.sampled_from(["approve", "finish", "reject", "next"]),
        when=has_submission,
    )
    def end_the_workflow_in_code(self, who: str, text: int, how: str) -> str | None:
        """End a workflow through Wagtail's methods."""
        state = TaskState.objects.filter(pk=self.nth_submission(text)["task_state"]).first()
        if state is None:
            return None
        user = self.account(who)
        with refusal_allowed():
            if how == "approve":
                state.specific.approve(user=user)
            elif how == "reject":
                state.specific.reject(user=user)
            elif how == "finish":
                state.workflow_state.finish(user=user)
            else:
                WorkflowState.objects.get(pk=state.workflow_state_id).update(user=user)
        return who

    @machine_rule(page=which, when=has_spare_page)
    def delete_in_code(self, page: int) -> None:
        """Delete a page, perhaps during review; one that ever had an edition must remain."""
        row = Page.objects.get(pk=self.nth_page(page).id).specific
        key = str(row.translation_key)
        with refusal_allowed():
            row.delete()
        known = self.oracle.pages.get(key)
        if known and known.editions:
            require(
                Page.objects.filter(translation_key=key).exists(),
                f"{key} had an edition and was deleted",
            )

    @machine_rule(who=people, page=which, when=lambda self: len(self.pages) < MAX_PAGES)
    def copy_in_code(self, who: str, page: int) -> str:
        row = Page.objects.get(pk=self.nth_page(page).id).specific
        if isinstance(row, MonographPage):
            word = self.oracle.word(who)
            with refusal_allowed():
                row.copy(update_attrs={"slug": f"m-{word}", "title": f"{word}umab"}, user=self.account(who))
        return who

    @machine_rule(forgery=st.sampled_from(FORGERIES))
    def forge(self, forgery: str) -> None:
        """Write to the append-only tables; every attempt must fail completely."""
        try:
            with transaction.atomic():
                touched = admin_client.run(forgery)
        except DatabaseError:
            return
        require(touched <= 0, f"the database allowed this: {forgery}")

    @machine_rule(text=which, when=has_open_submission)
    def forge_an_edition(self, text: int) -> None:
        """Insert an edition that nobody signed.

        A text with every signature that was required when it was submitted, which waits only because a step
        was added since, counts as signed: the database cannot tell an edition of it from a legitimate one.
        """
        unsigned = [s for s in self.open_submissions() if not self.oracle.sent[s["uuid"]].is_complete()]
        if not unsigned:
            return
        sent = unsigned[text % len(unsigned)]
        try:
            with transaction.atomic():
                admin_client.run(unsigned_edition(), sent["id"])
        except DatabaseError:
            return


def unsigned_edition() -> str:
    """Return the statement with a value for every required column."""
    columns = {r["column_name"] for r in admin_client.rows(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'editions_edition' "
        "AND is_nullable = 'NO'"
    )}  # fmt: skip
    missing = sorted(
        c for c in columns if c != "id" and f"{c}," not in UNSIGNED and f" {c}{{" not in UNSIGNED
    )
    return UNSIGNED.format(columns="".join(f", {c}" for c in missing), values=", ''" * len(missing))


@contextmanager
def tampering_allowed() -> Iterator[None]:
    """Allow tampering with a row to succeed or to be refused by a constraint."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError:
        pass
