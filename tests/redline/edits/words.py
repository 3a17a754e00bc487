"""Edits of words and numbers in a sentence."""

from tests.redline.notation import Edit, p

WORDS: dict[str, Edit] = {
    "decimal point lost": (
        p("Take 0.5 mg each day."),
        p("Take 5 mg each day."),
        "Take [-0.5 mg-]{+5 mg+} each day.",
        "NUMBER",
    ),
    "zero added": (p("Take 5 mg."), p("Take 50 mg."), "Take [-5 mg-]{+50 mg+}.", "NUMBER"),
    "trailing zero": (p("Take 5 mg."), p("Take 5.0 mg."), "Take [-5 mg-]{+5.0 mg+}.", "NUMBER"),
    "naked decimal": (p("Take .5 mg."), p("Take 0.5 mg."), "Take [-.5 mg-]{+0.5 mg+}.", "NUMBER"),
    "milligrams become micrograms": (
        p("Take 5 mg at night."),
        p("Take 5 mcg at night."),
        "Take [-5 mg-]{+5 mcg+} at night.",
        "NUMBER",
    ),
    "comma becomes point": (p("Give 1,5 mL."), p("Give 1.5 mL."), "Give [-1,5 mL-]{+1.5 mL+}.", "NUMBER"),
    "thousands": (
        p("About 1,000 people took it."),
        p("About 10,000 people took it."),
        "About [-1,000 people-]{+10,000 people+} took it.",
        "NUMBER",
    ),
    "range widened": (
        p("The dose is 5–10 mg a day."),
        p("The dose is 5–15 mg a day."),
        "The dose is [-5–10 mg-]{+5–15 mg+} a day.",
        "NUMBER",
    ),
    "range in words": (
        p("Wait 2 to 3 hours after a meal."),
        p("Wait 2 to 4 hours after a meal."),
        "Wait [-2 to 3 hours-]{+2 to 4 hours+} after a meal.",
        "NUMBER",
    ),
    "per body surface": (
        p("You get 10 mg/m² by drip."),
        p("You get 10 mg/kg by drip."),
        "You get [-10 mg/m²-]{+10 mg/kg+} by drip.",
        "NUMBER",
    ),
    "percent": (
        p("It helps 20% of them."),
        p("It helps 2% of them."),
        "It helps [-20%-]{+2%+} of them.",
        "NUMBER",
    ),
    "sign turned": (
        p("Call at ≥ 38°C at once."),
        p("Call at &lt; 38°C at once."),
        "Call at [-≥ 38°C-]{+< 38°C+} at once.",
        "NUMBER",
    ),
    "fraction": (p("Take ½ tablet."), p("Take 1½ tablets."), "Take [-½ tablet-]{+1½ tablets+}.", "NUMBER"),
    "times a day": (
        p("Take it 2 times a day."),
        p("Take it 3 times a day."),
        "Take it [-2 times a day-]{+3 times a day+}.",
        "NUMBER",
    ),
    "once becomes twice": (
        p("Take it once a day with food."),
        p("Take it twice a day with food."),
        "Take it [-once a day-]{+twice a day+} with food.",
        "NUMBER",
    ),
    "an unsafe abbreviation mended": (
        p("Take it q.d. with food."),
        p("Take it once a day with food."),
        "Take it [-q.d.-]{+once a day+} with food.",
        "NUMBER",
    ),
    "number in words": (
        p("Take two tablets in the morning."),
        p("Take three tablets in the morning."),
        "Take [-two-]{+three+} tablets in the morning.",
        "NUMBER",
    ),
    "space left out of a dose": (
        p("Take 5 mg now."),
        p("Take 5mg now."),
        "Take [-5 mg-]{+5mg+} now.",
        "SPACING",
    ),
    "thin space in a dose": (
        p("Take 5 mg now."),
        p("Take 5\u2009mg now."),
        "Take [-5 mg-]{+5⸱mg+} now.",
        "SPACING",
    ),
    "space that does not break": (
        p("Take it now."),
        p("Take it\u00a0now."),
        "Take it[- -]{+⍽+}now.",
        "SPACING",
    ),
    "not added": (
        p("You should take it with milk."),
        p("You should not take it with milk."),
        "You should {+not +}take it with milk.",
        "NEGATION",
    ),
    "do not lost": (
        p("Do not take it with milk."),
        p("Take it with milk."),
        "[-Do not take-]{+Take+} it with milk.",
        "NEGATION",
    ),
    "avoid becomes drink": (p("Avoid milk."), p("Drink milk."), "[-Avoid-]{+Drink+} milk.", "NEGATION"),
    "without becomes with": (
        p("Take it without food."),
        p("Take it with food."),
        "Take it [-without-]{+with+} food.",
        "NEGATION",
    ),
    "n’t for not is no negation added": (
        p("You do not need it."),
        p("You don’t need it."),
        "You [-do not-]{+don’t+} need it.",
        "",
    ),
    "unless added": (
        p("Stop it if you feel ill."),
        p("Stop it unless you feel ill."),
        "Stop it [-if-]{+unless+} you feel ill.",
        "NEGATION",
    ),
}
