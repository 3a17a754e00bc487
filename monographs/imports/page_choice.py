"""Which page a text is written to: the importer's choice, or the only one that it can be."""

from dataclasses import dataclass

from django.contrib.auth.models import User

from monographs.imports.errors import ImportRefused
from monographs.imports.page_match import NameSimilarity, PageMatches, find_medicine, work_of_others
from monographs.imports.parsed_text import ParsedMonograph
from monographs.models import MonographPage


@dataclass(frozen=True, slots=True)
class PageChoice:
    """What the importer confirmed: the page with the id ``page_id``, a ``new`` page, or nothing yet.

    ``tentative``: go on without confirmation, for a preview that saves nothing.
    """

    page_id: int | None = None
    new: bool = False
    tentative: bool = False


class PageNotChosen(ImportRefused):
    """It is not certain which page a text is about, or the importer has not agreed to change it."""

    def __init__(self, reason: str, matches: PageMatches) -> None:
        super().__init__(reason)
        self.matches = matches


def chosen_page(
    parsed: ParsedMonograph, user: User | None, choice: PageChoice
) -> tuple[MonographPage | None, bool]:
    """Return the page to write to, None for a new one; and whether it has the text's own generic name.

    Raises ``PageNotChosen``: a medicine is created, and the work of others replaced, only if that is
    confirmed or cannot be meant otherwise.
    """
    matches = find_medicine(parsed.name, parsed.brands)
    if choice.page_id is not None:
        return _page(choice.page_id), choice.page_id in _named(matches)
    if choice.new:
        _check_new(parsed, matches)
        return None, False
    if not choice.tentative:
        _check_certain(parsed, user, matches)
    if matches.only is None:
        return None, False
    return _page(matches.only.page_id), matches.only.similarity is NameSimilarity.NAME


def _check_new(parsed: ParsedMonograph, matches: PageMatches) -> None:
    """Raise ``PageNotChosen`` if a page has the name that a new one would get."""
    if _named(matches):
        raise PageNotChosen(
            f"“{parsed.name}” cannot be a new medicine, as {_titles(PageMatches(matches.exact))} has that "
            "name; put the text into that page, or write the name of the new one as it differs",
            matches,
        )


def _check_certain(parsed: ParsedMonograph, user: User | None, matches: PageMatches) -> None:
    if len(matches.exact) > 1:
        raise PageNotChosen(f"several pages match {parsed.name}: {_titles(matches)}", matches)
    if matches.only is None and matches.similar:
        raise PageNotChosen(
            f"it is not certain whether “{parsed.name}” is a new medicine; like it are {_titles(matches)}",
            matches,
        )
    if matches.only is not None:
        page = _page(matches.only.page_id)
        others = work_of_others(page, user)
        locked = page.locked and (user is None or page.locked_by_id != user.pk)
        if others and not (page.is_frozen or locked):  # those are refused for that reason
            raise PageNotChosen(
                f"the draft of “{page.title}” ({page.slug}) holds unpublished work of {', '.join(others)}, "
                "which this text would replace",
                matches,
            )


def _page(page_id: int) -> MonographPage:
    page = MonographPage.objects.filter(pk=page_id).first()
    if page is None:
        raise ImportRefused("the page that you chose is no longer there; choose again")
    return page


def _named(matches: PageMatches) -> set[int]:
    return {match.page_id for match in matches.exact if match.similarity is NameSimilarity.NAME}


def _titles(matches: PageMatches) -> str:
    return ", ".join(f"“{match.title}” ({match.slug})" for match in matches.all)
