"""The frame of the state machine: what surrounds every step."""

import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.db import DatabaseError
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, RuleStrategy, precondition, rule

from tests.stateful import admin_client
from tests.stateful.actors import PEOPLE, Actor, House
from tests.stateful.admin_client import DeskPage
from tests.stateful.database import TestDatabase
from tests.stateful.invariants import check_record
from tests.stateful.oracle import ROOM, Oracle, Seen, hold

#: A few pages keep a step cheap, and are enough for pages to get in each other's way.
MOST_PAGES = 5

#: From this number on a rule turns to texts whatever became of them.
OLD_ONES = 5

people = st.sampled_from(sorted(PEOPLE))
#: Which of the pages, submissions or revisions there are; counted round when there are fewer.
which = st.integers(0, 5)


#: Stock Wagtail 7.4 answers these with an error page; nothing is changed and nothing is shown.
WAGTAILS_OWN = {
    "'NoneType' object has no attribute 'get_actions'": "a workflow button pressed on a page in no workflow",
}


def is_wagtails_own(crash: BaseException) -> bool:
    """Whether ``crash`` is a known mistake of the framework's, raised in its own code."""
    raised_in = traceback.extract_tb(crash.__traceback__)[-1].filename
    return str(crash) in WAGTAILS_OWN and "/site-packages/wagtail/" in raised_in


def origin(crash: BaseException) -> str:
    """Where an exception was raised, and the calls that led there."""
    frames = traceback.extract_tb(crash.__traceback__)[-4:]
    return " ← ".join(f"{'/'.join(f.filename.split('/')[-3:])}:{f.lineno}" for f in reversed(frames))


class Steps:
    """How many steps were taken, of which sorts, over all examples."""

    def __init__(self) -> None:
        self.total = 0
        self.examples = 0
        self.editions = 0
        self.wagtails_own = 0
        #: After a finding the same steps are taken again and again, to find the fewest; they do not count.
        self.found = False
        self.by_rule: Counter[str] = Counter()


def deed(when: Callable[[Any], bool] | None = None, **arguments: Any) -> Callable[..., Any]:
    """A rule of the machine. It returns the name of who acted, or nothing for a door without a name."""

    def decorate(act: Callable[..., str | None]) -> Any:
        @wraps(act)
        def step(self: "Frame", **given: Any) -> None:
            self.begin(act.__name__)
            self.settle(act(self, **given) or "")

        found = rule(**arguments)(step)
        return precondition(when)(found) if when else found

    return decorate


class _RulesOfTheHouse(RuleStrategy):
    """Hypothesis leaves out some rules in each example, which finds more; never the way through review."""

    def _rule_is_enabled(self, rule: Any) -> bool:
        if rule.function.__name__ in self.machine.always:
            return bool(self.is_valid(rule))
        return bool(super()._rule_is_enabled(rule))


class Frame(RuleBasedStateMachine):
    """One example: a fresh site, its people, and a memory of what they did."""

    ground: ClassVar[TestDatabase]
    steps: ClassVar[Steps] = Steps()
    #: Rules that every example has.
    always: ClassVar[frozenset[str]] = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self._rules_strategy = _RulesOfTheHouse(self)
        self.oracle: Oracle
        self.house: House
        self.oracle, self.house = self.ground.begin()
        self.reader = self.ground.reader()
        self.pages: dict[int, DeskPage] = admin_client.pages()
        self.sent: list[dict[str, Any]] = admin_client.submissions()
        self.last_edition = max((row["id"] for row in admin_client.editions_after(0)), default=0)
        #: Submissions whose rows were tampered with: refusing them may be plain.
        self.tampered: set[str] = set()
        #: Pages whose rows were written past Wagtail: what their draft is, is open to question.
        self.rewritten: set[str] = set()
        self.making: str = ""
        self.hours = 0
        self.sound = True
        self.doing = ""
        if not self.steps.found:
            self.steps.examples += 1

    # What rules ask for

    def someone(self, name: str) -> Actor:
        """A person at their browser."""
        return self.ground.person(name, self.oracle, self.house)

    def account(self, name: str) -> Any:
        """Their account, for doors in code."""
        return get_user_model().objects.get(username=name)

    def nth_page(self, n: int) -> DeskPage:
        """One of the pages on the desk."""
        return list(self.pages.values())[n % len(self.pages)]

    def open_ones(self) -> list[dict[str, Any]]:
        """Texts that wait for signatures."""
        return [s for s in self.sent if s["status"] == "in_review"]

    def nth_sent(self, n: int) -> dict[str, Any]:
        """One of the texts ever sent to reviewers, mostly one that waits."""
        waiting = self.open_ones()
        if waiting and n < OLD_ONES:
            return waiting[n % len(waiting)]
        return self.sent[-1 - n % len(self.sent)]

    def note_signature(self, submission: Mapping[str, Any], seen: Seen | None) -> None:
        """Remember a signature that was accepted; an edition may come of it."""
        if seen:
            self.oracle.signed(submission["uuid"], seen)
            self.making = submission["uuid"]

    def note_submission(self, page: DeskPage, went: bool, publish_at: datetime | None = None) -> None:
        """Remember a text that went before reviewers."""
        if went:
            new = admin_client.submissions()[-1]
            hold(new["page"] == page.id, "the page that was submitted is another one")
            said = None if self.doubtful(page) else page.said(self.pages)
            self.oracle.submitted(new, self.house.asked_for(), said, publish_at)

    def doubtful(self, page: DeskPage) -> bool:
        """Whether the page, or the class it names, was written past Wagtail."""
        named = self.pages.get(page.draft.drug_class or 0)
        return page.key in self.rewritten or (named is not None and named.key in self.rewritten)

    def now(self) -> datetime:
        """What the clock of this example says; it runs ahead of the machine's."""
        return timezone.now() + timedelta(hours=self.hours)

    def disturb(self) -> None:
        """Steps or groups changed: what waits need not end in an edition any more."""
        for sent in self.sent:
            self.oracle.sent[sent["uuid"]].disturbed = True

    # What surrounds a step

    def begin(self, name: str) -> None:
        """Count, and look at the desk."""
        if not self.steps.found:
            self.steps.total += 1
            self.steps.by_rule[name] += 1
        self.doing, self.making, self.sound = name, "", False

    def settle(self, actor: str) -> None:
        """See what changed: drafts by ``actor``, editions by signatures; nothing may have crashed."""
        self.settle_pages(actor)
        self.sent = admin_client.submissions()
        self._settle_editions()
        self._settle_crashes()
        self.check()
        self.sound = True

    def settle_pages(self, actor: str) -> None:
        """Look at the desk again: what differs was changed by ``actor``."""
        before, self.pages = self.pages, admin_client.pages()
        for page in self.pages.values():
            if page.id not in before or before[page.id].print != page.print:
                self.oracle.changed(page.key, actor)

    def _settle_editions(self) -> None:
        made = admin_client.editions_after(self.last_edition)
        for row in made:
            self.last_edition = row["id"]
            sent = self.oracle.sent.get(row["submission"])
            due = sent and sent.publish_at
            hold(
                row["submission"] == self.making or (due and self.doing == "let_time_pass"),
                f"an edition of {row['slug']} was made by “{self.doing}”",
            )
            hold(not due or due <= self.now(), f"an edition of {row['slug']} was made before its day")
            self.oracle.edition(row, admin_client.signatures(row["submission"]))
            self.steps.editions += not self.steps.found
        sent = self.oracle.sent.get(self.making)
        at_once = sent and not sent.disturbed and not sent.publish_at and self.making not in self.tampered
        if sent and at_once and not made:
            hold(not sent.is_complete(), f"{sent.text.title} has all signatures, but no edition was made")

    def _settle_crashes(self) -> None:
        for crash in self.ground.world.crashes.take():
            if is_wagtails_own(crash):
                self.steps.wagtails_own += 1
                continue
            known = isinstance(crash, DatabaseError) and self.tampered
            hold(known, f"“{self.doing}” ended in no clear answer: {crash!r} in {origin(crash)}")

    def check(self) -> None:
        """What must be true after every step: the record is whole, patients read what was signed."""
        check_record()
        self.reader.read_all(self.oracle, self.draft_paths())

    def draft_paths(self) -> list[str]:
        """Where drafts would be if they were public."""
        kinds = ((page.draft.kind, page.draft.slug) for page in self.pages.values())
        return [f"/{ROOM[kind]}/{slug}/" for kind, slug in kinds]

    def teardown(self) -> None:
        """At the end of an example every list is read; after a finding there is nothing more to look for."""
        if not self.sound:
            self.steps.found = True
        else:
            self.reader.read_all(self.oracle, self.draft_paths(), everything=True)
