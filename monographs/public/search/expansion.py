"""Other words for those of a query, from the thesaurus: for PostgreSQL, and as the name of a page."""

from collections.abc import Iterator
from dataclasses import replace

from monographs.public.search.name_index import NameIndex
from monographs.public.search.name_match import QueryInterpretation, interpret_query
from monographs.public.search.phrases import plain_words
from monographs.public.search.question import Question
from monographs.public.search.topics import Concept, concepts, filler_words


def search_groups(query: str, question: Question) -> list[list[str]]:
    """Return groups of terms: a text is found that has one of each. Empty if no other words are known."""
    words = plain_words(query)
    groups: list[list[str]] = []
    for concept, said in _known(words, question):
        groups.append([said, *concept.search_terms])
        words = words.replace(said, " ", 1)
    others = [word for word in words.split() if word not in filler_words()]
    return [*groups, *([word] for word in others)] if groups else []


def with_acronym(index: NameIndex, query: str, interpretation: QueryInterpretation) -> QueryInterpretation:
    """Return the interpretation with the pages that an acronym stands for first: *ALL*, *MM*."""
    acronyms = [c for c in concepts() if c.kind == "acronym" and plain_words(query) in c.people]
    if not acronyms:
        return interpretation
    meant = interpret_query(index, acronyms[0].name).matches
    keys = {match.key for match in meant}
    others = (match for match in interpretation.matches if match.key not in keys)
    return replace(interpretation, matches=(*meant, *others)) if meant else interpretation


def _known(words: str, question: Question) -> Iterator[tuple[Concept, str]]:
    """Yield the entries of the thesaurus that a query has words of, with these words."""
    topics = {asked.topic.id for asked in question.topics}
    names = set(question.conditions)
    for concept in concepts():
        is_acronym = concept.kind == "acronym" and (concept.name in names or words in concept.people)
        if concept.id in topics or is_acronym or concept.kind == "spelling":
            match = concept.pattern.search(words)
            if match:
                yield concept, match[0]
