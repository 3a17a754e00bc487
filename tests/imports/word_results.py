"""What an import makes of a Word file, for tests."""

from monographs.document import SectionType
from monographs.imports.parsed_text import ParsedList, ParsedMonograph
from monographs.imports.remarks import RemarkKind
from monographs.imports.word import parse_word
from tests.imports.word_files import run, word_package


def parse(body: str, **parts) -> ParsedMonograph:
    return parse_word(word_package(body, **parts), "testumab.docx")


def blocks(parsed: ParsedMonograph) -> list:
    return parsed.sections.get(SectionType.HOW_IT_WORKS, [])


def texts(parsed: ParsedMonograph) -> list[str]:
    found = []
    for block in blocks(parsed):
        found += [i.text for i in block.items] if isinstance(block, ParsedList) else [block.text]
    return found


def named(parsed: ParsedMonograph) -> list[str]:
    """The words that the importer is told were left out."""
    remarks = [*(r for block in blocks(parsed) for r in block.remarks), *parsed.remarks]
    return [r.quote for r in remarks if r.kind is RemarkKind.OMITTED]


def styled(words: str, name: str) -> str:
    return run(words, f'<w:rStyle w:val="{name}"/>')
