"""Rules of the library of sources: its words are of whoever wrote them, until a text with them is signed."""

from hypothesis import strategies as st

from monographs.source_library.models import LibrarySource
from tests.source_library.library import add_source, change_source
from tests.stateful.authorship_rules import writers
from tests.stateful.base import BaseMachine, machine_rule, which
from tests.stateful.people_rules import reviewers


class SourceRules(BaseMachine):
    """Sources are added, changed and shown by drafts."""

    @machine_rule(reviewer=reviewers, writer=writers, page=which, how=st.sampled_from(["add", "change"]))
    def cite_a_source(self, reviewer: str, writer: str, page: int, how: str) -> None:
        """Add a source that a draft shows, or change the one that it shows; who did then tries to sign."""
        target = self.nth_page(page)
        if target.draft.kind != "monograph" or self.is_in_review(target):
            return
        title, by = f"Guideline {self.oracle.word(reviewer)}", self.account(reviewer)
        source = target.draft.source
        if how == "change" and source:
            change_source(LibrarySource.objects.get(pk=source), by, title=title)
        else:
            source = add_source(title, by).pk
        self.submit_and_try(writer, self.write(writer, target, source=source), reviewer)
