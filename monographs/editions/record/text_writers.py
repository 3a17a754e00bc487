"""Who wrote the text of an edition, as both verifiers read it."""

from collections.abc import Iterable, Iterator

from monographs.editions.record.json_values import Row
from monographs.editions.record.record_index import Record
from monographs.editions.record.signer_names import keys_of_person


class NamedPeople:
    """People of a text, by their accounts and the keys of their sign-in names."""

    def __init__(self, people: Iterable[Row]) -> None:
        found = list(people)
        self.ids: set[int] = {person["id"] for person in found if person["id"]}
        self.keys: set[str] = {key for person in found for key in keys_of_person(person)}

    def has(self, user_id: int | None, person: Row) -> bool:
        """Whether the account ``user_id``, whose sign-in name ``person`` has, is one of theirs."""
        return user_id in self.ids or not self.keys.isdisjoint(keys_of_person(person))


def standing_contributors(record: Record, key: str, number: int, made: int) -> Iterator[Row]:
    """Yield who changed the text of edition ``number``, unless retracted before its ledger entry ``made``."""
    for person in record.contributors[key, number - 1]:
        if person.get("retracted", made) >= made:
            yield person


def writers_up_to(record: Record, key: str, number: int) -> NamedPeople:
    """Who wrote in an edition of the page up to ``number``, from any of which its text may be."""
    editions = [edition for edition in record.of_page[key] if edition.row["number"] <= number]
    return NamedPeople(
        person
        for edition in editions
        for person in (
            *edition.row["contributors"],
            *standing_contributors(record, key, edition.row["number"], edition.made),
        )
    )
