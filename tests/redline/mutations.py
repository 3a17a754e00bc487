"""Hypothesis strategies for pairs of documents: one, and the other after random edits."""

from typing import Any

from hypothesis import strategies as st

from monographs.document import SECTION_HEADINGS, SECTION_ORDER
from monographs.document.models import InformationDocument, Source
from monographs.document.parts import Advice, DoDont, Effect, Effects, Table, Text
from tests.document import strategies
from tests.document.strategies import monographs, parts, plain_parts, urgencies, words

#: Words whose change raises flags, so that generated texts contain them often.
FLAGGED_WORDS = (
    "5 mg|0.5 mg|5\u00a0mg|5\u2009mg|5mg|5–10 mg|10 mg/m²|1,000|½ tablet|≥ 38°C|20%|not|"
    "never|avoid|do not|don’t|without|unless|very common|rare|1 in 10 people|twice a day|q.d.|today|911|the|"
    "of|and|a|tablet|Take|it|food|milk|.|,|(|)|-|imatinib|blood|test"
).split("|")
sentences = st.lists(st.sampled_from(FLAGGED_WORDS), min_size=1, max_size=9).map(" ".join)


@st.composite
def inline(draw: Any) -> str:
    """Inline HTML: some words, some of them bold, lowered, linked or with line breaks."""
    text = draw(sentences | words).replace("&", "and").replace("<", "")
    wrap = draw(
        st.sampled_from(
            [
                "{}",
                "{}",
                "<strong>{}</strong>",
                "<em>{}</em> too",
                "x<sub>{}</sub>",
                '<a href="https://example.org/a">{}</a>',
                '<a href="https://example.org/b?x=1&amp;y=2">{}</a>',
                '<a data-page="00000000-0000-4000-8000-000000000001">{}</a>',
                "<strong>{}</strong> mg",
                "a<br>{}",
                "<em><strong>{}</strong></em>",
            ]
        )
    )
    return wrap.format(text)


@st.composite
def rich(draw: Any) -> str:
    """A few paragraphs, headings and lists, sanitised."""
    blocks = []
    for _ in range(draw(st.integers(1, 5))):
        inside = draw(inline())
        kind = draw(st.sampled_from(["p", "p", "h3", "h4", "ul", "ol", "nested"]))
        if kind in ("ul", "ol"):
            blocks.append(f"<{kind}><li>{inside}</li><li>{draw(inline())}</li></{kind}>")
        elif kind == "nested":
            blocks.append(f"<ul><li>{inside}<ul><li>{draw(inline())}</li></ul></li></ul>")
        else:
            blocks.append(f"<{kind}>{inside}</{kind}>")
    return strategies.sanitise("".join(blocks))


texts = st.builds(Text, html=rich())
cells = st.just("") | inline().map(strategies.sanitise).map(strategies.inline_html)
tables = strategies.tables(cells)
rich_parts = st.one_of(
    texts,
    texts,
    parts,
    tables,
    tables,
    st.builds(lambda u, h: Advice(urgency=u, urgency_label=u.label, html=h), urgencies, rich()),
    st.builds(DoDont, do=st.lists(sentences, max_size=3), dont=st.lists(sentences, max_size=3)),
    st.builds(
        Effects,
        group=st.sampled_from(["common", "serious"]),
        heading=st.just("") | words,
        html=st.just("") | rich(),
        items=st.lists(st.builds(Effect, name=sentences, what_to_do=st.just("") | sentences), max_size=3),
    ),
)


@st.composite
def documents(draw: Any) -> Any:
    """A monograph or an information page with rich parts."""
    document = draw(monographs)
    if draw(st.integers(0, 5)) == 0:
        return InformationDocument(
            key=document.key,
            slug=document.slug,
            title=document.title,
            review_interval_months=document.review_interval_months,
            body=tuple(draw(st.lists(plain_parts | texts, max_size=4))),
        )
    sections = tuple(
        section.model_copy(
            update={
                "parts": (*section.parts, *draw(st.lists(rich_parts, max_size=3))),
                "sources": tuple(draw(st.lists(st.integers(1, 3), max_size=2))),
            }
        )
        for section in document.sections
    )
    return document.model_copy(update={"sections": sections})


def _edit_list(draw: Any, items: tuple[Any, ...], fresh: Any, change: Any) -> tuple[Any, ...]:
    """A list with one item added, removed, duplicated, moved or changed."""
    found = list(items)
    operation = draw(st.sampled_from(["add", "remove", "duplicate", "move", "change", "change", "change"]))
    if operation == "add" or not found:
        found.insert(draw(st.integers(0, len(found))), draw(fresh))
        return tuple(found)
    at = draw(st.integers(0, len(found) - 1))
    match operation:
        case "remove":
            del found[at]
        case "duplicate":
            found.insert(at, found[at])
        case "move":
            each = found.pop(at)
            found.insert(draw(st.integers(0, len(found))), each)
        case _:
            found[at] = change(draw, found[at])
    return tuple(found)


def edit_words(draw: Any, text: str) -> str:
    """A text with one word replaced, removed, added, duplicated or moved."""
    return " ".join(
        _edit_list(draw, tuple(text.split(" ")), st.sampled_from(FLAGGED_WORDS), _other_word)
    ).strip()


def _other_word(draw: Any, _: str) -> str:
    return draw(st.sampled_from(FLAGGED_WORDS))


def edit_html(draw: Any, html: str) -> str:
    """Rich text with an edit of words, tags or blocks."""
    pairs = [
        ("<strong>", "<em>"),
        ("</strong>", "</em>"),
        ("h3>", "h4>"),
        ("ul>", "ol>"),
        ("/a", "/b"),
        ("<p>", "<p>5 mg "),
        ("</p><p>", " "),
        (" ", "\u00a0"),
        (". ", ".</p><p>"),
        ("<br>", " "),
    ]
    if draw(st.booleans()):
        before, after = draw(st.sampled_from(pairs))
        changed = html.replace(before, after) if draw(st.booleans()) else html.replace(after, before)
    else:
        cut = html.split(">")
        at = draw(st.integers(0, len(cut) - 1))
        text, bracket, tag = cut[at].partition("<")
        cut[at] = edit_words(draw, text) + bracket + tag
        changed = ">".join(cut)
    return strategies.sanitise(changed)


def edit_part(draw: Any, part: Any) -> Any:
    """A part with one change."""
    update: dict[str, Any] = {}
    match part.kind:
        case "text" | "advice":
            update["html"] = edit_html(draw, part.html)
        case "do_dont":
            side = draw(st.sampled_from(["do", "dont"]))
            update[side] = _edit_list(draw, getattr(part, side), sentences, edit_words)
        case "figure":
            update = draw(st.sampled_from([{"alt": "Another."}, {"sha256": "0" * 64}, {"caption": "New."}]))
        case "table":
            return edit_table(draw, part)
        case "effects" | "companions":
            fresh = (
                strategies.effects if part.kind == "effects" else st.builds(strategies.Companion, name=words)
            )
            update["items"] = _edit_list(draw, part.items, fresh, _edit_item)
        case "for_condition":
            update["parts"] = _edit_list(draw, part.parts, plain_parts, edit_part)
    return part.model_copy(update=update)


def edit_table(draw: Any, table: Any) -> Any:
    """A table with one change of its words, rows, columns or names."""
    rows = [list(row) for row in table.all_rows]
    width = table.column_count
    what = draw(st.sampled_from(["caption", "rows named", "header", "row", "column", "cell", "cell", "cell"]))
    has_header = bool(table.header)
    if what == "row":
        fresh = st.lists(cells, min_size=width, max_size=width)
        rows = list(_edit_list(draw, tuple(rows), fresh, _same_row))
    elif what == "column":
        # A column is a row of the table turned on its side
        turned = _edit_list(
            draw,
            tuple(zip(*rows, strict=True)),
            st.tuples(*[cells] * len(rows)),
            lambda draw, column: tuple(edit_cell(draw, cell) for cell in column),
        )
        rows = [list(row) for row in zip(*turned, strict=True)] if turned else []
    elif what == "cell" and width:
        row, column = draw(st.integers(0, len(rows) - 1)), draw(st.integers(0, width - 1))
        rows[row][column] = edit_cell(draw, rows[row][column])
    has_header = has_header != (what == "header")
    if not rows:
        return table
    header = rows[0] if has_header and len(rows) > 1 else []
    return Table(
        caption=edit_words(draw, table.caption) if what == "caption" else table.caption,
        header=header,
        row_headers=table.row_headers != (what == "rows named"),
        rows=rows[1:] if header else rows,
    )


def _same_row(draw: Any, row: Any) -> Any:
    return [edit_cell(draw, cell) for cell in row]


def edit_cell(draw: Any, html: str) -> str:
    """A cell with a change of its words or form, or another cell."""
    return draw(cells) if not html or draw(st.booleans()) else strategies.inline_html(edit_html(draw, html))


def _edit_item(draw: Any, item: Any) -> Any:
    return item.model_copy(update={"name": edit_words(draw, item.name) or "x"})


def _edit_section(draw: Any, section: Any) -> Any:
    if draw(st.integers(0, 5)) == 0:
        return section.model_copy(update={"sources": tuple(draw(st.lists(st.integers(1, 3), max_size=2)))})
    return section.model_copy(update={"parts": _edit_list(draw, section.parts, rich_parts, edit_part)})


def edited(draw: Any, document: Any) -> Any:
    """``document`` with one change."""
    if isinstance(document, InformationDocument):
        return document.model_copy(update={"body": _edit_list(draw, document.body, plain_parts, edit_part)})
    update = draw(
        st.sampled_from(
            [
                {"title": "another"},
                {"slug": "another"},
                {"summary": ""},
                {"brand_names": ("A", "B")},
                {"demonstration": not document.demonstration},
                {"sources": (Source(number=1, title="New"), *document.sources)},
                {"sections": None},
                {"sections": None},
                {"sections": None},
                {"sections": None},
            ]
        )
    )
    if update.get("sections", ...) is None:
        fresh = st.sampled_from(SECTION_ORDER).map(
            lambda t: strategies.Section(type=t, heading=SECTION_HEADINGS[t])
        )
        update = {"sections": _edit_list(draw, document.sections, fresh, _edit_section)}
    return document.model_copy(update=update)


@st.composite
def pairs(draw: Any) -> tuple[Any, Any]:
    """Two documents: one a few edits from the other, or two unrelated ones."""
    old = draw(documents())
    if draw(st.integers(0, 4)) == 0:
        return old, draw(documents())
    new = old
    for _ in range(draw(st.integers(0, 4))):
        new = edited(draw, new)
    # As it would come back from the database
    return old, type(new).model_validate_json(new.model_dump_json())
