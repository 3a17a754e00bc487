"""The signed texts that blocks include, read from editions, which blocks may not import."""

from monographs.blocks.standard_text_block import SignedStandardText, TextVersion
from monographs.editions.standard_texts import signed_text


def find_signed_text(version: TextVersion) -> SignedStandardText | None:
    """Return the text of an edition of a standard text; None if there is none with this number and hash."""
    edition = signed_text(version.key, version.number, version.sha256)
    if edition is None:
        return None
    return SignedStandardText(edition.title, edition.document.body)
