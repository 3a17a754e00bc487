"""Find the passages of a file that came back without its bookmarks, as from Google Docs, by their words."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from monographs.imports.word_return.returned_body import ReturnedParagraph
from monographs.presentation.word_file.docx_body import ABOUT_SOURCES
from monographs.presentation.word_file.docx_paragraphs import label_of, label_of_places, named_places
from monographs.presentation.word_file.word_content import place_mark
from monographs.redline import BREAK, Form, Line, LinePlace, Op
from monographs.redline.alignment import align
from monographs.redline.model import LineContext
from monographs.redline.unit_lines import Unit, UnitLine

#: With more paragraphs the file is of no page: a long one has 800.
_MOST_PARAGRAPHS = 2_000
#: Beginnings of paragraphs with the numbers of endnotes, as ``place_mark`` writes them.
_ABOUT_SOURCES = frozenset(place_mark(0, words) for words in ABOUT_SOURCES)
_LOOKS = frozenset({"strong", "em"})


@dataclass(frozen=True, slots=True)
class WrittenParagraph:
    """A paragraph of the file as we wrote it.

    ``key`` is that of its passage. The title and the names of places are labels as a whole (``is_own``), and
    their key is the name of the bookmark of a place.
    """

    key: str
    label: str
    words: str
    looks: frozenset[str] = frozenset()
    is_own: bool = False

    @property
    def text(self) -> str:
        """The label and the words."""
        return f"{self.label}{self.words}"


def written_paragraphs(title: str, lines: Sequence[tuple[str, str, Line]]) -> Iterator[WrittenParagraph]:
    """Yield the paragraphs of a file. ``lines``: key, section and line, in words, of each passage."""
    yield _own_paragraph(title)
    before: tuple[str, tuple[LinePlace, ...]] = ("", ())
    for key, section, line in lines:
        places = named_places(line)
        if (section, places) != before and not line.cell:
            before = (section, places)
            if places:
                yield _own_paragraph(label_of_places(places))
        looks = frozenset(mark for run in line.runs for mark in run.form.marks)
        yield WrittenParagraph(key, label_of(line), line.text(Op.DELETED), looks & _LOOKS)


def _own_paragraph(words: str) -> WrittenParagraph:
    return WrittenParagraph(place_mark(0, words), words, "", is_own=True)


def mark_by_words(written: Sequence[WrittenParagraph], paragraphs: Sequence[ReturnedParagraph]) -> bool:
    """Give paragraphs the keys of the passages that they were, and mark labels; return whether it was done.

    Passages that were reworded, moved, split or joined are found as in any other comparison of texts.
    """
    for paragraph in paragraphs:
        if place_mark(0, _shown(paragraph)) in _ABOUT_SOURCES:
            _mark_as_label(paragraph)
    ours = {_plain(each.text): each for each in written}
    texts = [(each, _text_before(each, ours)) for each in paragraphs if not _is_label(each)]
    found = [(paragraph, text) for paragraph, text in texts if text]
    if not found or len(found) > _MOST_PARAGRAPHS:
        return False
    known = [each for each in written if _plain(each.text)]
    for olds, news in _pairs([_plain(each.text) for each in known], [text for _, text in found]):
        for number in news:
            _mark([known[at] for at in olds], found[number][0])
    return True


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the numbers of the old texts that are found, with those of the new ones that they became."""
    olds, news = ([_unit(text) for text in texts] for texts in (old, new))
    places = {id(unit): number for units in (olds, news) for number, unit in enumerate(units)}
    at_old = at_new = 0
    for pair in align(olds, news):
        if pair.move:
            here, there = places[id(pair.old)], places[id(pair.new)]
            at_old, at_new = (at_old + 1, at_new) if pair.at_old else (at_old, at_new + 1)
            if not pair.at_old:
                yield [here], [there]
            continue
        before = range(at_old, at_old + _count(pair.old))
        after = range(at_new, at_new + _count(pair.new))
        at_old, at_new = before.stop, after.stop
        if before and after:
            yield list(before), list(after)


def _count(unit: Unit | None) -> int:
    """Return how many texts were joined to one unit."""
    return 0 if unit is None else unit.lines[0].text.count(BREAK) + 1


def _unit(text: str) -> Unit:
    return Unit((UnitLine(LineContext("paragraph"), ((text, Form()),)),))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _text_before(paragraph: ReturnedParagraph, known: Container[str]) -> str:
    """Return the words that we may have written: those before tracked changes, unless these were ours."""
    before = _plain("".join(run.text for run in paragraph.runs if not (run.shown and run.change)))
    after = _plain(_shown(paragraph))
    return after if after in known or not before else before


def _is_label(paragraph: ReturnedParagraph) -> bool:
    return all(run.is_label for run in paragraph.runs)


def _shown(paragraph: ReturnedParagraph) -> str:
    return "".join(run.text for run in paragraph.runs if run.shown)


def _mark(written: Sequence[WrittenParagraph], paragraph: ReturnedParagraph) -> None:
    paragraph.keys = [each.key for each in written]
    if all(each.is_own for each in written):
        _mark_as_label(paragraph)
        return
    _mark_label(written[0].label, paragraph)
    words = paragraph.shown
    for look in _LOOKS.difference(*(each.looks for each in written)):
        # The look of a lost style is that of every word
        if words and all(look in run.form.marks for run in words if run.text.strip()):
            paragraph.runs = [replace(run, form=_without(run.form, look)) for run in paragraph.runs]


def _mark_as_label(paragraph: ReturnedParagraph) -> None:
    paragraph.runs = [replace(run, form=Form(), is_label=True) for run in paragraph.runs]


def _mark_label(label: str, paragraph: ReturnedParagraph) -> None:
    """Mark the runs of the label at the beginning, if it is there, and divide the one in which it ends."""
    left = len(label) if _shown(paragraph).startswith(label) else 0
    for at, run in enumerate(list(paragraph.runs)):
        if not left:
            return
        if not run.shown:
            continue
        taken, rest = run.text[:left], run.text[left:]
        left -= len(taken)
        paragraph.runs[at] = replace(run, text=taken, form=Form(), is_label=True)
        if rest:
            paragraph.runs.insert(at + 1, replace(run, text=rest))
            for places in (paragraph.comment_starts, paragraph.comment_ends):
                places |= {number: place + 1 for number, place in places.items() if place > at}


def _without(form: Form, look: str) -> Form:
    return replace(form, marks=tuple(mark for mark in form.marks if mark != look))
