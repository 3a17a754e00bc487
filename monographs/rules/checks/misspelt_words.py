"""Words that are spelled as none that is known, and nearly as one that is."""

from collections.abc import Iterator

from monographs.document import MonographDocument
from monographs.document.parts import Companions
from monographs.rules.check_context import CheckContext
from monographs.rules.remedy import Remedy, remedy_at
from monographs.rules.rule import RemedyKind, Severity, Violation, house_rule
from monographs.rules.site_names import words_of_names
from monographs.rules.text_index import TextIndex, TextPassage
from monographs.rules.word_lookup import is_known, may_name_medicine, near_words, nearest, words_in


@house_rule(
    "spelling",
    title="Words as the dictionary has them",
    severity=Severity.ADVICE,
    why="A mistake makes readers doubt the rest, and a screen reader says another word.",
    source="SCOWL (wordlist.aspell.net); words of the FDA’s labels; words of this site’s public pages",
    bad="The infusoin takes an hour",
    good="The infusion takes an hour",
    remedy=RemedyKind.ONE_CLICK,
)
def spelling(text: TextIndex, context: CheckContext) -> Iterator[Violation]:
    """No word is unknown and nearly one that is known."""
    names = _names(text, context)
    known, ordered = names | context.words, sorted(names)
    for passage in text.passages:
        begins = {0, *(start for start, _ in passage.spans)}
        for start, word in words_in(passage.text):
            if (word[0].isupper() and start not in begins) or is_known(word, known):
                continue
            if remedies := _suggestions(passage, start, word, ordered):
                meant = " or ".join(f"“{each.replacement}”" for each in remedies)
                yield Violation.at(
                    passage,
                    f"“{word}” is not in the dictionary. Is {meant} meant?",
                    word,
                    start=start,
                    remedies=remedies,
                )


def _suggestions(passage: TextPassage, start: int, word: str, names: list[str]) -> tuple[Remedy, ...]:
    """Return the words that may be meant. Names of medicines are only shown: a wrong one would do harm."""
    span = (start, start + len(word))
    meant = nearest(word.lower(), names)
    only_shown = bool(meant) or any(map(may_name_medicine, near_words(word.lower())))
    return tuple(
        remedy
        for each in meant or near_words(word.lower())
        for remedy in remedy_at(passage, span, each, only_shown=only_shown)
    )


def _names(text: TextIndex, context: CheckContext) -> frozenset[str]:
    """Return each word of the names that the page and the site have, in lower case."""
    document = text.document
    names = [document.title]
    if isinstance(document, MonographDocument):
        names += [*document.brand_names, document.drug_class.name if document.drug_class else ""]
        names += [condition.name for condition in document.conditions]
    names += [
        item.name for part in document.all_parts() if isinstance(part, Companions) for item in part.items
    ]
    return words_of_names(frozenset(names)) | context.site.words


RULES = (spelling,)
