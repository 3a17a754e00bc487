"""Cases for every rule that checks a text: at least three texts it must flag, and three it must not.

A string stands for a medicine with these words in *How it works*; where a rule checks another part, the case
is a document.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from monographs.document import SectionType
from monographs.document.models import HomeDocument, IndexDocument, InformationDocument, Reference, Source
from monographs.document.parts import Effect, Urgency
from monographs.rules.models import LinkCheck, LinkOutcome
from monographs.rules.source_faults import SourceFault, SourceFaultKind
from monographs.source_library.models import digest_of_source
from tests.rules.consistency_cases import CONSISTENCY_CASES
from tests.rules.documents import (
    KEY,
    LABEL,
    PLAIN,
    SEIZURE,
    companion,
    effects,
    explained,
    figure,
    html,
    monograph,
    section,
    sourced,
    with_effects,
)
from tests.rules.dose_cases import DOSE_CASES
from tests.rules.label_cases import LABEL_CASES
from tests.rules.urgency_cases import URGENCY_CASES

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
COMMON = {"key": KEY, "slug": "page", "title": "Page", "review_interval_months": 12}


def link(address: str, words: str = "the label") -> str:
    """A paragraph with a link."""
    return f'<p>See <a href="{address}">{words}</a>.</p>'


def checked(
    host: str, outcome: LinkOutcome, *, failing_for: timedelta | None = None, status: int | None = None
):
    """The result of the last check of an address at ``host``."""
    return LinkCheck(
        address=f"https://{host}.example.org/",
        outcome=outcome,
        status=status,
        checked_at=NOW,
        first_failed_at=None if failing_for is None else NOW - failing_for,
    )


#: The link checks that the rules know of.
CHECKS = [
    checked("answers", LinkOutcome.ANSWERS, status=200),
    checked("gone", LinkOutcome.GONE, failing_for=timedelta(days=2), status=404),
    checked("silent", LinkOutcome.SILENT, failing_for=timedelta(days=30)),
    checked("fault", LinkOutcome.SILENT, failing_for=timedelta(hours=25), status=500),
    checked("hiccup", LinkOutcome.SILENT, failing_for=timedelta(0)),
    checked("missing", LinkOutcome.GONE, failing_for=timedelta(hours=23), status=404),
    checked("people", LinkOutcome.UNCLEAR, status=403),
]


def library_source(fault: str) -> Source:
    """A source of the library of which this is wrong."""
    return Source(number=1, title=f"A {fault} guideline", publisher="NCCN", date_seen=NOW.date())


def digest_of_case(fault: str) -> str:
    """The hash of what a text says of ``library_source``."""
    return digest_of_source(f"A {fault} guideline", "NCCN", "")


#: What the rules know of the library of sources.
SOURCE_FAULTS = {
    digest_of_case(kind.value): (SourceFault(kind, "1", "something happened to it"),)
    for kind in SourceFaultKind
} | {digest_of_case("right"): ()}
HARD = (
    "The administration necessitates continuous intravenous infusion of considerable duration. Neurological "
    "toxicities necessitate immediate discontinuation of the medication. Concomitant immunosuppressive "
    "pharmacotherapy exacerbates susceptibility to opportunistic infections considerably. "
    "Hypersensitivity precludes administration of additional medication indefinitely."
)
EASY = (
    "You get the drug through a drip. It runs day and night for four weeks. A nurse will show you how to "
    "take care of the pump. Call your team if you feel ill. They will tell you what to do next."
)
LONG = "You get it as a drip " + "and then you rest for a day or two " * 2
SIX = "It is a drip. It runs all day. You can walk. You can sleep. You can eat. You can work."

CASES: dict[str, tuple[list[Any], list[Any]]] = {
    "required-part": (
        [
            monograph(without=[SectionType.WHO_SHOULD_NOT_TAKE_IT]),
            with_effects(effects(SEIZURE, group="common"), effects(group="serious")).model_copy(
                update={"title": " "}
            ),
            HomeDocument(**COMMON, organisation=""),
        ],
        [
            monograph(),
            IndexDocument(**COMMON, collection="medicines"),
            HomeDocument(**COMMON, organisation="Example"),
        ],
    ),
    "section-without-source": (
        [
            monograph(sections=[section(SectionType.HOW_IT_WORKS, html(PLAIN), sources=())]),
            monograph(sections=[section(SectionType.BOXED_WARNING, html(PLAIN), sources=())]),
            sourced(used=()),
        ],
        [
            monograph(),
            InformationDocument(**COMMON, body=(html(PLAIN),)),
            sourced(LABEL, LABEL.model_copy(update={"number": 2}), used=(2,)),
        ],
    ),
    "incomplete-source": (
        [
            sourced(Source(number=1, title="The label")),
            sourced(Source(number=1, title="The label", publisher="FDA")),
            sourced(Source(number=1, title="The label", address="https://example.org/")),
        ],
        [
            monograph(),
            sourced(Source(number=1, title="A book", publisher="Press", date_seen=NOW.date())),
            InformationDocument(**COMMON, body=(html(PLAIN),)),
        ],
    ),
    "unused-source": (
        [
            sourced(LABEL, Source(number=2, title="A trial"), used=(1,)),
            sourced(LABEL, used=()),
            sourced(LABEL, LABEL.model_copy(update={"number": 2}), used=(2,)),
        ],
        [
            monograph(),
            sourced(LABEL, Source(number=2, title="A trial"), used=(1, 2)),
            sourced(used=()),
        ],
    ),
    "outdated-source": (
        [sourced(library_source(kind)) for kind in ("superseded", "newer_label", "old", "moved")],
        [monograph(), sourced(library_source("right")), sourced(library_source("dead_link"))],
    ),
    "placeholder": (
        [
            "The dose is to be confirmed.",
            "Lorem ipsum dolor sit amet.",
            "Take XXX tablets.",
            "Ask about it: TBD.",
            "Call [insert number].",
            "Click or tap here to enter text.",
            monograph(title="Copy of testumab"),
            monograph(title="Untitled"),
        ],
        [
            "You take it to be well.",
            "The dose depends on your weight.",
            "Take one tablet (see below).",
            monograph(title="copymab"),
        ],
    ),
    "file-as-source": (
        [
            sourced(Source(number=1, title="testumab-final.docx")),
            sourced(Source(number=1, title="Pasted text")),
            sourced(Source(number=1, title="venetoclax all.txt")),
            sourced(Source(number=1, title="Document1")),
        ],
        [
            monograph(),
            sourced(Source(number=1, title="label.pdf", address="https://example.org/label.pdf")),
            sourced(Source(number=1, title="Testivo prescribing information")),
        ],
    ),
    "serious-effect-action": (
        [
            with_effects(effects(Effect(name="Seizure"))),
            with_effects(effects(SEIZURE.model_copy(update={"what_to_do": ""}))),
            with_effects(effects(SEIZURE, Effect(name="Stroke", what_to_do="Call 911."))),
        ],
        [
            with_effects(effects(SEIZURE)),
            with_effects(effects(Effect(name="Fever"), group="common")),
            with_effects(
                effects(Effect(name="Rash", urgency=Urgency.NEXT_VISIT, what_to_do="Show it to your team."))
            ),
        ],
    ),
    "serious-effects-listed": (
        [
            with_effects(effects(words="<p>Seizures and strokes.</p>")),
            with_effects(effects(words="<ul><li>Seizures</li></ul>")),
            with_effects(effects(Effect(name="Fever"), group="common"), effects(words="<p>Seizures.</p>")),
        ],
        [
            monograph(),
            with_effects(effects(SEIZURE, words="<p>Learn the signs.</p>")),
            with_effects(effects(group="common", words="<p>You may have these.</p>")),
        ],
    ),
    "frequency-number": (
        [
            explained("Seen in 62% of patients."),
            explained("It happens to 1 in 5 people."),
            with_effects(words="About 10 percent of people get a fever."),
        ],
        [
            explained("A temperature of 100.4°F (38°C) or higher."),
            "It helped 62% of patients.",
            explained("Signs are spots 1 or 2 days after the drip."),
        ],
    ),
    "frequency-word": (
        [
            explained("Rarely, you may see double."),
            explained("A very common effect."),
            with_effects(effects(Effect(name="Uncommon rash"), group="common")),
        ],
        [
            explained("You may feel as you do with a common cold."),
            with_effects(
                effects(Effect(name="Rash", what_to_do="Rarely, it needs a cream."), group="common")
            ),
            "It is used for a rare disease.",
        ],
    ),
    "vague-frequency": (
        [
            explained("Some people feel sick."),
            explained("It often comes at night."),
            with_effects(words="These are less common, but can be dangerous."),
        ],
        [
            explained("You may feel sick at night."),
            with_effects(effects(Effect(name="Rash", what_to_do="Wash often."), group="common")),
            with_effects(words="Common side effects are listed below."),
        ],
    ),
    **CONSISTENCY_CASES,
    **DOSE_CASES,
    "unexplained-abbreviation": (
        ["CRS can be bad.", "It grips CD19 on cells.", "You may get TLS or a rash."],
        [
            "Cytokine release syndrome (CRS) can be bad. CRS needs care.",
            "The FDA says so. It grips a marker called CD19.",
            monograph(
                "It works. ALL cells die.",
                sections=[
                    section(
                        SectionType.HOW_IT_WORKS,
                        html("ALL cells die."),
                        heading="Acute lymphoblastic leukemia",
                    )
                ],
            ),
        ],
    ),
    "brand-before-generic": (
        [
            monograph("Testra is a drip.", summary=""),
            "You may also get Gleevec.",
            companion("A pill", "Gleevec helps too."),
        ],
        [
            "Testumab (brand name Testra) is a drip.",
            "You may also get imatinib (Gleevec).",
            "The word testrapid means nothing.",
        ],
    ),
    "long-sentence": (
        [LONG, f"It is short. {LONG}.", explained(LONG)],
        [PLAIN, SIX, "You take 0.5 mg, e.g. a half of the tablet, at 9 a.m. each day."],
    ),
    "long-paragraph": (
        [SIX, f"{LONG}. " * 4, f"<p>{SIX}</p><p>It is a drip.</p>"],
        [PLAIN, f"<ul><li>{SIX}</li></ul>", "<p>It is a drip. It runs.</p><p>You can walk. You can eat.</p>"],
    ),
    "passive-voice": (
        [
            "The bag is changed at noon.",
            "It was first given to adults.",
            "The dose will be slowly increased.",
        ],
        [
            "A nurse changes the bag at noon.",
            "You are tired and confused. The round is called a cycle.",
            "You need rest. It is a hundred years old and indeed red.",
        ],
    ),
    "reading-grade-page": (
        [
            HARD,
            with_effects(words=HARD),
            monograph(sections=[section(SectionType.BOXED_WARNING, html(HARD * 2))]),
        ],
        [EASY, monograph(), "Immunomodulatory medicines such as testumab help. " * 8],
    ),
    "reading-grade-section": (
        [HARD, with_effects(words=HARD), companion("A pill", HARD)],
        [EASY, monograph(), "Immunomodulatory medicines such as testumab help. " * 8],
    ),
    "hard-sentence": (
        [HARD, f"{HARD} {EASY[:33]}", companion("A pill", HARD)],
        [EASY, monograph(), "Immunomodulatory medicines such as testumab help. " * 8],
    ),
    "link-address": (
        [
            link("/medicines/imatinib/"),
            link("mailto:nobody"),
            link("tel:me"),
            link("https://testserver/admin/pages/3/edit/"),
            link("https://testserver/medicines/imatinib/"),
            link("https://www.google.com/url?q=https://example.org/label"),
            link("https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2F"),
            link("https://t.co/abc"),
            link("http://192.168.1.4/label.pdf"),
            link("https://fda.gov@example.org/"),
        ],
        [link("https://example.org/a?b=1#c"), link("mailto:help@example.org"), link("tel:+1-800-332-1088")],
    ),
    "dead-link": (
        [link(f"https://{host}.example.org/") for host in ("gone", "silent", "fault")],
        [link(f"https://{host}.example.org/") for host in ("answers", "hiccup", "unchecked")],
    ),
    "shaky-link": (
        [link(f"https://{host}.example.org/") for host in ("hiccup", "missing", "people")],
        [link(f"https://{host}.example.org/") for host in ("answers", "gone", "unchecked")],
    ),
    "link-words": (
        [link("https://example.org/", words) for words in ("here", "Read more", "https://example.org/")],
        [link("https://example.org/", words) for words in ("the label", "More about fever", "FDA MedWatch")],
    ),
    "alternative-text": (
        [figure("pump_final.png"), figure("Image"), figure("IMG_2041")],
        [
            figure("A pump in a bag."),
            figure("A chart: pain falls within 5 days."),
            figure("Figure of a man with a pump"),
        ],
    ),
    "alternative-text-wording": (
        [figure("Image of a pump"), figure("A picture showing a pump"), figure("A pump.", "A pump.")],
        [figure("A pump in a bag."), figure("A pump.", "Worn all day."), figure("Imaging shows a tumor.")],
    ),
    "unclear-character": (
        [
            "1\xad2 tablets",
            "Take \uff11\uff10 mg.",
            "\u202egm 05",
            "1\u200b0 mg",
            "<p>1<strong>\u2060</strong>0 mg</p>",
            "Day 1\u20280 mg",
            "5\x9610 mg",
            "It isn\xe2\u20ac\u2122t 50 \ufffdg.",
            "\uf0a3 5 mg",
            "5\u03360 mg",
            "0\xb75 mg",
            "Take l0 mg.",
            "Take &amp;micro; 5.",
            monograph(title="test\u200bumab"),
            monograph(brand_names=("T\u0435stra",)),
            monograph(pronunciation="tes\xadtu-mab"),
            monograph(drug_class=Reference(key=KEY, name="Blockers\u200e of 5\u200b0")),
            monograph(summary="5\u2060mg"),
            monograph(change_note="5\u200b0 mg is new."),
            monograph(sources=(LABEL.model_copy(update={"publisher": "F\u200bDA"}),)),
            with_effects(effects(Effect(name="R\u0430sh", explanation="Red skin."), group="common")),
            explained("Red s\xadkin on 1\xad2 places."),
            figure("A 1\u200b0 mg tablet"),
            figure("A tablet", "A 1\u200b0 mg tablet"),
        ],
        [
            "10⁸ cells, ½ tablet, 5\xa0mg, β-blockers",
            "Ménière’s disease – “ringing”",
            "Vitamin B12, O2, I-131",
        ],
    ),
    "other-script": (
        ["Take 5 \u043c\u0433.", "\u8840\u6db2", "<p>\u05d3\u05dd is blood.</p>"],
        ["Take 5 mg.", "β-blockers", "Łódź"],
    ),
    "leaflet-letters": (
        ["You feel well \U0001f600.", "\u8840", monograph(title="test\u8840")],
        ["≥ 5 • → ½ ⁸ ₂ µ ™ é", "Łódź", "5 °C"],
    ),
    **URGENCY_CASES,
    **LABEL_CASES,
}
