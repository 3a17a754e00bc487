"""What an outside expert proposes and notes in a Word file, as remarks that can be taken over as notes."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib.auth.models import User

from monographs.imports.word_return import ProposedChange, ReturnedComment, ReturnedFile, ReturnedText
from monographs.imports.word_return.matched_passages import KeyedPassage
from monographs.imports.word_return.returned_runs import TrackedChange
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.presentation.labels import section_heading
from monographs.redline import BREAK, LINE_BREAK, Line, LinePlace, Op
from monographs.redline.vocabulary import HEADINGS, PAGE
from monographs.review.actions import ChosenWords, Suggest, TakeOverNote
from monographs.review.models import Note, Suggestion
from monographs.review.suggestions.editable_passages import EditablePassage, editable_passages

#: Characters of the file's words that a note quotes from each text: both fit into a note.
_LONGEST = 1500
_CUT = " …"
#: Characters of who a remark is by, as the columns hold. None is cut: who is not kept could sign the words.
_LONGEST_NAME = 300
_TOO_MANY = (
    "The file names more people for this change than can be kept with it, so it is not taken over. Ask them "
    "for files of their own."
)


@dataclass(frozen=True, slots=True)
class OutsideRemark:
    """A proposed change (``line``) or a comment (``quote``: the words it is about) from outside.

    ``section``, ``passage`` and ``body`` are those of the note that it would be; ``by`` says who and when as
    the file does. ``note`` and ``suggestion`` are what was made of it. ``chosen`` are the words of the draft
    that it replaces with ``words``; None if it cannot be a suggestion.
    """

    section: str
    heading: str
    by: str
    body: str
    passage: str = ""
    line: Line | None = None
    quote: str = ""
    words: str = ""
    note: Note | None = None
    chosen: ChosenWords | None = None
    suggestion: Suggestion | None = None

    @property
    def id(self) -> str:
        """Stays the same as long as the file and the text do."""
        return hashlib.sha256("\0".join((self.section, self.passage, self.body)).encode()).hexdigest()[:20]

    @property
    def is_added(self) -> bool:
        """Whether it is new words below ``passage``."""
        return self.line is not None and self.line.op is Op.INSERTED

    @property
    def places(self) -> tuple[LinePlace, ...]:
        """What the passage is under."""
        return self.line.places if self.line else ()


def remarks_of(file: ReturnedFile, text: ReturnedText, notes: Sequence[Note]) -> list[OutsideRemark]:
    """Return the remarks of a file in the order of the text, changes first.

    Comments that the file was given by us, as notes, are none. ``notes`` are all of the page.
    """
    taken = {(note.section, note.quote, note.body): note for note in notes}
    own = {(note.author_person.name, _plain(_comment_of(note))) for note in notes}
    found = [_of_change(change, file) for change in text.changes]
    found += [
        _of_comment(each)
        for each in text.comments
        if (each.comment.by.author, _plain(each.comment.text)) not in own
    ]
    return [replace(each, note=taken.get((each.section, each.passage, each.body))) for each in found]


def with_suggestions(
    remarks: Sequence[OutsideRemark], page: ReviewedPage | None, suggestions: Iterable[Suggestion]
) -> list[OutsideRemark]:
    """Return ``remarks`` with what each would be, or is, as a suggestion.

    A change can be one if its passage stands in the draft, once, and it changes words. New passages and other
    forms are notes. ``suggestions`` are all of the page.
    """
    revision = page.get_latest_revision() if page else None
    passages = editable_passages(revision.content, type(page)) if page and revision else []
    taken = {(each.section, each.outsider, each.reason): each for each in suggestions}
    return [
        replace(
            remark,
            chosen=_chosen(remark, passages),
            suggestion=taken.get((remark.section, remark.by, remark.body)),
        )
        for remark in remarks
    ]


def _chosen(remark: OutsideRemark, passages: Sequence[EditablePassage]) -> ChosenWords | None:
    line = remark.line
    if line is None or line.op is Op.INSERTED:
        return None
    old, new = line.text(Op.INSERTED), line.text(Op.DELETED)
    if _plain(old) == _plain(new) or BREAK in old + new:
        return None
    found = [p for p in passages if p.section == remark.section and _plain(p.words) == _plain(old)]
    if len(found) != 1:
        return None
    return ChosenWords(remark.section, found[0].words, place=found[0].place)


def new_words_of(remark: OutsideRemark) -> str:
    """Return the words that a remark wants in place of its passage."""
    return remark.line.text(Op.DELETED).replace(LINE_BREAK, "\n") if remark.line else ""


def _outsider(remark: OutsideRemark) -> str:
    """Return who a remark is by. Raises ``PolicyError`` if that cannot be kept whole."""
    if len(remark.by) > _LONGEST_NAME:
        raise PolicyError(Rule.OUT_OF_RANGE, _TOO_MANY)
    return remark.by


def take_over_suggestion(user: User, key: UUID, remark: OutsideRemark) -> Suggestion:
    """Take over a change from outside as the user's suggestion. Raises ``PolicyError``."""
    if remark.chosen is None:
        raise PolicyError(Rule.NO_SUCH_PLACE, "This change can only be taken over as a note.")
    if remark.suggestion is not None:
        return remark.suggestion
    return Suggest(
        user,
        key,
        remark.chosen,
        words=new_words_of(remark),
        reason=remark.body,
        outsider=_outsider(remark),
    ).execute()


def take_over_note(user: User, key: UUID, remark: OutsideRemark) -> Note:
    """Take over a remark from outside as the user's note. Raises ``PolicyError``."""
    return TakeOverNote(
        user,
        key,
        section=remark.section,
        body=remark.body,
        quote=remark.passage,
        outsider=_outsider(remark),
    ).execute()


def _comment_of(note: Note) -> str:
    answers = (f"{answer.author_person.name}: {answer.body}" for answer in note.replies.all())
    return " ".join((note.body, *answers))


def _of_change(change: ProposedChange, file: ReturnedFile) -> OutsideRemark:
    by = _people(change.by) or _untracked(file)
    return OutsideRemark(
        *_place(change.passage),
        by=by,
        body=f"{by} proposes in a Word file {_proposal(change)}",
        passage=_passage(change.passage),
        line=change.line,
    )


def _of_comment(comment: ReturnedComment) -> OutsideRemark:
    by = _named(comment.comment.by)
    about = f" on “{_short(comment.quote)}”" if comment.quote else ""
    return OutsideRemark(
        *_place(comment.passage),
        by=by,
        body=f"{by} comments in a Word file{about}: {_short(comment.comment.text)}",
        passage=_passage(comment.passage),
        quote=comment.quote,
        words=comment.comment.text,
    )


def _place(passage: KeyedPassage | None) -> tuple[str, str]:
    if passage is None:
        return PAGE, HEADINGS[PAGE]
    return passage.section.anchor, section_heading(passage.section)


def _passage(passage: KeyedPassage | None) -> str:
    return passage.text.strip() if passage else ""


def _proposal(change: ProposedChange) -> str:
    old, new = _short(change.old_text), _short(change.new_text)
    if old and not new:
        return f"to delete “{old}”."
    if new and not old:
        return f"to add “{new}”."
    if old == new:
        return f"another form or link for “{old}”."
    return f"“{new}” instead of “{old}”."


def _named(change: TrackedChange) -> str:
    day = change.at[:10]
    return f"{change.author or 'Somebody'} ({day})" if day else change.author or "Somebody"


def _people(changes: Iterable[TrackedChange]) -> str:
    """Return who made ``changes``, each day or, where that is too long, each person once."""
    made = list(changes)
    by_day = "; ".join(dict.fromkeys(map(_named, made)))
    if len(by_day) <= _LONGEST_NAME:
        return by_day
    return "; ".join(dict.fromkeys(_named(replace(each, at="")) for each in made))


def _untracked(file: ReturnedFile) -> str:
    saved = f", the file was last saved by {file.saved_by}" if file.saved_by else ""
    return f"Somebody (not tracked{saved})"


def _plain(text: str) -> str:
    return " ".join(text.split())


def _short(text: str) -> str:
    words = _plain(text.replace(BREAK, " / ").replace(LINE_BREAK, " / "))
    return words if len(words) <= _LONGEST else words[:_LONGEST].rstrip() + _CUT
