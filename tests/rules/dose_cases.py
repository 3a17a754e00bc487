"""Cases for the rules on doses, units, numbers and abbreviations that are read wrongly; see ``cases``."""

from typing import Any

DOSE_CASES: dict[str, tuple[list[Any], list[Any]]] = {
    "trailing-zero": (
        ["Take 5.0 mg.", "It weighs 10.00 g.", "Give 1,000.0 units."],
        ["Take 5 mg.", "Take 0.05 mg or 2.50 mg.", "See section 2.0.1 of the label."],
    ),
    "naked-decimal": (
        ["Take .5 mg.", "From .25 to 1 mg.", "Use (.1 mL) of it."],
        ["Take 0.5 mg.", "It ends. 5 days later it starts.", "See example.org or 1.5 mg."],
    ),
    "unsafe-units": (
        ["Give 10 U.", "Take 400 IU.", "Give 5u at night."],
        ["Give 10 units.", "In the US it is 10 units.", "Ward 5 U-turns."],
    ),
    "unsafe-micrograms": (
        ["Take 50 µg.", "Take 50 μg a day.", "Take 50 ug."],
        ["Take 50 mcg.", "Take 50 micrograms.", "Give a hug."],
    ),
    "unsafe-volume": (
        ["Draw up 5 cc.", "Use 10cc of it.", "Add 2 c.c. of water."],
        ["Draw up 5 mL.", "It will occur in 5 days.", "Send a cc of the letter."],
    ),
    "latin-directions": (
        ["Take 1 tablet BID.", "Take 10 mg q.d. with food.", "Take 5 mg PO at night."],
        ["Take it twice a day.", "They bid you rest at home.", "Make a plan at home."],
    ),
    "unsafe-route": (
        ["Give 10 mg SC.", "Use SubQ shots.", "It is given IM."],
        ["Give 10 mg under the skin.", "You live in Charleston, SC.", "It goes into a muscle."],
    ),
    "unsafe-medicine-name": (
        ["Give MSO4 for pain.", "Take MS 10 mg.", "You also get MTX."],
        ["Give morphine sulfate.", "You have MS and cannot walk.", "You also get methotrexate."],
    ),
    "unsafe-symbol": (
        [
            "If you weigh <p> < 45 kg.".replace("<p> <", "&lt;"),
            "Give it @ 9 in the morning.",
            "Over > 5 days.",
        ],
        ["If you weigh less than 45 kg.", "Write to help@example.org.", "It takes 5 to 7 days."],
    ),
    "number-without-commas": (
        ["Give 100000 units.", "Take 1500 mg.", "There are 250000 of them."],
        ["Give 100,000 units.", "It was made in 2014.", "Call 1-800-332-1088 or 911."],
    ),
    "number-touches-unit": (
        ["Take 10mg.", "Drink 0.5L of water.", "Give 1,000units."],
        ["Take 10 mg.", "Your B12 is low.", "Take the 5-mg tablet."],
    ),
    "slash-for-per": (
        ["Take 20 mg/day.", "Give 5 mg/kg of it.", "Mix 25 units/10 units."],
        ["Take 20 mg a day.", "It holds 5 mg/mL.", "Your team and/or your nurse."],
    ),
}
