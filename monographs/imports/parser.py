"""Parse a text about one medicine into sections. Pure: no database, no Wagtail, no files."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from monographs.document import SECTION_HEADINGS, SectionType
from monographs.document.sections import SERIOUS_HEADING
from monographs.imports.body_reader import BodyReader, ReadBlock, begins_serious
from monographs.imports.errors import ImportRefused
from monographs.imports.header_footer import TextHeader, read_footer, read_header
from monographs.imports.headings import Heading, markdown_heading, recognise
from monographs.imports.list_markers import ListMarker, is_list_item, list_marker
from monographs.imports.markdown_text import omissions
from monographs.imports.markup_evidence import markup_of, may_be_either
from monographs.imports.name_line import name_of_file
from monographs.imports.paragraphs import SourceParagraph, join_paragraphs
from monographs.imports.parsed_text import (
    Block,
    Markup,
    ParsedList,
    ParsedMonograph,
    ParsedTable,
    Subheading,
    texts_of,
)
from monographs.imports.remarks import Remark, RemarkKind
from monographs.imports.rich_text import inline_plain
from monographs.imports.text_lines import SourceLine, change_remark, doubt_remarks, source_lines

#: At least this many headings in a row, without text between them, are a table of contents.
_CONTENTS = 3
_FINISHED = (".", "!", "?", ":", ";", ")", "”", '"')
_PICTURE = re.compile(r"!\[[^\[\]]*\]\(")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


@dataclass(frozen=True, slots=True)
class _HeadingLine:
    """A heading and the line it is on."""

    line: int
    heading: Heading


@dataclass(frozen=True, slots=True)
class _TextOutline:
    """The headings of a text, and the index of the line after the last section."""

    found: list[_HeadingLine]
    end: int


def parse(text: str, file_name: str, markup: Markup | None = None) -> ParsedMonograph:
    """Parse a plain text or Markdown. Raises ``ImportRefused`` when there is no heading.

    The name is empty when neither the text nor the file's name has one.
    ``markup`` is what the importer chose; without it the file's name and the text decide.
    """
    source = source_lines(text)
    lines = [line.text for line in source]
    parsed, outline = _outline_of(lines, file_name)
    found_markup, evidence = markup_of(lines, file_name)
    parsed.markup = markup or found_markup
    if may_be_either(text):
        parsed.source_text = text
        parsed.remarks += _markup_remarks(parsed.markup, evidence if markup is None else [])
    used: set[int] = set()

    def body(section: SectionType, start: int, end: int) -> list[Block]:
        reader = BodyReader(section, markdown=parsed.markup is Markup.MARKDOWN)
        found = reader.read(lines[start:end])
        used.update(start + n for read in found for n in read.lines)
        return [_with_remarks(read, source[start:end], parsed.markup) for read in found]

    _read_sections(parsed, outline, body)
    parsed.remarks += change_remark((line for n, line in enumerate(source) if n not in used), can_undo=False)
    for words in (parsed.name, *parsed.brands, parsed.class_line, *parsed.administration, *parsed.unplaced):
        parsed.remarks += doubt_remarks(words)
    _report_markup(parsed, lines)
    return parsed


def parse_as(parsed: ParsedMonograph, file_name: str, markup: Markup) -> ParsedMonograph:
    """Return ``parsed`` read again as ``markup``, plain text or Markdown; itself if it reads the same."""
    if not parsed.source_text or parsed.markup is markup:
        return parsed
    again = parse(parsed.source_text, file_name, markup)
    again.name, again.named_by_file = parsed.name, parsed.named_by_file
    return again


def _markup_remarks(markup: Markup, evidence: list[str]) -> list[Remark]:
    if markup is Markup.MARKDOWN and evidence:
        message = f"This text was read as Markdown, because it has {' and '.join(evidence)}."
        return [Remark(RemarkKind.UNSURE, message, "")]
    return []


def _with_remarks(read: ReadBlock, source: list[SourceLine], markup: Markup) -> Block:
    """Return a block with remarks about its characters and about what Markdown leaves out."""
    block = read.block
    one_text = not isinstance(block, ParsedList | ParsedTable)
    block.remarks += change_remark((source[n] for n in read.lines), can_undo=one_text)
    for text in texts_of(block):
        block.remarks += doubt_remarks(inline_plain(text, markup=markup))
        if markup is Markup.MARKDOWN:
            block.remarks += omissions(text)
    return block


def parse_units(units: list[SourceParagraph], file_name: str) -> ParsedMonograph:
    """Parse a file whose paragraphs are known, such as a Word document; see ``parse``."""
    # A blank line after each, as lines without one between them would be one paragraph
    lines = [line for unit in units for line in (unit.line, "")]
    parsed, outline = _outline_of(lines, file_name)
    parsed.markup = Markup.HTML
    parsed.left_out = [line.strip("#* ") for line in parsed.left_out]
    parsed.unplaced = [line.strip("#* ") for line in parsed.unplaced]

    def body(section: SectionType, start: int, end: int) -> list[Block]:
        blocks = join_paragraphs(units[(start + 1) // 2 : (end + 1) // 2], section)
        if blocks:  # a footnote of the heading is assigned to the block below it
            heading = units[(start - 1) // 2].block
            blocks[0].cites[:0] = heading.cites
            blocks[0].remarks[:0] = heading.remarks
        return blocks

    _read_sections(parsed, outline, body)
    _keep_remarks(parsed, units)
    return parsed


def _keep_remarks(parsed: ParsedMonograph, units: list[SourceParagraph]) -> None:
    """Keep remarks about paragraphs that are in no section, such as the name."""
    placed = [*parsed.serious, *(block for blocks in parsed.sections.values() for block in blocks)]
    kept = {id(remark) for block in placed for remark in block.remarks}
    parsed.remarks += [r for unit in units for r in unit.block.remarks if id(r) not in kept]


def _outline_of(lines: list[str], file_name: str) -> tuple[ParsedMonograph, _TextOutline]:
    """Parse what is before and after the sections, and find where each of them is."""
    by_file = name_of_file(file_name, "\n".join(lines))
    found = _headings(lines, by_file)
    if not found:
        raise ImportRefused(
            "no heading of a medicine's page was found "
            f"(such as “{SECTION_HEADINGS[SectionType.HOW_IT_WORKS]}” on a line of its own)"
        )
    found, contents = _without_contents(lines, found)
    before = [line if n not in contents else "" for n, line in enumerate(lines[: found[0].line])]
    parsed = _from_header(read_header(before, by_file), by_file)
    parsed.left_out[:0] = [lines[n].strip() for n in sorted(contents)]
    parsed.recognised += [lines[f.line].strip("#*_ ") for f in found]
    footer = read_footer(lines, found[-1].line + 1)
    parsed.left_out += footer.left_out
    parsed.unplaced += footer.unplaced
    return parsed, _TextOutline(found, footer.end)


def _from_header(header: TextHeader, by_file: str) -> ParsedMonograph:
    name = header.name or by_file
    return ParsedMonograph(
        name=name,
        brands=header.brands,
        named_by_file=not header.name,
        class_line=header.class_line,
        administration=header.administration,
        recognised=header.recognised,
        left_out=header.left_out,
        unplaced=header.unplaced,
        remarks=header.remarks,
    )


def _headings(lines: list[str], name: str) -> list[_HeadingLine]:
    found: list[_HeadingLine] = []
    for n, line in enumerate(lines):
        may_be = line.strip() and (not _is_bullet(line) or _is_pointer(lines, n, name))
        heading = recognise(line, name) if may_be else None
        if heading and _is_heading(lines, n, heading, found):
            found.append(_HeadingLine(n, heading))
    return found


def _is_bullet(line: str) -> bool:
    """Whether a line is a bullet. A numbered line may be a numbered heading."""
    marker = list_marker(line)
    return marker is not None and marker.is_bullet


def _is_pointer(lines: list[str], n: int, name: str) -> bool:
    """Whether line ``n`` is a sign before a section's own heading (“► How it works”), in no list."""
    heading, marker = recognise(lines[n], name), list_marker(lines[n])
    if heading is None or not heading.own_words or marker is None:
        return False
    return not any(near and near.mark == marker.mark for near in _markers_beside(lines, n))


def _markers_beside(lines: list[str], n: int) -> list[ListMarker | None]:
    """Return the marks of the lines before and after line ``n``, blank ones not counted."""
    above = next((line for line in reversed(lines[:n]) if line.strip()), "")
    below = next((line for line in lines[n + 1 :] if line.strip()), "")
    return [list_marker(above), list_marker(below)]


def _is_numbered_item(lines: list[str], n: int) -> bool:
    """Whether the number before line ``n`` goes on beside it, as in a list without text between."""
    marker = list_marker(lines[n])
    if marker is None:
        return False
    return any(
        abs(near.counts(style) - value) == 1
        for near in _markers_beside(lines, n)
        if near
        for style, value in marker.values
        if near.counts(style)
    )


def _is_heading(lines: list[str], n: int, heading: Heading, found: list[_HeadingLine]) -> bool:
    """Whether line ``n`` is a heading in its context, and not part of a sentence or an item of a list."""
    words, above = lines[n].strip(), lines[n - 1].strip() if n else ""
    in_questions = bool(found) and found[-1].heading.section == SectionType.COMMON_QUESTIONS
    if in_questions and words.rstrip("*_ ").endswith("?"):
        return False  # a question with the words of a heading
    after_heading = bool(found) and found[-1].line == n - 1
    if heading.numbered and not heading.marked and not after_heading:
        in_list = bool(above) and is_list_item(lines[n - 1])
        if in_list or (not heading.own_words and (above or _is_numbered_item(lines, n))):
            return False  # an item of a numbered list
    if heading.marked or not above or after_heading:
        return True
    finished = above.endswith(_FINISHED) or is_list_item(lines[n - 1]) or markdown_heading(above) is not None
    return finished or not words[:1].islower()


def _without_contents(lines: list[str], found: list[_HeadingLine]) -> tuple[list[_HeadingLine], set[int]]:
    """Return the headings without those of a table of contents at the top, and the lines of that table."""
    run: list[_HeadingLine] = []
    for this, following in pairwise(found):
        if any(line.strip() for line in lines[this.line + 1 : following.line]):
            run.append(this)
            break
        run.append(this)
    rest = found[len(run) :]
    later = {(f.heading.section, f.heading.serious) for f in rest}
    if len(run) < _CONTENTS or any((f.heading.section, f.heading.serious) not in later for f in run):
        return found, set()
    return rest, {f.line for f in run}


def _read_sections(
    parsed: ParsedMonograph, outline: _TextOutline, body: Callable[[SectionType, int, int], list[Block]]
) -> None:
    found = outline.found
    seen: set[tuple[SectionType, bool]] = set()
    for n, this in enumerate(found):
        section, serious = this.heading.section, this.heading.serious
        end = found[n + 1].line if n + 1 < len(found) else outline.end
        blocks = body(section, this.line + 1, end)
        into = parsed.serious if serious else parsed.sections.setdefault(section, [])
        into.extend(blocks)
        if (section, serious) in seen:
            heading = SERIOUS_HEADING if serious else SECTION_HEADINGS[section]
            parsed.notes.append(f"“{heading}” occurs more than once; the parts were joined")
        seen.add((section, serious))
        parsed.notes.extend(
            f"“{inline_plain(block.text, markup=parsed.markup)}” is not a section heading; "
            f"kept as a subheading of “{SECTION_HEADINGS[section]}”"
            for block in blocks
            if isinstance(block, Subheading) and section != SectionType.COMMON_QUESTIONS
        )
    _split_serious(parsed)


def _split_serious(parsed: ParsedMonograph) -> None:
    """Move everything from the first paragraph that begins with “Serious” to the serious side effects."""
    effects: list[Block] = parsed.sections.get(SectionType.COMMON_SIDE_EFFECTS, [])
    for n, block in enumerate(effects):
        if isinstance(block, ParsedList | ParsedTable):
            continue
        words = inline_plain(block.text, markup=parsed.markup)
        if begins_serious(words):
            parsed.serious[:0] = effects[n:]
            del effects[n:]
            return


def _report_markup(parsed: ParsedMonograph, lines: list[str]) -> None:
    if parsed.markup is Markup.MARKDOWN and any(_PICTURE.search(line) for line in lines):
        parsed.notes.append("pictures were not imported; add them in the editor")
    if any(_TAG.search(line) for line in lines):
        parsed.notes.append("HTML tags were kept as plain text; fix them in the editor")
