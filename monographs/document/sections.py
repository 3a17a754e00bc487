"""The sections of a monograph: their names, headings and order."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from monographs.document.frozen_model import FrozenModel
from monographs.document.parts import CommonPart, ConditionPart, Part


class SectionType(StrEnum):
    """Every section a monograph may have, in the order patients see them."""

    BOXED_WARNING = "boxed_warning"
    HOW_IT_IS_ADMINISTERED = "how_it_is_administered"
    IF_SOMETHING_GOES_WRONG = "if_something_goes_wrong"
    HOW_IT_WORKS = "how_it_works"
    HOW_WELL_IT_WORKS = "how_well_it_works"
    COMMON_SIDE_EFFECTS = "common_side_effects"
    CHECKS_WHILE_YOU_TAKE_IT = "checks_while_you_take_it"
    WHO_SHOULD_TAKE_IT = "who_should_take_it"
    WHO_SHOULD_NOT_TAKE_IT = "who_should_not_take_it"
    PREGNANCY_AND_BREASTFEEDING = "pregnancy_and_breastfeeding"
    COMMONLY_USED_WITH = "commonly_used_with"
    COMMONLY_TESTED_WITH = "commonly_tested_with"
    OTHER_MEDICINES = "other_medicines"
    LIVING_WITH_IT = "living_with_it"
    FOR_CAREGIVERS = "for_caregivers"
    COST_AND_HELP = "cost_and_help"
    WHEN_TO_GET_HELP = "when_to_get_help"
    COMMON_QUESTIONS = "common_questions"

    @property
    def anchor(self) -> str:
        """The section's stable address on the page."""
        return self.value.replace("_", "-")


SECTION_ORDER: tuple[SectionType, ...] = tuple(SectionType)

#: The customer's headings for the seven required sections, and the project's for the optional ones.
SECTION_HEADINGS: dict[SectionType, str] = {
    SectionType.BOXED_WARNING: "Most serious warnings",
    SectionType.HOW_IT_IS_ADMINISTERED: "How it is administered",
    SectionType.IF_SOMETHING_GOES_WRONG: "If something goes wrong",
    SectionType.HOW_IT_WORKS: "How it works",
    SectionType.HOW_WELL_IT_WORKS: "How well it works",
    SectionType.COMMON_SIDE_EFFECTS: "Common side effects",
    SectionType.CHECKS_WHILE_YOU_TAKE_IT: "Checks while you take it",
    SectionType.WHO_SHOULD_TAKE_IT: "Who should take it",
    SectionType.WHO_SHOULD_NOT_TAKE_IT: "Who should not take it",
    SectionType.PREGNANCY_AND_BREASTFEEDING: "Pregnancy and breastfeeding",
    SectionType.COMMONLY_USED_WITH: "Commonly used with",
    SectionType.COMMONLY_TESTED_WITH: "Commonly tested with",
    SectionType.OTHER_MEDICINES: "Other medicines",
    SectionType.LIVING_WITH_IT: "Living with it",
    SectionType.FOR_CAREGIVERS: "For caregivers",
    SectionType.COST_AND_HELP: "Cost and help",
    SectionType.WHEN_TO_GET_HELP: "When to get help",
    SectionType.COMMON_QUESTIONS: "Common questions",
}

SERIOUS_HEADING = "Serious side effects"

REQUIRED_SECTIONS: tuple[SectionType, ...] = (
    SectionType.HOW_IT_IS_ADMINISTERED,
    SectionType.HOW_IT_WORKS,
    SectionType.COMMON_SIDE_EFFECTS,
    SectionType.WHO_SHOULD_TAKE_IT,
    SectionType.WHO_SHOULD_NOT_TAKE_IT,
    SectionType.COMMONLY_USED_WITH,
    SectionType.COMMONLY_TESTED_WITH,
)
OPTIONAL_SECTIONS: tuple[SectionType, ...] = tuple(
    section for section in SECTION_ORDER if section not in REQUIRED_SECTIONS
)


class Section(FrozenModel):
    """One section: its parts in reading order and the numbers of the sources it rests on (from 1)."""

    type: SectionType
    heading: str
    parts: tuple[Part, ...] = ()
    sources: tuple[Annotated[int, Field(ge=1)], ...] = ()

    @property
    def anchor(self) -> str:
        """The section's stable address on the page."""
        return self.type.anchor

    def all_parts(self) -> Iterator[Part | CommonPart]:
        """Yield every part in reading order; those for one condition come after the part that holds them."""
        for part in self.parts:
            yield part
            if isinstance(part, ConditionPart):
                yield from part.parts
