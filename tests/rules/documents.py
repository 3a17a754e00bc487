"""Documents to check, built without a database."""

from typing import Any
from uuid import UUID

from monographs.document import REQUIRED_SECTIONS, SECTION_HEADINGS, MonographDocument, Section, SectionType
from monographs.document.html import sanitise
from monographs.document.models import Reference, Source
from monographs.document.parts import Advice, Companion, Companions, Effect, Effects, Figure, Text, Urgency

KEY = str(UUID(int=1))
LABEL = Source(number=1, title="The label", publisher="FDA", address="https://example.org/label")
SEIZURE = Effect(
    name="Seizure",
    urgency=Urgency.CALL_911,
    urgency_label=Urgency.CALL_911.label,
    what_to_do="Call 911 now.",
)
PLAIN = "You get it as a drip. It works on blood cells."


def html(words: str) -> Text:
    """A text part; words without a tag are a paragraph."""
    return Text(html=sanitise(words if words.startswith("<") else f"<p>{words}</p>"))


def section(kind: SectionType, *parts: Any, sources: tuple[int, ...] = (1,), heading: str = "") -> Section:
    """A section with these parts."""
    return Section(type=kind, heading=heading or SECTION_HEADINGS[kind], parts=parts, sources=sources)


def effects(*items: Effect, group: str = "serious", words: str = "") -> Effects:
    """A group of effects."""
    return Effects(group=group, items=items, html=words)


def monograph(words: str = PLAIN, **fields: Any) -> MonographDocument:
    """A complete medicine that breaks no rule, with ``words`` in *How it works*."""
    replaced: dict[str, Section] = {s.type: s for s in fields.pop("sections", ())}
    without = fields.pop("without", ())
    sections = {
        **{kind: section(kind, html(PLAIN)) for kind in REQUIRED_SECTIONS},
        SectionType.HOW_IT_WORKS: section(SectionType.HOW_IT_WORKS, html(words)),
        SectionType.COMMON_SIDE_EFFECTS: section(SectionType.COMMON_SIDE_EFFECTS, effects(SEIZURE)),
        **replaced,
    }
    return MonographDocument(
        **{
            "key": KEY,
            "slug": "testumab",
            "title": "testumab",
            "brand_names": ("Testra",),
            "drug_class": Reference(key=str(UUID(int=2)), name="Immunomodulatory medicines"),
            "summary": "Testumab treats a blood cancer.",
            "review_interval_months": 12,
            "sources": (LABEL,),
            **fields,
        },
        sections=tuple(sections[k] for k in SectionType if k in sections and k not in without),
    )


def explained(words: str) -> MonographDocument:
    """A medicine with one common effect that is explained in ``words``."""
    return with_effects(effects(Effect(name="Fever", explanation=words), group="common"))


def with_effects(*parts: Any, words: str = "") -> MonographDocument:
    """A medicine with these side effects, and a serious one."""
    texts = [html(words)] if words else []
    has_serious = any(isinstance(part, Effects) and part.group == "serious" for part in parts)
    serious = [] if has_serious else [effects(SEIZURE)]
    return monograph(sections=[section(SectionType.COMMON_SIDE_EFFECTS, *texts, *parts, *serious)])


def advice(urgency: Urgency, words: str, *, about: str = PLAIN) -> MonographDocument:
    """A medicine with an advice box; ``about`` is what *How it works* says."""
    box = Advice(urgency=urgency, urgency_label=urgency.label, html=html(words).html)
    return monograph(about, sections=[section(SectionType.WHEN_TO_GET_HELP, box)])


def effect(urgency: Urgency, name: str, what_to_do: str = "", explanation: str = "") -> MonographDocument:
    """A medicine with one common effect that says how soon to act."""
    one = Effect(
        name=name,
        explanation=explanation,
        urgency=urgency,
        urgency_label=urgency.label,
        what_to_do=what_to_do,
    )
    return with_effects(effects(one, group="common"))


def figure(alt: str, caption: str = "") -> MonographDocument:
    """A medicine with a picture."""
    picture = Figure(sha256="0" * 64, media_type="image/png", width=20, height=10, alt=alt, caption=caption)
    return monograph(sections=[section(SectionType.HOW_IT_WORKS, html(PLAIN), picture)])


def sourced(*sources: Source, used: tuple[int, ...] = (1,)) -> MonographDocument:
    """A medicine with these sources, of which its sections name some."""
    return monograph(
        sources=sources,
        sections=[
            section(
                kind,
                *(effects(SEIZURE),) if kind == SectionType.COMMON_SIDE_EFFECTS else (html(PLAIN),),
                sources=used,
            )
            for kind in REQUIRED_SECTIONS
        ],
    )


def companion(name: str, why: str) -> MonographDocument:
    """A medicine that is used with another."""
    item = Companions(items=(Companion(name=name, why=why),))
    return monograph(sections=[section(SectionType.COMMONLY_USED_WITH, item)])
