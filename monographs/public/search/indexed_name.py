"""A name of a page, as the index of names holds it."""

from dataclasses import dataclass, field
from enum import StrEnum


class NameKind(StrEnum):
    """The role of a name for its page."""

    TITLE = "name"
    BRAND = "brand_name"
    CODE = "code"
    #: One of the medicines of a fixed combination.
    COMPONENT = "component"
    #: A name that the page does not have itself: a development code, another country's name or spelling.
    OTHER_NAME = "other_name"
    #: One word of a name that has several.
    PART = "part_of_name"


_KIND_ORDER = {kind: number for number, kind in enumerate(NameKind)}


@dataclass(frozen=True, slots=True)
class IndexedName:
    """One name of one page. ``sound`` is its transcription by sound if it is compared with similar names."""

    normalised: str
    name: str
    key: str
    kind: NameKind = field(compare=False)
    sound: str = field(default="", compare=False, repr=False)

    @property
    def place(self) -> tuple[str, str, str, int]:
        """What names are sorted by."""
        return self.normalised, self.name, self.key, _KIND_ORDER[self.kind]
