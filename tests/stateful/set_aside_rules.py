"""Rules of drafts that are set aside for a correction, and merged again or left in the history."""

import re
from typing import Any

from hypothesis import strategies as st

from tests.stateful import admin_client
from tests.stateful.admin_client import AdminPage
from tests.stateful.authorship_rules import writers
from tests.stateful.base import BaseMachine, machine_rule, people, which
from tests.stateful.oracle_submissions import require, words
from tests.stateful.people_rules import reviewers

_HIDDEN = re.compile(r'name="(seen|row)" value="(\d+)"')
_CONFLICT = re.compile(r'name="(choice_[0-9a-f]+)" value="(\w+)"')
#: What is chosen in a conflict, if it is offered; else the first text.
choices = st.sampled_from(["set_aside", "latest", "base", "anew"])


class SetAsideRules(BaseMachine):
    """Drafts wait while the public text is corrected."""

    @machine_rule(who=people, page=which, when=lambda self: bool(self.public_pages()))
    def set_aside(self, who: str, page: int) -> str:
        """Set the draft of a public page aside."""
        target = self.public_pages()[page % len(self.public_pages())]
        self._set_aside(who, target)
        return who

    @machine_rule(who=people, page=which, choice=choices)
    def merge_a_draft(self, who: str, page: int, choice: str) -> str:
        """Merge what was set aside, as anybody, if anything was."""
        set_aside = [each for each in self.pages.values() if self.oracle.page(each.key).aside]
        target = set_aside[page % len(set_aside)] if set_aside else self.nth_page(page)
        self._merge(who, target, choice)
        return who

    @machine_rule(who=people, page=which)
    def leave_a_draft(self, who: str, page: int) -> str:
        """Leave what was set aside in the history, as anybody, if anything was."""
        set_aside = [each for each in self.pages.values() if self.oracle.page(each.key).aside]
        target = set_aside[page % len(set_aside)] if set_aside else self.nth_page(page)
        address = f"review/draft-set-aside/{target.id}/"
        screen = self.actor(who).client.get(f"/admin/{address}").text
        row = dict(_HIDDEN.findall(screen)).get("row", "0")
        answer = self.actor(who).post(address, row=row, reason="Obsolete.")
        if (answer.status, answer.location) == (302, f"/admin/pages/{target.id}/edit/"):
            require(
                self.oracle.page(target.key).aside,
                f"a draft of {target.title} was left that nobody set aside",
            )
            self.oracle.page(target.key).aside = None
            self.record_page_changes("")
        return who

    @machine_rule(
        author=reviewers,
        writer=writers,
        merger=people,
        field=st.sampled_from(["text", "summary", "title"]),
        same=st.booleans(),
        choice=choices,
        signer=st.sampled_from(["author", "merger"]),
        when=lambda self: bool(self.public_pages()),
    )
    def correct_beside_a_draft(
        self, *, author: str, writer: str, merger: str, field: str, same: bool, choice: str, signer: str
    ) -> None:
        """Correct the public text while a draft waits, merge both, and sign as who wrote or merged it."""
        target = self.public_pages()[0]
        if self.is_in_review(target) or self.oracle.page(target.key).aside:
            return
        said = target.draft.with_word(field, self.oracle.word(author))
        target = self.write(author, target, **{field: getattr(said, field)})
        if not self._set_aside(writer, target):
            return
        target = self.pages[target.id]
        corrected = field if same else "brand" if target.draft.kind == "monograph" else "note"
        said = target.draft.with_word(corrected, self.oracle.word(writer))
        target = self.write(writer, target, **{corrected: getattr(said, corrected)})
        fit = [who for who in sorted(self.organisation.members) if self._may_correct(who, writer)]
        if fit:
            self.submit_and_try(writer, target, fit[-1])
            self.settle_editions()
        if not self.is_in_review(target) and self._merge(merger, self.pages[target.id], choice):
            self.submit_and_try(writer, self.pages[target.id], author if signer == "author" else merger)

    def _may_correct(self, who: str, writer: str) -> bool:
        return who != writer and self.may_sign_now(who)

    def _set_aside(self, who: str, page: AdminPage) -> bool:
        """Set a draft aside; return whether it was accepted. The new draft says what patients read."""
        answer = self.actor(who).post(f"review/draft-set-aside/{page.id}/correct/", seen=page.latest)
        if (answer.status, answer.location) != (302, f"/admin/pages/{page.id}/edit/"):
            return False
        known = self.oracle.page(page.key)
        require(known.current and not known.withdrawn, f"{page.title} was set aside and is not public")
        require(known.aside is None, f"two drafts of {page.title} are set aside")
        self.oracle.set_aside(page.key, self._fields(page))
        self.record_page_changes("")
        if not self.has_unknown_draft(page) and known.current:
            said = words(self.pages[page.id].said(self.pages, self.things))
            require(
                said == known.current.allowed, f"the draft of {page.title} is not what patients read: {said}"
            )
        return True

    def _merge(self, who: str, page: AdminPage, choice: str) -> bool:
        """Merge what was set aside, with one choice in all conflicts; return whether it was accepted."""
        address = f"review/draft-set-aside/{page.id}/merge/"
        screen = self.actor(who).client.get(f"/admin/{address}").text
        offered: dict[str, list[str]] = {}
        for name, value in _CONFLICT.findall(screen):
            offered.setdefault(name, []).append(value)
        form = dict(_HIDDEN.findall(screen))
        for name, values in offered.items():
            form[name] = choice if choice in values else values[0]
            form[name.replace("choice", "words")] = f"It is {self.oracle.word(who)}."
        answer = self.actor(who).post(address, **form)
        if (answer.status, answer.location) != (302, f"/admin/pages/{page.id}/edit/"):
            return False
        require(self.oracle.page(page.key).aside, f"a draft of {page.title} was merged that nobody set aside")
        self.oracle.merged(page.key, self._fields(page), who if offered else "")
        self.record_page_changes("")
        return True

    @staticmethod
    def _fields(page: AdminPage) -> dict[int, Any]:
        return dict(enumerate(admin_client.pages()[page.id].print))
