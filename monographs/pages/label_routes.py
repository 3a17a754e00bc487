"""The routes of labels (FDA's Route of Administration terms) as the choices of a medicine's page."""

from collections.abc import Iterable

from monographs.pages.monograph import Route

#: A term → the choices that it may mean. “Intravenous” is both an infusion and an injection.
_CHOICES: dict[str, tuple[Route, ...]] = {
    "ORAL": (Route.ORAL,),
    "INTRAVENOUS": (Route.INTRAVENOUS_INFUSION, Route.INTRAVENOUS_INJECTION),
    "INTRAVENOUS DRIP": (Route.INTRAVENOUS_INFUSION,),
    "INTRAVENOUS BOLUS": (Route.INTRAVENOUS_INJECTION,),
    "SUBCUTANEOUS": (Route.SUBCUTANEOUS_INJECTION,),
    "INTRAMUSCULAR": (Route.INTRAMUSCULAR_INJECTION,),
    "OPHTHALMIC": (Route.EYE,),
    "CONJUNCTIVAL": (Route.EYE,),
    "TOPICAL": (Route.SKIN,),
    "CUTANEOUS": (Route.SKIN,),
    "TRANSDERMAL": (Route.SKIN,),
    "PERCUTANEOUS": (Route.SKIN,),
}


def choices_of_term(term: str) -> tuple[Route, ...]:
    """Return the choices that a label's term may mean; none if the page's form has no choice for it."""
    return _CHOICES.get(" ".join(term.upper().split()), ())


def missing_terms(terms: Iterable[str], chosen: Iterable[Route]) -> list[str]:
    """Return the terms of a label none of whose choices is among the ``chosen`` ones of a page.

    A term that the form has no choice for is left out: a writer could not add it.
    """
    known = set(chosen)
    return [term for term in terms if choices_of_term(term) and known.isdisjoint(choices_of_term(term))]
