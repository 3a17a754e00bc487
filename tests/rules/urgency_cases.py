"""Cases for the rules on how soon to act; see ``cases``."""

from typing import Any

from monographs.document.models import HomeDocument, InformationDocument
from monographs.document.parts import Advice, Urgency
from tests.rules.documents import KEY, PLAIN, advice, effect

COMMON = {"key": KEY, "slug": "page", "title": "Page", "review_interval_months": 12}

URGENCY_CASES: dict[str, tuple[list[Any], list[Any]]] = {
    "urgency-contradiction": (
        [
            advice(Urgency.CALL_TODAY, "For a rash, call right away."),
            advice(Urgency.CALL_TODAY, "If you have a rash, call 911."),
            advice(
                Urgency.CALL_TODAY, "<p>For any of these:</p><ul><li>Chills</li></ul><p>Call at any hour.</p>"
            ),
            advice(Urgency.CALL_TODAY, "Call your care team about chills, day or night."),
            advice(Urgency.NEXT_VISIT, "Call your care team today about a rash."),
            advice(Urgency.CALL_NOW, "Tell your care team about it at your next visit."),
            advice(Urgency.CALL_911, "Call your care team today."),
            advice(Urgency.NEXT_VISIT, "Go to an emergency room."),
            effect(Urgency.CALL_TODAY, "Low blood counts", "Go to each test. Call right away for chills."),
            effect(Urgency.NEXT_VISIT, "Rash", "Call an ambulance."),
            effect(Urgency.CALL_TODAY, "Pump", "Get medical help now."),
        ],
        [
            advice(Urgency.CALL_TODAY, "Call about a rash. Call sooner if it gets worse."),
            advice(Urgency.CALL_TODAY, "Call about a rash. If it blisters, call 911."),
            advice(Urgency.NEXT_VISIT, "Tell us about cramps. Call today if they get worse."),
            advice(Urgency.CALL_NOW, "For a fever. If you cannot reach your team, go to an emergency room."),
            advice(Urgency.CALL_911, "Get help at once if you faint."),
            advice(Urgency.CALL_911, "Call 911 now. Then tell your care team the same day."),
            advice(Urgency.CALL_TODAY, "Tell them what you took today. Do not stop it right away."),
            advice(Urgency.CALL_TODAY, "Call before your next visit."),
            advice(Urgency.NEXT_VISIT, "Tell us what you take now."),
            effect(Urgency.NEXT_VISIT, "Nausea", "Call right away if you cannot keep fluids down."),
            effect(Urgency.NEXT_VISIT, "Rash", "Call 911 if the skin blisters."),
            effect(Urgency.CALL_TODAY, "Low platelets", "Call. Call 911 for bleeding that does not stop."),
            effect(Urgency.CALL_NOW, "Fever", "Call right away, day or night."),
            "Call 911 right away.",
        ],
    ),
    "emergency-number": (
        [
            advice(Urgency.CALL_911, "Call 112."),
            effect(Urgency.CALL_911, "Clot", "Dial 999."),
            "If you cannot breathe, ring 000.",
        ],
        [
            advice(Urgency.CALL_911, "Call 911."),
            effect(Urgency.CALL_911, "Clot", "Dial 9-1-1, or call for an ambulance."),
            "Call 1-800-222-1222. Take 112 mg, or call 111 for advice.",
        ],
    ),
    "urgency-too-mild": (
        [
            advice(Urgency.NEXT_VISIT, "<ul><li>Mild cramps</li><li>Fever of 100.4°F</li></ul>"),
            advice(Urgency.CALL_TODAY, "Fever or chills.", about="You may have low white blood cells."),
            advice(Urgency.CALL_TODAY, "Fever.", about="It can cause neutropenia."),
            advice(Urgency.CALL_TODAY, "Trouble breathing, or you feel short of breath."),
            advice(Urgency.CALL_TODAY, "Pressure in your chest."),
            advice(Urgency.NEXT_VISIT, "You feel confused."),
            advice(Urgency.CALL_TODAY, "You think of hurting yourself."),
            advice(Urgency.CALL_TODAY, "You have thoughts of suicide."),
            advice(Urgency.NEXT_VISIT, "Black stools or blood in your urine."),
            effect(Urgency.NEXT_VISIT, "Bleeding gums"),
            effect(Urgency.CALL_TODAY, "Fits", "Rest.", "These are seizures."),
            effect(Urgency.CALL_TODAY, "Infection", "Rest.", "Signs are cough and chest pain."),
            effect(Urgency.CALL_TODAY, "Seizure"),
            InformationDocument(
                **COMMON,
                body=(
                    Advice(
                        urgency=Urgency.CALL_TODAY,
                        urgency_label=Urgency.CALL_TODAY.label,
                        html="<p>Chest pain.</p>",
                    ),
                ),
            ),
        ],
        [
            advice(Urgency.CALL_TODAY, "Fever of 100.4°F (38°C) or higher."),
            advice(Urgency.CALL_NOW, "Fever.", about="You may have low white blood cells."),
            advice(Urgency.NEXT_VISIT, "Mild cramps. Call sooner if you have a fever."),
            advice(Urgency.NEXT_VISIT, "A cold without fever."),
            advice(Urgency.NEXT_VISIT, "You have ever had seizures."),
            advice(Urgency.NEXT_VISIT, "You take medicines for seizures."),
            advice(Urgency.CALL_TODAY, "New bruises or small bleeding spots."),
            advice(Urgency.CALL_NOW, "You feel confused, or have chest pain."),
            effect(Urgency.NEXT_VISIT, "Aches", "Ask before you take a pain medicine. It can hide a fever."),
            effect(
                Urgency.CALL_TODAY, "Water", "Call 911 if you have trouble breathing.", "Short of breath."
            ),
            effect(Urgency.NEXT_VISIT, "Nosebleeds", "Call today for bleeding that does not stop."),
            "Fever, bleeding and seizures are side effects.",
        ],
    ),
    "if-nobody-answers": (
        [
            HomeDocument(**COMMON, organisation="Example"),
            HomeDocument(**COMMON, organisation="Example", notice="A notice."),
            HomeDocument(**COMMON, organisation="", summary="We write about medicines."),
        ],
        [
            HomeDocument(**COMMON, organisation="Example", if_nobody_answers="Go to an emergency room."),
            InformationDocument(**COMMON),
            PLAIN,
        ],
    ),
}
