"""What a label fills in of a new medicine: names, class, routes, identifiers and its source."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monographs.imports.name_line import brand_name, generic_name, is_listed_qualifier
from monographs.imports.page_match import class_in
from monographs.labels.label import Label
from monographs.labels.label_passages import section_texts
from monographs.models import DrugClassPage, MonographPage
from monographs.pages.label_routes import choices_of_term
from monographs.pages.monograph import Route

_INDICATIONS, _DOSAGE = "34067-9", "34068-7"
#: “X is a kinase inhibitor indicated for”: highlights name the class so (21 CFR 201.57(a)(6)).
_CLASS = re.compile(r"\bis an? (?P<name>[^.;:]{3,120}?),? (?:and is )?indicated\b")
_EPC = re.compile(r"\s*\[EPC\]\s*$")
_INFUSION = re.compile(r"\binfus", re.IGNORECASE)
_INJECTION = re.compile(
    r"\b(?:intravenous|IV) (?:bolus|push|injection)|\binject(?:ed)? intravenously",
    re.IGNORECASE,
)
#: Letters. A shorter name, or an adjective, is another medicine without its salt (ferrous sulfate).
_SHORTEST_BARE = 6
_ADJECTIVE = re.compile(r"(?:ous|ic)$")
_NUMBER_OF_UNII = MonographPage._meta.get_field("unii").max_length


@dataclass(frozen=True)
class LabelFacts:
    """What is filled in. ``notes`` say, a sentence each, what a writer has to look at."""

    name: str
    brands: list[str]
    drug_class: DrugClassPage | None
    routes: list[str]
    rxcui: list[str]
    unii: str
    notes: tuple[str, ...] = ()


def facts_of(label: Label) -> LabelFacts:
    """Return what ``label`` fills in of a new medicine. One query, for the classes of the site."""
    notes: list[str] = []
    name = _name(label, notes)
    return LabelFacts(
        name,
        list(_brands(label, name)),
        _drug_class(label, notes),
        _routes(label, notes),
        list(label.rxcuis),
        _unii(label, notes),
        tuple(notes),
    )


def _name(label: Label, notes: list[str]) -> str:
    names = list(dict.fromkeys(generic_name(name) for name in label.generic_names))
    if not names:
        notes.append("The label names no generic name: write it.")
        return ""
    if len(names) > 1:
        notes.append(f"The label has several generic names, the first is filled in: {', '.join(names)}.")
    bare = _without_salt(names[0])
    if bare != names[0]:
        notes.append(f"The label’s name has a salt or a form, which was left out: {names[0]}.")
    return bare


def _without_salt(name: str) -> str:
    """Return a name of one word without the salt behind it; any other name as it is."""
    first, *rest = name.split(" ")
    is_name = len(first) >= _SHORTEST_BARE and not is_listed_qualifier(first) and not _ADJECTIVE.search(first)
    return first if rest and is_name and all(map(_is_salt, rest)) else name


#: Listed qualifiers that name another medicine, or belong to several names, and are no salt.
_FORMS = frozenset("and or with liposomal liposome pegylated conjugated lipid complex nab bound".split())


def _is_salt(word: str) -> bool:
    return is_listed_qualifier(word) and word.casefold() not in _FORMS


def _brands(label: Label, name: str) -> Iterator[str]:
    """Yield the names of the products that are brand names, in small letters where the label shouts."""
    seen = {name.casefold(), *(generic.casefold() for generic in label.generic_names)}
    for each in label.names:
        brand = brand_name(each)
        if brand.isupper():
            brand = " ".join(word.capitalize() for word in brand.split())
        if brand and brand.casefold() not in seen:
            seen.add(brand.casefold())
            yield brand


def _drug_class(label: Label, notes: list[str]) -> DrugClassPage | None:
    named = list(dict.fromkeys(_class_names(label)))
    for words in named:
        if found := class_in(words):
            notes.append(f"The label’s class is “{words}”; “{found.title}” is chosen for it.")
            return found
    if named:
        notes.append(f"No class of this site is called like the label’s class ({named[0]}): choose one.")
    return None


def _class_names(label: Label) -> Iterator[str]:
    yield from (_EPC.sub("", each) for each in label.classes)
    text = section_texts(label).get(_INDICATIONS)
    for passage in text.passages if text else ():
        if match := _CLASS.search(passage.text):
            yield match["name"]


def _routes(label: Label, notes: list[str]) -> list[str]:
    found: set[Route] = set()
    for term in label.routes:
        choices = choices_of_term(term)
        if len(choices) > 1:
            choices = _by_dosage(label, choices)
        if not choices:
            notes.append(f"How it is given: the label says “{term.lower()}”. Choose what that is here.")
        found.update(choices)
    if not label.routes:
        notes.append("The label names no route: choose how it is given.")
    return [route.value for route in Route if route in found]


def _by_dosage(label: Label, choices: tuple[Route, ...]) -> tuple[Route, ...]:
    """Return those ways into a vein that the section on doses speaks of."""
    text = section_texts(label).get(_DOSAGE)
    words = " ".join(passage.text for passage in text.passages) if text else ""
    meant = {
        Route.INTRAVENOUS_INFUSION: _INFUSION.search(words),
        Route.INTRAVENOUS_INJECTION: _INJECTION.search(words),
    }
    return tuple(choice for choice in choices if meant[choice])


def _unii(label: Label, notes: list[str]) -> str:
    if len(label.uniis) == 1 and len(label.uniis[0]) <= (_NUMBER_OF_UNII or 0):
        return label.uniis[0]
    if label.uniis:
        notes.append(f"The label has several ingredients, so no UNII is filled in: {', '.join(label.uniis)}.")
    return ""
