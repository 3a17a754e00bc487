"""Parse what is before the first heading (name, brands, class, route), and the footer of a page."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from monographs.core.medicine_names import clean_name, same_name
from monographs.imports.boilerplate import is_boilerplate, is_sentence, is_short
from monographs.imports.headings import markdown_heading, recognise
from monographs.imports.list_markers import is_list_item
from monographs.imports.name_line import brand_names, is_qualifier, split_name_line
from monographs.imports.remarks import Remark, RemarkKind

#: Words. The longest generic name has five (cytarabine and daunorubicin liposome injection).
_NAME_WORDS = 8
_NAME_LENGTH = 200
_CLASS_LENGTH = 120
_BRACKETS = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)")
_LABELLED = re.compile(
    r"(?P<label>administration|route(?: of administration)?|(?:drug |medicine )?class|(?:generic )?name|"
    r"brand names?|brands?)(?:\s*:|\s+[-–—]\s)\s*(?P<value>\S.*)",
    re.IGNORECASE,
)
_CLASS_WORD = re.compile(
    r"\b(?:inhibitors?|antibod(?:y|ies)|agents?|drugs?|blockers?|agonists?|antagonists?|conjugates?|modulators?|"
    r"corticosteroids?|steroids?|chemotherap(?:y|ies)|analogu?es?|antimetabolites?|degraders?|engagers?)$",
    re.IGNORECASE,
)
_MARKS = "*_ \t"
_ITEM_MARK = re.compile(r"^\s*(?:[^\w\s]+|\d+[.)])\s*")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)?")


@dataclass(slots=True)
class TextHeader:
    """What is before the first heading; ``recognised`` are the lines of name, brands and class."""

    name: str = ""
    brands: list[str] = field(default_factory=list)
    class_line: str = ""
    administration: list[str] = field(default_factory=list)
    recognised: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def set_name(self, words: str, by_file: str) -> None:
        """Take name and brand names from a line; say which words may be no brand name."""
        line = split_name_line(words, by_file)
        self.name, self.brands = line.name, line.brands or self.brands
        self.remarks += [_unsure_brand(words, brand) for brand in line.unsure]


def _unsure_brand(words: str, brand: str) -> Remark:
    return Remark(
        RemarkKind.UNSURE,
        f"“{brand}” was taken for a brand name. If it is another name or a form of the medicine, "
        "move it into the generic name.",
        quote=words,
        result=brand,
    )


def read_header(lines: list[str], file_name: str) -> TextHeader:
    """Return name, brands, class and route, each from its own line; other lines are left out or unplaced.

    ``file_name`` is the medicine's name according to the file's name: a line with only that is the name line.
    """
    header = TextHeader()
    at = _name_line(lines, file_name)
    if at is not None:
        header.set_name(_bare(lines[at]), file_name)
        header.recognised.append(_bare(lines[at]))
    for number, line in enumerate(lines):
        if number != at and line.strip():
            _place(header, line, file_name, after_name=at is None or number > at)
    return header


def _bare(line: str) -> str:
    inner = markdown_heading(line)
    return (line if inner is None else inner).strip(_MARKS)


def _place(header: TextHeader, line: str, file_name: str, *, after_name: bool) -> None:
    words = _bare(line)
    labelled = _LABELLED.fullmatch(words.replace("**", "").replace("__", ""))
    if not words or not any(c.isalnum() for c in words):
        return
    if labelled:
        _place_labelled(
            header, labelled["label"].casefold(), labelled["value"].strip(_MARKS), line, file_name
        )
    elif is_boilerplate(words) or _is_contents(line):
        header.left_out.append(line.strip())
    elif after_name and not header.class_line and _is_class_line(line):
        header.class_line = words
        header.recognised.append(words)
    else:
        header.unplaced.append(line.strip())


def _place_labelled(header: TextHeader, label: str, value: str, line: str, file_name: str) -> None:
    if label.startswith(("administration", "route")):
        header.administration.append(_bare(line).replace("**", "").replace("__", ""))
    elif label.endswith("class") and not header.class_line:
        header.class_line = value
    elif label.startswith("brand") and not header.brands:
        header.brands = brand_names(value)
    elif label.endswith("name") and not header.name:
        header.set_name(value, file_name)
    else:
        header.unplaced.append(line.strip())
        return
    if not label.startswith(("administration", "route")):
        header.recognised.append(_bare(line))


def _is_class_line(line: str) -> bool:
    return is_short(line) and len(line) <= _CLASS_LENGTH and not is_list_item(line)


def _is_contents(line: str) -> bool:
    """Whether a line is an entry of a table of contents: a bullet with the words of a heading."""
    if not is_list_item(line):
        return False
    return recognise(_LINK.sub(r"\1", _ITEM_MARK.sub("", line))) is not None


def _name_line(lines: list[str], file_name: str) -> int | None:
    """Return the index of the line with the name: “name (Brand)”, a Markdown title, or the file's name."""
    usable = [n for n, line in enumerate(lines) if _bare(line) and not is_boilerplate(_bare(line))]
    below = dict(pairwise(usable))
    checks: tuple[Callable[[int], bool], ...] = (
        lambda n: _same_words(_without_brands(_bare(lines[n])), file_name),
        lambda n: _is_name_with_brands(_bare(lines[n])),
        lambda n: _is_title(lines[n]),
        lambda n: n in below and _is_name_over_class(_bare(lines[n]), _bare(lines[below[n]])),
        lambda n: n == usable[0] and _is_bold_line(lines[n]),
        # A file that names no medicine (“3.docx”): its first short line does
        lambda n: n == usable[0] and not file_name and _may_be_name(_bare(lines[n])),
    )
    for is_name in checks:
        for n in usable:
            if is_name(n):
                return n
    return None


def _is_title(line: str) -> bool:
    title = _bare(line) if line.lstrip().startswith("# ") else ""
    return bool(title) and is_short(title) and len(title) <= _NAME_LENGTH and not _LABELLED.fullmatch(title)


def _is_name_over_class(words: str, below: str) -> bool:
    """Whether ``words`` are a short line that is not a class, and ``below`` is a class."""
    if _LABELLED.fullmatch(words) or not is_short(words) or len(words.split()) > _NAME_WORDS // 2:
        return False
    return not _CLASS_WORD.search(words) and is_short(below) and bool(_CLASS_WORD.search(below))


def _same_words(words: str, file_name: str) -> bool:
    return same_name(words, file_name)


def _without_brands(words: str) -> str:
    return split_name_line(words).name if len(words) <= _NAME_LENGTH else words


def _is_name_with_brands(words: str) -> bool:
    brackets = _BRACKETS.findall(words)
    if not brackets or len(words) > _NAME_LENGTH or _LABELLED.fullmatch(words):
        return False
    outside = " ".join(_BRACKETS.sub(" ", words).split())
    at_end = words.rstrip(" .®™").endswith(")") or all(map(is_qualifier, words.rsplit(")", 1)[1].split()))
    return (
        bool(outside)
        and at_end
        and len(outside.split()) <= _NAME_WORDS
        and not is_sentence(outside)
        and not _CLASS_WORD.search(outside)
    )


def _is_bold_line(line: str) -> bool:
    """Whether a line is bold as a whole, as a title is in a document without styles."""
    words = line.strip()
    bold = words.startswith("**") and words.endswith("**") and words.count("**") == 2  # noqa: PLR2004
    return bold and _may_be_name(_bare(line))


def _may_be_name(words: str) -> bool:
    """Whether a short line can be the name of a medicine."""
    return (
        is_short(words)
        and len(words.split()) <= _NAME_WORDS // 2
        and any(c.isalpha() for c in clean_name(words))
        and not _LABELLED.fullmatch(words)
        and not _CLASS_WORD.search(words)
        and not is_list_item(words)
    )


@dataclass(slots=True)
class TextFooter:
    """Where the text of the last section ends (index of a line), and what is after it."""

    end: int
    left_out: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)


def read_footer(lines: list[str], start: int) -> TextFooter:
    """Find boilerplate at the end of ``lines``; those before ``start`` are headings and earlier text.

    Considers the short lines at the end that are not sentences. Boilerplate starts at the first line that is
    recognised, but only if the last line is recognised too, or a second one: a single match must not remove
    lines of the text.
    """
    tail = [n for n in range(start, len(lines)) if lines[n].strip()]
    first = len(tail)
    while first and _may_be_boilerplate(lines[tail[first - 1]]):
        first -= 1
    sure = [n for n in tail[first:] if is_boilerplate(_bare(lines[n])) and not _continues(lines, n)]
    if not sure or (sure[-1] != tail[-1] and len(sure) < 2):  # noqa: PLR2004
        return TextFooter(len(lines))
    footer, known = TextFooter(sure[0]), set(sure)
    for n in tail:
        if n >= sure[0]:
            (footer.left_out if n in known else footer.unplaced).append(lines[n].strip())
    return footer


def _may_be_boilerplate(line: str) -> bool:
    if is_list_item(line) or markdown_heading(line) is not None:
        return False
    return is_short(line) or is_boilerplate(_bare(line))


def _continues(lines: list[str], n: int) -> bool:
    """Whether line ``n`` continues a sentence that began on the line above."""
    above = lines[n - 1].strip() if n else ""
    begins_small = lines[n].strip()[:1].islower()
    finished = not above or above.endswith((".", "!", "?", ":")) or is_boilerplate(_bare(above))
    return begins_small and not finished
