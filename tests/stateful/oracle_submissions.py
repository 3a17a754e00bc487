"""Submissions of the test oracle: texts, read as JSON only, and who signed what was on their screen."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

WORD = re.compile(r"zq\d{5}x")
#: Names of people hold letters only.
NAME = re.compile(r"Zq[a-z]{5}q")
FIGURE = re.compile(r"/figures/([0-9a-f]{64})\.")

#: The list below which each kind of page is public.
LIST_PATHS = {"monograph": "medicines", "drug_class": "classes"}


class OracleFinding(AssertionError):
    """A violated invariant."""


def require(true: object, promise: str) -> None:
    """Raise ``OracleFinding`` unless ``true``."""
    if not true:
        raise OracleFinding(promise)


def words(said: Any) -> frozenset[str]:
    """Return the test words in a text or in plain data."""
    return frozenset(WORD.findall(said if isinstance(said, str) else json.dumps(said, default=str)))


def names(said: str) -> frozenset[str]:
    """Return the test names of people in a text."""
    return frozenset(NAME.findall(said))


#: The old and new content of a part.
Change = tuple[str, str]
#: Fields that are parts of their own, or not displayed.
SEPARATE_FIELDS = {"sections", "sources", "body", "schema_version", "kind", "key"}


def parts_of(said: Mapping[str, Any]) -> dict[str, str]:
    """Return the parts of a document's JSON. A section has the titles of the sources that it rests on."""
    titles = {source["number"]: source["title"] for source in said.get("sources", ())}
    found = {"page": {name: value for name, value in said.items() if name not in SEPARATE_FIELDS}}
    for section in said.get("sections", ()):
        found[section["type"]] = section | {"rests_on": [titles.get(number) for number in section["sources"]]}
    found |= {name: said[name] for name in ("sources", "body") if said.get(name)}
    return {name: json.dumps(value, sort_keys=True) for name, value in found.items()}


@dataclass(frozen=True)
class OracleText:
    """A submitted text."""

    key: str
    sha256: str
    kind: str
    slug: str
    title: str
    class_name: str
    #: Words on the page itself, words that may be there too, and those that lists repeat.
    shown: frozenset[str]
    allowed: frozenset[str]
    listed: frozenset[str]
    named: frozenset[str]
    figures: frozenset[str]
    drug_class: str = ""
    #: The text as it was submitted.
    canonical: str = ""
    #: Keys of the conditions it names.
    conditions: frozenset[str] = frozenset()
    #: Content of each part, by its name on the review screen.
    parts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, canonical: str) -> "OracleText":
        """Parse a canonical text as JSON only."""
        said = json.loads(canonical)
        named = said.get("drug_class") or {}
        body = said.get("sections") or said.get("body")
        brands = said.get("brand_names", [])
        return cls(
            key=said["key"],
            sha256=hashlib.sha256(canonical.encode()).hexdigest(),
            kind=said["kind"],
            slug=said["slug"],
            title=said["title"],
            class_name=named.get("name", ""),
            drug_class=named.get("key", ""),
            canonical=canonical,
            conditions=frozenset(condition["key"] for condition in said.get("conditions", ())),
            shown=words([said["title"], said["summary"], body, brands, named.get("name", "")]),
            allowed=words(said),
            listed=words([said["title"], said["summary"], brands, said["slug"]]),
            named=words([said["title"], brands, said["slug"]]),
            figures=frozenset(re.findall(r'"sha256": ?"([0-9a-f]{64})"', canonical)),
            parts=tuple(sorted(parts_of(said).items())),
        )

    def changes(self, before: "OracleText | None") -> dict[str, Change]:
        """Return old and new content of each part that differs from ``before``, or of all if none does."""
        old, new = dict(before.parts) if before else {}, dict(self.parts)
        both = {name: (old.get(name, ""), new.get(name, "")) for name in {*old, *new}}
        return {name: change for name, change in both.items() if change[0] != change[1]} or both

    @property
    def path(self) -> str:
        """Return its public path."""
        return f"/{LIST_PATHS[self.kind]}/{self.slug}/"


@dataclass(frozen=True)
class OracleSignature:
    """A signature, with the words on its signer's screen."""

    who: str
    step: str
    sha256: str
    shown: frozenset[str]
    entitled: bool
    #: Name, credentials and field of work in the signature.
    named: str = ""
    #: Who answers for the name of an outside expert, none of whom may have written the text.
    vouchers: frozenset[str] = frozenset()

    @property
    def public_name(self) -> str:
        """Return the name, which has no comma; public pages do not show the field of work."""
        return self.named.split(",", maxsplit=1)[0]


@dataclass
class OracleSubmission:
    """A submission and its signatures."""

    text: OracleText
    steps: tuple[tuple[str, int], ...]
    #: It may not be public before this time.
    publish_at: datetime | None = None
    signed: list[OracleSignature] = field(default_factory=list)
    #: The statements that a signer must tick, and those that each has ticked.
    checklist: frozenset[str] = frozenset()
    ticked: dict[str, frozenset[str]] = field(default_factory=dict)
    #: Who submitted it.
    submitter: str = ""
    #: Whether a reviewer opened it by signing that nothing has to change; they wrote nothing then.
    unchanged: bool = False
    #: Whether steps, groups or rows have changed: then it need not end in an edition.
    disturbed: bool = False
    #: Whether the page was withdrawn since: then it must not end in an edition.
    void: bool = False

    def is_complete(self) -> bool:
        """Return whether every step required at submission has its signatures."""
        enough = all(len({s.who for s in self.signed if s.step == name}) >= n for name, n in self.steps)
        return enough and len({s.who for s in self.signed}) >= sum(n for _, n in self.steps)
