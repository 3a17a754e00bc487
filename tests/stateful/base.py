"""The base of the state machine: its state, and what is done before and after every step."""

import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.db import DatabaseError
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, RuleStrategy, precondition, rule

from tests.stateful import admin_client
from tests.stateful.actors import PEOPLE, Actor, Organisation
from tests.stateful.admin_client import AdminPage
from tests.stateful.initial_site import InitialSite
from tests.stateful.invariants import RecordVerifier
from tests.stateful.oracle import Oracle
from tests.stateful.oracle_submissions import LIST_PATHS, OracleSignature, require
from tests.stateful.record_times import RecordTimes
from tests.stateful.web_clock import WebClock

#: A few pages keep a step cheap, and are enough for conflicts between pages.
MAX_PAGES = 5

#: From this number on a rule chooses among all submissions, not only open ones.
OLD_SUBMISSIONS = 5

people = st.sampled_from(sorted(PEOPLE))
#: Index of a page, submission or revision, modulo their number.
which = st.integers(0, 5)


#: Errors of stock Wagtail 7.4 that change and show nothing.
KNOWN_WAGTAIL_ERRORS = {
    "'NoneType' object has no attribute 'get_actions'": "a workflow button pressed on a page in no workflow",
}


def is_known_wagtail_error(crash: BaseException) -> bool:
    """Return whether ``crash`` is a known error raised in Wagtail's own code."""
    raised_in = traceback.extract_tb(crash.__traceback__)[-1].filename
    return str(crash) in KNOWN_WAGTAIL_ERRORS and "/site-packages/wagtail/" in raised_in


def origin(crash: BaseException) -> str:
    """Return where an exception was raised, with the last calls."""
    frames = traceback.extract_tb(crash.__traceback__)[-4:]
    return " ← ".join(f"{'/'.join(f.filename.split('/')[-3:])}:{f.lineno}" for f in reversed(frames))


class Steps:
    """Counts of steps and rules over all examples."""

    def __init__(self) -> None:
        self.total = 0
        self.examples = 0
        self.editions = 0
        self.wagtail_errors = 0
        #: After a finding Hypothesis repeats steps to shrink the example; they are not counted.
        self.found = False
        self.by_rule: Counter[str] = Counter()


def machine_rule(when: Callable[[Any], bool] | None = None, **arguments: Any) -> Callable[..., Any]:
    """Declare a rule, which returns the name of the actor, or nothing for an anonymous one."""

    def decorate(act: Callable[..., str | None]) -> Any:
        @wraps(act)
        def step(self: "BaseMachine", **given: Any) -> None:
            self.begin(act.__name__)
            self.settle(act(self, **given) or "")

        found = rule(**arguments)(step)
        return precondition(when)(found) if when else found

    return decorate


class _RuleSelection(RuleStrategy):
    """Swarm testing as in Hypothesis, which leaves rules out of examples, except those in ``always``."""

    def _rule_is_enabled(self, rule: Any) -> bool:
        if rule.function.__name__ in self.machine.always:
            return bool(self.is_valid(rule))
        return bool(super()._rule_is_enabled(rule))


class BaseMachine(RuleBasedStateMachine):
    """One example: the initial site, its users, and the oracle's model of what they did."""

    initial_site: ClassVar[InitialSite]
    steps: ClassVar[Steps] = Steps()
    #: Rules that every example has.
    always: ClassVar[frozenset[str]] = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self._rules_strategy = _RuleSelection(self)
        self.oracle: Oracle
        self.organisation: Organisation
        self.oracle, self.organisation = self.initial_site.begin()
        self.reader = self.initial_site.reader()
        self.verifier = RecordVerifier()
        self.pages: dict[int, AdminPage] = admin_client.pages()
        self.things: dict[int, str] = admin_client.things()
        self.images: set[int] = admin_client.images()
        self.organisation.signers.read(admin_client.signers(), "")
        self.times = RecordTimes()
        self.web_clock = WebClock()
        self.sent: list[dict[str, Any]] = admin_client.submissions()
        self.last_edition = max((row["id"] for row in admin_client.editions_after(0)), default=0)
        #: Submissions whose rows were tampered with: a database error is allowed for them.
        self.tampered: set[str] = set()
        #: Pages whose rows were written outside Wagtail: what their draft is, is unknown.
        self.rewritten: set[str] = set()
        self.expected_edition: str = ""
        #: Submissions of a bundle that was signed in this step.
        self.expected_bundle: set[str] = set()
        self.hours = 0
        self.completed = True
        self.current_rule = ""
        if not self.steps.found:
            self.steps.examples += 1

    # Helpers of rules

    def actor(self, name: str) -> Actor:
        """Return a user with their client."""
        return self.initial_site.person(name, self.oracle, self.organisation)

    def account(self, name: str) -> Any:
        """Return an account, for rules in code."""
        return get_user_model().objects.get(username=name)

    def nth_page(self, n: int) -> AdminPage:
        """Return a page by index."""
        return list(self.pages.values())[n % len(self.pages)]

    def public_pages(self) -> list[AdminPage]:
        """Return the pages that patients read."""
        known = self.oracle.pages
        return [p for p in self.pages.values() if known[p.key].current and not known[p.key].withdrawn]

    def open_submissions(self) -> list[dict[str, Any]]:
        """Return the submissions in review."""
        return [s for s in self.sent if s["status"] == "in_review"]

    def nth_submission(self, n: int) -> dict[str, Any]:
        """Return a submission by index, usually an open one."""
        waiting = self.open_submissions()
        if waiting and n < OLD_SUBMISSIONS:
            return waiting[n % len(waiting)]
        return self.sent[-1 - n % len(self.sent)]

    def record_signature(self, submission: Mapping[str, Any], seen: OracleSignature | None) -> None:
        """Record an accepted signature, which may create an edition."""
        if seen:
            self.oracle.signed(submission["uuid"], seen)
            self.expected_edition = submission["uuid"]

    def write(self, who: str, page: AdminPage, **changed: Any) -> AdminPage:
        """Save a change of a draft as ``who``; return the page as it is then.

        Its change note is one word, so that no words of a former note remain.
        """
        noted = {"note": self.oracle.word(who), **changed}
        self.actor(who).edit(page, replace(page.draft, **noted), json=True)
        self.record_page_changes(who)
        return self.pages[page.id]

    def is_in_review(self, page: AdminPage) -> bool:
        """Return whether a text of the page is in review."""
        return any(
            sent["page"] == page.id for sent in admin_client.submissions() if sent["status"] == "in_review"
        )

    def may_sign_now(self, who: str) -> bool:
        """Return whether ``who`` may sign at any step that a text submitted now requires."""
        return any(self.organisation.may_sign(who, step) for step, _ in self.organisation.required_steps())

    def submit_and_try(self, who: str, page: AdminPage, signer: str) -> None:
        """Submit a page as ``who``, and sign it as ``signer`` if that is not refused."""
        went = self.actor(who).submit(page, "full_review")
        self.record_submission(page, went)
        if went:
            new = admin_client.submissions()[-1]
            self.settle_notes(new)
            self.record_signature(new, self.actor(signer).sign(new))

    def settle_notes(self, sent: Mapping[str, Any]) -> None:
        """Let the authors of a page's open notes withdraw them."""
        for note in admin_client.notes():
            if note["key"] == sent["key"] and note["status"] == "open":
                self.actor(note["author"]).settle(sent, note["id"], "withdraw")

    def record_submission(self, page: AdminPage, went: bool, publish_at: datetime | None = None) -> None:
        """Record an accepted submission."""
        if went:
            new = admin_client.submissions()[-1]
            require(new["page"] == page.id, "the page that was submitted is another one")
            said = None if self.has_unknown_draft(page) else page.said(self.pages, self.things)
            self.oracle.submitted(new, self.organisation.required_steps(), said, publish_at)

    def has_unknown_draft(self, page: AdminPage) -> bool:
        """Return whether the page, or its class, was written outside Wagtail."""
        named = self.pages.get(page.draft.drug_class or 0)
        return page.key in self.rewritten or (named is not None and named.key in self.rewritten)

    def now(self) -> datetime:
        """Return the time in this example, which is ahead of the system's; never the web server's clock."""
        return datetime.now(UTC) + timedelta(hours=self.hours)

    def mark_disturbed(self) -> None:
        """Record a change of steps or groups: open submissions need not end in an edition any more."""
        for sent in self.sent:
            self.oracle.sent[sent["uuid"]].disturbed = True

    # Before and after a step

    def begin(self, name: str) -> None:
        """Count the step."""
        if not self.steps.found:
            self.steps.total += 1
            self.steps.by_rule[name] += 1
        self.current_rule, self.expected_edition, self.completed = name, "", False
        self.expected_bundle = set()

    def settle(self, actor: str) -> None:
        """Attribute changes of drafts to ``actor`` and editions to signatures; no error may have occurred."""
        self.record_page_changes(actor)
        self.organisation.signers.read(admin_client.signers(), actor)
        self.sent = admin_client.submissions()
        self.settle_editions()
        self.times.check()
        self._settle_crashes()
        self.check()
        self.completed = True

    def record_page_changes(self, actor: str) -> None:
        """Read the pages again and attribute differences to ``actor``."""
        before, self.pages = self.pages, admin_client.pages()
        for page in self.pages.values():
            if page.id not in before or before[page.id].print != page.print:
                self.oracle.changed(page.key, actor, dict(enumerate(page.print)))
        self._record_deletions(before, actor)

    def _record_deletions(self, before: Mapping[int, AdminPage], actor: str) -> None:
        """Attribute what drafts lose by the deletion of a page or an image to ``actor``."""
        things, self.things = self.things, admin_client.things()
        images, self.images = self.images, admin_client.images()
        gone = {pk: key for pk, key in things.items() if pk not in self.things}
        for page in before.values() if actor and (gone or images != self.images) else ():
            draft = page.draft
            lost = {gone[pk] for pk in (*draft.conditions, draft.drug_class) if pk in gone}
            if draft.image in images - self.images:
                lost |= self.oracle.page(page.key).figures
            self.oracle.deleted(page.key, actor, lost)

    def settle_editions(self) -> None:
        """Record new editions, each of which a signature or its day must have made."""
        made = admin_client.editions_after(self.last_edition)
        for row in made:
            self.last_edition = row["id"]
            sent = self.oracle.sent.get(row["submission"])
            due = sent and sent.publish_at
            scheduler = self.current_rule in ("let_time_pass", "run_the_scheduler")
            require(
                row["submission"] in {self.expected_edition, *self.expected_bundle} or (due and scheduler),
                f"an edition of {row['slug']} was made by “{self.current_rule}”",
            )
            now = self.now() if self.current_rule == "let_time_pass" else datetime.now(UTC)
            require(not due or due <= now, f"an edition of {row['slug']} was made before its day")
            self.oracle.edition(row, admin_client.signatures(row["submission"]))
            self.steps.editions += not self.steps.found
        sent = self.oracle.sent.get(self.expected_edition)
        at_once = (
            sent and not sent.disturbed and not sent.publish_at and self.expected_edition not in self.tampered
        )
        if sent and at_once and not made:
            require(not sent.is_complete(), f"{sent.text.title} has all signatures, but no edition was made")
        self.expected_edition = ""

    def _settle_crashes(self) -> None:
        for crash in self.initial_site.site.errors.take():
            if is_known_wagtail_error(crash):
                self.steps.wagtail_errors += 1
                continue
            known = isinstance(crash, DatabaseError) and self.tampered
            require(known, f"“{self.current_rule}” ended in a server error: {crash!r} in {origin(crash)}")

    def check(self) -> None:
        """Check the invariants: the ledger verifies, and public pages show what was signed."""
        self.verifier.check()
        self.reader.read_all(self.oracle, self.draft_paths())

    def draft_paths(self) -> list[str]:
        """Return the public paths that drafts would have."""
        kinds = ((page.draft.kind, page.draft.slug) for page in self.pages.values())
        return [f"/{LIST_PATHS[kind]}/{slug}/" for kind, slug in kinds]

    def teardown(self) -> None:
        """Check every list at the end of an example, unless it ended with a finding."""
        self.web_clock.stop()
        if not self.completed:
            self.steps.found = True
        else:
            self.reader.read_all(self.oracle, self.draft_paths(), everything=True)
