"""Words that stand where a text is still to be written, and names that programs give by themselves."""

import re
from collections.abc import Iterator

from monographs.document import MonographDocument
from monographs.rules.check_context import CheckContext
from monographs.rules.rule import Severity, Violation, house_rule
from monographs.rules.text_index import TextIndex

#: What people and programs leave behind: dummy text, notes to oneself, prompts of templates.
_PLACEHOLDER = re.compile(
    r"(?i:\blorem ipsum\b|\bdolor sit amet\b|\bplaceholder text\b)"
    r"|\b(?:TBD|TBA|TBC|TODO|FIXME)\b|\bX{3,}\b|\?{3,}"
    r"|(?i:\bto be (?:added|completed|confirmed|decided|filled in|written)\b)"
    r"|(?i:\b(?:click|tap) (?:or (?:click|tap) )?here to (?:enter|add) text\b)"
    r"|(?i:\[(?:insert|add|fill in|enter|placeholder|your)\b[^\]]*\])"
)
_COPIED_TITLE = re.compile(r"untitled(?: \w+)?|copy of .+|.+ \(?copy(?: \d+)?\)?", re.IGNORECASE)
_FILE = re.compile(
    r"\S.*\.(?:docx?|docm|dotx?|odt|rtf|txt|md|html?|pdf|pages)|pasted text|untitled(?: \w+)?|document ?\d*",
    re.IGNORECASE,
)


@house_rule(
    "placeholder",
    title="No placeholders",
    severity=Severity.ERROR,
    overrulable=True,
    why="A placeholder fills a field, so nothing else reports that its text is missing. A tired reviewer "
    "signs it with the rest.",
    source="NHS content guide; PEMAT-P, item 5 (AHRQ 2013): a text without what does not serve its purpose",
    bad="The dose is to be confirmed",
    good="The dose depends on your weight",
)
def placeholder(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """No dummy text, no notes to oneself, no title of a copy."""
    for passage in text.passages:
        match = _PLACEHOLDER.search(passage.text)
        if match is None and passage.anchor == "title":
            match = _COPIED_TITLE.fullmatch(passage.text.strip())
        if match:
            message = f"“{match[0]}” stands for a text that is still to be written. Write it, or take it out."
            yield Violation.at(passage, message, match[0], start=match.start())


@house_rule(
    "file-as-source",
    title="A file is no source",
    severity=Severity.ERROR,
    overrulable=True,
    why="The file from which a text was taken does not say whether it is right, and nobody else can look it "
    "up. It fills the place of the source that a writer still has to choose.",
    source="JAMA benchmarks (Silberg 1997): attribution; PIF TICK",
    bad="testumab-final.docx",
    good="Testivo prescribing information, FDA, 2026",
)
def file_as_source(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """No source is called as a file is."""
    if not isinstance(text.document, MonographDocument):
        return
    for source in text.document.sources:
        if _FILE.fullmatch(source.title.strip()) and not source.address:
            yield Violation(
                "sources",
                f"Source {source.number}",
                "This is the name of a file. Name what others can look up: the label, a guideline, a trial.",
                source.title,
                source.title,
            )


RULES = (placeholder, file_as_source)
