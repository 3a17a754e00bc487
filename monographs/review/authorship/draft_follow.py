"""Following the drafts of a page: who wrote what is stored now."""

import logging
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any

from wagtail.models import Revision

from monographs.accounts.actors import contributor_of
from monographs.editions.models import Edition
from monographs.editions.person import SYSTEM, Person
from monographs.editions.queries import current_edition
from monographs.models import ReviewedPage
from monographs.review.authorship.attribution import NOBODY, AuthoredPassage, Authors, Word, attribute
from monographs.review.authorship.authored_text import (
    decoded,
    encoded,
    name_of,
    person_record,
    reference_of,
    run_hashes,
    runs_of_a_copy,
)
from monographs.review.authorship.comments import (
    comments_elsewhere,
    comments_on,
    library_words,
    longest_word,
    run_filter,
)
from monographs.review.authorship.known_history import AdoptableText, PageHistory, runs_of
from monographs.review.authorship.stored_passages import (
    UNFOLLOWABLE,
    StoredPassage,
    document_passages,
    passages_of,
    text_words,
    words_of,
)
from monographs.review.models import DraftAuthorship

logger = logging.getLogger(__name__)


@dataclass
class FollowedDraft:
    """The present content of a page with its authors; ``changed`` if it is not the last one stored.

    ``removers`` removed signed words that are missing in it.
    """

    key: uuid.UUID
    savers: list[Person]
    state: list[AuthoredPassage]
    removers: Authors
    changed: bool
    _known: "_Known"

    @property
    def authors(self) -> list[Person]:
        """The authors of its content, and of signed words that are missing from it."""
        return self._people(self.removers.union(*(each.everybody for each in self.state)))

    @property
    def people_who_removed(self) -> list[Person]:
        """Everybody who removed signed words that are missing in it."""
        return self._people(self.removers)

    def _people(self, references: Authors) -> list[Person]:
        return [self._known.people[each] for each in sorted(references)]

    def store(self, contributions: Iterable[int] = ()) -> None:
        """Store the state, if it changed, with the contributions that were recorded for it.

        ``contributions`` without a change of the state are stored, too: they can be retracted then.
        """
        contributions = list(contributions)
        if self.changed or contributions:
            self._known.store(self.key, self.savers, self.state, contributions)


def follow(
    page: ReviewedPage, content: dict[str, Any], savers: Sequence[Person], *, revision: int | None = None
) -> FollowedDraft:
    """Return ``content`` of ``page`` with its authors, stored by ``savers`` now.

    ``revision`` is the primary key of the revision that holds it, if it was stored just now. Raises one of
    ``UNFOLLOWABLE``.
    """
    known = _Known(page)
    if not known.rows:
        known.read_revisions(page, revision)
    return known.follow(content, savers)


@dataclass(frozen=True, slots=True)
class MergedDrafts:
    """How a content came about that nobody typed: of the latest draft and one that was set aside.

    ``set_aside`` is the row of that one's authorship; None where the latest draft is only replaced by a text
    that was signed. ``maker`` is an author of it if ``chose``: who answered conflicts.
    """

    maker: Person
    set_aside: DraftAuthorship | None = None
    chose: bool = False


def follow_merged(page: ReviewedPage, content: dict[str, Any], merged: MergedDrafts) -> FollowedDraft:
    """Return ``content`` of ``page`` with the authors that its words have in the drafts it was made of.

    Whoever wrote or deleted something in one of them has done so in ``content``. Words that are in none are
    the maker's. Raises one of ``UNFOLLOWABLE``.
    """
    known = _Known(page)
    if not known.rows:
        raise LookupError(f"nothing is stored of the authorship of page {page.pk}")
    return known.follow_merged(content, merged)


class _Known:
    """What is stored of a page's authorship."""

    def __init__(self, page: ReviewedPage) -> None:
        self.key: uuid.UUID = page.translation_key
        self.model = type(page)
        self.edition: Edition | None = current_edition(self.key)
        self.history = PageHistory()
        self.state: list[AuthoredPassage] = []
        self.people: dict[str, Person] = {}
        self.passages: dict[str, dict[str, Any]] = {}
        self.runs: set[int] = set()
        self.signed = self.edition is None
        self.rows = list(DraftAuthorship.objects.filter(key=self.key).order_by("pk"))
        self._decoded: dict[tuple[str, tuple[int, ...]], AuthoredPassage] = {}
        for row in self.rows:
            self._read(row)

    def _read(self, row: DraftAuthorship) -> None:
        if self.edition and row.after_edition >= self.edition.number:
            self._sign()
        self.people |= {each: Person(*record) for each, record in row.people.items()}
        self.passages |= row.passages
        self.runs.update(row.runs)
        self.state = [self._passage(name, tuple(block)) for name, block in row.state]
        self.history.add(self.state, _references(Person(*record) for record in row.savers))

    def _passage(self, name: str, block: tuple[int, ...]) -> AuthoredPassage:
        if (name, block) not in self._decoded:
            self._decoded[name, block] = decoded(self.passages[name], block)
        return self._decoded[name, block]

    def _sign(self) -> None:
        """Apply the newest edition: what patients read of the state has no authors any more."""
        if not self.signed and self.edition:
            self.state = self.history.sign(self.state, self.edition.document.model_dump(mode="json"))
        self.signed = True

    def follow(
        self, content: dict[str, Any], savers: Sequence[Person], until: datetime | None = None
    ) -> FollowedDraft:
        """Return ``content`` with its authors. ``until``: notes that were written later do not count."""
        passages = passages_of(content, self.model)
        if until is None or (self.edition and until >= self.edition.created_at):
            self._sign()
        before = [each.passage.content for each in self.state]
        if [each.content for each in passages] == before:
            state = [replace(each, passage=p) for each, p in zip(self.state, passages, strict=True)]
            return FollowedDraft(self.key, list(savers), state, self.history.signed.removers, False, self)
        savers = list(dict.fromkeys(savers)) or [SYSTEM]
        self.people |= {reference_of(person): person for person in savers}
        old = set(before)
        fresh = [p for p in passages if p.content not in old]
        copied, noted = self._copied(fresh), self._commented_elsewhere(fresh)
        self.history.copied = {
            run: copied.get(run, NOBODY) | noted.get(run, NOBODY) for run in {*copied, *noted}
        }
        self.history.notes = list(self._notes(until))
        references = _references(savers)
        state = attribute(self.state, passages, references, self.history)
        removers = self.history.signed.after(passages, references).removers
        return FollowedDraft(self.key, savers, state, removers, True, self)

    def follow_merged(self, content: dict[str, Any], merged: MergedDrafts) -> FollowedDraft:
        """Return ``content`` with its authors.

        It is followed from the latest draft and from the one set aside. Seen from each, what differs came
        from the other, so it is due to all who wrote there.
        """
        passages = passages_of(content, self.model)
        self._sign()
        states, others = [self.state], [NOBODY]
        if merged.set_aside:
            states.append(self._state_of(merged.set_aside))
            self.history.know(states[1])
            others = [_writers(state) for state in reversed(states)]
        anew = any(self.history.known_words(passage) is None for passage in passages)
        makers = [merged.maker] if merged.chose or anew else []
        self.people |= {reference_of(person): person for person in makers}
        self.history.notes = list(self._notes(None))
        by_makers = frozenset(map(reference_of, makers))
        followed = [
            attribute(state, passages, by_makers | other, self.history)
            for state, other in zip(states, others, strict=True)
        ]
        before = [each.passage.content for each in self.state]
        state = [_united(same) for same in zip(*followed, strict=True)]
        changed = [each.content for each in passages] != before or state != self.state
        removers = self.history.signed.after(passages, by_makers).removers
        return FollowedDraft(self.key, makers, state, removers, changed, self)

    def _state_of(self, row: DraftAuthorship) -> list[AuthoredPassage]:
        """Return a stored state without the authors of words that were signed since, as they stand there."""
        found = []
        for name, block in row.state:
            each = self._passage(name, tuple(block))
            signed = self.history.exact.get(each.passage.content) if each.passage.prose else None
            if signed and not any(word.everybody for word in signed):
                start, *words = each.words
                each = replace(each, words=(start, *(replace(word, authors=NOBODY) for word in words)))
            found.append(each)
        return found

    def _notes(self, until: datetime | None) -> Iterable[AdoptableText]:
        for author, text in comments_on(self.key, until):
            self.people.setdefault(reference_of(author), author)
            yield AdoptableText(reference_of(author), text)

    def _copied(self, passages: Iterable[StoredPassage]) -> dict[str, Authors]:
        """Return the runs of words that unsigned drafts of other pages said first, with their authors."""
        runs = runs_of_a_copy(passages)
        found: dict[str, Authors] = {}
        signed: dict[uuid.UUID, str] = {}
        rows = (
            DraftAuthorship.objects.filter(runs__overlap=list(runs))
            if runs
            else DraftAuthorship.objects.none()
        )
        for row in rows.exclude(key=self.key).only("key", "people", "runs").order_by("pk"):
            said = (
                signed.setdefault(row.key, _signed_words(row.key))
                if row.key not in signed
                else signed[row.key]
            )
            for run in {runs[number] for number in row.runs if number in runs}:
                if f" {run} " not in said:
                    self.people = {e: Person(*record) for e, record in row.people.items()} | self.people
                    found[run] = found.get(run, NOBODY) | frozenset(row.people)
        return found

    def _commented_elsewhere(self, passages: Iterable[StoredPassage]) -> dict[str, Authors]:
        """Return the runs of words of comments on other pages and of the library of sources, with authors."""
        runs = set(runs_of_a_copy(passages).values())
        found: dict[str, Authors] = {}
        if not runs:
            return found
        longest, may_have_one = set(map(longest_word, runs)), run_filter(runs)

        def shared_runs(text: str) -> set[str]:
            words = text_words(text) if may_have_one(text) else ()
            return runs.intersection(run for _, run in runs_of(words))

        library = ((author, text, None) for author, text in library_words(longest))
        for author, text, key in chain(comments_elsewhere(self.key, longest, shared_runs), library):
            shared = shared_runs(text)
            said = _signed_words(key) if shared and key else ""
            for run in shared:
                if f" {run} " not in said:
                    self.people.setdefault(reference_of(author), author)
                    found[run] = found.get(run, NOBODY) | {reference_of(author)}
        return found

    def store(
        self,
        key: uuid.UUID,
        savers: Sequence[Person],
        state: list[AuthoredPassage],
        contributions: list[int],
        after_edition: int | None = None,
    ) -> None:
        """Add a row for ``state``."""
        named = [(each, encoded(each)) for each in state]
        names = [name_of(data) for _, data in named]
        added = {
            name: data for name, (_, data) in zip(names, named, strict=True) if name not in self.passages
        }
        fresh = [each for name, (each, _) in zip(names, named, strict=True) if name in added]
        references = _references(savers).union(*(each.everybody for each in fresh))
        runs = sorted(set(run_hashes(each.passage for each in fresh)) - self.runs)
        number = self.edition.number if self.edition else 0
        row = DraftAuthorship.objects.create(
            key=key,
            after_edition=number if after_edition is None else after_edition,
            savers=[person_record(person) for person in savers],
            people={each: person_record(self.people[each]) for each in references if each in self.people},
            state=[[name, each.passage.block] for name, each in zip(names, state, strict=True)],
            passages=added,
            contributions=contributions,
            runs=runs,
        )
        self.rows.append(row)
        self._read(row)

    def read_revisions(self, page: ReviewedPage, exclude: int | None) -> None:
        """Follow the revisions that were stored before authorship was."""
        revisions: Iterable[Revision] = page.revisions.exclude(pk=exclude).select_related("user")
        for revision in revisions.order_by("created_at", "pk"):  # type: ignore[attr-defined]  # a queryset
            savers = [contributor_of(revision.user)] if revision.user else [SYSTEM]
            try:
                draft = self.follow(revision.content, savers, until=revision.created_at)
            except UNFOLLOWABLE as error:
                logger.warning("revision %s cannot be followed: %s", revision.pk, error)
                continue
            since = self.edition and revision.created_at >= self.edition.created_at
            number = self.edition.number if self.edition else 0
            if draft.changed:
                self.store(self.key, savers, draft.state, [], number if since else max(number - 1, 0))


def _writers(state: Iterable[AuthoredPassage]) -> Authors:
    """Return the authors of anything in ``state``."""
    return NOBODY.union(*(each.everybody for each in state))


def _united(same: Sequence[AuthoredPassage]) -> AuthoredPassage:
    """Return one passage that was followed from several drafts, with the authors of all."""
    words = (
        Word(
            word[0].token,
            NOBODY.union(*(each.authors for each in word)),
            NOBODY.union(*(each.gap for each in word)),
        )
        for word in zip(*(each.words for each in same), strict=True)
    )
    return replace(same[0], words=tuple(words))


def _references(people: Iterable[Person]) -> Authors:
    return frozenset(map(reference_of, people))


def _signed_words(key: uuid.UUID) -> str:
    """Return the words of the newest edition of a page."""
    edition = current_edition(key)
    if edition is None:
        return " "
    passages = document_passages(edition.document.model_dump(mode="json"))
    return " ".join(f" {' '.join(words_of(passage.tokens))} " for passage in passages)
