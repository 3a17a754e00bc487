"""The reasons for which a page can be withdrawn or retired, in the words patients read.

One reviewer can withdraw a page at once, so nobody else reads the words before patients do. They are
therefore prepared here and reviewed as code; the reviewer's own note is shown in the admin only.
"""

from dataclasses import dataclass
from enum import StrEnum


class WithdrawalReason(StrEnum):
    """Why a page is withdrawn, or retired for good (``RETIREMENT_REASONS``)."""

    MISTAKE = "mistake"
    NEW_SAFETY_INFORMATION = "new_safety_information"
    MEDICINE_RECALLED = "medicine_recalled"
    NO_LONGER_AVAILABLE = "no_longer_available"
    BEING_CHECKED = "being_checked"
    RETIRED = "retired"
    RETIRED_NO_LONGER_AVAILABLE = "retired_no_longer_available"
    RETIRED_ON_ANOTHER_PAGE = "retired_on_another_page"


#: The reasons of a page that is retired: proposed by an editor, signed by a reviewer.
RETIREMENT_REASONS = (
    WithdrawalReason.RETIRED,
    WithdrawalReason.RETIRED_NO_LONGER_AVAILABLE,
    WithdrawalReason.RETIRED_ON_ANOTHER_PAGE,
)


@dataclass(frozen=True, slots=True)
class ReasonText:
    """The label of a reason in the admin, and the text patients read."""

    label: str
    reason: str
    advice: str


REASON_TEXTS: dict[WithdrawalReason, ReasonText] = {
    WithdrawalReason.MISTAKE: ReasonText(
        "The page says something wrong",
        "We found a mistake on this page, so we took it down. We are correcting it.",
        "If you did something because of what this page said, call your care team or pharmacist now.",
    ),
    WithdrawalReason.NEW_SAFETY_INFORMATION: ReasonText(
        "New safety information that the page does not have yet",
        "There is new safety information that this page does not have yet, so we took it down.",
        "Ask your care team or pharmacist what the new information means for you.",
    ),
    WithdrawalReason.MEDICINE_RECALLED: ReasonText(
        "The medicine was recalled",
        "This medicine, or some packs of it, was recalled. We took the page down while we update it.",
        "Ask your pharmacist whether the medicine you have is part of the recall, and what to do with it.",
    ),
    WithdrawalReason.NO_LONGER_AVAILABLE: ReasonText(
        "The medicine is no longer available",
        "This medicine is no longer available, so we took the page down.",
        "If you still have this medicine, ask your care team or pharmacist what to do.",
    ),
    WithdrawalReason.BEING_CHECKED: ReasonText(
        "The page must be checked first",
        "We need to check this page again, so we took it down for now.",
        "If you need information about this medicine now, ask your care team or pharmacist.",
    ),
    WithdrawalReason.RETIRED: ReasonText(
        "We do not keep the page up to date any more",
        "We do not keep this page up to date any more, so we took it down.",
        "If you need information about this medicine, ask your care team or pharmacist.",
    ),
    WithdrawalReason.RETIRED_NO_LONGER_AVAILABLE: ReasonText(
        "The medicine is not available any more and will not come back",
        "This medicine is not available any more, so we do not keep this page.",
        "If you still have this medicine, ask your care team or pharmacist what to do.",
    ),
    WithdrawalReason.RETIRED_ON_ANOTHER_PAGE: ReasonText(
        "Another page says it now",
        "Another of our pages says now what this page said, so we took this one down.",
        "Search for the name of the medicine, or ask your care team or pharmacist.",
    ),
}
