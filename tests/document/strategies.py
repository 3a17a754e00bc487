"""Hypothesis strategies for documents."""

from typing import Any

from hypothesis import strategies as st

from monographs.document import SECTION_HEADINGS, SECTION_ORDER, MonographDocument, Section
from monographs.document.html import inline_html, sanitise
from monographs.document.models import Identifiers, Reference, Source
from monographs.document.parts import (
    MAX_TABLE_COLUMNS,
    Advice,
    Companion,
    Companions,
    ConditionPart,
    DoDont,
    Effect,
    Effects,
    Figure,
    Frequency,
    Table,
    Text,
    Urgency,
)

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=30
).filter(lambda s: s.strip() == s and s)
keys = st.uuids().map(str)
html = words.map(lambda w: sanitise(f"<p>{w.replace('<', '').replace('&', 'and')}</p>")).filter(bool)
urgencies = st.sampled_from(Urgency)

texts = st.builds(Text, html=html)
advice = st.builds(lambda u, h: Advice(urgency=u, urgency_label=u.label, html=h), urgencies, html)
do_donts = st.builds(DoDont, do=st.lists(words, max_size=3), dont=st.lists(words, max_size=3))
figures = st.builds(
    Figure,
    sha256=st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    media_type=st.sampled_from(["image/png", "image/webp"]),
    width=st.integers(1, 4000),
    height=st.integers(1, 4000),
    alt=words,
)
effects = st.builds(
    Effect,
    name=words,
    explanation=words,
    frequency=st.none() | st.sampled_from(Frequency),
    urgency=st.none() | urgencies,
)
cells = st.just("") | words.map(lambda w: inline_html(sanitise(w.replace("<", "").replace("&", "and"))))


@st.composite
def tables(draw: Any, cells: st.SearchStrategy[str] = cells) -> Table:
    """A table of one to six columns, with or without names of columns and rows."""
    width = draw(st.integers(1, MAX_TABLE_COLUMNS))
    rows = st.lists(cells, min_size=width, max_size=width)
    return Table(
        caption=draw(st.just("") | words),
        header=draw(st.just([]) | rows),
        row_headers=draw(st.booleans()),
        rows=draw(st.lists(rows, min_size=1, max_size=4)),
    )


plain_parts = st.one_of(texts, advice, do_donts, figures, tables())
parts = st.one_of(
    plain_parts,
    st.builds(ConditionPart, condition=keys, condition_name=words, parts=st.lists(plain_parts, max_size=2)),
    st.builds(Effects, group=st.sampled_from(["common", "serious"]), items=st.lists(effects, max_size=3)),
    st.builds(
        Companions, items=st.lists(st.builds(Companion, name=words, page=st.none() | keys), max_size=3)
    ),
)


@st.composite
def sections(draw: Any) -> list[Section]:
    """Some sections in the fixed order, each at most once."""
    chosen = draw(st.sets(st.sampled_from(SECTION_ORDER), max_size=4))
    return [
        Section(type=t, heading=SECTION_HEADINGS[t], parts=draw(st.lists(parts, max_size=3)))
        for t in SECTION_ORDER
        if t in chosen
    ]


monographs = st.builds(
    MonographDocument,
    key=keys,
    slug=st.from_regex(r"[a-z]{1,12}", fullmatch=True),
    title=words,
    summary=words,
    change_note=words,
    review_interval_months=st.integers(1, 120),
    brand_names=st.lists(words, max_size=3),
    pronunciation=words,
    drug_class=st.none() | st.builds(Reference, key=keys, name=words),
    conditions=st.lists(st.builds(Reference, key=keys, name=words), max_size=2),
    identifiers=st.builds(Identifiers, atc=words),
    sections=sections(),
    sources=st.lists(
        st.builds(Source, number=st.integers(1, 9), title=words, date_seen=st.dates()), max_size=2
    ),
)
