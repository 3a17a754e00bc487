"""Other words for those of a query, from the thesaurus: for PostgreSQL, and as the name of a page."""

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
    known = _known(words, question)
    while matches := [match for each in known if (match := _match(each, words))]:
        concept, said = max(matches, key=_length)
        groups.append([said, *concept.search_terms])
        # Two wordings of one entry are one thing: *blurry vision*
        words = concept.pattern.sub(" ", words)
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


def _known(words: str, question: Question) -> list[Concept]:
    """Return the entries of the thesaurus that a query may have words of."""
    topics = {asked.topic.id for asked in question.topics}
    names = set(question.conditions)
    return [
        concept
        for concept in concepts()
        if concept.id in topics
        or concept.kind == "spelling"
        or (concept.kind == "acronym" and (concept.name in names or words in concept.people))
    ]


def _match(concept: Concept, words: str) -> tuple[Concept, str] | None:
    match = concept.pattern.search(words)
    return (concept, match[0]) if match else None


def _length(found: tuple[Concept, str]) -> int:
    return len(found[1].split())
