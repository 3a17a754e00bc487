"""Rules on serious side effects: which statements are required."""

from collections.abc import Iterator

from monographs.document.parts import Effect, Effects
from monographs.document.sections import SERIOUS_HEADING
from monographs.rules.check_context import CheckContext
from monographs.rules.rule import Severity, Violation, house_rule
from monographs.rules.text_index import EFFECTS_ANCHOR, TextIndex


@house_rule(
    "serious-effect-action",
    title="Every serious effect says what to do",
    severity=Severity.ERROR,
    why="Somebody who has the effect now needs to know two things at once: how soon to act, and what to do.",
    source="EU QRD template for leaflets, section 4 (serious effects first, with what to do); 21 CFR 208.20 "
    "(b)(7) on medication guides",
    bad="Seizure",
    good="Seizure. Get emergency help now. Have someone stay with you.",
    unwritten=True,
)
def serious_effect_action(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """Each serious effect has an urgency and an instruction."""
    serious = [
        effect
        for part in text.document.all_parts()
        if isinstance(part, Effects) and part.group == "serious"
        for effect in part.items
    ]
    for number, effect in enumerate(serious):
        missing = _missing(effect)
        if missing:
            yield Violation(
                EFFECTS_ANCHOR,
                f"{SERIOUS_HEADING}: {effect.name}",
                f"Say {missing}.",
                order=(len(text.passages), number),
            )


def _missing(effect: Effect) -> str:
    match effect.urgency is None, not effect.what_to_do:
        case True, True:
            return "how soon to act, and what to do"
        case True, False:
            return "how soon to act"
        case False, True:
            return "what to do"
    return ""


@house_rule(
    "serious-effects-listed",
    title="Serious effects one by one",
    severity=Severity.ADVICE,
    why="In running text a serious effect has no “how soon to act” of its own, and a frightened reader does "
    "not find it.",
    source="EU QRD template for leaflets, section 4; 21 CFR 208.20(b)(7) on medication guides",
    bad="Serious side effects can include seizures, infections and liver problems.",
    good="Three effects in the list, each with its signs, how soon to act and what to do",
)
def serious_effects_listed(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """The part on serious effects lists them, and is not only running text."""
    for part in text.document.all_parts():
        if isinstance(part, Effects) and part.group == "serious" and not part.items:
            yield Violation(
                EFFECTS_ANCHOR,
                SERIOUS_HEADING,
                "Make each serious effect an item of the list, with how soon to act and what to do.",
                around=part.html,
                order=(len(text.passages), 0),
            )


RULES = (serious_effect_action, serious_effects_listed)
