"""The table block: its stored value and the part it becomes."""

from monographs.blocks.resolve_context import ResolveContext
from monographs.blocks.tables import TableBlock, table_value
from monographs.document.parts import Part, Table

DOSES = [["Day", "Dose"], ["1", "0.5 mg"], ["2 to 7", "2 × 10<sup>8</sup> cells"]]


def _parts(value: dict[str, object]) -> list[Part]:
    block = TableBlock()
    return block.to_parts(block.to_python(value), ResolveContext())


def test_a_table_value_becomes_a_table_part() -> None:
    assert _parts(table_value(DOSES, caption="How much", row_headers=True)) == [
        Table(
            caption="How much",
            header=("Day", "Dose"),
            row_headers=True,
            rows=(("1", "0.5 mg"), ("2 to 7", "2 × 10<sup>8</sup> cells")),
        )
    ]
