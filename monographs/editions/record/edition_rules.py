"""Rules of an edition: its text, its signatures, its dates and its figures."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from monographs.editions.record.conflict_rules import signed_in_conflict
from monographs.editions.record.expert_rules import (
    is_of_expert,
    is_unnamed,
    vouchers_stand_apart,
)
from monographs.editions.record.hold_rules import is_on_hold
from monographs.editions.record.json_values import (
    CLOCK_SKEW,
    Row,
    canonical,
    later_month,
    parsed,
    sha256,
    utc_time,
)
from monographs.editions.record.record_index import (
    KnownEdition,
    LedgerReference,
    Record,
    RecordedText,
    RecordSource,
)
from monographs.editions.record.signer_names import signature_is_named
from monographs.editions.record.text_facts import STANDARD_TEXT, columns_of, figures_of, standard_texts
from monographs.editions.record.text_writers import NamedPeople, standing_contributors


class EditionFacts(NamedTuple):
    """An edition and the rows it belongs to; ``document`` is None if its text is no JSON object."""

    row: Row
    entry: LedgerReference
    document: Row | None
    before: KnownEdition | None
    signatures: list[tuple[Row, int]]
    source: RecordSource


#: Versions of documents that the rules can read.
DOCUMENT_VERSIONS = (1, 2, 3)

EditionRule = Callable[[Record, EditionFacts], Iterator[str]]


def edition_facts(record: Record, row: Row, entry: LedgerReference, source: RecordSource) -> EditionFacts:
    """The facts that the rules of an edition read."""
    try:
        document = parsed(row["canonical"])
    except (RecursionError, TypeError, ValueError):
        document = None
    found = record.signatures[row["submission"], row["sha256"]]
    given = sorted(
        ((s, seq) for s, seq in found if s["key"] == row["key"]),
        key=lambda signature: (signature[0]["signed_at"], signature[0]["id"]),
    )
    earlier = record.of_page.get(row["key"])
    before = earlier[-1] if earlier else None
    return EditionFacts(row, entry, document if isinstance(document, dict) else None, before, given, source)


def keep_edition(record: Record, facts: EditionFacts) -> None:
    """Keep what later editions, signed acts and publications are compared with."""
    row = facts.row
    kept = {name: row[name] for name in ("key", "number", "path", "sha256", "contributors")}
    known = KnownEdition(kept, (row["last_reviewed"], row["next_due"]), facts.entry.seq)
    record.of_page[row["key"]].append(known)
    record.editions[row["id"]] = known
    record.texts[row["key"], row["number"]] = RecordedText(row["sha256"], row["kind"])
    record.used_submissions.add(row["submission"])


def number_follows(record: Record, facts: EditionFacts) -> Iterator[str]:
    """Editions of a page are numbered from 1 without a gap."""
    if facts.row["number"] != (facts.before.row["number"] if facts.before else 0) + 1:
        yield "an earlier number is missing"


def text_has_its_hash(record: Record, facts: EditionFacts) -> Iterator[str]:
    """The hash is that of the text."""
    if sha256(facts.row["canonical"].encode()) != facts.row["sha256"]:
        yield "its text does not match its hash"


def text_is_canonical(record: Record, facts: EditionFacts) -> Iterator[str]:
    """The text is JSON in its canonical form."""
    if facts.document is None or canonical(facts.document) != facts.row["canonical"]:
        yield "its text is not in canonical form"


def version_is_known(record: Record, facts: EditionFacts) -> Iterator[str]:
    """The text is of a version of documents that these rules were written for."""
    version = facts.document.get("schema_version") if facts.document else None
    if facts.document and (type(version) is not int or version not in DOCUMENT_VERSIONS):
        known = ", ".join(map(str, DOCUMENT_VERSIONS))
        yield (
            f"its text is of version {version!r} of documents; this program reads versions {known}. Take the "
            "one of a newer export"
        )


def columns_repeat_text(record: Record, facts: EditionFacts) -> Iterator[str]:
    """The columns that lists and searches read repeat the text."""
    for column, value in columns_of(facts.document).items() if facts.document else ():
        if canonical(facts.row[column]) != canonical(value):
            yield f"{column} differs from its text"


def text_was_submitted(record: Record, facts: EditionFacts) -> Iterator[str]:
    """The text and its steps are those of its submission, which has no other edition."""
    row = facts.row
    if row["submission"] in record.used_submissions:
        yield "its submission has an edition already"
    if record.submitted.get(row["submission"]) != (row["sha256"], canonical(row["steps"])):
        yield "this text was not submitted, or for other steps of review"


def signatures_came_first(record: Record, facts: EditionFacts) -> Iterator[str]:
    """No signature is voided, or given after the edition was made."""
    made = utc_time(facts.row["created_at"])
    for signature, seq in facts.signatures:
        if signature["id"] in record.voided:
            yield f"signature {signature['id']} was voided"
        if seq > facts.entry.seq or utc_time(signature["signed_at"]) > made + CLOCK_SKEW:
            yield f"signature {signature['id']} was given after it was made"


def reviewers_are_the_signers(record: Record, facts: EditionFacts) -> Iterator[str]:
    """Patients read the names of those who signed."""
    names = ("name", "credentials", "step")
    shown = [{name: signature[name] for name in names} for signature, _ in facts.signatures]
    if canonical(shown) != canonical(facts.row["reviewers"]):
        yield "its reviewers are not those who signed"


def _writers(record: Record, facts: EditionFacts) -> NamedPeople:
    """Everybody who wrote the text of an edition since the one before."""
    row = facts.row
    standing = standing_contributors(record, row["key"], row["number"], facts.entry.seq)
    return NamedPeople([*standing, *row["contributors"]])


def every_step_is_signed(record: Record, facts: EditionFacts) -> Iterator[str]:
    """Every step has enough signatures by distinct qualified people who did not contribute."""
    row = facts.row
    writers = _writers(record, facts)
    valid = [s for s, _ in facts.signatures if signature_is_named(s) and not writers.has(s["user_id"], s)]
    wanted = 0
    for step in row["steps"]:
        needed = max(step["signatures"], 1)
        wanted += needed
        given = len({s["user_id"] for s in valid if s["step"] == step["step"]})
        if given < needed:
            yield f"step “{step['step']}” has {given} of {needed} signatures"
    people = len({s["user_id"] for s in valid})
    if not wanted or people < wanted:
        yield f"signed by {people} people, needs {max(wanted, 1)}"


def signers_were_not_on_hold(record: Record, facts: EditionFacts) -> Iterator[str]:
    """No signature was given while a change of its signer's sign-in facts waited for a second person."""
    for signature, _ in facts.signatures:
        if is_on_hold(record, signature["user_id"], utc_time(signature["signed_at"])):
            yield f"signature {signature['id']} is by an account whose sign-in facts had changed"


def signers_have_no_conflict(record: Record, facts: EditionFacts) -> Iterator[str]:
    """No signature is by somebody with a conflict of interest that was declared before the edition."""
    for signature, seq in facts.signatures:
        yield from signed_in_conflict(record, signature, seq, facts.entry.seq)


def experts_are_vouched_for(record: Record, facts: EditionFacts) -> Iterator[str]:
    """Nobody who wrote or signed the text vouches for an outside expert who signed it."""
    writers = _writers(record, facts)
    for signature, seq in facts.signatures:
        others = (other for other, _ in facts.signatures if other["id"] != signature["id"])
        yield from vouchers_stand_apart(record, signature, seq, writers, others)


def experts_sign_named_words(record: Record, facts: EditionFacts) -> Iterator[str]:
    """No outside expert signed words of somebody whom nobody can name."""
    row = facts.row
    standing = standing_contributors(record, row["key"], row["number"], facts.entry.seq)
    if any(map(is_unnamed, (*standing, *row["contributors"]))):
        for signature, _ in facts.signatures:
            if is_of_expert(signature):
                yield f"signature {signature['id']} is of an outside expert, of words left without an account"


def dates_follow(record: Record, facts: EditionFacts) -> Iterator[str]:
    """Only a full review changes the review dates, to the day of its last signature."""
    row = facts.row
    if row["review_kind"] == "correction" and facts.before:
        expected = facts.before.dates
    elif facts.signatures and facts.document:
        day = max(utc_time(signature["signed_at"]) for signature, _ in facts.signatures).date()
        due = later_month(day, facts.document["review_interval_months"])
        expected = (day.isoformat(), due.isoformat())
    else:
        return
    if (row["last_reviewed"], row["next_due"]) != expected:
        yield "last_reviewed or next_due does not follow from its review"


def restored_text_is_the_earlier(record: Record, facts: EditionFacts) -> Iterator[str]:
    """An edition that restores another has its text."""
    row = facts.row
    if row["restores"] is None:
        return
    earlier = record.texts.get((row["key"], row["restores"]))
    if earlier is None or earlier.sha256 != row["sha256"]:
        yield f"its text is not that of edition {row['restores']}"


def standard_texts_are_signed(record: Record, facts: EditionFacts) -> Iterator[str]:
    """Each standard text it names is an edition of one that was made before it."""
    for use in standard_texts(facts.document) if facts.document else ():
        signed = (
            record.texts.get((use["key"], use["number"])),
            facts.source.earlier_text(use["key"], use["number"], facts.row["id"]),
        )
        if (use["sha256"], STANDARD_TEXT) not in signed:
            yield f"standard text “{use['title']}”, version {use['number']}, is no edition made before it"


def standard_texts_are_in_use(record: Record, facts: EditionFacts) -> Iterator[str]:
    """No standard text it names was withdrawn before it, in this version or a later one."""
    for use in standard_texts(facts.document) if facts.document else ():
        withdrawn = record.withdrawn_numbers.get(use["key"], ())
        if any(number >= use["number"] and seq < facts.entry.seq for seq, number in withdrawn):
            yield f"standard text “{use['title']}”, version {use['number']}, was withdrawn before it"


def figures_are_its_own(record: Record, facts: EditionFacts) -> Iterator[str]:
    """The figures listed for an edition are those its text names, and their files are unaltered."""
    if facts.document is None:
        return
    shown = figures_of(facts.document)
    if shown != record.figures.get(facts.row["id"], set()):
        yield "its list of figures differs from its text"
    for digest, file_name in sorted(shown):
        if not facts.source.has_figure(file_name, digest):
            yield f"figure file {file_name} is missing or does not match its hash"


EDITION_RULES: tuple[EditionRule, ...] = (
    number_follows,
    text_has_its_hash,
    text_is_canonical,
    version_is_known,
    columns_repeat_text,
    text_was_submitted,
    signatures_came_first,
    reviewers_are_the_signers,
    every_step_is_signed,
    signers_were_not_on_hold,
    signers_have_no_conflict,
    experts_are_vouched_for,
    experts_sign_named_words,
    dates_follow,
    restored_text_is_the_earlier,
    standard_texts_are_signed,
    standard_texts_are_in_use,
    figures_are_its_own,
)
