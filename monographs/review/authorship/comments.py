"""What people wrote about a text beside it: words of theirs that a writer takes into it count as theirs."""

import json
import re
import uuid
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, reduce
from itertools import chain, groupby
from operator import attrgetter, or_
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, Model, OuterRef, Q, TextField, UUIDField
from wagtail.images import get_image_model
from wagtail.models import Comment, CommentReply

from monographs.accounts.actors import contributor_of
from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.editions.ledger import Event
from monographs.editions.models import ConflictEnd, ConflictOfInterest, LedgerEntry, Signature, Withdrawal
from monographs.editions.person import Person
from monographs.imports.models import ImportedText
from monographs.label_watch.models import LabelAnswer
from monographs.review.authorship.file_authors import FileAuthors
from monographs.review.authorship.image_authors import people_of_image
from monographs.review.authorship.stored_passages import is_part_of_word, normalised
from monographs.review.models import (
    UNEXPLAINED_RECALL,
    Note,
    NoteReply,
    RetirementProposal,
    ReviewBundle,
    SetAsideDraft,
    Submission,
    SubmissionStatus,
    Suggestion,
    SuggestionExemption,
)
from monographs.rules.models import Overrule
from monographs.source_library.models import ShownSource, SourceChange, SourceTask

#: After the last letter that has another form (Unicode 16: legacy computing symbols and digits).
_LAST_LETTER = 0x20000


#: Author, text, and the page that it is about, if it is about one.
_SaidElsewhere = tuple[Person, str, uuid.UUID | None]
#: Whether a text is one whose author is asked for.
_Meant = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class _CommentKind:
    """Words that people write about a page: ``authors`` of a row wrote them ``at`` that time."""

    model: type[Model]
    #: Names of fields, one or several.
    words: str
    at: str
    authors: Callable[[Any], Iterator[Person]]
    #: Leads from a row to the key of its page; empty where the words are about no page.
    key: str = "key"
    #: Whether a row is about many pages, or none.
    of_many: bool = False
    #: Whether a row may be from a Word file, whose ``outsider`` may have written it as well.
    from_files: bool = False
    #: What is read with each row.
    related: tuple[str, ...] = ()
    #: Which rows have words of their authors.
    rows: Q = field(default_factory=Q)
    #: Which of these count on their own page.
    here: Q = field(default_factory=Q)
    #: All on one page, and on others those that have certain words. Each save of a draft asks for both.
    _of_page: CompiledQuery[Any] = field(init=False)
    _of_others: CompiledQuery[Any] = field(init=False)

    def __post_init__(self) -> None:
        # Of words about no page all are read: an empty condition is left out, also when it is inverted
        on_page = Q(**{self.key: Parameter("key", UUIDField())}) if self.key else Q()
        words = Parameter("words", TextField())

        def said() -> Q:
            return reduce(or_, (_has(words, name) for name in self.words.split()))

        object.__setattr__(self, "_of_page", CompiledQuery(lambda: self._rows(self.here & on_page)))
        object.__setattr__(self, "_of_others", CompiledQuery(lambda: self._rows(~on_page & said())))

    def on(self, key: uuid.UUID, named: FileAuthors) -> Iterator[tuple[Person, str, datetime]]:
        """Yield author, text and time of each on the page ``key``."""
        if not self.key:
            return
        for row in self._of_page.rows(key=key):
            for author in self._authors_of(row, named):
                yield author, "\n".join(self._texts_of(row)), getattr(row, self.at)

    def elsewhere(
        self, key: uuid.UUID, words: Collection[str], is_meant: _Meant, named: FileAuthors
    ) -> Iterator[_SaidElsewhere]:
        """Yield author, text and page of each on another page that has one of ``words`` and ``is_meant``."""
        for row in self._of_others.rows(key=key, words=_any_of(words)):
            meant = [text for text in self._texts_of(row) if is_meant(text)]
            if meant:  # who wrote a row may take queries
                page = None if self.of_many else attrgetter(self.key.replace("__", "."))(row)
                yield from ((author, text, page) for author in self._authors_of(row, named) for text in meant)

    def _authors_of(self, row: Any, named: FileAuthors) -> Iterator[Person]:
        yield from self.authors(row)
        if self.from_files:
            yield from named.of(row.outsider)

    def _texts_of(self, row: Any) -> Iterator[str]:
        return chain.from_iterable(_texts(getattr(row, name)) for name in self.words.split())

    def _rows(self, chosen: Q) -> Any:
        texts = [each.name for each in self.model._meta.concrete_fields if each.name == "canonical"]
        rows = self.model._default_manager.filter(self.rows & chosen).defer(*texts)
        return rows.select_related(*self.related) if self.related else rows


def _texts(words: Any) -> Iterator[str]:
    """Yield the texts of a field, of one that holds a list or records as well."""
    match words:
        case str():
            yield words
        case dict():
            yield from chain.from_iterable(map(_texts, words.values()))
        case list():
            yield from chain.from_iterable(map(_texts, words))


def _person(name: str) -> Callable[[Any], Iterator[Person]]:
    """Return what yields the person that the property ``name`` of a row holds, if there is one."""

    def found(row: Any) -> Iterator[Person]:
        if person := getattr(row, name):
            yield person if isinstance(person, Person) else Person(**person)

    return found


def _authors_of_note(note: Note) -> Iterator[Person]:
    """Yield the author and, of an outside expert's note, who made the link."""
    yield note.author_person
    if note.outside_link:
        yield note.outside_link.maker_person


def _importer(imported: ImportedText) -> Iterator[Person]:
    if imported.user is not None:
        yield contributor_of(imported.user)


def _commentator(comment: Comment | CommentReply) -> Iterator[Person]:
    if isinstance(comment.user, User):
        yield contributor_of(comment.user)


def _signers(row: Withdrawal | LabelAnswer) -> Iterator[Person]:
    for signature in Signature.objects.filter(submission=row.uuid):
        yield Person(signature.user_id, signature.username, signature.name)


def _declarer(row: ConflictOfInterest | ConflictEnd) -> Iterator[Person]:
    yield Person(row.by_id, row.by_username, row.by_name)


#: Every text that people write about a page and its writers can read. An exempt suggestion does not count on
#: its own page; elsewhere it does, as it was exempt with the text around it.
_KINDS = (
    _CommentKind(Note, "body", "at", _authors_of_note, from_files=True, related=("outside_link",)),
    _CommentKind(NoteReply, "body", "at", _person("author_person"), key="note__key", related=("note",)),
    _CommentKind(Suggestion, "reason", "at", _person("author_person"), from_files=True),
    _CommentKind(
        Suggestion, "new_words", "at", _person("author_person"), from_files=True, here=Q(exempt=False)
    ),
    _CommentKind(Suggestion, "answer", "answered_at", _person("answerer_person"), rows=~Q(answer="")),
    _CommentKind(
        Comment,
        "text",
        "created_at",
        _commentator,
        key="page__translation_key",
        related=("page", "user"),
    ),
    _CommentKind(
        CommentReply,
        "text",
        "created_at",
        _commentator,
        key="comment__page__translation_key",
        related=("comment__page", "user"),
    ),
    _CommentKind(Submission, "reason", "submitted_at", _person("submitter_person")),
    _CommentKind(
        Submission,
        "outcome",
        "closed_at",
        _person("closer_person"),
        rows=Q(status__in=[SubmissionStatus.RETURNED, SubmissionStatus.RECALLED])
        & ~Q(outcome=UNEXPLAINED_RECALL),
    ),
    _CommentKind(Withdrawal, "note", "at", _signers),
    _CommentKind(RetirementProposal, "note", "proposed_at", _person("proposer_person")),
    _CommentKind(RetirementProposal, "outcome", "closed_at", _person("closer"), rows=~Q(outcome="")),
    _CommentKind(LabelAnswer, "reason", "at", _signers),
    _CommentKind(SourceTask, "reason", "closed_at", _person("answerer"), rows=~Q(reason="")),
    _CommentKind(Overrule, "reason", "at", _person("overruler")),
    _CommentKind(
        ReviewBundle, "title", "created_at", _person("creator_person"), key="submissions__key", of_many=True
    ),
    _CommentKind(SuggestionExemption, "reason", "at", _person("person"), key="", of_many=True),
    _CommentKind(SetAsideDraft, "reason", "closed_at", _person("closer_person"), rows=~Q(reason="")),
    _CommentKind(ConflictOfInterest, "reason", "at", _declarer),
    _CommentKind(ConflictEnd, "reason", "at", _declarer),
    # What an import left out of the draft stays on its screen, to be put in by hand
    _CommentKind(ImportedText, "left_out remarks", "at", _importer, related=("user",)),
    _CommentKind(get_image_model(), "title description", "created_at", people_of_image, key="", of_many=True),
)


def comments_on(key: uuid.UUID, until: datetime | None) -> Iterator[tuple[Person, str]]:
    """Yield author and text of each comment on the page ``key``, of those made by ``until``."""
    named = FileAuthors()
    for kind in _KINDS:
        for person, text, at in kind.on(key, named):
            if until is None or at <= until:
                yield _without_credentials(person), text
    for person, text, at in _recorded_on(key):
        if until is None or at <= until:
            yield _without_credentials(person), text


def comments_elsewhere(key: uuid.UUID, words: Collection[str], is_meant: _Meant) -> Iterator[_SaidElsewhere]:
    """Yield author, text and page of each comment on another page than ``key`` that ``is_meant``.

    Only of those that may have one of ``words``.
    """
    named = FileAuthors()
    for kind in _KINDS:
        for person, text, page in kind.elsewhere(key, words, is_meant, named):
            yield _without_credentials(person), text, page


#: Acts whose reasons only the ledger has. They count on their own page: the ledger is not searched by words.
_RECORDED = (Event.LABEL_FOLLOWED, Event.LABEL_UNFOLLOWED, Event.UNBUNDLED)


def _recorded_on(key: uuid.UUID) -> Iterator[tuple[Person, str, datetime]]:
    """Yield author, text and time of each reason on the page ``key`` that only the ledger has."""
    for entry in LedgerEntry.objects.filter(subject=str(key), event__in=_RECORDED).order_by("seq"):
        body = json.loads(entry.body)
        if reason := body["data"].get("reason"):
            yield Person(**body["actor"]), reason, entry.at


def library_words(words: Collection[str]) -> Iterator[tuple[Person, str]]:
    """Yield author and text of each title and publisher in the library of sources that has one of ``words``.

    Without those that a text which patients read has: its signer has read them.
    """
    any_word = _any_of(words)
    changes = SourceChange.objects.filter(
        _has(any_word, "values__title") | _has(any_word, "values__publisher")
    )
    shown = ShownSource.objects.filter(digest=OuterRef("digest"))
    for change in changes.exclude(values=None).exclude(Exists(shown)):
        values = change.values or {}
        for author in change.authors:
            for name in ("title", "publisher"):
                yield _without_credentials(Person(**author)), values[name]


def longest_word(run: str) -> str:
    """Return a word of ``run`` by which the database finds it; one that is ASCII only, if there is any."""
    return max(run.split(), key=lambda word: (word.isascii(), len(word)))


def run_filter(runs: Collection[str]) -> Callable[[str], bool]:
    """Return a function that quickly rules out most texts without any of ``runs``: to read all words is slow.

    It returns True for every text that has one, and for those that may have letters written otherwise.
    """
    others: dict[str, list[list[str]]] = {}
    for run in runs:
        words = sorted(filter(str.isascii, run.split()), key=len, reverse=True)
        others.setdefault(words[0] if words else "", []).append(words)

    def may_have(text: str) -> bool:
        folded = text.casefold()
        found = (group for word, group in others.items() if word in folded)
        if any(all(word in folded for word in words) for group in found for words in group):
            return True
        return not (text.isascii() or _other_letters().isdisjoint(text))

    return may_have


def _any_of(words: Collection[str]) -> str:
    """Return a regular expression of PostgreSQL that any of ``words``, which are normalised, meets.

    The database compares letters as they are stored. So all texts meet it if a word is not ASCII only.
    """
    if not all(word.isascii() for word in words):
        return ""
    return "|".join(re.escape(word) for word in sorted(words))


def _has(any_word: str | Parameter, field: str) -> Q:
    """Return the condition that ``field`` may have one of the words of ``_any_of``.

    Each text in which a word may be written otherwise, e.g. with a ligature or a soft hyphen, meets it too.
    """
    return Q(**{f"{field}__iregex": any_word}) | Q(**{f"{field}__regex": _otherwise_written()})


@cache
def _other_letters() -> frozenset[str]:
    """Return the letters beyond ASCII that ``normalised`` makes ASCII, or removes."""
    letters = map(chr, range(0x80, _LAST_LETTER))
    return frozenset(each for each in letters if is_part_of_word(each) and normalised(each).isascii())


@cache
def _otherwise_written() -> str:
    """Return a regular expression of PostgreSQL for these letters."""
    runs = groupby(enumerate(sorted(map(ord, _other_letters()))), lambda each: each[1] - each[0])
    ranges = ([code for _, code in run] for _, run in runs)
    return "[{}]".format("".join(f"\\U{run[0]:08x}-\\U{run[-1]:08x}" for run in ranges))


def _without_credentials(person: Person) -> Person:
    return replace(person, credentials="", field="")
