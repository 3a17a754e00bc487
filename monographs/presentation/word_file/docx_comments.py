"""Notes as comments of a Word file."""

from collections.abc import Sequence

from monographs.presentation.word_file.docx_markup import element, part, words
from monographs.presentation.word_file.word_content import WordComment, word_moment


def comments_part(comments: Sequence[tuple[int, WordComment]]) -> bytes:
    """Return the part with the comments, each with its number."""
    return part("comments", "".join(_comment(number, comment) for number, comment in comments))


def _comment(number: int, comment: WordComment) -> str:
    initials = "".join(name[0] for name in comment.author.split())[:9]
    paragraphs = (
        element(
            "p",
            element("pPr", element("pStyle", val="CommentText")),
            *(_line(line, first=at == 0) for at, line in enumerate(text.splitlines())),
        )
        for text in comment.paragraphs
    )
    return element(
        "comment",
        *paragraphs,
        id=number,
        author=comment.author,
        date=word_moment(comment.at),
        initials=initials,
    )


def _line(line: str, *, first: bool) -> str:
    before = "" if first else element("br")
    return element("r", before, f'<w:t xml:space="preserve">{words(line)}</w:t>')
